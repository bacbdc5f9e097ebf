"""How is a thing mentioned? Denied, supposed, over, of somebody else, unsure: by the cues around it.

Cues are phrases of the lexicons (`cues-*.toml`). `cue.<flag>` governs what follows, what precedes, or both, within its
sentence: as many words as it reaches, not past a colon (one right after the cue is its own), never across a `cue.end`
of its flag or of `all` ("but"), nor a `cue.start` that opens a clause ("no insurance, need an MRI"). What governs both
ways looks ahead only from where it opens a clause ("last week I had ..."). A cue inside a longer one is none;
`cue.none` are longer ones that mean nothing ("not only").
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from leadwell.contract import CONTEXTS
from leadwell.reading.finding import Found
from leadwell.reading.grouped import Flags, Ints
from leadwell.reading.phrases import FLAGS
from leadwell.reading.search import Cues
from leadwell.reading.tokens import Words

_ANSWERS: Final = 4  # words that a "no" after them denies
_BITS: Final = {flag: 1 << i for i, flag in enumerate(FLAGS)}
_RANKED: Final = ("negated", "other", "hypothetical", "past")  # the first that is told is the context
_NAMES: Final = pl.Series(["negated", "other person", "hypothetical", "past", "asserted"], dtype=pl.String)
assert set(_NAMES) == set(CONTEXTS)


def mentions(found: Found) -> pl.DataFrame:
    """What was found without its cues, placed, with a Boolean for each of FLAGS and `context` of contract.CONTEXTS."""
    cues = found.search.cues
    phrase, first, last, sentence = (found.spans[name].to_numpy() for name in ("phrase", "first", "last", "sentence"))
    is_cue = cues.cue[phrase]
    named = np.flatnonzero(~is_cue)
    spans = Spans(phrase, first, last, sentence)
    bits = _bits(spans.at(named), _outermost(_governing(spans.at(np.flatnonzero(is_cue)), cues), cues), found)
    flags = {flag: (bits & bit) != 0 for flag, bit in _BITS.items()}
    own = phrase[named]
    ordered = cues.doable[own] & _ordered(spans.at(named), cues)
    done = flags["done"] & cues.doable[own]
    flags["past"] = (flags["past"] | done) & ~ordered & ~cues.lasts[own]
    context = np.select([flags[name] for name in _RANKED], range(len(_RANKED)), len(_RANKED))
    told = found.spans[named].with_columns(
        *(pl.Series(flag, values) for flag, values in flags.items()),
        _NAMES.gather(context.astype(np.uint32)).alias("context"),
    )
    return found.placed(told)


def _ordered(named: Spans, cues: Cues) -> Flags:
    """What was ordered weeks or months ago is still to be done: mentions right after "ordered a" or "referral for"."""
    orders = cues.orders[named.phrase]
    ends = np.unique(named.last[orders])
    ordered: Flags = np.isin(named.first - 1, ends) | np.isin(named.first - 2, ends)
    return ordered & ~orders


@dataclass(frozen=True, eq=False)
class Spans:
    phrase: Ints
    first: Ints
    last: Ints
    sentence: Ints

    def at(self, which: Ints | Flags) -> Spans:
        return Spans(self.phrase[which], self.first[which], self.last[which], self.sentence[which])


def outermost(found: Found) -> pl.DataFrame:
    """The spans that were found without the cues inside longer ones."""
    phrase = found.spans["phrase"].to_numpy()
    is_cue = found.search.cues.cue[phrase]
    cues = found.spans.filter(pl.Series(is_cue))
    longer = cues.filter(pl.Series(found.search.cues.ends[cues["phrase"].to_numpy()] == 0))
    return pl.concat([found.spans.filter(pl.Series(~is_cue)), cues.filter(~within_longer(cues, longer))])


def within_longer(found: pl.DataFrame, longer: pl.DataFrame) -> pl.Series:
    """Which spans lie inside a longer one of another frame (`first`, `last`)."""
    places = [frame[name].to_numpy() for frame in (found, longer) for name in ("first", "last")]
    return pl.Series(_inside(*places), dtype=pl.Boolean)


def overlaps(found: pl.DataFrame, other: pl.DataFrame) -> pl.Series:
    """Which spans share a word with one of another frame, whose spans lie apart from each other."""
    first, last = found["first"].to_numpy(), found["last"].to_numpy()
    begin, end = np.sort(other["first"].to_numpy()), np.sort(other["last"].to_numpy())
    before = np.searchsorted(begin, last, "right") - 1
    shared = (before >= 0) & (end[before] >= first) if len(end) else np.zeros(len(first), dtype=np.bool_)
    return pl.Series(shared, dtype=pl.Boolean)


def _inside(first: Ints, last: Ints, begin: Ints, end: Ints) -> Flags:
    if not len(begin):
        return np.zeros(len(first), dtype=np.bool_)
    order = np.argsort(begin, kind="stable")
    begin, furthest = begin[order], np.maximum.accumulate(end[order])
    earlier = np.searchsorted(begin, first, "left") - 1
    together = np.searchsorted(begin, first, "right") - 1
    inside: Flags = ((earlier >= 0) & (furthest[earlier] >= last)) | ((together >= 0) & (furthest[together] > last))
    return inside


def _governing(spans: Spans, cues: Cues) -> Spans:
    """Cues of sentences that have one which governs; in others the rest mean nothing."""
    sentences = np.unique(spans.sentence[cues.bit[spans.phrase] > 0])
    return spans.at(np.isin(spans.sentence, sentences, assume_unique=False))


def _outermost(spans: Spans, cues: Cues) -> Spans:
    """Cues that no longer cue holds; what ends scopes holds none."""
    holds = spans.at(cues.ends[spans.phrase] == 0)
    return spans.at(~_inside(spans.first, spans.last, holds.first, holds.last))


def _bits(named: Spans, spans: Spans, found: Found) -> npt.NDArray[np.uint8]:
    """For each mention the bits of the flags whose cues govern it."""
    told = np.zeros(len(named.first), dtype=np.uint8)
    if not len(spans.first) or not len(told):
        return told
    scopes = Scopes(spans, found.search.cues, found.words)
    near = np.flatnonzero(np.isin(named.sentence, np.unique(spans.sentence)))
    some = named.at(near)
    for bit in _BITS.values():
        governed = scopes.govern(some, bit)
        if governed is not None:
            told[near[governed]] |= bit
    return told


class Scopes:
    """From where to where cues govern. Scopes stay within their sentence, so the furthest of those before counts."""

    def __init__(self, spans: Spans, cues: Cues, words: Words) -> None:
        self.words = words
        self.bit, self.reach = cues.bit[spans.phrase], cues.reach[spans.phrase]
        self.first, self.last = spans.first.astype(np.int64), spans.last.astype(np.int64)
        clause = words.clause
        after = np.minimum(self.last + 1, len(clause) - 1)
        opening = (self.first == 0) | (clause[self.first - 1] != clause[self.first])
        closing = (clause[after] != clause[self.last]) | (self.last == len(clause) - 1)
        both = cues.forward[spans.phrase] & cues.backward[spans.phrase]
        # "No, I need ..." answers; it denies nothing.
        answers = closing & (self.bit == _BITS["negated"])
        self.forward = cues.forward[spans.phrase] & ~answers & (opening | ~both)
        before = np.maximum(self.first - 1, 0)
        headed = words.heading[before] & (self.first > 0)
        # "Pacemaker: no", "pacemaker no": it denies what stands right before it.
        self.denies = answers & cues.forward[spans.phrase] & ((clause[before] == clause[self.first]) | headed)
        self.headed = headed
        self.from_ = np.maximum(np.searchsorted(clause, clause[before], "left"), self.first - _ANSWERS)
        self.backward = cues.backward[spans.phrase] | self.denies
        self.ends = np.where(opening | ~cues.opens[spans.phrase], cues.ends[spans.phrase], 0)
        self.colons = np.flatnonzero(words.heading)

    def govern(self, named: Spans, bit: int) -> Flags | None:
        """Which mentions cues of one flag govern; None where there are no such cues."""
        own = self.bit == bit
        if not own.any():
            return None
        ends = (self.ends & bit) != 0
        return self._ahead(named, np.flatnonzero(own & self.forward), ends) | self._back(
            named, np.flatnonzero(own & self.backward), ends
        )

    def _ahead(self, named: Spans, own: Ints, ends: Flags) -> Flags:
        if not len(own):
            return np.zeros(len(named.first), dtype=np.bool_)
        own = own[np.argsort(self.last[own], kind="stable")]
        last = self.last[own]
        sentence = self.words.sentence
        until = np.minimum(last + self.reach[own], np.searchsorted(sentence, sentence[last], "right") - 1)
        until = np.minimum(until, _next(self.first[ends], last) - 1)
        until = np.maximum.accumulate(np.minimum(until, _next(self.colons, last)))
        before = np.searchsorted(last, named.first, "left") - 1
        governed: Flags = (before >= 0) & (until[before] >= named.first)
        return governed

    def _back(self, named: Spans, own: Ints, ends: Flags) -> Flags:
        if not len(own):
            return np.zeros(len(named.first), dtype=np.bool_)
        own = own[np.argsort(self.first[own], kind="stable")]
        first = self.first[own]
        sentence = self.words.sentence
        since = np.maximum(first - self.reach[own], np.searchsorted(sentence, sentence[first], "left"))
        since = np.maximum(since, _previous(self.last[ends], first) + 1)
        since = np.where(self.denies[own] | self.headed[own], np.maximum(since, self.from_[own]), since)
        since = np.maximum(since, _previous(self.colons, first - self.headed[own]) + 1)
        since = np.minimum.accumulate(since[::-1])[::-1]
        after = np.searchsorted(first, named.last, "right")
        governed: Flags = (after < len(first)) & (since[np.minimum(after, len(first) - 1)] <= named.last)
        return governed


def _next(places: Ints, after: Ints) -> Ints:
    """The first of places after each, or one beyond all."""
    known = np.append(np.sort(places), np.iinfo(np.int64).max)
    return known[np.searchsorted(known, after, "right")]


def _previous(places: Ints, before: Ints) -> Ints:
    """The last of places before each, or one before all."""
    known = np.concatenate(([-1], np.sort(places)))
    return known[np.searchsorted(known, before, "left") - 1]
