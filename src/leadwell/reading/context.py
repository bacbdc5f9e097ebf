"""How is a thing mentioned? Denied, supposed, over, of somebody else, unsure: by the cues around it.

Cues are phrases of the lexicons (`cues-*.toml`). `cue.<flag>` governs what follows, what precedes, or both, within its
sentence: as many words as it reaches, not past a colon (one right after the cue is its own), never across a `cue.end`
of its flag or of `all` ("but"), nor a `cue.start` that opens a clause ("no insurance, need an MRI"), nor out of
its clause where it governs but that ("instead of a peel, Botox"). What governs both
ways looks ahead only from where it opens a clause ("last week I had ..."). A cue inside a longer one is none;
`cue.none` are longer ones that mean nothing ("not only").
"""

from __future__ import annotations

from functools import reduce
from typing import Final

import numpy as np
import polars as pl

from leadwell.contract import CONTEXTS
from leadwell.reading.finding import Columns, Found, Part, Spans, end_to_end
from leadwell.reading.grouped import Flags, Ints
from leadwell.reading.phrases import FLAGS
from leadwell.reading.search import Cues
from leadwell.reading.tokens import Words
from leadwell.reading.uncalled import behind

_ANSWERS: Final = 4  # words that a "no" after them denies
_BITS: Final = 1 << np.arange(len(FLAGS))
_NOWHERE: Final[Ints] = np.zeros(0, dtype=np.int64)
_NEGATED: Final = FLAGS.index("negated")
_RANKED: Final = ("negated", "other", "hypothetical", "past")  # the first that is told is the context
_NAMES: Final = pl.Series(["negated", "other person", "hypothetical", "past", "asserted"], dtype=pl.String)
assert set(_NAMES) == set(CONTEXTS)
# The first of _RANKED of each set of them, as bits; their number where it is empty.
_FIRST: Final = np.array(
    [(told & -told).bit_length() - 1 if told else len(_RANKED) for told in range(1 << len(_RANKED))]
)


def mentions(found: Found) -> pl.DataFrame:
    """What was found without its cues, placed, with a Boolean for each of FLAGS and `context` of contract.CONTEXTS."""
    told = end_to_end([_told(part, found.search.cues) for part in found.parts])
    return found.meant(told.with_columns(_NAMES.gather(told["context"]).alias("context")))


def _told(part: Part, cues: Cues) -> Columns:
    """The mentions of one block: their spans, how they are told, and where they are."""
    is_cue = cues.cue[part.spans.phrase]
    named = part.spans.at(np.flatnonzero(~is_cue))
    spans = _outermost(_governing(part.spans.at(np.flatnonzero(is_cue)), cues), cues)
    spans = _unbroken(spans, cues, part.words.clause)
    flags = dict(zip(FLAGS, _told_of(named, spans, cues, part.words), strict=True))
    flags["negated"] &= ~cues.denies[named.phrase]
    doable = cues.doable[named.phrase]
    ordered = doable & _ordered(named, cues, part.words.block.text)
    flags["past"] = (flags["past"] | (flags["done"] & doable)) & ~ordered & ~cues.lasts[named.phrase]
    ranked = reduce(np.add, (flags[name].astype(np.int64) << i for i, name in enumerate(_RANKED)))
    return part.numbered(named) | flags | {"context": _FIRST[ranked]} | part.places(named.first, named.last)


def _told_of(named: Spans, spans: Spans, cues: Cues, words: Words) -> Flags:
    """For each of FLAGS which mentions are told so. What sounds like danger is not so by a cue of another line, where
    the one it stands in may be a sentence of its own, nor by what denies a call."""
    flags = _flags(named, Scopes(spans, cues, words))
    at = np.flatnonzero(cues.danger[named.phrase] & flags.any(axis=0))
    if len(at):
        breaks = np.union1d(words.block.breaks, behind(words, np.unique(named.sentence[at])))
        broken = np.zeros(int(words.sentence[-1]) + 1, dtype=np.bool_)
        broken[words.sentence[breaks]] = True
        at = at[broken[named.sentence[at]]]
        spans = spans.at(np.flatnonzero(broken[spans.sentence]))
        flags[:, at] = _flags(named.at(at), Scopes(spans, cues, words, breaks=breaks))
    return flags


