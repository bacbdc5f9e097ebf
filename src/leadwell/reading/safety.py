"""Do the words suggest danger: an emergency, a crisis, or something a person should look at? (promise 18)

Three sources: the playbook's own words, sayings that say danger by themselves (`lexicon/safety-sayings.toml`), and
signs that do so together (`lexicon/safety-signs.toml`, combined by `dangers.toml`). What is denied, long over or said
in another sense does not count; whose body it is does not matter. Where it is unclear whether it is over, a person
looks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from leadwell.playbook.model import Playbook
from leadwell.reading import unease, wanted
from leadwell.reading.dangers import ANCHORS, BARE, CONCEPTS, NOTHING, SAYS, Flags, Ints, bits, pairs, verdict
from leadwell.reading.mentions import Mentions
from leadwell.reading.search import Search

_DENIAL_REACHES: Final = 7  # words; what names itself a denial ("denies") reaches through its whole sentence
_VERB_REACHES: Final = 3  # "isn't having any chest pain", but not "he can't lift his arm and talks funny"
_NUMBERS: Final = ("row", "text", "first", "last", "sentence", "clause", "start", "end")
_FLAGS: Final = ("negated", "past", "other", "done")
_KEPT: Final = 8
_OWN: Final = ("subject", "message")  # a referral's reason is told by a clinician, who knows an emergency


@dataclass(frozen=True)
class Codes:
    """What each phrase of a search is here: a `concept` (0 none), what it `says` by itself, whether `harmless`."""

    concept: Ints
    says: Ints
    harmless: Flags
    crisis: Flags
    anchor: Flags
    ours: Flags


_known: list[tuple[Search, Codes]] = []


def _codes(search: Search) -> Codes:
    for known, codes in _known:
        if known is search:
            return codes
    kind, key = search.table["kind"].cast(pl.String).to_list(), search.table["key"].cast(pl.String).to_list()
    said = [k.split(".")[0] if kd == "danger" else kd for kd, k in zip(kind, key, strict=True)]
    concept = np.array(
        [CONCEPTS.get(k, 0) if kd == "sign" else 0 for kd, k in zip(kind, key, strict=True)], dtype=np.int64
    )
    says = np.array([SAYS.index(s) if s in SAYS else NOTHING for s in said], dtype=np.int64)
    harmless = np.array([kd == "harmless" for kd in kind], dtype=np.bool_)
    anchor = np.array([kd == "sign" and k in ANCHORS for kd, k in zip(kind, key, strict=True)], dtype=np.bool_)
    codes = Codes(
        concept,
        says,
        harmless,
        says == SAYS.index("crisis"),
        anchor | (says < NOTHING),
        (concept > 0) | (says < NOTHING) | harmless,
    )
    _known.insert(0, (search, codes))
    del _known[_KEPT:]
    return codes


def safety(mentions: Mentions, frame: pl.DataFrame, playbook: Playbook) -> pl.DataFrame:
    codes = _codes(wanted.search(playbook))
    found = _worth_a_look(mentions, codes)
    alarms = _alarms(_Told.of(found, codes)) if found.height else None
    sound = _sounding(mentions)
    if alarms is not None and alarms.height:
        alarms = alarms.with_columns(found["field"].cast(pl.String).gather(alarms["at"])).select(sound.columns)
        sound = pl.concat([alarms, sound])
    return mentions.fact("safety", with_words(sound, mentions), pl.col("says"))


def _sounding(mentions: Mentions) -> pl.DataFrame:
    """Texts of their own writing that sound like danger as a whole."""
    texts = mentions.texts.frame
    own = texts["field"].is_in(_OWN).arg_true()
    at = own.gather(np.flatnonzero(unease.sounds(texts["folded"].gather(own)) >= 0))
    size = texts["received"].gather(at).str.len_chars()
    return texts.select("row", pl.col("field").cast(pl.String))[at].select(
        "row", "field", text=at, start=pl.lit(0, dtype=pl.UInt32), end=size, says=pl.lit("doubt")
    )


def with_words(found: pl.DataFrame, mentions: Mentions) -> pl.DataFrame:
    """Spans -> the same with the words as received (`said`)."""
    received = mentions.texts.frame["received"].gather(found["text"]).alias("received")
    words = pl.col("received").str.slice(pl.col("start"), pl.col("end") - pl.col("start"))
    return found.with_columns(received).with_columns(said=words)


def _worth_a_look(mentions: Mentions, codes: Codes) -> pl.DataFrame:
    """Our mentions of leads in which at least one stands that a danger is looked up by."""
    phrase, row = mentions.table["phrase"].to_numpy(), mentions.table["row"].to_numpy()
    look = np.zeros(mentions.height, dtype=np.bool_)
    look[row[codes.anchor[phrase]]] = True
    return mentions.table.select("phrase", "field", *_NUMBERS, *_FLAGS).filter(
        pl.Series(codes.ours[phrase] & look[row])
    )


@dataclass(frozen=True)
class _Told:
    """Our mentions as arrays, in the order of the words: numbers, flags, what each is, its sentence (`group`)."""

    numbers: dict[str, Ints]
    flags: dict[str, Flags]
    at: Ints
    concept: Ints
    says: Ints
    crisis: Flags
    group: Ints

    @classmethod
    def of(cls, found: pl.DataFrame, codes: Codes) -> _Told:
        phrase = found["phrase"].to_numpy()
        numbers = {n: found[n].to_numpy().astype(np.int64) for n in _NUMBERS}
        real = ~(codes.harmless[phrase] | _inside(numbers, codes.harmless[phrase]))
        kept = {n: values[real] for n, values in numbers.items()}
        flags = {n: found[n].to_numpy()[real] for n in _FLAGS}
        phrase = phrase[real]
        return cls(
            kept,
            flags,
            np.flatnonzero(real),
            codes.concept[phrase],
            codes.says[phrase],
            codes.crisis[phrase],
            _groups(kept["sentence"]),
        )

    def is_a(self, key: str) -> Flags:
        same: Flags = self.concept == CONCEPTS[key]
        return same

    def near_a(self, key: str) -> Flags:
        """Whether such a sign stands in the sentence."""
        held = np.zeros(int(self.group[-1]) + 1, dtype=np.bool_)
        held[self.group[self.is_a(key)]] = True
        near: Flags = held[self.group]
        return near


def _groups(values: Ints) -> Ints:
    """Runs of one value, numbered from 0."""
    return np.cumsum(np.concatenate([[0], values[1:] != values[:-1]]))[: len(values)]


def _inside(numbers: dict[str, Ints], harmless: Flags) -> Flags:
    """Which mentions lie inside a harmless saying."""
    if not harmless.any():
        return np.zeros(len(harmless), dtype=np.bool_)
    order = np.argsort(numbers["first"][harmless], kind="stable")
    first, furthest = numbers["first"][harmless][order], np.maximum.accumulate(numbers["last"][harmless][order])
    before = np.searchsorted(first, numbers["first"], side="right") - 1
    inside: Flags = (before >= 0) & (furthest[np.maximum(before, 0)] >= numbers["last"])
    return inside


def _alarms(told: _Told) -> pl.DataFrame | None:
    """The gravest alarm of each lead: `row`, `text`, `at`, `start`, `end`, `says`."""
    if not len(told.at):
        return None
    bare_concepts = np.array([CONCEPTS[key] for key in sorted(BARE) if key in CONCEPTS])
    bare = np.isin(told.concept, bare_concepts)
    denied = _denied(told)
    recent = told.near_a("now")
    over = ((told.flags["past"] | told.flags["other"]) & ~recent) | (told.near_a("over") & ~told.near_a("sudden"))
    over |= told.near_a("died") & ~told.crisis & ~recent
    asked = told.near_a("asks") & ~recent & (told.concept == 0)
    mild = told.near_a("reflux") & np.isin(
        told.concept, [CONCEPTS[key] for key in ("pain", "ache", "lacks", "struggle")]
    )
    had = (told.flags["done"] | mild) & ~recent & ~told.crisis
    counts = bare | (~denied & (told.crisis | ~(over | asked)))
    unclear = ~bare & np.where(told.crisis, over | asked, had)
    parts = [*_said(told, counts, unclear), *_together(told, counts, unclear)]
    return _gravest(told, parts)


_Part = tuple[Ints, Ints, Ints]  # from which mention, to which, and what it says


def _said(told: _Told, counts: Flags, unclear: Flags) -> list[_Part]:
    at = np.flatnonzero((told.says < NOTHING) & counts)
    doubt = SAYS.index("doubt")
    return [(at, at, np.where(unclear[at], doubt, told.says[at]))]


def _together(told: _Told, counts: Flags, unclear: Flags) -> list[_Part]:
    """What signs say with others near them, in their sentence and in all the lead's words."""
    at = np.flatnonzero((told.concept > 0) & counts)
    if len(at) < 2:
        return []
    n = told.numbers
    two = pairs(told.concept[at], sentence=n["sentence"][at], first=n["first"][at], last=n["last"][at])
    doubtful = unclear[at][two.one] | unclear[at][two.other]
    says = np.where(doubtful & (two.says < NOTHING), SAYS.index("doubt"), two.says)
    spoken = says < NOTHING
    alarms: list[_Part] = [(at[two.one[spoken]], at[two.other[spoken]], says[spoken])]
    clear = ~unclear[at]
    held = np.where(clear[:, None], bits(told.concept[at]), np.uint64(0))
    given = two.one[~doubtful]
    np.bitwise_or.at(held, given, bits(two.gives[~doubtful]))
    for which, of in (("sentence", told.group[at]), ("together", n["row"][at])):
        starts = np.flatnonzero(np.concatenate([[True], of[1:] != of[:-1]]))
        worst = verdict(np.bitwise_or.reduceat(held, starts, axis=0), which)
        ends = np.concatenate([starts[1:], [len(of)]]) - 1
        same_text = _last_of_text(n["text"][at], starts, ends)
        alarms.append((at[starts[worst < NOTHING]], at[same_text[worst < NOTHING]], worst[worst < NOTHING]))
    return alarms


