"""Which words name a day of a month, or a month? The first part of the grammar."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from leadwell.reading.when import days
from leadwell.reading.when.building import DIRECTION, OF, THE, WAY, Builder, made, rename, stop, told
from leadwell.reading.when.days import Span, When
from leadwell.reading.when.tokens import Token


def valid(month: int, day: int, year: int = 2024) -> bool:
    return days.make_day(year, month, day) is not None


def day_of(month: int, day: int, year: int) -> When | None:
    found = days.make_day(year, month, day)
    return days.exact(found) if found else None


def month_then_day(match: re.Match[str], tokens: Sequence[Token]) -> Token | None:
    month, day, year = match["m"], match["d"], told(match, "y")
    if year:
        return made(tokens, "Dd", day_of(int(month), int(day), int(year)))
    return made(tokens, "Dd", days.month_day(int(month), int(day)) if valid(int(month), int(day)) else None)


def last_month_day(match: re.Match[str], tokens: Sequence[Token]) -> Token | None:
    """ "this past April 30th"."""
    inner = days.month_day(int(match["m"]), int(match["d"]))

    def when(today: date) -> Span | None:
        span = inner(today)
        return Span(*span.back) if span and span.back else None

    return made(tokens, "Dd", when if valid(int(match["m"]), int(match["d"])) else None)


def month_day_of_year(match: re.Match[str], tokens: Sequence[Token]) -> Token | None:
    month, day, years = int(match["m"]), int(match["d"]), DIRECTION[match["way"]]

    def when(today: date) -> Span | None:
        found = days.make_day(today.year + years, month, day)
        return Span(found, found) if found else None

    return made(tokens, "Dd", when if valid(month, day) else None)


def days_of_month(match: re.Match[str], tokens: Sequence[Token]) -> Token | None:
    """ "between 3 and 12 of September", "July 6-10"."""
    month, first, last = int(match["m"]), int(match["d"]), int(match["e"])
    if first >= last or not valid(month, last):
        return None
    if told(match, "y"):
        year = int(match["y"])
        return made(tokens, "Dp", days.whole(date(year, month, first), date(year, month, last)))

    def find(year: int) -> Span | None:
        a, b = days.make_day(year, month, first), days.make_day(year, month, last)
        return Span(a, b) if a and b else None

    return made(tokens, "Dp", days.yearly(find))


def month_of_year(match: re.Match[str], tokens: Sequence[Token]) -> Token | None:
    return made(tokens, "Dm", days.whole(*days.month_span(int(match["y"]), int(match["m"]))[:2]))  # type: ignore[arg-type]


def month_way(match: re.Match[str], tokens: Sequence[Token]) -> Token | None:
    month, way = int(match["m"]), match["way"]

    def when(today: date) -> Span | None:
        if way == "this":
            return days.month_span(today.year, month)
        if way == "last":
            return days.month_span(today.year - (month >= today.month), month)
        return days.month_span(today.year + (month <= today.month), month)

    return made(tokens, "Dm", when)


def month_in_year(match: re.Match[str], tokens: Sequence[Token]) -> Token | None:
    month, years = int(match["m"]), DIRECTION[match["way"]]
    return made(tokens, "Dm", lambda today: days.month_span(today.year + years, month))


def month(match: re.Match[str], tokens: Sequence[Token]) -> Token | None:
    number = int(match["m"])
    return made(tokens, "Dm", days.yearly(lambda year: days.month_span(year, number)))


def day_in_month(match: re.Match[str], tokens: Sequence[Token]) -> Token | None:
    """ "the 8th of this month"."""
    day, months = int(match["d"]), DIRECTION[told(match, "way") or match["yaw"]]

    def when(today: date) -> Span | None:
        there = days.add_months(today, months)
        found = days.make_day(there.year, there.month, day)
        return Span(found, found) if found else None

    return made(tokens, "Dd", when)


def nth_weekday(match: re.Match[str], tokens: Sequence[Token]) -> Token | None:
    """ "the first Monday of next month", "last Friday of May"."""
    nth, weekday = (int(match["n"]) if told(match, "n") else -1), int(match["w"])

    def find(year: int, month_: int) -> Span:
        found = days.nth_weekday(year, month_, weekday, nth)
        return Span(found, found)

    if told(match, "m"):
        number = int(match["m"])
        return made(tokens, "Dd", days.yearly(lambda year: find(year, number)))
    months = DIRECTION[match["way"] or "this"]

    def when(today: date) -> Span:
        there = days.add_months(today.replace(day=1), months)
        return find(there.year, there.month)

    return made(tokens, "Dd", when)


def new_year(match: re.Match[str], tokens: Sequence[Token]) -> Token | None:
    """ "in the new year": its first month."""
    return made(tokens, "Dm", days.yearly(lambda year_: days.month_span(year_, 1), strictly=True))


_YAW: Final = WAY.replace("way", "yaw")
_YEAR: Final = r"(?:(?:,|of|-|the) )*Y(?P<y>\d{4}) "
_DAY: Final = r"[NO](?P<d>\d{1,2}) "
_M: Final = r"M(?P<m>\d+) "
_W: Final = r"W(?P<w>\d) "

RULES: Final[tuple[tuple[str, Builder], ...]] = (
    # numbers in words: twenty second, treinta y uno, dos mil veinte
    (r"N(?P<a>[2-9]0) (?:- |and )?(?P<k>[NO])(?P<b>[1-9]) ", rename(lambda m: f"{m['k']}{int(m['a']) + int(m['b'])}")),
    (r"(?:N2 )?mil N(?P<a>\d\d?) ", rename(lambda m: f"Y{2000 + int(m['a'])}")),
    (r"N(?P<c>19|20) N(?P<a>\d\d) (?![-U])", rename(lambda m: f"Y{m['c']}{m['a']}")),
    (r"Y(?P<y>\d{4}) - M(?P<m>\d+) - [NO](?P<d>\d+) ", month_then_day),
    (r"(?:(?<=\d - )|(?<=\d of ))ago (?=- Y|Y|of)", lambda m, t: Token("M8", t[0].start, t[0].end)),
    (r"W\d (?:- |to )(?:the )?W\d ", stop),
    (r"every (?:\S+ )?(?:[WMS]\d+|U\w) (?:(?:and|or) W\d )*", stop),
    (r"U\w (?:to|after|of) U\w ", stop),
    # a day of a month
    (
        rf"(?:from |within |of )?{THE}[NO](?P<d>\d\d?) (?:-|to|and|a|until) {THE}[NO](?P<e>\d\d?) {OF}{_M}(?:{_YEAR})?",
        days_of_month,
    ),
    (rf"(?:from )?{_M}{THE}[NO](?P<d>\d\d?) (?:-|to|and) {THE}[NO](?P<e>\d\d?) (?!U)(?:{_YEAR})?", days_of_month),
    (rf"(?:from )?{_M}B_(?P<d>\d+)_(?P<e>\d+) (?:{_YEAR})?", days_of_month),
    (rf"(?:from )?B_(?P<d>\d+)_(?P<e>\d+) {OF}{_M}(?:{_YEAR})?", days_of_month),
    (rf"{_M}{OF}{_DAY}{OF}{WAY} Uy ", month_day_of_year),
    (rf"{THE}{_DAY}{OF}{_M}{OF}{WAY} Uy ", month_day_of_year),
    (rf"{_M}(?:the |of |- )*{_DAY}{_YEAR}", month_then_day),
    (rf"{THE}(?:Ud )?{_DAY}(?:of |- |the )*{_M}{_YEAR}", month_then_day),
    (rf"(?:the |this )?last {_M}(?:the )?{_DAY}", last_month_day),
    (rf"{_M}(?:the |of |- )*(?!N\d+ (?:to |- )?(?:N\d+ )?U){_DAY}", month_then_day),
    (rf"{THE}(?:Ud )?{_DAY}(?:of |- |the |this |coming |next )*{_M}", month_then_day),
    (rf"{THE}(?:Ud )?O(?P<d>\d+) (?:Ud )?{OF}(?:{WAY} Um |Um {_YAW} )", day_in_month),
    (rf"{THE}(?:Ud )?N(?P<d>\d+) of (?:the )?(?:{WAY} Um |Um {_YAW} )", day_in_month),
    (r"in the (?:Hnew_year) ", new_year),
    # a month
    (rf"{_M}(?:(?:of|,|-|the|Uy) )*Y(?P<y>\d{{4}}) ", month_of_year),
    (rf"{_M}{OF}(?:{WAY} Uy )", month_in_year),
    (rf"{THE}{WAY} Uy {OF}{_M}", month_in_year),
    (rf"{_M}{OF}Uy (?P<way>next|coming|last) ", month_in_year),
    (rf"{THE}{WAY} {_M}", month_way),
    (rf"{_M}{WAY} (?!U)", month_way),
    (rf"{THE}(?:O(?P<n>\d)|last) {_W}{OF}(?:{_M}|(?:{WAY} )?Um )", nth_weekday),
    (rf"{THE}(?:O(?P<n>\d)|last) {_W}{OF}Um (?P<way>next|coming|last) ", nth_weekday),
    (rf"(?:Um )?{THE}(?:Um of )?{_M}", month),
)
