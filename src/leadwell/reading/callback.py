"""At which moment do they ask to be called back? In words, on their own clock: "tomorrow after 3", "mañana a las 10".

The day is read as everywhere (`when`), the hour here. Nothing is guessed: what may mean two moments, is over, or says
only until when, is asked about. A bare hour means the one of its two at which a call is lawful anywhere (before 9 pm,
and not before 8 am: 47 CFR 64.1200(c)(1)), so that 3 is 3 pm, while 8 may be either.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from leadwell.reading.calendar_days import exactly, no_such
from leadwell.reading.clock_named import Whose, clock_named, whose
from leadwell.reading.when import resolve

LONGEST: Final = 200  # characters
FARTHEST: Final = timedelta(days=180)
FIRST, LAST = 8, 21  # hours of a lawful call
_HALF_DAY: Final = 12
_EXAMPLES: Final = "Write it like “tomorrow after 3”, “Monday morning” or “in 2 hours”."

_DAYS: Final = {
    "mon": "monday", "tue": "tuesday", "tues": "tuesday", "wed": "wednesday", "thu": "thursday", "thur": "thursday",
    "thurs": "thursday", "fri": "friday", "sat": "saturday", "lun": "lunes", "mie": "miercoles", "jue": "jueves",
    "vie": "viernes", "sab": "sabado", "dom": "domingo",
}  # fmt: skip
_WORDS: Final = (
    "one una uno un", "two dos", "three tres", "four cuatro", "five cinco", "six seis", "seven siete", "eight ocho",
    "nine nueve", "ten diez", "eleven once", "twelve doce",
)  # fmt: skip
_HOURS: Final = {word: number for number, words in enumerate(_WORDS, 1) for word in words.split()}
_NUMBERS: Final = _HOURS | {"a": 1, "an": 1, "fifteen": 15, "quince": 15, "twenty": 20, "veinte": 20, "thirty": 30,
                            "treinta": 30}  # fmt: skip
_COUNT: Final = rf"(?:\d{{1,3}}(?:[.,]\d{{1,2}})?|{'|'.join(_NUMBERS)})"
_IN: Final = re.compile(
    rf"\b(?:in|en|dentro de)\s+(?:about\s+|unas?\s+)?(?:(?P<half>half an hour|media hora)"
    rf"|(?P<count>{_COUNT})\s*(?P<unit>hours?|hrs?|h|horas?|minutes?|mins?|minutos?)\b"
    r"(?P<more>\s+and a half|\s+y media)?)"
)
_CLOCK: Final = re.compile(
    r"(?:(?P<past>half(?: past)?|quarter (?:past|after|to|of|till)|(?:un )?cuarto para las?)\s+)?"
    rf"(?<![\w/.:-])(?P<hour>\d{{1,2}}|(?:{'|'.join(_HOURS)})\b)"
    r"(?:[:.h](?P<minute>[0-5]\d))?(?![\d/])(?:\s*(?P<add>y media|y cuarto|menos cuarto))?\s*(?:o'?clock\s*)?"
    r"(?P<half>a\.?m\b\.?|p\.?m\b\.?)?"
)
_BEFORE: Final = re.compile(r"\b(?:to|of|till|para|menos)\b")  # a quarter to the hour
_AFTER: Final = re.compile(r"(?<!day )\bafter\b|\bdespues del?\b")
_TODAY: Final = re.compile(r"\b(?:today|tonight|hoy|this (?:morning|afternoon|evening))\b")
_WEEKDAYS: Final = {
    name: number
    for names in (
        ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
        ("lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo"),
    )
    for number, name in enumerate(names)
}
_BARE: Final = re.compile(
    rf"\b(?P<day>{'|'.join(_WEEKDAYS)})\s+(?P<number>1[0-2]|[1-9])\b(?![:./-]?\w|\s*(?:[ap]\.?m|-|to\b))"
)
_NEAR: Final = 62  # days
_SPAN: Final = re.compile(r"^\s*(?:-|–|to|and|y|a|hasta)\s*(?:las?\s+)?$")
_UNTIL: Final = re.compile(r"\b(?:before|until|till|by|antes de|hasta)\s+(?:las?\s+)?$")
_NOT: Final = re.compile(r"\b(?:not|never|except|don'?t|no)\b")
_ALL_BUT: Final = re.compile(
    r"\bany ?time (?:but|other than|besides)\b|\b(?:excepto|salvo)\b"
    r"|\bbut (?:(?:in|on|at|for|the) )*(?:mornings?|afternoons?|evenings?|nights?|weekends?|weekdays|lunch)\b"
)
_PARTS: Final = (
    ("noon", re.compile(r"\b(?:noon|midday|lunch ?time|mediodia)\b"), 12),
    ("morning", re.compile(r"\bmornings?\b|\b(?:por|de|en) la manana\b"), 9),
    ("afternoon", re.compile(r"\bafternoons?\b|\btarde\b"), 13),
    ("evening", re.compile(r"\b(?:evenings?|tonight|night|noche)\b"), 17),
)


@dataclass(frozen=True, slots=True)
class Callback:
    """`at`: when, to the minute, with the offset of their zone; None where it must be asked: `asks` says what, in a
    sentence, and `perhaps` are the moments that may be meant."""

    at: datetime | None
    asks: str = ""
    perhaps: tuple[datetime, ...] = ()


def callback(text: str, now: datetime, zone: ZoneInfo, ours: ZoneInfo | None = None) -> Callback:
    """What these words mean for whom `zone` is. `ours`: the clock of whoever asks, where that is another.
    `now` carries an offset."""
    plain = _plain(text)
    if (said := whose(plain)) is not None:
        text, ours = said[0], ours or zone
        if said[1] is Whose.EITHER and ours != zone:
            return _on_whose([callback(text, now, one) for one in (zone, ours)])
        return callback(text, now, ours if said[1] is Whose.OURS else zone)
    if (named := clock_named(plain)) is not None:
        plain, zone = named
    here = now.astimezone(zone)
    plain = _with_hours(plain, here.date())
    if not plain.strip() or len(text) > LONGEST:
        return Callback(None, _EXAMPLES)
    if wrong := no_such(text, here.date()):
        return Callback(None, wrong)
    if (exact := exactly(text, zone)) is not None:
        return _found(exact.date(), exact.time(), here, named=True)
    if _NOT.search(plain) or _ALL_BUT.search(plain):
        return Callback(None, "It says when not to call. Ask when, and write that.")
    if span := _IN.search(plain):
        return _checked(_minute(now + _length(span)).astimezone(zone), here, named=False)
    days, rest = _days(plain, here.date())
    if len({day for day in days if day[0] == day[1]}) != len(days):
        return Callback(None, "It names more than one day. On which one?")
    if len(days) > 1:
        return Callback(None, "It names several days. On which one?", _both(days, rest, plain, here))
    return _at(days[0][0] if days else None, rest, plain, here)


def _on_whose(told: list[Callback]) -> Callback:
    """The same words by two clocks."""
    if told[0].at is None or told[1].at is None or told[0].at == told[1].at:
        return told[0]
    return Callback(None, "On whose clock: theirs, or ours?", (told[0].at, told[1].at))


def _at(day: date | None, rest: str, plain: str, here: datetime) -> Callback:
    found, part = list(_clocks(rest)), _part(plain)
    if _says_until(rest, found):
        return Callback(None, "It says only until when. Ask from when.")
    hours = _hours(found[0], part) if found else _usual(part)
    if len(found) > 1 and not _SPAN.match(rest[found[0].end() : found[1].start()]):
        hours = tuple(hour for one in found for hour in _hours(one, part))
    moments = tuple(_moment(day or here.date(), hour, here) for hour in hours)
    if len(moments) == 1:
        return _found(day or here.date(), hours[0], here, named=day is not None and not _TODAY.search(plain))
    if not moments and day is None:
        return Callback(None, _EXAMPLES)
    if not moments:
        assert day is not None
        later = _AFTER.search(plain) is not None
        perhaps = (_moment(day + timedelta(days=later), time(hour), here) for hour in (9, 13))
        asks = "How long after that day, and at what time?" if later else "At what time that day?"
        return Callback(None, asks, tuple(one for one in perhaps if one > here))
    return Callback(None, "Which of these times?", tuple(one for one in moments if one > here))


def _found(day: date, at: time, here: datetime, *, named: bool) -> Callback:
    """`named`: whether they said the day, which comes again in a week."""
    moment = _moment(day, at, here)
    if moment.time() != at:
        after = (moment,) if moment > here else ()
        return Callback(None, f"The clocks go forward that day: there is no {at:%H:%M}. Which hour is meant?", after)
    return _checked(moment, here, named=named)


def _checked(at: datetime, here: datetime, *, named: bool) -> Callback:
    """`named`: as in `_found`."""
    if at <= here:
        later = _moment(at.date() + timedelta(days=7 if named else 1), at.time(), here)
        return Callback(None, "That is over. When, then?", (later,))
    if at - here > FARTHEST:
        return Callback(None, "That is more than half a year away. Is it meant?", (at,))
    return Callback(at)


def _both(days: list[tuple[date, date]], rest: str, plain: str, here: datetime) -> tuple[datetime, ...]:
    told = [_at(first, rest, plain, here).at for first, _ in days]
    return tuple(one for one in told if one is not None)


def _plain(text: str) -> str:
    """Letter for letter in lower case without accents, the short names of days spelled out."""
    letters = "".join(unicodedata.normalize("NFD", letter)[0] for letter in text.lower())
    return re.sub(r"\b[a-z]{3,5}\b(?=\.?\b)", lambda word: _DAYS.get(word[0], word[0]), letters)


def _with_hours(plain: str, today: date) -> str:
    """“tuesday 10” is an hour where no Tuesday of the next two months is a tenth; else it is asked."""

    def either(found: re.Match[str]) -> str:
        weekday, number = _WEEKDAYS[found["day"]], int(found["number"])
        near = (today + timedelta(days=days) for days in range(_NEAR))
        dated = any((day.weekday(), day.day) == (weekday, number) for day in near)
        return found[0] if dated or not number else f"{found['day']} at {number}"

    return _BARE.sub(either, plain)


def _days(plain: str, today: date) -> tuple[list[tuple[date, date]], str]:
    """First and last of each that is named, and the text without them."""
    rows = resolve(plain, today).select("start", "end", "first", "last").rows()
    days: dict[tuple[date, date], None] = {}
    rest = plain
    for start, end, first, last in rows:
        rest = rest[:start] + " " * (end - start) + rest[end:]
        days[first or last, last or first] = None
    return list(days), rest


def _length(span: re.Match[str]) -> timedelta:
    if span["half"]:
        return timedelta(minutes=30)
    count = float(span["count"].replace(",", ".")) if span["count"][0].isdigit() else _NUMBERS[span["count"]]
    if span["unit"].startswith("m"):
        return timedelta(minutes=count)
    return timedelta(hours=count, minutes=30 if span["more"] else 0)


def _number(word: str) -> int:
    return int(word) if word.isdigit() else _NUMBERS[word]


def _clocks(rest: str) -> Iterator[re.Match[str]]:
    return (one for one in _CLOCK.finditer(rest) if _number(one["hour"]) <= 24)


def _part(plain: str) -> str:
    return next((name for name, words, _ in _PARTS if words.search(plain)), "")


def _usual(part: str) -> tuple[time, ...]:
    """From when on a part of a day is meant."""
    return tuple(time(hour) for name, _, hour in _PARTS if name == part)


def _hours(clock: re.Match[str], part: str) -> tuple[time, ...]:
    """The times of a day that it may mean."""
    hour, minute = _number(clock["hour"]), int(clock["minute"] or 0)
    for said in filter(None, (clock["add"], clock["past"])):
        minute = 30 if "half" in said or "media" in said else 15
        if _BEFORE.search(said):
            hour, minute = hour - 1 or _HALF_DAY, 45
    if hour > _HALF_DAY or hour == 0:
        return (time(hour % 24, minute),)
    early, late = time(hour % _HALF_DAY, minute), time(hour % _HALF_DAY + _HALF_DAY, minute)
    if clock["half"]:
        return (early if clock["half"].startswith("a") else late,)
    if part in ("morning", "afternoon", "evening"):
        return (early if part == "morning" else late,)
    return tuple(one for one in (early, late) if FIRST <= one.hour < LAST)


def _says_until(rest: str, clocks: list[re.Match[str]]) -> bool:
    return bool(clocks) and _UNTIL.search(rest[: clocks[0].start()]) is not None


def _moment(day: date, at: time, here: datetime) -> datetime:
    """An hour that the change of clocks leaves out is the one after it."""
    wall = datetime.combine(day, at, here.tzinfo)
    return wall.astimezone(ZoneInfo("UTC")).astimezone(here.tzinfo)


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)
