"""What did we receive, in one shape? Text columns under their known names, and times in UTC.

Needs: nothing; every column is optional. Adds: `row` (UInt32 from 1), every column of `contract.INCOMING` as text,
blank as NULL; and, never NULL, `received` and `as_of` (Datetime, UTC), `received_date` and `as_of_date` (Date, in the
organisation's zone), `received_hour` (0-23) and `received_weekday` (mon … sun) there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from typing import Final

import polars as pl

from leadwell import contract
from leadwell.playbook.model import Playbook

INDENT: Final = "indent."
UTC_TIME: Final = pl.Datetime("us", "UTC")

# Written where a system had nothing to say. Not for names: people are called Null and Na.
_NOTHING: Final = ("null", "none", "n/a", "na", "nan", "nil", "-", "--", "unknown", "#n/a", "not provided", "(blank)")
_SPELLED: Final = [spelled for word in _NOTHING for spelled in dict.fromkeys((word, word.upper(), word.capitalize()))]
_MAY_SAY_NOTHING: Final = frozenset(contract.INCOMING) - {
    "id", "first_name", "last_name", "full_name", "patient_first_name", "patient_last_name", "patient_full_name",
    *contract.WORDS,
}  # fmt: skip

_ZULU: Final = ("%Y-%m-%dT%H:%M:%S%.fZ", "%Y-%m-%dT%H:%MZ")
_ZONED: Final = ("%Y-%m-%dT%H:%M:%S%.f%#z", "%Y-%m-%d %H:%M:%S%.f%#z", "%Y-%m-%dT%H:%M%#z")
_LOCAL: Final = (
    "%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M",
    "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %I:%M %p", "%m/%d/%y %H:%M",
)  # fmt: skip
DAYS: Final = (
    "%Y-%m-%d", "%m/%d/%Y", "%m-%d-%Y", "%Y/%m/%d", "%Y%m%d", "%d.%m.%Y",
    "%B %d, %Y", "%b %d, %Y", "%d %B %Y", "%d %b %Y", "%d-%b-%Y",
)  # fmt: skip
_YEARS: Final = (1900, 2199)  # outside them a time is a stand-in ("9999-12-31"), and no calendar reaches beyond it
# A plain number is a spreadsheet's day, or seconds or milliseconds since 1970, where it then lies in these years.
_COUNTED: Final = r"^\d+(\.\d+)?$"
_COUNTED_YEARS: Final = (1990, 2099)
_MOST: Final = 1e13  # milliseconds, beyond those years by either count
_SHORT_YEAR: Final = ("%m/%d/%y", "%m-%d-%y", "%d-%b-%y")
_SHORT_DAY: Final = r"^\d{1,2}[/-](?:\d{1,2}|[A-Za-z]{3})[/-]\d{2}$"
_DAY_FIRST: Final = ("%d/%m/%Y", "%d-%m-%Y")
_PLAIN_DAY: Final = re.compile(r"[1-9]\d{3}-\d{2}-\d{2}", re.ASCII)  # read alike wherever it stands in a list
_FEW: Final = 256  # texts
_MAY_BE_SHORT: Final = (pl.col("t").str.len_bytes() <= len("31-Dec-99")).any().alias("short")
_TIMED: Final = pl.col("t").str.contains(":", literal=True).any().alias("timed")
_WEEKDAYS: Final = pl.Series(["mon", "tue", "wed", "thu", "fri", "sat", "sun"], dtype=pl.String)
_STRIPPED: Final = "stripped:"
_NEVER: Final = datetime(1900, 1, 1, tzinfo=UTC)  # stands in for a time that cannot be read


class MissingTime(ValueError):  # noqa: N818  its name is part of the library's face and says what is missing
    """Leads that say neither when they were received nor, in `as_of`, when they are judged."""

    def __init__(self, rows: int) -> None:
        super().__init__(
            f"{rows:,} of the leads have no received_at, and no as_of was given. "
            "Give as_of=datetime(…, tzinfo=UTC), or a received_at column: "
            "words such as “next week” need a day to start from."
        )


def prepare(leads: pl.DataFrame, playbook: Playbook, *, as_of: datetime | None = None) -> pl.DataFrame:
    """Leads under their known names, as text, with times. Raises MissingTime."""
    frame = _numbered(leads).rechunk()  # `pl.format` of a number in several chunks panics (Polars 2.1)
    nulls = dict(zip(frame.columns, frame.null_count().row(0), strict=True))
    written = [name for name in frame.columns if _judged(name)]
    filled = [name for name in written if nulls[name] < frame.height]
    types = frame.schema  # asking for it walks all columns
    texts = frame.select(_text(name, types[name]) for name in filled).with_columns(map(_stripped, filled))
    empty = [_empty(name) for name in dict.fromkeys((*written, *contract.INCOMING)) if name not in filled]
    known = texts.select(map(_blank_is_null, filled)).get_columns()
    frame = frame.with_columns(pl.col("row").cast(pl.UInt32), *known, *empty, *_indents(frame, texts, filled))
    times = _times(frame["received_at"], playbook.organization.time_zone, as_of)
    return frame.with_columns(times.get_columns())


def times_told(received_at: pl.Series, playbook: Playbook) -> pl.Series:
    """Of each text: true where it tells a time, false where it tells none that can be understood or is likely, NULL
    where it says nothing."""
    known = prepare(received_at.to_frame("received_at"), playbook, as_of=_NEVER)
    told = pl.when(pl.col("received_at").is_not_null()).then(pl.col("received") != _NEVER)
    return known.select(told.alias("told"))["told"]


def _numbered(leads: pl.DataFrame) -> pl.DataFrame:
    if "row" not in leads.columns:
        return leads.with_row_index("row", offset=1)
    if leads["row"].n_unique() < leads.height:
        raise ValueError("some leads have the same `row`; number them anew, or leave that column out")
    return leads


def _judged(column: str) -> bool:
    return column in contract.INCOMING or column.startswith(contract.ANSWER_PREFIX)


def _text(name: str, dtype: pl.DataType) -> pl.Expr:
    """The column as text."""
    column = pl.col(name)
    if dtype.is_float():  # a spreadsheet's 3125550147.0 is a phone number, 60201.0 a ZIP
        whole = column.is_finite() & (column == column.round())
        digits = column.cast(pl.Int64, strict=False).cast(pl.String)
        text = pl.when(whole).then(digits).otherwise(column.cast(pl.String))
        text = pl.when(column.is_nan()).then(None).otherwise(text)
    elif dtype == pl.Boolean:
        text = pl.when(column).then(pl.lit("yes")).when(~column).then(pl.lit("no")).otherwise(None)
    elif isinstance(dtype, pl.Datetime):
        text = column.dt.to_string("iso:strict")
    elif isinstance(dtype, pl.List):
        text = column.cast(pl.List(pl.String)).list.join("; ")
    elif isinstance(dtype, pl.Binary):
        text = column.map_batches(_decoded, return_dtype=pl.String)
    else:
        text = column.cast(pl.String, strict=False)
    return text.alias(name)


def _decoded(values: pl.Series) -> pl.Series:
    """Bytes as text, those that are none as �."""
    return pl.Series([None if v is None else v.decode("utf-8", errors="replace") for v in values], dtype=pl.String)


def _stripped(name: str) -> pl.Expr:
    return pl.col(name).str.strip_chars().alias(_STRIPPED + name)


@lru_cache(maxsize=1024)
def _blank_is_null(name: str) -> pl.Expr:
    """From the text and the text stripped: a field of free words keeps its blanks, for offsets count in it."""
    stripped = pl.col(_STRIPPED + name)
    says_nothing = stripped.is_in(["", *_SPELLED] if name in _MAY_SAY_NOTHING else [""])
    text = pl.col(name) if name in contract.WORDS else stripped
    return pl.when(says_nothing.not_()).then(text).alias(name)


@cache
def _empty(name: str) -> pl.Expr:
    return pl.lit(None, dtype=pl.String).alias(name)


def _indents(frame: pl.DataFrame, texts: pl.DataFrame, names: list[str]) -> list[pl.Series]:
    """Blanks taken off the front of a field, where there are any: evidence counts in the field as received."""
    types = frame.schema
    of_text = [n for n in names if types[n] == pl.String and n in contract.INCOMING and n not in contract.WORDS]
    if not of_text:
        return []
    blanks = texts.select((pl.col(n).str.len_bytes() != pl.col(_STRIPPED + n).str.len_bytes()).any() for n in of_text)
    some = [n for n, has in zip(of_text, blanks.row(0), strict=True) if has]
    return texts.select(
        (pl.col(n).str.len_chars() - pl.col(n).str.strip_chars_start().str.len_chars()).alias(INDENT + n) for n in some
    ).get_columns()


def _times(received_at: pl.Series, zone: str, as_of: datetime | None) -> pl.DataFrame:
    """The instants, and what they are in the organisation's zone."""
    received = _instants(received_at, zone)
    if as_of:
        received = received.fill_null(as_of.astimezone(UTC))
    if missing := received.null_count():
        raise MissingTime(missing)
    judged = pl.lit(as_of.astimezone(UTC), dtype=UTC_TIME) if as_of else pl.col("received")
    return received.to_frame("received").select(*_told_by_clock(zone), judged.alias("as_of"), _day_there(judged, zone))


