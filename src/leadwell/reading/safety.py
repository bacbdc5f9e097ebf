"""Do the words suggest danger: an emergency, a crisis, or something a person should look at? (promise 18)

Four sources: the playbook's own words, sayings that say danger by themselves (`lexicon/safety-sayings.toml`), signs
that do so together (`lexicon/safety-signs.toml`, `safety-veiled.toml`, `safety-pictures.toml`, combined by
`dangers.toml`), and how the whole text sounds (`unease`). What is denied, answered with no, long over or said in
another sense does not count; whose body it is does not matter. Where it is unclear whether it is over, a person looks.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
import polars as pl

from leadwell.contract import READ_VALUES, WORDS
from leadwell.playbook.model import Playbook
from leadwell.reading import unease, wanted
from leadwell.reading.answered import answered_no, answered_yes, dated
from leadwell.reading.dangers import ANCHORS, BARE, CONCEPTS, NOTHING, SAYS, Flags, Ints, bits, pairs, verdict
from leadwell.reading.evidence import Spans
from leadwell.reading.facts import Facts
from leadwell.reading.mentions import Mentions
from leadwell.reading.only_stop import only_asks_to_stop
from leadwell.reading.picked import KEPT
from leadwell.reading.search import Search

_DENIAL_REACHES: Final = 7  # words; what names itself a denial ("denies") reaches through its whole sentence
_VERB_REACHES: Final = 3  # "isn't having any chest pain", but not "he can't lift his arm and talks funny"
_SPOKEN_OF: Final = 8  # words that what is told in general ("we cover heart attack, choking and ...") reaches over
_PICKED: Final = (
    4  # spaces; an answer with fewer may have been picked ("Word of mouth"), and how it sounds proves nothing
)
_NUMBERS: Final = ("row", "text", "first", "last", "sentence", "clause", "start", "end")
_FLAGS: Final = ("negated", "past", "other", "done")
_SAYS: Final = pl.Series(SAYS)
_DOUBT: Final = SAYS.index("doubt")
# Of the fields of words the message and the subject, and those that are none: a referral's reason is told by a
# clinician, who knows an emergency.
_SUBJECT: Final = WORDS.index("subject")


@dataclass(frozen=True, eq=False)
class Codes:
    """What each phrase of a search is here: a `concept` (0 none), what it `says` by itself, whether `harmless`."""

    concept: Ints
    says: Ints
    harmless: Flags
    crisis: Flags
    anchor: Flags
    ours: Flags


@lru_cache(maxsize=KEPT)
def _codes(search: Search) -> Codes:
    kind, key = search.table["kind"].to_list(), search.table["key"].to_list()
    said = [k.split(".")[0] if kd == "danger" else kd for kd, k in zip(kind, key, strict=True)]
    concept = np.array(
        [CONCEPTS.get(k, 0) if kd == "sign" else 0 for kd, k in zip(kind, key, strict=True)], dtype=np.int64
    )
    says = np.array([SAYS.index(s) if s in SAYS else NOTHING for s in said], dtype=np.int64)
    harmless = np.array([kd == "harmless" for kd in kind], dtype=np.bool_)
    anchor = np.array([kd == "sign" and k in ANCHORS for kd, k in zip(kind, key, strict=True)], dtype=np.bool_)
    return Codes(
        concept,
        says,
        harmless,
        says == SAYS.index("crisis"),
        anchor | (says < NOTHING),
        (concept > 0) | (says < NOTHING) | harmless,
    )


def safety(mentions: Mentions, frame: pl.DataFrame, playbook: Playbook) -> pl.DataFrame:
    codes, facts = _codes(wanted.search(playbook)), Facts.of(mentions)
    found = _worth_a_look(mentions, codes)
    alarms = _alarms(_Told.of(mentions, found, codes)) if len(found) else _NO_ALARMS
    told = _graver(alarms, _sounding(mentions))
    facts.add_spans("safety", told.row, told.spans, _SAYS, told.says)
    return pl.DataFrame(facts.complete({"safety": READ_VALUES["safety"]}))


def signs(mentions: Mentions, playbook: Playbook) -> Ints:
    """Leads in whose words something stands of which danger may be told, alone or with what else they say."""
    codes = _codes(wanted.search(playbook))
    phrase, row = (mentions.table[name].to_numpy() for name in ("phrase", "row"))
    return np.union1d(row[codes.ours[phrase] & ~codes.harmless[phrase]], _sounding(mentions).row)


def graver(told: pl.DataFrame, heard: pl.DataFrame, rows: pl.Series, *, same: bool) -> pl.DataFrame:
    """What `safety` told of all leads, and in its place what it `heard` of those in `rows` where that is graver, or
    where it is the `same`."""
    weighs, weighed = _gravity(heard), _gravity(told[rows])
    prevails = weighs <= weighed if same else weighs < weighed
    heard, rows = heard.filter(prevails), rows.filter(prevails)
    places = pl.int_range(told.height, dtype=pl.UInt32, eager=True)
    places = places.scatter(rows, pl.int_range(told.height, told.height + heard.height, dtype=pl.UInt32, eager=True))
    return pl.concat([told, heard])[places]


def _gravity(told: pl.DataFrame) -> pl.Series:
    """0 for the gravest."""
    order = pl.col("read.safety").replace_strict(list(SAYS), range(len(SAYS)), default=len(SAYS), return_dtype=pl.UInt8)
    return told.select(order).to_series()


def _sounding(mentions: Mentions) -> _Alarms:
    """Leads with a text of their own writing that sounds like danger as a whole, and that text; none where it only asks
    us to stop."""
    texts = mentions.texts.frame
    field = texts["field"].to_physical().to_numpy()
    own = (field <= _SUBJECT) | (field >= len(WORDS))
    says = unease.says(mentions.texts.blocks)
    at = np.flatnonzero((says < NOTHING) & own)
    if len(at):
        at = at[(field[at] <= _SUBJECT) | (_spaces(texts["received"][pl.Series(at)]) >= _PICKED)]
    if len(at):
        at = at[[not only_asks_to_stop(text) for text in texts["received"][pl.Series(at)]]]
    if not len(at):
        return _NO_ALARMS
    size = texts["received"][pl.Series(at)].str.len_chars().to_numpy()
    spans = Spans(at, at * 0, size.astype(np.int64))
    return _Alarms(texts["row"].to_numpy()[at].astype(np.int64), spans, says[at])


def _spaces(texts: pl.Series) -> Ints:
    counts: Ints = texts.str.strip_chars().str.count_matches(" ", literal=True).to_numpy().astype(np.int64)
    return counts


def _graver(ruled: _Alarms, sounding: _Alarms) -> _Alarms:
    """Both, alarms before doubts, and of either what rules say first, with its very words."""
    spans = (np.concatenate(both) for both in zip(ruled.spans, sounding.spans, strict=True))
    says = np.concatenate([ruled.says, sounding.says])
    by_rule = np.arange(len(says)) < len(ruled.says)
    order = np.lexsort((~by_rule, says == _DOUBT))
    return _Alarms(np.concatenate([ruled.row, sounding.row])[order], Spans(*(s[order] for s in spans)), says[order])


def _worth_a_look(mentions: Mentions, codes: Codes) -> Ints:
    """Our mentions, by their place in the table, of leads in which one stands that a danger is looked up by."""
    phrase, row = mentions.table["phrase"].to_numpy(), mentions.table["row"].to_numpy()
    look = np.zeros(mentions.height, dtype=np.bool_)
    look[row[codes.anchor[phrase]]] = True
    return np.flatnonzero(codes.ours[phrase] & look[row]) if look.any() else np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class _Told:
    """Our mentions as arrays, in the order of the words: numbers, flags, what each is, its sentence (`group`), and the
    `part` of it that stands on lines of which none may begin a sentence of its own."""

    numbers: dict[str, Ints]
    flags: dict[str, Flags]
    concept: Ints
    says: Ints
    crisis: Flags
    group: Ints
    part: Ints
    answered_no: Flags
    answered_yes: Flags
    dated: Flags

    @classmethod
    def of(cls, mentions: Mentions, found: Ints, codes: Codes) -> _Told:
        told = {n: mentions.table[n].to_numpy()[found].astype(np.int64) for n in ("phrase", *_NUMBERS)}
        phrase, first, last = told["phrase"], told["first"], told["last"]
        texts, lines = mentions.texts.frame["received"], _lines(mentions)
        on_one_line = np.searchsorted(lines, first, "right") == np.searchsorted(lines, last, "right")
        harmless, crisis = codes.harmless[phrase] & on_one_line, codes.crisis[phrase]
        # Who thinks of swallowing a bottle has not swallowed it.
        thought = _inside(first, last, crisis, to=first) & ~crisis
        yes = answered_yes(texts, told["text"], told["start"], told["end"])
        kept = ~codes.harmless[phrase] & (yes | ~(thought | _inside(first, last, harmless)))
        phrase, yes, numbers = phrase[kept], yes[kept], {n: told[n][kept] for n in _NUMBERS}
        real = pl.Series(found[kept].astype(np.uint32))
        flags = {n: mentions.table[n][real].to_numpy() for n in _FLAGS}
        flags["negated"] = flags["negated"] & ~yes
        return cls(
            numbers,
            flags,
            codes.concept[phrase],
            codes.says[phrase],
            codes.crisis[phrase],
            _groups(numbers["sentence"]),
            _groups(numbers["sentence"] + np.searchsorted(lines, numbers["first"], "right")),
            answered_no(texts, numbers["text"], numbers["end"]),
            yes,
            dated(texts, numbers["text"], numbers["end"]),
        )

    def is_a(self, key: str) -> Flags:
        same: Flags = self.concept == CONCEPTS[key]
        return same

    def near_a(self, key: str) -> Flags:
        """Whether such a sign stands in the sentence."""
        return _holding(self.group, self.is_a(key))

    def beside_a(self, key: str) -> Flags:
        """Whether such a sign stands in the part of the sentence."""
        return _holding(self.part, self.is_a(key))


def _holding(group: Ints, which: Flags) -> Flags:
    held = np.zeros(int(group[-1]) + 1, dtype=np.bool_)
    held[group[which]] = True
    holding: Flags = held[group]
    return holding


def _lines(mentions: Mentions) -> Ints:
    """The words that begin a line which may be a sentence of its own, numbered through all texts."""
    blocks = mentions.texts.blocks
    before = np.cumsum([0, *(len(block.token) for block in blocks)])
    return np.concatenate([_NONE, *(block.breaks + at for block, at in zip(blocks, before, strict=False))])


def _groups(values: Ints) -> Ints:
    """Runs of one value, numbered from 0."""
    return np.cumsum(np.concatenate([[0], values[1:] != values[:-1]]))[: len(values)]


def _inside(first: Ints, last: Ints, sayings: Flags, *, to: Ints | None = None) -> Flags:
    """Which mentions lie inside one of these sayings, from their first word `to` theirs, without it their last."""
    if not sayings.any():
        return np.zeros(len(sayings), dtype=np.bool_)
    order = np.argsort(first[sayings], kind="stable")
    begin, furthest = first[sayings][order], np.maximum.accumulate(last[sayings][order])
    before = np.searchsorted(begin, first, side="right") - 1
    inside: Flags = (before >= 0) & (furthest[np.maximum(before, 0)] >= (last if to is None else to))
    return inside


class _Alarms(NamedTuple):
    """Of each lead that alarms what is said (an index into SAYS), and in which words."""

    row: Ints
    spans: Spans
    says: Ints


_NONE: Final = np.zeros(0, dtype=np.int64)
_NO_ALARMS: Final = _Alarms(_NONE, Spans(_NONE, _NONE, _NONE), _NONE)


def _alarms(told: _Told) -> _Alarms:
    """The gravest alarm of each lead."""
    if not len(told.concept):
        return _NO_ALARMS
    bare_concepts = np.array([CONCEPTS[key] for key in sorted(BARE) if key in CONCEPTS])
    bare = np.isin(told.concept, bare_concepts)
    denied = _denied(told)
    recent = told.near_a("now")
    over = ((told.flags["past"] | told.flags["other"]) & ~recent) | (told.beside_a("over") & ~told.near_a("sudden"))
    over |= (told.beside_a("died") & ~told.crisis & ~recent) | (told.dated & ~recent) | _before(told, "never since")
    asked = ((_after(told, "asks") & (told.concept == 0) & ~recent) | _spoken_of(told)) & ~told.answered_yes
    mild = told.beside_a("reflux") & np.isin(
        told.concept, [CONCEPTS[key] for key in ("pain", "ache", "lacks", "struggle")]
    )
    had = (told.flags["done"] | mild) & ~recent & ~told.crisis
    counts = (bare | (~denied & (told.crisis | ~(over | asked)))) & ~told.answered_no
    unclear = ~bare & np.where(told.crisis, over | asked, had)
    parts = [*_said(told, counts, unclear), *_together(told, counts, unclear)]
    return _gravest(told, parts)


_Part = tuple[Ints, Ints, Ints]  # from which mention, to which, and what it says


def _said(told: _Told, counts: Flags, unclear: Flags) -> list[_Part]:
    at = np.flatnonzero((told.says < NOTHING) & counts)
    return [(at, at, np.where(unclear[at], _DOUBT, told.says[at]))]


def _together(told: _Told, counts: Flags, unclear: Flags) -> list[_Part]:
    """What signs say with others near them, in their sentence and in all the lead's words."""
    at = np.flatnonzero((told.concept > 0) & counts)
    if len(at) < 2:
        return []
    n = told.numbers
    two = pairs(told.concept[at], sentence=n["sentence"][at], first=n["first"][at], last=n["last"][at])
    doubtful = unclear[at][two.one] | unclear[at][two.other]
    says = np.where(doubtful & (two.says < NOTHING), _DOUBT, two.says)
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


