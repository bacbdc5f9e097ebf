"""What do the words round a day say of it: past or to come, a deadline, a birthday, or no day at all?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import polars as pl

from leadwell.reading.evidence import Spans, said
from leadwell.reading.grouped import Flags, Ints
from leadwell.reading.patterns import EDGE, group, holds, spaced
from leadwell.reading.when.found import Days, distinct
from leadwell.reading.when.stretches import trie
from leadwell.reading.when.vocabulary import vocabulary

BEFORE, AFTER, BESIDE = 70, 45, 20
_FOLLOWING: Final = len(" of ")
# "Torn ACL on Saturday": what opens a sentence and ends in no -ed.
_HURT: Final = "^ *(?:torn|broken|blown|bitten|roto|rota)(?: [a-z']+){1,3} (?:on|el) +$"
_GROWS: Final = (
    rf"{EDGE}(?:turn|turns|turning|turned|will be|[a-z]+'ll be|cumple|cumplo|cumplio|cumpli|cumplira|cumplire|cumplir)"
)
_SO_OLD: Final = "(?: [0-9]{1,3}(?: (?:years? old|years?|anos|yo))?(?: [a-z]{1,4}){0,2})?"
_AN_AGE: Final = "^[0-9]{1,3} next (?:month|week|year)"  # "65 next month"
_AGE_AND_DAY: Final = "^[0-9]{1,2} [a-z]"  # "turning 18 feb"
_WHERE: Final = "(?: (?:to|a|out of|with|from)(?: [a-z']+){1,3}| again| away| out| back| here)?"
_ON: Final = "(?: in| on| around| sometime in| early| late| at the end of| at| next| en| el| para| a fines de)*"
_MONTHS: Final = "(?:april|may|june|august|march|abril|julio|mayo)"


@cache
def cue(kind: str, *, near: bool = False) -> str:
    """A pattern for any cue of `kind`; `near`: with at most three short words between it and the day."""
    words = trie(word.replace(".", " ") for word in vocabulary().around[kind])
    reach = r"(?:[ '\x22]+[a-z0-9']+){0,3}[ '\x22]*$" if near else EDGE
    return f"{EDGE}{words}{reach}"


@cache
def _right_before(kind: str, between: str = "") -> str:
    return f"{EDGE}{trie(vocabulary().around[kind])}{between} +$"


@cache
def _follows(kind: str) -> str:
    return f"^ +{trie(vocabulary().around[kind])}{EDGE}"


@cache
def _tenses() -> tuple[list[str], list[str]]:
    around = vocabulary().around
    return [f" {w} " for w in around["past"]], [f" {w} " for w in around["future"]]


def _apart(texts: pl.Series) -> pl.Series:
    return " " + spaced(texts) + " "


@dataclass(frozen=True, eq=False)
class Around:
    """The words before and after each day within its sentence, and the text right behind it."""

    before: pl.Series
    after: pl.Series
    beside: pl.Series

    @classmethod
    def of(cls, days: Days) -> tuple[Around, Ints, Ints]:
        """Of days that look the same once, in their own words and in how they were understood too: where each stands
        first, and which of them each day is."""
        folded, before = days.texts["folded"], np.maximum(days.start - BEFORE, 0)
        around = Around(
            group(said(folded, Spans(days.at, before, days.start)), "[^!]*$", 0),
            group(said(folded, Spans(days.at, days.end, days.end + AFTER)), "^[^!]*", 0),
            said(folded, Spans(days.at, days.end, days.end + BESIDE)),
        )
        words = said(days.texts["text"], Spans(days.at, days.start, days.end + _FOLLOWING))
        one, which = distinct(*vars(around).values(), words, pl.Series(days.grain), pl.Series(days.role))
        first = pl.Series(one)
        return cls(_apart(around.before[first]), _apart(around.after[first]), around.beside[first]), one, which

    def led(self, kind: str) -> Flags:
        """Whether a cue stands close before."""
        return holds(self.before, cue(kind, near=True))

    def before_it(self, kind: str) -> Flags:
        """Whether a cue stands anywhere before."""
        return holds(self.before, cue(kind))

    def either(self, kind: str, among: Flags | None = None) -> Flags:
        """Whether a cue stands before or after."""
        return holds(self.before, cue(kind), among) | holds(self.after, cue(kind), among)

    def refused(self) -> Flags:
        return holds(self.before, _right_before("not", "(?: on| this| the| el| la| coming| for| en)*"))

    def grown(self, days: Days) -> Flags:
        """Whether it is the day on which somebody is so old: "turns 18 in March", "18 as of Oct 30"."""
        as_of = holds(days.said, "^(?:as of|since) ")
        aged = holds(self.before, " [0-9]{1,3}(?: years? old| yo| old)? +$", as_of)
        grows = holds(self.before, f"{_GROWS}{_SO_OLD} +$")
        bare = holds(self.before, f"{_GROWS} +$", grows) & ~holds(days.said, _AGE_AND_DAY, grows)
        grown: Flags = (grows & ~bare) | aged | holds(days.said, _AN_AGE)
        return grown

    def others(self, days: Days) -> Flags:
        """Whether it is what another place offers: "the university says June", "they are booked until March"."""
        until: Flags = days.role == "until"
        wide = until | np.isin(days.grain, ["m", "s"])
        said_so = holds(self.before, _right_before("others", "(?: it'?s| it is| it will be| for| in| out)?"), wide)
        return said_so | (until & holds(self.before, _right_before("others_until"), until))

    def course(self) -> Flags:
        """Whether something else takes its course then: "we move to Ohio in May", "her wedding is in July"."""
        own = holds(self.before, _right_before("course", f"{_WHERE}{_ON}"))
        return own & ~self.either("hangs", own)

    def held(self) -> Flags:
        """Whether something was theirs until then: "I had AHCCCS until June"."""
        return holds(self.before, _right_before("held", "(?: [a-z]+){1,3}"))

    def papers(self) -> Flags:
        return holds(self.before, _right_before("papers", "(?: [a-z]+)?"))

    def past(self) -> Flags:
        """By the last word of tense before it, else by a participle there, else by the first one after it."""
        past, future = _tenses()
        both, gone = [*past, *future], pl.lit(pl.Series(past)).implode()
        ended = holds(self.before, f" (?:[a-z]{{3,}}(?:[^e]ed|eed))(?: [a-z']+){{0,2}} +$|{_HURT}")
        told = pl.DataFrame([self.before.alias("before"), self.after.alias("after"), pl.Series("ended", ended)]).select(
            pl.coalesce(
                pl.col("before").str.extract_many(both, overlapping=True).list.last().is_in(gone),
                pl.col("ended").replace(False, None),
                pl.col("after").str.extract_many(both, overlapping=True).list.first().is_in(gone),
            ).fill_null(False)
        )
        flags: Flags = told.to_series().to_numpy()
        return flags


def is_day(days: Days, around: Around) -> Flags:
    """False for "the 3rd floor", "calle 5 de mayo", "April Waters", "I can march", "happy new year", "pain of 8/10"."""
    figures = holds(days.said, r"^[0-9]+/[0-9]+$")
    scale = figures & around.either("scale", figures)
    street = holds(around.before, _right_before("street")) | holds(around.beside, _follows("road"))
    greeting = holds(around.before, _right_before("greeting"))
    no_day = greeting | street | _ranked(days, around) | _named(days, around) | _bare(days, around) | scale
    day: Flags = ~(no_day | _habit(days, around))
    return day


def _habit(days: Days, around: Around) -> Flags:
    """A season or a month of every year: "we winter on the island", "every summer we go"."""
    wide = np.isin(days.grain, ["s", "m"])
    verb = holds(days.said, "^(?:winter|summer)s?$", wide)
    verb &= holds(around.before, f"{EDGE}(?:i|we|they|who|parents|usually|always) +$", verb)
    return verb | (wide & holds(around.before, _right_before("every", "(?: [a-z]+)?"), wide))


def _bare(days: Days, around: Around) -> Flags:
    """ "7-6" or "12/15" that is no date: not after a word of dates, nor where the sentence begins."""
    bare: Flags = days.grain == "b"
    first = holds(around.before, "^ *$", bare) & ~holds(days.said, "/10$", bare)
    return bare & ~(holds(around.before, cue("dated", near=True), bare) | first)


def _ranked(days: Days, around: Around) -> Flags:
    """An ordinal alone ("the 3rd") that counts something else, or that more must follow."""
    ordinal: Flags = days.grain == "o"
    stands = holds(around.beside, r"^ *$|^ ?[^a-z0-9 ]|^ +[0-9]|" + _follows("follows"), ordinal)
    sure = holds(days.said, r"^(?:the )?(?:1[1-9]|2[0-9]|3[01])[a-z]", ordinal)
    in_words = holds(days.said, r"(?:^|the |el |la )(?:first|second|third|primer|segund|tercer)[a-z]*$", ordinal)
    return ordinal & ((~stands & ~sure) | holds(around.beside, _follows("ranked"), ordinal) | in_words)


def _named(days: Days, around: Around) -> Flags:
    """A month alone that is a name ("April Waters") or a verb ("I can march")."""
    alone = holds(days.said, f"^{_MONTHS}$", days.grain == "m")
    if not alone.any():
        return alone
    text = days.texts["text"]
    following = said(text, Spans(days.at, days.end, days.end + _FOLLOWING))
    first, second = (said(text, Spans(days.at, days.start + n, days.start + n + 1)) for n in (0, 1))
    titled = holds(following, "^ [A-Z]") & holds(second, "[a-z]")
    of = holds(following, "^ [oO][fF] ")
    named = holds(around.before, _right_before("name"))
    verb = holds(around.before, f"{EDGE}(?:can|cannot|could|to|i|we|they|will|would|and|you) +$")
    kin = holds(around.before, _right_before("kin")) & holds(first, "[A-Z]")
    name: Flags = alone & (named | titled | kin | of | (verb & holds(days.said, "^march$")))
    return name
