"""What did we receive, in one shape? Text columns under their known names, and times in UTC.

Needs: nothing; every column is optional. Adds: `row` (UInt32 from 1), every column of `contract.INCOMING` as text,
blank as NULL; and, never NULL, `received` and `as_of` (Datetime, UTC), `received_date` and `as_of_date` (Date, in the
organisation's zone), `received_hour` (0-23) and `received_weekday` (mon … sun) there.
"""

from __future__ import annotations

from datetime import UTC, datetime
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
    frame = _numbered(leads)
    frame = frame.with_columns(pl.col("row").cast(pl.UInt32), *_texts(frame), *_absent(frame), *_indents(frame))
    return _with_times(frame, playbook.organization.time_zone, as_of)


def _numbered(leads: pl.DataFrame) -> pl.DataFrame:
    if "row" not in leads.columns:
        return leads.with_row_index("row", offset=1)
    if leads["row"].n_unique() < leads.height:
        raise ValueError("some leads have the same `row`; number them anew, or leave that column out")
    return leads


def _judged(column: str) -> bool:
    return column in contract.INCOMING or column.startswith(contract.ANSWER_PREFIX)


def _texts(frame: pl.DataFrame) -> list[pl.Expr]:
    return [
        _text(name, dtype) if frame[name].null_count() < frame.height else pl.lit(None, dtype=pl.String).alias(name)
        for name, dtype in frame.schema.items()
        if _judged(name)
    ]


def _text(name: str, dtype: pl.DataType) -> pl.Expr:
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
    return _blank_is_null(text, name).alias(name)


def _decoded(values: pl.Series) -> pl.Series:
    """Bytes as text, those that are none as �."""
    return pl.Series([None if v is None else v.decode("utf-8", errors="replace") for v in values], dtype=pl.String)


def _blank_is_null(text: pl.Expr, name: str) -> pl.Expr:
    if name in contract.WORDS:  # offsets count in the field as received: nothing is stripped
        return pl.when(text.str.contains(r"\S")).then(text).otherwise(None)
    text = text.str.strip_chars()
    nothing = text == ""
    if name in _MAY_SAY_NOTHING:
        nothing |= text.is_in(_SPELLED)
    return pl.when(nothing).then(None).otherwise(text)


def _indents(frame: pl.DataFrame) -> list[pl.Expr]:
    """Blanks taken off the front of a field, where there are any: evidence counts in the field as received."""
    names = [
        name for name, dtype in frame.schema.items()
        if dtype == pl.String and name in contract.INCOMING and name not in contract.WORDS
        and frame[name].str.contains(r"^\s").any()
    ]  # fmt: skip
    return [
        (pl.col(n).str.len_chars() - pl.col(n).str.strip_chars_start().str.len_chars()).alias(INDENT + n) for n in names
    ]


def _absent(frame: pl.DataFrame) -> list[pl.Expr]:
    return [pl.lit(None, dtype=pl.String).alias(name) for name in contract.INCOMING if name not in frame.columns]


def _with_times(frame: pl.DataFrame, zone: str, as_of: datetime | None) -> pl.DataFrame:
    given = pl.lit(as_of.astimezone(UTC) if as_of else None, dtype=UTC_TIME)
    frame = frame.with_columns(_instants(frame["received_at"], zone).alias("received"))
    frame = frame.with_columns(
        received=pl.col("received").fill_null(given),
        as_of=pl.coalesce(given, pl.col("received")) if as_of else pl.col("received"),
    )
    if missing := frame["received"].null_count():
        raise MissingTime(missing)
    local = pl.col("received").dt.convert_time_zone(zone)
    return frame.with_columns(
        received_date=local.dt.date(),
        as_of_date=pl.col("as_of").dt.convert_time_zone(zone).dt.date(),
        received_hour=local.dt.hour().cast(pl.Int32),
        received_weekday=local.dt.strftime("%a").str.to_lowercase(),
    )


def _instants(texts: pl.Series, zone: str) -> pl.Series:
    """`received_at` as instants; NULL where it is none. No zone means the organisation's.

    A local time that was twice is the first; one that never was, as far after the gap.
    """
    text = pl.col("t")
    attempts = [
        *(text.str.to_datetime(f, time_unit="us", strict=False).dt.replace_time_zone("UTC") for f in _ZULU),
        *(text.str.to_datetime(f, time_unit="us", time_zone="UTC", strict=False) for f in _ZONED),
        *(_here(text.str.to_datetime(f, time_unit="us", strict=False), zone) for f in _LOCAL),
        *(_here(text.str.to_date(f, strict=False).cast(pl.Datetime("us")), zone) for f in (*DAYS, *_SHORT_YEAR)),
        _here(_counted(86_400_000, since=datetime(1899, 12, 30)), zone),
        *(_counted(unit, since=datetime(1970, 1, 1, tzinfo=UTC)) for unit in (1000, 1)),
    ]
    found = first_that_parses(texts, attempts, UTC_TIME)
    return found.to_frame("v").select(pl.when(pl.col("v").dt.year().is_between(*_YEARS)).then(pl.col("v")))["v"]


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


def first_that_parses(texts: pl.Series, attempts: list[pl.Expr], dtype: pl.DataType) -> pl.Series:
    """Each text under the first of `attempts` (expressions over `t`) that understands it; NULL where none does.

    A list mostly has one style, so each attempt sees only what the ones before it left.
    """
    if texts.null_count() == len(texts):
        return pl.Series([None], dtype=dtype).new_from_index(0, len(texts))
    frame = pl.DataFrame({"t": texts}).with_row_index("i")
    left = frame.drop_nulls("t")
    found: list[pl.DataFrame] = []
    for attempt in attempts:
        if left.is_empty():
            break
        tried = left.with_columns(v=attempt.cast(dtype))
        found.append(tried.drop_nulls("v").select("i", "v"))
        left = tried.filter(pl.col("v").is_null()).drop("v")
    if not found:
        return pl.Series([None], dtype=dtype).new_from_index(0, frame.height)
    values = pl.concat(found)
    return frame.select("i").join(values, on="i", how="left", maintain_order="left")["v"]


def parse_days(texts: pl.Series, *, latest: pl.Series) -> pl.Series:
    """Days written in any common style, US order where both fit; NULL where it is no day.

    Two-digit years are taken as not after `latest`, a date for each text.
    """
    without_time = pl.col("t").str.replace(r"[T ]\d{1,2}:\d{2}.*$", "")
    frame = pl.DataFrame({"t": texts, "latest": latest}).with_columns(t=without_time)
    styles = [*map(_short, _SHORT_YEAR), *map(_full, DAYS), *map(_full, _DAY_FIRST)]
    days = first_that_parses(frame["t"], styles, pl.Date())
    frame = frame.with_columns(day=days, short=pl.col("t").str.contains(_SHORT_DAY).fill_null(False))
    later = pl.col("short") & (pl.col("day") > pl.col("latest"))
    return frame.select(pl.when(later).then(pl.col("day").dt.offset_by("-100y")).otherwise(pl.col("day")))["day"]


def _short(style: str) -> pl.Expr:
    text = pl.col("t")
    return pl.when(text.str.contains(_SHORT_DAY)).then(text.str.to_date(style, strict=False))


def _full(style: str) -> pl.Expr:
    day = pl.col("t").str.to_date(style, strict=False)
    return pl.when(day.dt.year().is_between(1000, 9999)).then(day)