def _gravest(told: _Told, parts: list[_Part]) -> _Alarms:
    one, other, says = (np.concatenate(values) for values in zip(*parts, strict=True))
    n = told.numbers
    order = np.lexsort((n["first"][one], says, n["row"][one]))
    first = order[np.unique(n["row"][one][order], return_index=True)[1]]
    one, other, says = one[first], other[first], says[first]
    return _Alarms(
        n["row"][one], Spans(n["text"][one], n["start"][one], np.maximum(n["end"][one], n["end"][other])), says
    )


# --- what is denied ---------------------------------------------------------------------------------------------------


def _denied(told: _Told) -> Flags:
    """Denied, as far as danger goes: "none" right after it, or what reading calls negated.

    But a plain "no" far off in the sentence denies nothing here, nor does one that only supposes ("if nobody helps me I
    will"), nor "won't stop", nor a verb far off or of another clause ("it won't come down, I feel faint").
    """
    n = told.numbers
    denial = _latest(told.is_a("wont") | told.is_a("deny"))
    there = (denial >= 0) & (told.part[denial] == told.part)
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
    near: Flags = (before >= 0) & (told.part[before] == told.part) & (n["first"] - n["last"][before] <= 3)
    return near


def _after(told: _Told, key: str) -> Flags:
    """Whether such a sign stands before it in its sentence."""
    before = _latest(told.is_a(key))
    after: Flags = (before >= 0) & (told.part[before] == told.part)
    return after


