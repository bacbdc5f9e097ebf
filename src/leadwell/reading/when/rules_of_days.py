"""Which words name one day, or the month, week, season or year that stands for one? The first half of the grammar."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Final

from leadwell.reading.when import days
from leadwell.reading.when.days import Span, When
from leadwell.reading.when.tokens import Token
from leadwell.reading.when.vocabulary import vocabulary

Builder = Callable[[re.Match[str], Sequence[Token]], Token | None]

# "the", "of", commas and the like that may stand between the parts of a date.
THE: Final = r"(?:the )?"
OF: Final = r"(?:(?:of|the|,|-|in|on|\|) ){0,3}"
DIRECTION: Final = {"this": 0, "next": 1, "coming": 1, "last": -1}


def made(tokens: Sequence[Token], kind: str, when: When | None, role: str = "on") -> Token | None:
    if when is None:
        return None
    start = next((t for t in tokens if t.kind not in ("the", ",", "of", "-", "|")), tokens[0]).start
    return Token(kind, start, tokens[-1].end, when, role)


def told(match: re.Match[str], name: str) -> str | None:
    return match.groupdict().get(name)


def stop(_: re.Match[str], tokens: Sequence[Token]) -> Token:
    return Token("X", tokens[0].start, tokens[-1].end)


def rename(kind: Callable[[re.Match[str]], str], keep_first: bool = False) -> Builder:
    """The match becomes one token that is not yet a day (a number, a surer month)."""

    def build(match: re.Match[str], tokens: Sequence[Token]) -> Token | None:
        return Token(kind(match), tokens[0].start, tokens[-1].end)

    return build


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


def month_day_of_year(match: re.Match[str], tokens: Sequence[Token]) -> Token | None:
    month, day, years = int(match["m"]), int(match["d"]), DIRECTION[match["way"]]

    def when(today: date) -> Span | None:
        found = days.make_day(today.year + years, month, day)
        return Span(found, found) if found else None

    return made(tokens, "Dd", when if valid(month, day) else None)


def days_of_month(match: re.Match[str], tokens: Sequence[Token]) -> Token | None:
    """"between 3 and 12 of September", "July 6-10"."""
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
    """"the 8th of this month"."""
    day, months = int(match["d"]), DIRECTION[told(match, "way") or match["yaw"]]

    def when(today: date) -> Span | None:
        there = days.add_months(today, months)
        found = days.make_day(there.year, there.month, day)
        return Span(found, found) if found else None

    return made(tokens, "Dd", when)


def nth_weekday(match: re.Match[str], tokens: Sequence[Token]) -> Token | None:
    """"the first Monday of next month", "last Friday of May"."""
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


def weekday_and_day(match: re.Match[str], tokens: Sequence[Token]) -> Token | None:
    """"tues the 4th", "Monday 21"; "Monday 10 or 11" are hours unless that Monday is the 10th."""
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
    """"Friday, July 6": of this year's and last year's, the one that is a Friday. A bare "7-6" becomes a date beside a weekday."""
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
    """"the 3rd", "el dia 18"; the words after it decide later whether it is a day (grain o)."""
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


def new_year(match: re.Match[str], tokens: Sequence[Token]) -> Token | None:
    """"in the new year": its first month."""
    return made(tokens, "Dm", days.yearly(lambda year_: days.month_span(year_, 1), strictly=True))


def year(match: re.Match[str], tokens: Sequence[Token]) -> Token | None:
    number = int(match["y"])
    return made(tokens[-1:], "Dy", days.whole(date(number, 1, 1), date(number, 12, 31)))


_WAY: Final = "(?P<way>this|next|coming|last)"
_YAW: Final = _WAY.replace("way", "yaw")
_YEAR: Final = r"(?:(?:,|of|-|the) )*Y(?P<y>\d{4}) "
_DAY: Final = r"[NO](?P<d>\d{1,2}) "
_M: Final = r"M(?P<m>\d+) "
_W: Final = r"W(?P<w>\d) "
def _after(*cues: str) -> str:
    return "(?:" + "|".join(f"(?<={cue} )" for cue in cues) + ")"


_DAY_CUE: Final = _after("the", "on", "by", "before", "until", "after", "from", "starting", "since", "of", "to", "in", "within")
_YEAR_CUE: Final = _after("in", "since", "of", "by", "until", "to", "before", "after", "within", "from", "starting", "Uy", "the", "this", "-")
_BARE_CUE: Final = _after("the", "on", "by", "before", "until", "after", "from", "starting", "since", "this", "next", "coming",
                          "Dd ,", "Dd -", "Dd and", "Dd or", "from Dd to")

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
    (rf"(?:from |within |of )?{THE}[NO](?P<d>\d\d?) (?:-|to|and|a|until) {THE}[NO](?P<e>\d\d?) {OF}{_M}(?:{_YEAR})?", days_of_month),
    (rf"(?:from )?{_M}{THE}[NO](?P<d>\d\d?) (?:-|to|and) {THE}[NO](?P<e>\d\d?) (?!U)(?:{_YEAR})?", days_of_month),
    (rf"(?:from )?{_M}B_(?P<d>\d+)_(?P<e>\d+) (?:{_YEAR})?", days_of_month),
    (rf"(?:from )?B_(?P<d>\d+)_(?P<e>\d+) {OF}{_M}(?:{_YEAR})?", days_of_month),
    (rf"{_M}{OF}{_DAY}{OF}{_WAY} Uy ", month_day_of_year),
    (rf"{THE}{_DAY}{OF}{_M}{OF}{_WAY} Uy ", month_day_of_year),
    (rf"{_M}(?:the |of |- )*{_DAY}{_YEAR}", month_then_day),
    (rf"{THE}(?:Ud )?{_DAY}(?:of |- |the )*{_M}{_YEAR}", month_then_day),
    (rf"{_M}(?:the |of |- )*(?!N\d+ (?:to |- )?(?:N\d+ )?U){_DAY}", month_then_day),
    (rf"{THE}(?:Ud )?{_DAY}(?:of |- |the |this |coming |next )*{_M}", month_then_day),
    (rf"{THE}(?:Ud )?O(?P<d>\d+) (?:Ud )?{OF}(?:{_WAY} Um |Um {_YAW} )", day_in_month),
    (rf"{THE}(?:Ud )?N(?P<d>\d+) of (?:the )?(?:{_WAY} Um |Um {_YAW} )", day_in_month),
    (r"in the (?:Hnew_year) ", new_year),
    # a month
    (rf"{_M}(?:(?:of|,|-|the|Uy) )*Y(?P<y>\d{{4}}) ", month_of_year),
    (rf"{_M}{OF}(?:{_WAY} Uy )", month_in_year),
    (rf"{THE}{_WAY} {_M}", month_way),
    (rf"{_M}{_WAY} (?!U)", month_way),
    (rf"{THE}(?:O(?P<n>\d)|last) {_W}{OF}(?:{_M}|(?:{_WAY} )?Um )", nth_weekday),
    (rf"{THE}(?:O(?P<n>\d)|last) {_W}{OF}Um (?P<way>next|coming|last) ", nth_weekday),
    (rf"(?:Um )?{THE}(?:Um of )?{_M}", month),
    # a weekday
    (rf"{THE}(?:this |next )?{_W}(?:of |on |in |the |, )*(?:{_WAY} Uw )", weekday_of_week),
    (rf"{THE}{_W}(?:of |on |in |the |, )*Uw {_WAY} ", weekday_of_week),
    (rf"{THE}{_WAY} Uw (?:on |the |, |of |\| )*{_W}", weekday_of_week),
    (rf"{THE}Uw {_WAY} (?:on |the |, |of )*{_W}", weekday_of_week),
    (rf"{THE}(?:(?:this|next|coming) )?{_W}(?:, |the |of |Ud |\| |on |- )*Dd ", weekday_before_date),
    (rf"{THE}(?:(?:this|next|coming) )?{_W}(?:, |the |of |Ud |\| |on )*B\S+ ", weekday_before_date),
    (rf"{THE}(?:this )?{_W}(?:, |the |Ud |on the )*(?P<k>[NO])(?P<d>\d\d?) (?!U|to |- |and N)", weekday_and_day),
    (rf"{THE}{_W}after next ", lambda m, t: made(t, "Dd", days.offset("w", 1, start=days.coming_weekday(int(m["w"]))))),
    (rf"{THE}{_WAY} {_W}(?:last |next )?", weekday_way),
    (rf"{THE}{_W}{_WAY} (?!U)", weekday_way),
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
    (rf"H(?P<h>\w+) (?:of |the )*{_WAY} Uy ", holiday),
    (rf"(?:{THE}{_WAY} )?{THE}H(?P<h>\w+) (?:(?:of |, |in )*Y(?P<y>\d{{4}}) )?", holiday),
    (rf"(?:{THE}{_WAY} )?{THE}S(?P<s>\d) (?:(?:of |, |in )*Y(?P<y>\d{{4}}) )?", season),
    # figures and ordinals that stand for a day by the word before them
    (rf"{_BARE_CUE}B\S+ (?!U)", bare),
    (r"the Ud (?P<k>N)(?P<d>\d\d?) (?!U)", nth_alone),
    (rf"{_after('Uw of', 'Uw of the')}(?P<k>N)(?P<d>\d\d?) (?!U)", nth_alone),
    (r"B\S+ (?=(?:-|to|until|and|or) (?:the )?(?:Dd|B/) )", bare),
    (r"(?:(?<=Dd - )|(?<=Dd to )|(?<=Dd until ))B\S+ ", bare),
    (rf"{_DAY_CUE}(?:the )?(?:Ud )?(?P<k>O)(?P<d>\d\d?) (?!U|W|[NOM]\d)", nth_alone),
    (rf"{_YEAR_CUE}(?:Uy )?(?:of )?Y(?P<y>\d{{4}}) ", year),
)