def _ordered(named: Spans, cues: Cues, text: Ints) -> Flags:
    """What was ordered weeks or months ago is still to be done: mentions right after "ordered a" or "referral for".

    `text`: that of each word; what ends one text says nothing of the next.
    """
    orders = cues.orders[named.phrase]
    if not orders.any():
        return orders
    last = named.last[np.flatnonzero(orders)]
    ended = np.full(len(text) + 2, -1)
    ended[last + 2] = text[last]
    ordered: Flags = (ended[named.first + 1] == text[named.first]) | (ended[named.first] == text[named.first])
    return ordered & ~orders


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
    if not len(spans.first):
        return spans
    some = np.zeros(int(spans.sentence.max()) + 1, dtype=np.bool_)
    some[spans.sentence[np.flatnonzero(cues.bit[spans.phrase])]] = True
    return spans.at(np.flatnonzero(some[spans.sentence]))


def _outermost(spans: Spans, cues: Cues) -> Spans:
    """Cues that no longer cue holds; what ends scopes holds none."""
    if not len(spans.first):
        return spans
    holds = spans.at(np.flatnonzero(cues.ends[spans.phrase] == 0))
    furthest = np.full(int(spans.first.max()) + 2, -1, dtype=np.int64)  # last word of those that begin before each
    furthest[holds.first + 1] = holds.last  # of several that begin together the longest comes last
    np.maximum.accumulate(furthest, out=furthest)
    return spans.at(np.flatnonzero((furthest[spans.first] < spans.last) & (furthest[spans.first + 1] <= spans.last)))


def _unbroken(spans: Spans, cues: Cues, clause: Ints) -> Spans:
    """Without what would govern if no comma stood in it: "no, quiero una cita" says no "no quiero"."""
    broken = (cues.bit[spans.phrase] > 0) & (clause[spans.first] != clause[spans.last])
    return spans.at(np.flatnonzero(~broken)) if broken.any() else spans


def _flags(named: Spans, scopes: Scopes) -> Flags:
    """For each of FLAGS which mentions its cues govern."""
    told = np.zeros(len(FLAGS) * len(named.first), dtype=np.bool_)
    near = np.flatnonzero(scopes.near.take(named.sentence, axis=1))
    if len(near):
        flag = np.searchsorted(len(named.first) * np.arange(1, len(FLAGS)), near, "right")
        which = near - flag * len(named.first)
        told[near] = scopes.govern(flag, named.first[which], named.last[which])
    return told.reshape(len(FLAGS), -1)


