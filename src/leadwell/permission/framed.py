"""What is known of many people, from a frame: lists of consents, stops and attempts become flat columns of numbers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np
import polars as pl
from numpy.typing import NDArray

from leadwell.permission.asked import (
    EARLIEST,
    EVERY,
    LATEST,
    Asked,
    Codes,
    Consents,
    Events,
    Flags,
    Where,
    check_asked,
    with_offset,
)
from leadwell.permission.clocks import Seconds, seconds_of, zone_of
from leadwell.permission.values import CHANNELS, KINDS, LINE_TYPES, PURPOSES, Channel, Purpose

_BETWEEN, _APART = "\x1f", "\x1e"


def of_frame(frame: pl.DataFrame, *, channel: Channel, purpose: Purpose, at: datetime | str) -> Asked:
    """The columns that `may_contact_columns` describes, as numbers. ValueError where one is not what it should be."""
    when = _times(frame, at) if isinstance(at, str) else np.full(frame.height, seconds_of(with_offset(at)))
    check_asked(when, channel, purpose)
    place, places = _places(frame)
    prerecorded = _flags(frame, "prerecorded")
    stops, contacts, consents = (_long(frame, name) for name in ("stops", "contacts", "consents"))
    return Asked(
        channel, purpose, when,
        machine=_flags(frame, "automated") | prerecorded,
        prerecorded=prerecorded,
        line=_codes(frame, "line_type", LINE_TYPES),
        wrong=_among(frame, "wrong", channel),
        unable=_among(frame, "unable", channel),
        inquired=_times(frame, "inquired_at"),
        listed=_listed(frame),
        looked=_times(frame, "dnc_checked_at"),
        place=place, places=places,
        consents=Consents(
            *_said(consents), _codes(consents, "channel", CHANNELS, needed=True),
            _codes(consents, "purpose", PURPOSES, needed=True), _times(consents, "until"),
            _codes(consents, "kind", KINDS, needed=True) == KINDS.index("written"), _flags(consents, "referred"),
        ),
        stops=Events(*_said(stops), _codes(stops, "channel", (*CHANNELS, "all"), needed=True),
                     _codes(stops, "purpose", PURPOSES)),
        contacts=Events(*_said(contacts), _codes(contacts, "channel", CHANNELS, needed=True),
                        np.full(contacts.height, EVERY, dtype=np.int8)),
    )  # fmt: skip


def _long(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    """A row for each member of a list of structs: its fields, and `row`."""
    if name not in frame.columns or not isinstance(frame.schema[name], pl.List):
        if name in frame.columns and frame[name].null_count() < frame.height:
            raise ValueError(f"{name} must be a list of structs.")
        return pl.DataFrame(schema={"row": pl.Int64})
    rows = frame.select(pl.int_range(pl.len(), dtype=pl.Int64).alias("row"), name)
    members = rows.filter(pl.col(name).list.len() > 0).explode(name).filter(pl.col(name).is_not_null())
    return members.unnest(name) if members.height else pl.DataFrame(schema={"row": pl.Int64})


def _said(events: pl.DataFrame) -> tuple[NDArray[np.int64], Seconds]:
    if events.height and ("at" not in events.columns or events["at"].null_count()):
        raise ValueError("Every consent, stop and contact needs its time.")
    return events["row"].to_numpy(), _times(events, "at")


def _times(frame: pl.DataFrame, name: str) -> Seconds:
    """LATEST where it is not known."""
    if name not in frame.columns or frame.schema[name] == pl.Null:
        return np.full(frame.height, LATEST)
    dtype = frame.schema[name]
    if not isinstance(dtype, pl.Datetime) or dtype.time_zone is None:
        raise ValueError(f"{name} must be a time with its time zone.")
    seconds = frame.select(pl.col(name).dt.epoch("s").clip(EARLIEST, LATEST).fill_null(LATEST).cast(pl.Int64))
    return seconds.to_series().to_numpy().copy()


def _flags(frame: pl.DataFrame, name: str) -> Flags:
    """False where it is not known."""
    if name not in frame.columns:
        return np.zeros(frame.height, dtype=np.bool_)
    return frame.select(pl.col(name).cast(pl.Boolean).fill_null(False)).to_series().to_numpy()


def _among(frame: pl.DataFrame, name: str, value: str) -> Flags:
    """Whether a list of channels has it; False where there is no list."""
    if name not in frame.columns or frame.schema[name] in (pl.Null, pl.List(pl.Null)):
        return np.zeros(frame.height, dtype=np.bool_)
    if frame.schema[name] not in (pl.List(pl.String), pl.List(pl.Enum), pl.List(pl.Categorical)):
        raise ValueError(f"{name} must be a list of texts.")
    members = frame.select(pl.col(name).cast(pl.List(pl.String)).explode().unique().drop_nulls()).to_series()
    if not set(CHANNELS).issuperset(members):
        raise ValueError(f"{name} must be of {', '.join(CHANNELS)}.")
    return frame.select(pl.col(name).list.contains(value).fill_null(False)).to_series().to_numpy()


def _listed(frame: pl.DataFrame) -> Codes:
    if "dnc_listed" not in frame.columns:
        return np.full(frame.height, EVERY, dtype=np.int8)
    return frame.select(pl.col("dnc_listed").cast(pl.Int8).fill_null(EVERY)).to_series().to_numpy()


def _codes(frame: pl.DataFrame, name: str, options: Sequence[str], *, needed: bool = False) -> Codes:
    """The number of each value among the options; EVERY for "all", and where it is missing and may be."""
    if name not in frame.columns or frame.schema[name] == pl.Null:
        if needed and frame.height:
            raise ValueError(f"{name} is needed.")
        return np.full(frame.height, EVERY, dtype=np.int8)
    numbers = {option: EVERY if option == "all" else number for number, option in enumerate(options)}
    found = frame[name].cast(pl.String).replace_strict(numbers, default=None, return_dtype=pl.Int8)
    if found.null_count() > (0 if needed else frame[name].null_count()):
        raise ValueError(f"{name} must be one of {', '.join(options)}.")
    return found.fill_null(EVERY).to_numpy().copy()


def _places(frame: pl.DataFrame) -> tuple[NDArray[np.int64], list[Where]]:
    """The number of each row's place, and the places: the distinct sets of zones and states."""
    parts = [_joined(frame, name) for name in ("zones", "states")]
    keys = frame.select(pl.concat_str(parts, separator=_APART).alias("key"))
    distinct = keys.unique(maintain_order=True)
    numbers: dict[Where, int] = {}
    number = [numbers.setdefault(_where(key), len(numbers)) for key in distinct["key"]]
    by_key = distinct.with_columns(place=pl.Series(number, dtype=pl.Int64))
    return keys.join(by_key, on="key", how="left", maintain_order="left")["place"].to_numpy().copy(), list(numbers)


def _joined(frame: pl.DataFrame, name: str) -> pl.Expr:
    if name not in frame.columns or frame.schema[name] == pl.Null:
        return pl.lit("")
    return pl.col(name).list.join(_BETWEEN, ignore_nulls=True).fill_null("")


def _where(key: str) -> Where:
    zones, states = (frozenset(filter(None, part.split(_BETWEEN))) for part in key.split(_APART))
    for zone in zones:
        zone_of(zone)
    return Where(zones, frozenset(state.upper() for state in states))