def _last_of_text(text: Ints, starts: Ints, ends: Ints) -> Ints:
    """The last mention from each start to each end that is still of the same text."""
    run = np.concatenate([np.flatnonzero(text[1:] != text[:-1]), [len(text) - 1]])
    last: Ints = np.minimum(ends, run[np.searchsorted(run, starts)])
    return last


def _gravest(told: _Told, parts: list[_Part]) -> pl.DataFrame:
    one, other, says = (np.concatenate(values) for values in zip(*parts, strict=True))
    n = told.numbers
    order = np.lexsort((n["first"][one], says, n["row"][one]))
    row = n["row"][one][order]
    first = order[np.flatnonzero(np.concatenate([[True], row[1:] != row[:-1]]))[: len(order)]]
    one, other, says = one[first], other[first], says[first]
    return pl.DataFrame(
        {
            "row": pl.Series(n["row"][one], dtype=pl.UInt32),
            "text": pl.Series(n["text"][one], dtype=pl.UInt32),
            "at": told.at[one],
            "start": pl.Series(n["start"][one], dtype=pl.UInt32),
            "end": pl.Series(np.maximum(n["end"][one], n["end"][other]), dtype=pl.UInt32),
            "says": [SAYS[s] for s in says],
        }
    )


# --- what is denied ---------------------------------------------------------------------------------------------------