@lru_cache(maxsize=64)
def _told_by_clock(zone: str) -> list[pl.Expr]:
    local = pl.col("received").dt.convert_time_zone(zone)
    return [
        pl.col("received"),
        local.dt.date().alias("received_date"),
        local.dt.hour().cast(pl.Int32).alias("received_hour"),
        pl.lit(_WEEKDAYS).gather(local.dt.weekday() - 1).alias("received_weekday"),
    ]


def _day_there(instant: pl.Expr, zone: str) -> pl.Expr:
    return instant.dt.convert_time_zone(zone).dt.date().alias("as_of_date")


def _instants(texts: pl.Series, zone: str) -> pl.Series:
    """`received_at` as instants; NULL where it is none. No zone means the organisation's.

    A local time that was twice is the first; one that never was, as far after the gap.
    """
    found = first_that_parses(texts, _written_times(zone), UTC_TIME)
    return found.to_frame("v").select(pl.when(pl.col("v").dt.year().is_between(*_YEARS)).then(pl.col("v")))["v"]


@lru_cache(maxsize=64)
def _written_times(zone: str) -> list[pl.Expr]:
    text = pl.col("t")
    return [
        *(text.str.to_datetime(f, time_unit="us", strict=False).dt.replace_time_zone("UTC") for f in _ZULU),
        *(text.str.to_datetime(f, time_unit="us", time_zone="UTC", strict=False) for f in _ZONED),
        *(_here(text.str.to_datetime(f, time_unit="us", strict=False), zone) for f in _LOCAL),
        *(_here(_day(f).cast(pl.Datetime("us")), zone) for f in (*DAYS, *_SHORT_YEAR)),
        _here(_counted(86_400_000, since=datetime(1899, 12, 30)), zone),
        *(_counted(unit, since=datetime(1970, 1, 1, tzinfo=UTC)) for unit in (1000, 1)),
    ]


