"""What did we receive, in one shape? Text columns under their known names, and times in UTC.

Needs: nothing; every column is optional. Adds: `row` (UInt32 from 1), every column of `contract.INCOMING` as text,
blank as NULL; and, never NULL, `received` and `as_of` (Datetime, UTC), `received_date` and `as_of_date` (Date, in the
organisation's zone), `received_hour` (0-23) and `received_weekday` (mon … sun) there.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import chain
from typing import Final

import polars as pl

from leadwell import contract
from leadwell.playbook.model import Playbook

INDENT: Final = "indent."
UTC_TIME: Final = pl.Datetime("us", "UTC")

# Written where a system had nothing to say. Not for names: people are called Null and Na.
_NOTHING: Final = ("null", "none", "n/a", "na", "nan", "nil", "-", "--", "unknown", "#n/a", "not provided", "(blank)")
_SPELLED: Final = [spelled for word in _NOTHING for spelled in dict.fromkeys((word, word.upper(), word.capitalize()))]
_BLANK: Final = pl.Series([""])
_SAYS_NOTHING: Final = pl.Series(["", *_SPELLED])
_MAY_SAY_NOTHING: Final = frozenset(contract.INCOMING) - {
    "id", "first_name", "last_name", "full_name", "patient_first_name", "patient_last_name", "patient_full_name",
    *contract.WORDS,
}  # fmt: skip

# The first is the second without a fraction, and four times as quick.
_ZULU: Final = ("%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S%.fZ", "%Y-%m-%dT%H:%MZ")
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
_WEEKDAYS: Final = pl.Series(["mon", "tue", "wed", "thu", "fri", "sat", "sun"])
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


def prepare_people(leads: pl.DataFrame, playbook: Playbook, *, as_of: datetime | None = None) -> pl.DataFrame:
    """As `prepare`, with no more of times than `received`, `as_of` and `received_date`, and no indents.

    Who is who rests on no others.
    """
    frame = _numbered(leads)
    frame = frame.with_columns(pl.col("row").cast(pl.UInt32), *_texts(frame), *_absent(frame))
    zone = playbook.organization.time_zone
    frame = _received(frame, zone, as_of)
    return frame.with_columns(received_date=pl.col("received").dt.convert_time_zone(zone).dt.date())


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
    return text.str.strip_chars().replace(_SAYS_NOTHING if name in _MAY_SAY_NOTHING else _BLANK, None)


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


def _received(frame: pl.DataFrame, zone: str, as_of: datetime | None) -> pl.DataFrame:
    """Adds `received` and `as_of`. Raises MissingTime."""
    given = pl.lit(as_of.astimezone(UTC) if as_of else None, dtype=UTC_TIME)
    frame = frame.with_columns(_instants(frame["received_at"], zone).alias("received"))
    frame = frame.with_columns(
        received=pl.col("received").fill_null(given),
        as_of=pl.coalesce(given, pl.col("received")) if as_of else pl.col("received"),
    )
    if missing := frame["received"].null_count():
        raise MissingTime(missing)
    return frame


def _with_times(frame: pl.DataFrame, zone: str, as_of: datetime | None) -> pl.DataFrame:
    frame = _received(frame, zone, as_of)
    local = pl.col("received").dt.convert_time_zone(zone)
    return frame.with_columns(
        received_date=local.dt.date(),
        as_of_date=pl.col("as_of").dt.convert_time_zone(zone).dt.date(),
        received_hour=local.dt.hour().cast(pl.Int32),
        received_weekday=pl.lit(_WEEKDAYS).gather(local.dt.weekday() - 1),
    )


def _instants(texts: pl.Series, zone: str) -> pl.Series:
    """`received_at` as instants; NULL where it is none. No zone means the organisation's.

    A local time that was twice is the first; one that never was, as far after the gap.
    """
    text = pl.col("t")
    attempts = chain(
        (text.str.to_datetime(f, time_unit="us", strict=False).dt.replace_time_zone("UTC") for f in _ZULU),
        (text.str.to_datetime(f, time_unit="us", time_zone="UTC", strict=False) for f in _ZONED),
        (_here(text.str.to_datetime(f, time_unit="us", strict=False), zone) for f in _LOCAL),
        (_here(text.str.to_date(f, strict=False).cast(pl.Datetime("us")), zone) for f in (*DAYS, *_SHORT_YEAR)),
    )
    found = first_that_parses(texts, attempts, UTC_TIME)
    return found.to_frame("v").select(pl.when(pl.col("v").dt.year().is_between(*_YEARS)).then(pl.col("v")))["v"]


def _here(local: pl.Expr, zone: str) -> pl.Expr:
    asked = local.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    hour_later = local.dt.offset_by("1h").dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    return pl.coalesce(asked, hour_later).dt.convert_time_zone("UTC")


def first_that_parses(
    texts: pl.Series, attempts: Iterable[pl.Expr], dtype: pl.DataType, *, likely: pl.Expr | None = None
) -> pl.Series:
    """Each text under the first of `attempts` (expressions over `t`) that understands it; NULL where none does.

    `likely`: over `v`, whether what an attempt understood is to be believed. A list mostly has one style, so each
    attempt sees only what the ones before it left.
    """
    if texts.null_count() == len(texts):
        return pl.Series([None], dtype=dtype).new_from_index(0, len(texts))
    left = pl.DataFrame({"t": texts}).with_row_index("i").drop_nulls("t")
    found: list[pl.DataFrame] = []
    for attempt in attempts:
        if left.is_empty():
            break
        tried = left.select("i", attempt.cast(dtype).alias("v"))
        if likely is not None:
            tried = tried.with_columns(pl.when(likely).then("v").alias("v"))
        unread = tried["v"].null_count()
        if unread == 0 and left.height == len(texts):
            return tried["v"]
        if unread < left.height:
            told = tried["v"].is_not_null()
            found.append(tried.filter(told))
            left = left.filter(~told)
    values = pl.Series("v", [None], dtype=dtype).new_from_index(0, len(texts))
    for part in found:
        values = values.scatter(part["i"], part["v"])
    return values


def parse_days(texts: pl.Series, *, latest: pl.Series) -> pl.Series:
    """Days written in any common style, US order where both fit; NULL where it is no day.

    Two-digit years are taken as not after `latest`, a date for each text.
    """
    if texts.str.contains(":", literal=True).any():
        texts = texts.str.replace(r"[T ]\d{1,2}:\d{2}.*$", "")
    short = texts.str.contains(_SHORT_DAY).fill_null(False)
    styles = chain(map(_short, _SHORT_YEAR if short.any() else ()), map(_full, (*DAYS, *_DAY_FIRST)))
    days = first_that_parses(texts, styles, pl.Date(), likely=pl.col("v").dt.year().is_between(1000, 9999))
    later = (short & (days > latest)).fill_null(False)
    return days.zip_with(~later, days.dt.offset_by("-100y")).alias("day") if later.any() else days.alias("day")


def _short(style: str) -> pl.Expr:
    text = pl.col("t")
    return pl.when(text.str.contains(_SHORT_DAY)).then(text.str.to_date(style, strict=False))


def _full(style: str) -> pl.Expr:
    return pl.col("t").str.to_date(style, strict=False)
