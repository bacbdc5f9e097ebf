"""How does a stop outlive the bringing back of an older backup? By a line in `stops.jsonl` of the data folder.

A line holds ids, codes, times and blind tokens: nobody can be read from it. A stop or a withdrawal is noted before it
is in force, so that none is ever in force alone in what a restore throws away; what opens again is noted afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from leadwell.server import environment
from leadwell.server.access.models import Organization
from leadwell.server.base import bulk
from leadwell.server.consent.models import Consent, SuppressedAddress, Suppression
from leadwell.server.privacy.lines import append_each, read

STOPS_FILE: Final = "stops.jsonl"
_CHUNK: Final = 500

_NOTED_BEFORE: Final = ContextVar("noted_before", default=False)

Line = Mapping[str, Any]


def note(lines: Iterable[Line]) -> None:
    if (written := list(lines)) and not _NOTED_BEFORE.get():
        append_each(environment.home() / STOPS_FILE, written)


@contextmanager
def noted_before() -> Iterator[None]:
    """What is done within was done, and noted, before: a restore does it again beside the file that is in force."""
    was = _NOTED_BEFORE.set(True)
    try:
        yield
    finally:
        _NOTED_BEFORE.reset(was)


def stop_line(one: Suppression, tokens: Iterable[bytes]) -> dict[str, Any]:
    return {
        "organization": one.organization_id, "stop": one.pk, "event": one.event, "person": one.person,
        "channel": one.channel, "purpose": one.purpose, "at": one.at, "day": one.day,
        "way": one.way, "doubt": one.doubt, "tokens": [token.hex() for token in tokens],
    }  # fmt: skip


def lifted_line(one: Suppression, at: datetime) -> dict[str, Any]:
    return {"organization": one.organization_id, "lifted": one.pk, "at": at}


def meant_line(one: Suppression) -> dict[str, Any]:
    return {"organization": one.organization_id, "meant": one.pk}


def withdrawn_line(one: Consent, at: datetime) -> dict[str, Any]:
    return {"organization": one.organization_id, "withdrawn": one.pk, "at": at}


def stop_again(lines: Iterable[Line] | None = None) -> int:
    """After a restore: what was stopped or withdrawn since is so again, and what was opened again is open; returns how
    many stops and withdrawals the backup did not have. Lines of an organisation that is not here are passed over."""
    known = frozenset(Organization.objects.values_list("pk", flat=True))
    given = read(environment.home() / STOPS_FILE).whole if lines is None else lines
    by_organization: dict[int, list[Line]] = {}
    for line in given:
        if line["organization"] in known:
            by_organization.setdefault(line["organization"], []).append(line)
    return sum(_again(organization, theirs) for organization, theirs in by_organization.items())


def _again(organization: int, lines: Sequence[Line]) -> int:
    stops = {UUID(line["stop"]): line for line in lines if "stop" in line}
    lifted = {UUID(line["lifted"]): _time(line["at"]) for line in lines if "lifted" in line}
    meant = [UUID(line["meant"]) for line in lines if "meant" in line]
    with transaction.atomic():
        there = _there(organization, list(stops))
        missing = [line for number, line in stops.items() if number not in there]
        _insert(organization, missing)
        standing = Suppression.objects.of(organization).filter(lifted_at=None)
        for number, at in lifted.items():
            standing.filter(pk=number).update(lifted_at=at)
        for number in meant:
            standing.filter(pk=number).update(doubt=False)
        return len([one for one in missing if UUID(one["stop"]) not in lifted]) + _withdrawn(organization, lines)


def _withdrawn(organization: int, lines: Sequence[Line]) -> int:
    given = Consent.objects.of(organization).filter(withdrawn_at=None)
    ended = {UUID(line["withdrawn"]): _time(line["at"]) for line in lines if "withdrawn" in line}
    return sum(given.filter(pk=number).update(withdrawn_at=at) for number, at in ended.items())


def _there(organization: int, numbers: Sequence[UUID]) -> set[UUID]:
    found: set[UUID] = set()
    for start in range(0, len(numbers), _CHUNK):
        page = Suppression.objects.of(organization).filter(pk__in=numbers[start : start + _CHUNK])
        found.update(page.values_list("pk", flat=True))
    return found


def _insert(organization: int, lines: Sequence[Line]) -> None:
    bulk.insert([_suppression(organization, line) for line in lines])
    addresses = [(organization, UUID(line["stop"]), bytes.fromhex(token)) for line in lines for token in line["tokens"]]
    bulk.insert_values(SuppressedAddress, ("organization", "suppression", "token"), addresses)


def _suppression(organization: int, line: Line) -> Suppression:
    return Suppression(
        id=UUID(line["stop"]),
        organization_id=organization,
        event=UUID(line["event"]),
        person=UUID(line["person"]) if line["person"] else None,
        channel=line["channel"],
        purpose=line["purpose"],
        at=_time(line["at"]),
        day=date.fromisoformat(line["day"]) if line.get("day") else None,
        way=line["way"],
        doubt=line["doubt"],
    )


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)