def _denied(told: _Told) -> Flags:
    """Denied, as far as danger goes: "none" right after it, or what reading calls negated.

    But a plain "no" far off in the sentence denies nothing here, nor does one that only supposes ("if nobody helps me I
    will"), nor "won't stop", nor a verb far off or of another clause ("it won't come down, I feel faint").
    """
    n = told.numbers
    denial = _latest(told.is_a("wont") | told.is_a("deny"))
    there = (denial >= 0) & (told.group[denial] == told.group)
    last, first = n["last"][denial], n["first"][denial]
    far = n["first"] - last - 1 > _DENIAL_REACHES
    supposed = _near_before(told, told.is_a("if"))[denial]
    keeps = _latest(told.is_a("keeps"))
    goes_on = (keeps >= 0) & (n["first"][keeps] == first)
    verb = _latest(told.is_a("verb denial"))
    beyond = (n["clause"][verb] != n["clause"]) | (n["first"] - last - 1 > _VERB_REACHES)
    elsewhere = (verb >= 0) & (n["last"][verb] == last) & beyond
    weak = goes_on | (~told.is_a("deny")[denial] & (far | supposed | elsewhere))
    denied: Flags = (told.flags["negated"] & ~(there & weak)) | _told_none(told)
    return denied


def _latest(which: Flags) -> Ints:
    """For each mention the last such one before it, -1 where there is none."""
    places = np.maximum.accumulate(np.where(which, np.arange(len(which)), -1))
    return np.concatenate([[-1], places[:-1]])[: len(which)]


def _near_before(told: _Told, which: Flags) -> Flags:
    """Whether such a mention stands at most two words before."""
    before = _latest(which)
    n = told.numbers
    near: Flags = (before >= 0) & (told.group[before] == told.group) & (n["first"] - n["last"][before] <= 3)
    return near


def _told_none(told: _Told) -> Flags:
    """Whether "none" or "denied" follows at once."""
    n = told.numbers
    none = told.is_a("none")
    after = len(none) - 1 - np.concatenate([_latest(none[::-1])])[::-1]
    found = after < len(none)
    at = np.minimum(after, len(none) - 1)
    told_so: Flags = found & (told.group[at] == told.group) & (n["first"][at] - n["last"] <= 2) & ~told.is_a("none")
    return told_so