class Scopes:
    """From where to where cues govern. Scopes stay within their sentence, so the furthest of those before counts.

    All flags are asked at once: each has the places of all words to itself, one flag after the other.
    """

    def __init__(self, spans: Spans, cues: Cues, words: Words, *, breaks: Ints = _NOWHERE) -> None:
        """`breaks`: words at which every scope ends before."""
        clause = words.clause
        self.words, self.cues, self.spans = words, cues, spans
        self.first, self.last = spans.first, spans.last
        self.flag = np.searchsorted(_BITS, cues.bit[spans.phrase])
        self.reach = cues.reach[spans.phrase]
        self.step = len(clause) + 1
        governs = cues.bit[spans.phrase] > 0
        self.near = np.zeros((len(FLAGS), int(words.sentence[-1]) + 1), dtype=np.bool_)
        own = np.flatnonzero(governs)
        self.near[self.flag[own], spans.sentence[own]] = True
        self.bound, after = cues.bound[spans.phrase], np.minimum(self.last + 1, len(clause) - 1)
        self.after = after
        opening = (self.first == 0) | (clause[self.first - 1] != clause[self.first])
        closing = (clause[after] != clause[self.last]) | (self.last == len(clause) - 1)
        forward, backward = cues.forward[spans.phrase], cues.backward[spans.phrase]
        # "No, I need ..." answers; it denies nothing.
        answers = closing & governs & (self.flag == _NEGATED) & ~self.bound
        self.ahead = np.flatnonzero(governs & forward & ~answers & (opening | ~backward))
        before = np.maximum(self.first - 1, 0)
        self.headed = words.heading[before] & (self.first > 0)
        # "Pacemaker: no", "pacemaker no": it denies what stands right before it.
        denies = answers & forward & ((clause[before] == clause[self.first]) | self.headed)
        self.back = np.flatnonzero(governs & (backward | denies))
        self.close = self.headed | denies
        self.colons, self.breaks = np.flatnonzero(words.heading), breaks
        self._end(np.where(opening | ~cues.opens[spans.phrase], cues.ends[spans.phrase], 0))

    def _end(self, ends: Ints) -> None:
        """Where scopes of each flag end: `begins` and `stops` of what ends them."""
        some = np.flatnonzero(ends)
        flag, which = np.nonzero(ends[some] & _BITS[:, np.newaxis])
        which, from_ = some[which], flag * self.step
        self.begins = from_ + self.first[which]
        self.stops = np.sort(from_ + self.last[which], kind="stable")

    def govern(self, flag: Ints, first: Ints, last: Ints) -> Flags:
        """Whether cues of a flag govern the words from first to last."""
        from_, until = flag * self.step + first, flag * self.step + last
        return self._govern_ahead(from_) | self._hold(from_, until) | self._govern_back(until)

    def _hold(self, first: Ints, last: Ints) -> Flags:
        """Whether one of those that govern what follows holds these words itself: "failed PT" what was tried. Of what
        only begins in it, it says nothing: "ya no quiero vivir"."""
        from_ = self.flag[self.ahead] * self.step
        order = np.argsort(from_ + self.first[self.ahead], kind="stable")
        begins, reached = (from_ + self.first[self.ahead])[order], (from_ + self.last[self.ahead])[order]
        before = np.searchsorted(begins, first, "left") - 1
        held: Flags = (before >= 0) & (np.maximum.accumulate(reached)[before] >= last) if len(order) else first < 0
        return held

    def _govern_ahead(self, named: Ints) -> Flags:
        own = self.ahead
        if not len(own):
            return np.zeros(len(named), dtype=np.bool_)
        last, from_ = self.last[own], self.flag[own] * self.step
        sentence_ends = np.searchsorted(self.words.sentence, self.spans.sentence[own], "right") - 1
        until = np.minimum(last + self.reach[own], sentence_ends)
        until = np.minimum(until, _next(self.breaks, last) - 1)
        bound = np.flatnonzero(self.bound[own])
        if len(bound):
            clause = self.words.clause
            until[bound] = np.minimum(
                until[bound], np.searchsorted(clause, clause[self.after[own[bound]]], "right") - 1
            )
        until = from_ + np.minimum(until, _next(self.colons, last))
        until = np.minimum(until, _next(self.begins, from_ + last) - 1)
        order = np.argsort(from_ + last, kind="stable")
        until = np.maximum.accumulate(until[order])
        before = np.searchsorted((from_ + last)[order], named, "left") - 1
        governed: Flags = (before >= 0) & (until[before] >= named)
        return governed

    def _govern_back(self, named: Ints) -> Flags:
        own = self.back
        if not len(own):
            return np.zeros(len(named), dtype=np.bool_)
        first, from_ = self.first[own], self.flag[own] * self.step
        since = np.maximum(
            first - self.reach[own], np.searchsorted(self.words.sentence, self.spans.sentence[own], "left")
        )
        since = np.maximum(since, _previous(self.breaks, first + 1))
        close = np.flatnonzero(self.close[own])
        clause = self.words.clause
        begins = np.searchsorted(clause, clause[np.maximum(first[close] - 1, 0)], "left")
        since[close] = np.maximum(since[close], np.maximum(begins, first[close] - _ANSWERS))
        since = from_ + np.maximum(since, _previous(self.colons, first - self.headed[own]) + 1)
        since = np.maximum(since, _previous(self.stops, from_ + first) + 1)
        order = np.argsort(from_ + first, kind="stable")
        since = np.minimum.accumulate(since[order][::-1])[::-1]
        after = np.searchsorted((from_ + first)[order], named, "right")
        governed: Flags = (after < len(own)) & (since[np.minimum(after, len(own) - 1)] <= named)
        return governed


def _next(places: Ints, after: Ints) -> Ints:
    """The first of sorted places after each, or one beyond all."""
    known = np.append(places, np.iinfo(np.int64).max)
    return known[np.searchsorted(places, after, "right")]


def _previous(places: Ints, before: Ints) -> Ints:
    """The last of sorted places before each, or one before all."""
    known = np.concatenate(([-1], places))
    return known[np.searchsorted(places, before, "left")]