def _spoken_of(told: _Told) -> Flags:
    """Whether it is told in general ("we cover heart attack, choking and ..."); of a crisis only right behind."""
    key, n = "in general", told.numbers
    gap = n["first"] - n["last"][_latest(told.is_a(key))] - 1
    spoken_of: Flags = _after(told, key) & (gap <= np.where(told.crisis, 1, _SPOKEN_OF))
    return spoken_of


def _before(told: _Told, key: str) -> Flags:
    """Whether such a sign stands behind it in its sentence."""
    behind = _next(told.is_a(key))
    at = np.minimum(behind, len(behind) - 1)
    before: Flags = (behind < len(behind)) & (told.part[at] == told.part)
    return before


def _next(which: Flags) -> Ints:
    """For each mention the next such one behind it, as many as there are mentions where there is none."""
    behind: Ints = len(which) - 1 - _latest(which[::-1])[::-1]
    return behind


def _told_none(told: _Told) -> Flags:
    """Whether "none" or "denied" follows at once."""
    n = told.numbers
    none = told.is_a("none")
    after = _next(none)
    found = after < len(none)
    at = np.minimum(after, len(none) - 1)
    told_so: Flags = found & (told.part[at] == told.part) & (n["first"][at] - n["last"] <= 2) & ~told.is_a("none")
    return told_so
