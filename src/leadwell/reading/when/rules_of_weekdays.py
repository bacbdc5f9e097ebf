"""Which words name a weekday, a day near by, a holiday, a season, a day in figures? The second part of the grammar."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from leadwell.reading.when import days
from leadwell.reading.when.building import DIRECTION, THE, WAY, Builder, made, told
from leadwell.reading.when.days import Span
from leadwell.reading.when.tokens import Token
from leadwell.reading.when.vocabulary import vocabulary


def weekday_of_week(match: re.Match[str], tokens: Sequence[Token]) -> Token | None:
    weeks = DIRECTION[match["way"]]
    number = int(match["w"])

    def when(today: date) -> Span:
        found = days.monday(today) + timedelta(days=7 * weeks + number - 1)
        return Span(found, found)

    return made(tokens, "Dd", when)


def weekday_way(match: re.Match[str], tokens: Sequence[Token]) -> Token | None:
    way, number = match["way"], int(match["w"])
    if way == "coming":
        return made(tokens, "Dd", days.coming_weekday(number))
    return made(tokens, "Dd", days.weekday(number, DIRECTION[way]))


def weekday_beside(match: re.Match[str], tokens: Sequence[Token]) -> Token | None:
    """ "the Friday after Thanksgiving"."""
    inner, number, after = tokens[-1].when, int(match["w"]), match["way"] == "after"

    def when(today: date) -> Span | None:
        span = inner(today) if inner else None
        if span is None or span.first is None:
            return None
        gap = (number - span.first.isoweekday()) % 7 or 7 if after else -((span.first.isoweekday() - number) % 7 or 7)
        found = span.first + timedelta(days=gap)
        return Span(found, found)

    return made(tokens, "Dd", when)


def weekday_and_day(match: re.Match[str], tokens: Sequence[Token]) -> Token | None:
    """ "tues the 4th", "Monday 21"; "Monday 10 or 11" are hours unless that Monday is the 10th."""
    weekday, day, sure = int(match["w"]), int(match["d"]), match["k"] == "O"
    if not 1 <= day <= 31:
        return None
    plain, dated = days.weekday(weekday), days.day_of_month(day, weekday)

    def when(today: date) -> Span | None:
        span = dated(today)
        if not sure and day <= 12 and (span is None or span.first is None or (span.first - today).days > 31):
            return plain(today)
        return span

    return made(tokens, "Dd", when)


def weekday_before_date(match: re.Match[str], tokens: Sequence[Token]) -> Token | None:
    """ "Friday, July 6": of this year's and last year's, the one that is a Friday. Beside a weekday "7-6" is a date."""
    inner, weekday = tokens[-1].when, int(match["w"])

    def when(today: date) -> Span | None:
        span = inner(today) if inner else None
        if span and span.first and span.back and span.first.isoweekday() != weekday == span.back[0].isoweekday():
            return Span(*span.back, span.back)
        return span

    return made(tokens, "Dd", when)


def bare(match: re.Match[str], tokens: Sequence[Token]) -> Token | None:
    return made(tokens[-1:], "Dd", tokens[-1].when)


def relative_day(offset: int) -> Builder:
    return lambda _, tokens: made(tokens, "Dd", days.offset("d", offset))


def nth_alone(match: re.Match[str], tokens: Sequence[Token]) -> Token | None:
    """ "the 3rd", "el dia 18"; the words after it decide later whether it is a day (grain o)."""
    day = int(match["d"])
    return made(tokens, "Do" if match["k"] == "O" else "Dd", days.day_of_month(day) if 1 <= day <= 31 else None)


def season(match: re.Match[str], tokens: Sequence[Token]) -> Token | None:
    number, way = int(match["s"]), match["way"]
    if match["y"]:
        span = days.season_of(number, int(match["y"]))
        return made(tokens, "Ds", days.whole(span.first, span.last) if span and span.first and span.last else None)
    if way == "last":
        running = days.yearly(lambda year: days.season_of(number, year))

        def when(today: date) -> Span | None:
            span = running(today)
            return Span(*span.back, span.back) if span and span.back else None

        return made(tokens, "Ds", when)
    return made(tokens, "Ds", days.yearly(lambda year: days.season_of(number, year), strictly=way == "next"))


def holiday(match: re.Match[str], tokens: Sequence[Token]) -> Token | None:
    find = days.holiday(vocabulary().holidays[match["h"]])
    grain = "Dp" if vocabulary().holidays[match["h"]].get("days", 1) > 1 else "Dd"
    if told(match, "y"):
        span = find(int(match["y"]))
        return made(tokens, grain, lambda _: span)
    if match["way"]:
        years = DIRECTION[match["way"]]
        return made(tokens, grain, lambda today: find(today.year + years))
    return made(tokens, grain, days.yearly(find))


def year(match: re.Match[str], tokens: Sequence[Token]) -> Token | None:
    number = int(match["y"])
    return made(tokens[-1:], "Dy", days.whole(date(number, 1, 1), date(number, 12, 31)))


_W: Final = r"W(?P<w>\d) "


def _after(*cues: str) -> str:
    return "(?:" + "|".join(f"(?<={cue} )" for cue in cues) + ")"


_DAY_CUE: Final = _after(
    "the", "on", "by", "before", "until", "after", "from", "starting", "since", "of", "to", "in", "within"
)
_YEAR_CUE: Final = _after(
    "in", "since", "of", "by", "until", "to", "before", "after", "within", "from", "starting", "Uy", "the", "this", "-"
)
_BARE_CUE: Final = _after(
    "the",
    "on",
    "by",
    "before",
    "until",
    "after",
    "from",
    "starting",
    "since",
    "this",
    "next",
    "coming",
    "Dd ,",
    "Dd -",
    "Dd and",
    "Dd or",
    "from Dd to",
)

RULES: Final[tuple[tuple[str, Builder], ...]] = (
    (rf"H(?P<h>\w+) (?:of |the )*{WAY} Uy ", holiday),
    (rf"(?:{THE}{WAY} )?{THE}H(?P<h>\w+) (?:(?:of |, |in )*Y(?P<y>\d{{4}}) )?", holiday),
    # a weekday
    (rf"{THE}(?:this |next )?{_W}(?:of |on |for |in |the |, )*(?:{WAY} Uw )", weekday_of_week),
    (rf"{THE}{_W}(?:of |on |for |in |the |, )*Uw {WAY} ", weekday_of_week),
    (rf"{THE}{WAY} Uw (?:on |the |, |of |\| )*{_W}", weekday_of_week),
    (rf"{THE}Uw {WAY} (?:on |the |, |of )*{_W}", weekday_of_week),
    (rf"{THE}(?:(?:this|next|coming) )?{_W}(?:, |the |of |Ud |\| |on |- )*Dd ", weekday_before_date),
    (rf"{THE}(?:(?:this|next|coming) )?{_W}(?:, |the |of |Ud |\| |on )*B\S+ ", weekday_before_date),
    (rf"{THE}(?:this )?{_W}(?:, |the |Ud |on the )*(?P<k>[NO])(?P<d>\d\d?) (?!U|to |- |and N)", weekday_and_day),
    (rf"{THE}{_W}(?P<way>after|before) (?:the |of )*Dd ", weekday_beside),
    (rf"{THE}{_W}after next ", lambda m, t: made(t, "Dd", days.offset("w", 1, start=days.coming_weekday(int(m["w"]))))),
    (rf"{THE}{WAY} {_W}(?:last |next )?", weekday_way),
    (rf"{THE}{_W}{WAY} (?!U)", weekday_way),
    (rf"{THE}(?:Ud )?{_W}", lambda m, t: made(t, "Dd", days.weekday(int(m["w"])))),
    # days near the day of writing
    (r"of (?:today|tomorrow) in N8 ", lambda m, t: made(t, "Dd", days.offset("d", 7 if "today" in m.group() else 8))),
    (r"of today in N15 ", relative_day(14)),
    (rf"{THE}overmorrow ", relative_day(2)),
    (rf"{THE}foreyesterday ", relative_day(-2)),
    ("today ", relative_day(0)),
    ("tomorrow ", relative_day(1)),
    ("yesterday ", relative_day(-1)),
    # every year
    (rf"(?:{THE}{WAY} )?{THE}S(?P<s>\d) (?:(?:of |, |in )*Y(?P<y>\d{{4}}) )?", season),
    # figures and ordinals that stand for a day by the word before them
    (rf"{_BARE_CUE}B\S+ (?!U)", bare),
    (r"(?<=for )B/ (?!U)", bare),
    (r"the Ud (?P<k>N)(?P<d>\d\d?) (?!U)", nth_alone),
    (rf"{_after('Uw of', 'Uw of the')}(?P<k>N)(?P<d>\d\d?) (?!U)", nth_alone),
    (r"B\S+ (?=(?:-|to|until|and|or) (?:the )?(?:Dd|B/) )", bare),
    (r"(?:(?<=Dd - )|(?<=Dd to )|(?<=Dd until ))B\S+ ", bare),
    (rf"{_DAY_CUE}(?:the )?(?:Ud )?(?P<k>O)(?P<d>\d\d?) (?!U|W|[NOM]\d)", nth_alone),
    (r"B/ (?!U)", lambda m, t: made(t, "Db", t[0].when)),
    (rf"{_YEAR_CUE}(?:Uy )?(?:of )?Y(?P<y>\d{{4}}) ", year),
)