def _counted(milliseconds: int, *, since: datetime) -> pl.Expr:
    """A number of units of so many milliseconds as a time; NULL where it is none, or lies outside likely years."""
    number = pl.when(pl.col("t").str.contains(_COUNTED)).then(pl.col("t")).cast(pl.Float64, strict=False)
    passed = (number * milliseconds).round()
    time = pl.lit(since) + pl.duration(milliseconds=pl.when(passed <= _MOST).then(passed).cast(pl.Int64))
    return pl.when(time.dt.year().is_between(*_COUNTED_YEARS)).then(time)


def _here(local: pl.Expr, zone: str) -> pl.Expr:
    asked = local.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    hour_later = local.dt.offset_by("1h").dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    return pl.coalesce(asked, hour_later).dt.convert_time_zone("UTC")


def first_that_parses(texts: pl.Series, attempts: Sequence[pl.Expr], dtype: pl.DataType) -> pl.Series:
    """Each text under the first of `attempts` (expressions over `t`) that understands it; NULL where none does.

    A list mostly has one style, so each attempt sees only what the ones before it left.
    """
    found = pl.Series([None], dtype=dtype).new_from_index(0, len(texts))
    open_ = texts.is_not_null()
    for attempt in attempts:
        whole = open_.all()
        left = texts if whole else texts.filter(open_)
        if left.is_empty():
            break
        values = left.to_frame("t").select(attempt).to_series()
        if values.null_count() < len(left):
            found = values if whole else found.scatter(open_.arg_true(), values)
            open_ = texts.is_not_null() & found.is_null()
    return found


def parse_days(texts: pl.Series, *, latest: pl.Series) -> pl.Series:
    """Days written in any common style, US order where both fit; NULL where it is no day.

    Two-digit years are taken as not after `latest`, a date for each text.
    """
    if len(texts) <= _FEW and (plain := plain_days(texts.to_list())) is not None:
        return pl.Series(plain, dtype=pl.Date)
    asked = pl.DataFrame([texts.alias("t"), latest.alias("latest")])
    timed, short = asked.select(_TIMED, _MAY_BE_SHORT).row(0)
    if timed:
        asked = asked.with_columns(pl.col("t").str.replace(r"[T ]\d{1,2}:\d{2}.*$", ""))
    if not (short or timed):
        return first_that_parses(asked["t"], _full_days(), pl.Date())
    days = first_that_parses(asked["t"], [*_short_days(), *_full_days()], pl.Date())
    later = pl.col("t").str.contains(_SHORT_DAY).fill_null(False) & (pl.col("day") > pl.col("latest"))
    a_century_before = pl.when(later).then(pl.col("day").dt.offset_by("-100y")).otherwise(pl.col("day"))
    return asked.with_columns(days.alias("day")).select(a_century_before).to_series()


def plain_days(told: Sequence[str | None]) -> list[date | None] | None:
    """The days where all are written as forms write them (1980-02-03): of a few in a tenth of the time."""
    if not all(text is None or _PLAIN_DAY.fullmatch(text) for text in told):
        return None
    try:
        return [None if text is None else date.fromisoformat(text) for text in told]
    except ValueError:
        return None


@cache
def _short_days() -> list[pl.Expr]:
    return [pl.when(pl.col("t").str.contains(_SHORT_DAY)).then(_day(style)) for style in _SHORT_YEAR]


@cache
def _full_days() -> list[pl.Expr]:
    return [pl.when(_day(style).dt.year().is_between(1000, 9999)).then(_day(style)) for style in (*DAYS, *_DAY_FIRST)]


def _day(style: str) -> pl.Expr:
    """No cache: most days stand in a list but once, and looking each up costs three times what reading it does."""
    return pl.col("t").str.to_date(style, strict=False, cache=False)
