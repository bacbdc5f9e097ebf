"""The same people as values and as the columns of a frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

import polars as pl

from leadwell.permission import Known

TIME = pl.Datetime("us", "UTC")
_SAID = {
    "channel": pl.String,
    "purpose": pl.String,
    "kind": pl.String,
    "at": TIME,
    "until": TIME,
    "referred": pl.Boolean,
}
SCHEMA = {
    "zones": pl.List(pl.String), "states": pl.List(pl.String),
    "consents": pl.List(pl.Struct(_SAID)),
    "stops": pl.List(pl.Struct({key: _SAID[key] for key in ("channel", "at", "purpose")})),
    "contacts": pl.List(pl.Struct({key: _SAID[key] for key in ("channel", "at")})),
    "wrong": pl.List(pl.String), "unable": pl.List(pl.String),
    "automated": pl.Boolean, "prerecorded": pl.Boolean, "line_type": pl.String, "inquired_at": TIME,
    "dnc_listed": pl.Boolean, "dnc_checked_at": TIME, "at": TIME,
}  # fmt: skip


def framed(people: Sequence[Known], at: Sequence[datetime]) -> pl.DataFrame:
    return pl.DataFrame([_row(known, when) for known, when in zip(people, at, strict=True)], schema=SCHEMA)


def _row(known: Known, at: datetime) -> dict[str, object]:
    row = asdict(known)
    places, dnc = row.pop("places"), row.pop("dnc")
    for key in ("consents", "stops", "contacts"):
        fields = SCHEMA[key].inner.to_schema()  # type: ignore[union-attr]
        row[key] = [{name: one.get(name) for name in fields} for one in row[key]]
    return row | {
        "wrong": [one["channel"] for one in row["wrong"]],
        "zones": [place["zone"] for place in places if place["zone"]],
        "states": [place["state"] for place in places if place["state"]],
        "dnc_listed": dnc["listed"] if dnc else None,
        "dnc_checked_at": dnc["checked_at"] if dnc else None,
        "at": at,
    }
