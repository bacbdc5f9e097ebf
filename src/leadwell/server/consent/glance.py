"""May we call, text or e-mail them now, of fifty at once? The gate's answers for a list, without rule and proof.

The same decision as on a person's page, taken once for all of them in columns: one by one it would be most of a list's
time.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import polars as pl

from leadwell.permission import may_contact_columns
from leadwell.permission.values import CHANNELS, Channel, Known, Purpose
from leadwell.playbook import Playbook
from leadwell.server.consent.deciding import own_rules
from leadwell.server.consent.queries import known_of
from leadwell.server.consent.telling import FOR, MARKS, NAMES, STATES, word, zone_of

_AT: Final = pl.Datetime("us", "UTC")
_TEXT: Final = pl.String()
_SCHEMA: Final[Mapping[str, Any]] = {
    "zones": pl.List(_TEXT),
    "states": pl.List(_TEXT),
    "consents": pl.List(
        pl.Struct({"channel": _TEXT, "purpose": _TEXT, "kind": _TEXT, "at": _AT, "until": _AT, "referred": pl.Boolean})
    ),
    "stops": pl.List(pl.Struct({"channel": _TEXT, "at": _AT, "purpose": _TEXT})),
    "contacts": pl.List(pl.Struct({"channel": _TEXT, "at": _AT})),
    "automated": pl.Boolean(),
    "prerecorded": pl.Boolean(),
    "line_type": _TEXT,
    "wrong": pl.List(_TEXT),
    "unable": pl.List(_TEXT),
    "inquired_at": _AT,
    "dnc_listed": pl.Boolean(),
    "dnc_checked_at": _AT,
}


@dataclass(frozen=True)
class Short:
    """One channel. `word`: yes, no, or from when."""

    name: str
    state: str
    mark: str
    word: str


@dataclass(frozen=True)
class Glance:
    purpose: str
    lines: tuple[Short, ...]


def glances(
    organization: int, asked: Collection[tuple[UUID, Purpose]], now: datetime
) -> dict[tuple[UUID, Purpose], Glance]:
    """Each for one purpose; in as many questions for fifty as for one."""
    ours = own_rules(organization)
    found: dict[tuple[UUID, Purpose], Glance] = {}
    for purpose in sorted({purpose for _, purpose in asked}):
        people = [person for person, what in asked if what == purpose]
        theirs = known_of(organization, people, purpose=purpose, now=now)
        told = _decided(list(theirs.values()), purpose, now, ours)
        for (person, known), answers in zip(theirs.items(), told, strict=True):
            found[person, purpose] = Glance(FOR[purpose], tuple(_short(*one, known, now) for one in answers))
    return found


_Answer = tuple[Channel, str, datetime | None]


def _decided(
    theirs: Sequence[Known], purpose: Purpose, now: datetime, ours: Playbook | None
) -> list[tuple[_Answer, ...]]:
    """Of each, every channel with its answer, and from when."""
    frame = pl.DataFrame([_row(one) for one in theirs], schema=_SCHEMA)
    columns = []
    for channel in CHANNELS:
        told = may_contact_columns(frame, channel=channel, purpose=purpose, at=now, playbook=ours)
        columns.append([(channel, *one) for one in told.select("answer", "not_before").iter_rows()])
    return list(zip(*columns, strict=True))


def _row(one: Known) -> dict[str, Any]:
    return {
        "zones": [place.zone for place in one.places if place.zone],
        "states": [place.state for place in one.places if place.state],
        "consents": [
            {name: getattr(c, name) for name in ("channel", "purpose", "kind", "at", "until", "referred")}
            for c in one.consents
        ],
        "stops": [{"channel": s.channel, "at": s.at, "purpose": s.purpose} for s in one.stops],
        "contacts": [{"channel": c.channel, "at": c.at} for c in one.contacts],
        "automated": one.automated,
        "prerecorded": one.prerecorded,
        "line_type": one.line_type,
        "wrong": [found.channel for found in one.wrong],
        "unable": list(one.unable),
        "inquired_at": one.inquired_at,
        "dnc_listed": one.dnc.listed if one.dnc else None,
        "dnc_checked_at": one.dnc.checked_at if one.dnc else None,
    }


def _short(channel: Channel, answer: str, opens: datetime | None, known: Known, now: datetime) -> Short:
    state = STATES[answer]
    return Short(NAMES[channel], state, MARKS[state], word(state, opens, now, zone_of(known)))
