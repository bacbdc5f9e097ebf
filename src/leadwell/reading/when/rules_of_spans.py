"""Which words name a stretch of days, count days from here, or bend a day? The last part of the grammar."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Final

from leadwell.reading.when import days
from leadwell.reading.when.building import DIRECTION, THE, WAY, Builder, made, rename, stop
from leadwell.reading.when.days import ONE, Span, When
from leadwell.reading.when.tokens import Token


def relative(match: re.Match[str], tokens: Sequence[Token]) -> Token | None:
    """ "next week", "el mes que viene", "the week after next"."""
    unit, way = match["u"], match.groupdict().get("way") or "this"
    count = 2 if "after next" in match.group() else DIRECTION[way]
    return made(tokens, f"D{unit}", days.relative(unit, count), "this" if way == "this" else "on")


def week_of(match: re.Match[str], tokens: Sequence[Token]) -> Token | None:
    inner = tokens[-1].when

    def when(today: date) -> Span | None:
        span = inner(today) if inner else None
        return days.span_of("w", span.first) if span and span.first else None

    return made(tokens, "Dw", when)


def counted(match: re.Match[str], tokens: Sequence[Token]) -> Token | None:
    """ "the next 60 days", "los proximos cuatro dias", "the last 3 weeks"."""
    sign = DIRECTION[match["way"]] or 1
    return made(tokens, "Dp", days.within(match["u"], sign * int(match["b"]), skip=1), "within" if sign > 0 else "ago")


def within(match: re.Match[str], tokens: Sequence[Token]) -> Token | None:
    return made(tokens, "Dp", days.within(match["u"], int(match["b"])), "within")


def within_one(match: re.Match[str], tokens: Sequence[Token]) -> Token | None:
    """ "within a month", "over the next month"."""
    return made(tokens, "Dp", days.within(match["u"], 1), "within")


def within_hours(match: re.Match[str], tokens: Sequence[Token]) -> Token | None:
    count = int(match["b"])
    return made(tokens, "Dp", days.within("d", -(-count // 24)), "within") if count >= 12 else None


def ahead(match: re.Match[str], tokens: Sequence[Token]) -> Token | None:
    """ "in two weeks" (a day), "in 2-3 weeks" (a stretch)."""
    least, most = int(match["a"]), int(match["b"])
    if match["u"] == "y" and least > 5:  # "the worst in 20 years"
        return None
    return made(tokens, "Dd" if least == most else "Dp", days.offset(match["u"], least, most), "in")


def not_before(match: re.Match[str], tokens: Sequence[Token]) -> Token | None:
    """ "not before 90 days", "no antes de tres meses": from that day on."""
    return made(tokens, "Dd", days.offset(match["u"], int(match["a"])), "from")


def ago(match: re.Match[str], tokens: Sequence[Token]) -> Token | None:
    return made(tokens, "Dd", days.offset(match["u"], -int(match["b"]), -int(match["a"])), "ago")


def from_day(sign: int) -> Builder:
    """ "a week from Friday", "two days after today"."""

    def build(match: re.Match[str], tokens: Sequence[Token]) -> Token | None:
        start, unit = tokens[-1].when, match["u"]
        least, most = sorted((sign * int(match["a"]), sign * int(match["b"])))
        return made(tokens, "Dd", days.offset(unit, least, most, start=start)) if start else None

    return build


def beside(match: re.Match[str], tokens: Sequence[Token]) -> Token | None:
    """ "the day after Christmas"."""
    start = tokens[-1].when
    return made(tokens, "Dd", days.offset("d", 1 if match["a"] else -1, start=start)) if start else None


def mapped(inner: When | None, change: Callable[[date, date], tuple[date, date]]) -> When | None:
    """The same days, changed: a half of them, their working days."""

    def when(today: date) -> Span | None:
        span = inner(today) if inner else None
        if span is None or span.first is None or span.last is None:
            return None
        return Span(*change(span.first, span.last), change(*span.back) if span.back else None)

    return when if inner else None


def weekdays(match: re.Match[str], tokens: Sequence[Token]) -> Token | None:
    return made(tokens, "Dp", mapped(tokens[-1].when, lambda first, last: (first, last - timedelta(days=2))))


def half_of(match: re.Match[str], tokens: Sequence[Token]) -> Token | None:
    """ "the first half of March", "segunda quincena de octubre"."""

    def change(first: date, last: date) -> tuple[date, date]:
        middle = days.add_months(first, 6) if (last - first).days > 40 else first + timedelta(days=14)
        return (first, middle - ONE) if match["n"] == "1" else (middle, last)

    return made(tokens, "Dp", mapped(tokens[-1].when or days.relative("m", 0), change))


def quarter(match: re.Match[str], tokens: Sequence[Token]) -> Token | None:
    number = int(match["n"])

    def change(first: date, _: date) -> tuple[date, date]:
        start = days.add_months(first, 3 * (number - 1))
        return start, days.add_months(start, 3) - ONE

    if tokens[-1].when:
        return made(tokens, "Dp", mapped(tokens[-1].when, change))
    return made(tokens, "Dp", days.yearly(lambda year: Span(*change(date(year, 1, 1), date(year, 12, 31)))))


def part(match: re.Match[str], tokens: Sequence[Token]) -> Token | None:
    """ "early next week", "mid May", "the end of December", "later this year". The end of a day is that day."""
    which, inner = match["part"], tokens[-1].when
    if inner is None or match["g"] == "d":
        return made(tokens, f"D{match['g']}", inner)
    grain = "l" if which == "late" else "p"
    return made(tokens, f"D{grain}", bend(inner, which), tokens[-1].role)


def part_of_unit(match: re.Match[str], tokens: Sequence[Token]) -> Token | None:
    """ "end of the month", "later in the year"."""
    inner = days.relative(match["u"], 0)
    if match["u"] == "d":
        return made(tokens, "Dd", inner)
    return made(tokens, "Dl" if match["part"] == "late" else "Dp", bend(inner, match["part"]), "this")


def bend(inner: When, which: str) -> When:
    def when(today: date) -> Span | None:
        span = inner(today)
        if span is None or span.first is None or span.last is None:
            return span
        if which == "later":
            return Span(min(max(span.first, today + ONE), span.last), span.last)
        back = third(*span.back, which) if span.back else None
        return Span(*third(span.first, span.last, which), back)

    return when


def third(first: date, last: date, which: str) -> tuple[date, date]:
    """The early, middle or late third."""
    size = (last - first).days + 1
    if size > 300:  # the end of a year is its last month
        return {"early": (first, days.add_months(first, 2) - ONE), "late": (last.replace(day=1), last)}.get(
            which, (days.add_months(first, 4), days.add_months(first, 8) - ONE)
        )
    cut = max(1, size // 3)
    if which == "early":
        return first, first + timedelta(days=cut - 1)
    if which == "late":
        return last - timedelta(days=cut), last
    return first + timedelta(days=cut), first + timedelta(days=2 * cut)


def ends_of(match: re.Match[str], tokens: Sequence[Token]) -> Token | None:
    """ "the last ten days of December"."""
    inner, unit, count = tokens[-1].when, match["u"], int(match["b"])

    def when(today: date) -> Span | None:
        span = inner(today) if inner else None
        if span is None or span.first is None or span.last is None:
            return None
        if match["which"] == "last":
            return Span(days.step(span.last, unit, -count) + ONE, span.last)
        return Span(span.first, days.step(span.first, unit, count) - ONE)

    return made(tokens, "Dp", when)


def nth_week(match: re.Match[str], tokens: Sequence[Token]) -> Token | None:
    """ "the first week of January", "la ultima semana de julio": whole weeks from Monday."""
    inner, nth = tokens[-1].when, int(match["n"]) if match["n"] else 0

    def of(first: date, last: date) -> tuple[date, date]:
        start = days.monday(first + timedelta(days=3)) if nth else days.monday(last)
        start += timedelta(days=7 * (nth - 1)) if nth else timedelta()
        return start, start + timedelta(days=6)

    def when(today: date) -> Span | None:
        span = inner(today) if inner else None
        if span is None or span.first is None or span.last is None:
            return None
        return Span(*of(span.first, span.last), of(*span.back) if span.back else None)

    return made(tokens, "Dw", when)


def between(match: re.Match[str], tokens: Sequence[Token]) -> Token | None:
    """ "from May to October 2020": the first before the last, in the same year where only the last says it."""
    ends = [token.when for token in tokens if token.when]
    if len(ends) != 2:
        return None
    start, stop_ = ends

    def when(today: date) -> Span | None:
        a, b = start(today), stop_(today)
        if not (a and b and a.first and b.last):
            return None
        first, last = a.first, b.last
        if (first > last and a.back) or (
            a.back and a.back[0] <= today <= last and (last - a.back[0]).days < 300 and last < first
        ):
            first = a.back[0]
        while first > last and b.back:  # November to March
            last = days.add_months(last, 12)
        return Span(first, last) if first <= last else None

    return made(tokens, "Dp", when)


def with_role(role: str) -> Builder:
    def build(match: re.Match[str], tokens: Sequence[Token]) -> Token | None:
        inner = tokens[-1] if tokens[-1].when else next(t for t in tokens if t.when)
        return Token(f"D{inner.kind[1]}", tokens[0].start, tokens[-1].end, inner.when, role)

    return build


_NEXT: Final = "(?P<way>next|coming|last)"
_U: Final = "U(?P<u>[dbwemqyf]) "
_Q: Final = r"Q(?P<a>\d+)_(?P<b>\d+) "
_PART: Final = "(?P<part>early|mid|late|later)"
_D: Final = r"D(?P<g>\w) "

RULES: Final[tuple[tuple[str, Builder], ...]] = (
    # how many
    (r"(?:a |N1 )?couple (?:more )?(?:of )?(?=U)", rename(lambda m: "Q2_2")),
    (r"(?:a |N1 |the )?few (?:more )?(?=U)", rename(lambda m: "Q3_3")),
    (r"(?:a |N1 )?couple (?:to|or) few (?=U)", rename(lambda m: "Q2_3")),
    (
        r"N(?P<a>\d+) (?:-|to|or|o|a) N(?P<b>\d+) (?:more )?(?=U|next|coming|last)",
        rename(lambda m: f"Q{m['a']}_{m['b']}"),
    ),
    (r"B_(?P<a>\d+)_(?P<b>\d+) (?=U)", rename(lambda m: f"Q{m['a']}_{m['b']}")),
    (r"N(?P<a>\d+) (?:more |- )?(?=U|next U|coming U|last U)", rename(lambda m: f"Q{m['a']}_{m['a']}")),
    (r"a (?=U)", rename(lambda m: "Q1_1")),
    # weeks, months and years from here
    (r"(?:\S+ )?Q\S+ U\w (?:- )?old ", stop),
    (r"other (?=U[wm])", rename(lambda m: "next")),
    (rf"{THE}(?:O(?P<n>\d)|last) Uw (?:of |in |the |Uy )*D[msyq] ", nth_week),
    (r"(?:late|early) (?:the )?Ud (?:of |on |the |, )*Dd ", lambda m, t: made(t, "Dd", t[-1].when)),
    (rf"{THE}{_U}after (?P<way>next) ", relative),
    ("now ", lambda m, t: made(t, "Dn", days.offset("d", 0))),
    (rf"{THE}(?P<which>last|O1) {_Q}{_U}(?:of |in |the )+D[my] ", ends_of),
    (rf"(?:in |within |on |for )?{THE}{_NEXT} {_Q}{_U}", counted),
    (rf"(?:in |within |on |for )?{THE}{_Q}{_NEXT} {_U}", counted),
    (rf"(?:in |within |on |for )?{THE}{_Q}{_U}{_NEXT} ", counted),
    (rf"{_Q}{_U}(?:hence|(?:from|after|starting) (?:the )?Dn) ", ahead),
    (rf"(?:in |within )?{_Q}{_U}(?:from|after|starting|since) (?:the |on |Uy )*D[do] ", from_day(1)),
    (rf"(?:in |within )?{_Q}{_U}(?:from|after|starting|since) (?:the |on |Uy )*Dy ", from_day(1)),
    (rf"{_Q}{_U}before (?:the |on )*D[do] ", from_day(-1)),
    (rf"{THE}Ud (?:(?P<a>after|from|starting)|before) (?:the |of )*D[do] ", beside),
    (rf"{_Q}{_U}(?:ago|earlier) ", ago),
    (rf"hace (?:more )?{_Q}{_U}", ago),
    (rf"within {THE}{_Q}{_U}", within),
    (rf"(?:within|in) the (?:next|coming) {_U}", within_one),
    (rf"within {THE}(?:next|coming) {_U}", within_one),
    (r"(?:in|within) (?:the )?(?:next )?Q(?P<a>\d+)_(?P<b>\d+) Uh ", within_hours),
    (rf"in {_Q}{_U}(?!before|after)", ahead),
    (rf"nosooner {_Q}{_U}(?!before|after)", not_before),
    (rf"{_Q}{_U}(?:\S+ )?(?:before|after) ", stop),
    (rf"(?:{THE}|on |for |in ){WAY} {_U}", relative),
    (rf"{THE}{_U}(?P<way>next|coming|last) ", relative),
    (r"the U(?P<u>e) ", relative),
    (r"(?:every )?weekday (?:of |in |on |the )*Dw ", weekdays),
    (r"(?:the )?O(?P<n>[12]) (?:half|Uf) (?:of |in |the )*D(?P<g>[my]) ", half_of),
    (r"(?:the )?O(?P<n>[12]) (?:half|Uf) (?:of |in |the )*U(?P<u>m) ", half_of),
    (r"(?:the )?O(?P<n>[1-4]) Uq (?:(?:of |in |the )*Dy )?", quarter),
    (r"(?:Q\S+ )U\w ", stop),
    (r"(?:the )?Uw of (?:the )?D[do] ", week_of),
    # parts and stretches
    (rf"{THE}{_PART} (?:in |of |the |- |on )*{_D}", part),
    (rf"{THE}{_PART} (?:in |of |the |this |- )*{_U}", part_of_unit),
    (r"(?:from|of) (?:the |on )*D\w (?:-|to|until|and|a) (?:the |on |in )*D\w ", between),
    (r"D\w (?:-|to|until) (?:the |on |in )*D\w ", between),
    # what stands before a day and bends it
    (r"(?:before|by) (?:the |on |in |of )*D\w ", with_role("before")),
    (r"(?:until|to) (?:the |on |in |of )*D\w ", with_role("until")),
    (r"after (?:the |on |in |of )*D\w ", with_role("after")),
    (r"since (?:the |on |in |of )*D\w ", with_role("since")),
    (r"(?:starting|from|nosooner) (?:the |on |in |of )*D\w ", with_role("from")),
    (r"D\w orlater ", with_role("from")),
)
