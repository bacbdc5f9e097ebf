"""What would two be, taken for one person? They share stops and attempts; what each permits stays theirs."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from uuid import UUID

from leadwell.permission import may_contact
from leadwell.permission.values import CHANNELS, PURPOSES, Answer, Channel, Known, Purpose
from leadwell.playbook import Playbook
from leadwell.server.consent.deciding import own_rules
from leadwell.server.consent.models import Suppression
from leadwell.server.consent.queries.knowing import by_machine, known
from leadwell.server.consent.queries.reading import stops_in_force


@dataclass(frozen=True)
class Closes:
    """What one of them permits now, and would not as one person with the other. `automated`: by a machine alone."""

    person: UUID
    channel: Channel
    purpose: Purpose
    now: Answer
    then: Answer
    automated: bool = False


def stops_together(organization: int, people: Collection[UUID]) -> list[Suppression]:
    """Every stop that holds for any of these, the newest first."""
    found = {one.pk: one for person in people for one in stops_in_force(organization, person)}
    return sorted(found.values(), key=lambda one: (one.at, one.pk), reverse=True)


def closed_by_joining(organization: int, one: UUID, other: UUID, *, now: datetime) -> list[Closes]:
    """For both of them, each channel and purpose whose answer would be another; of a machine, where it is not the same
    as by hand."""
    ours = own_rules(organization)
    care = {who: known(organization, who, now=now) for who in (one, other)}
    business = {who: known(organization, who, purpose="business", now=now) for who in (one, other)}
    found: list[Closes] = []
    for purpose in PURPOSES:
        apart = business if purpose == "business" else care
        for who, theirs in apart.items():
            pair = (theirs, _as_one(theirs, apart.values()))
            alone, both = (_answers(it, purpose, now, ours) for it in pair)
            found += [Closes(who, c, purpose, alone[c], both[c]) for c in CHANNELS if alone[c] != both[c]]
            sent, then = (_answers(by_machine(it), purpose, now, ours) for it in pair)
            differs = [c for c in CHANNELS if sent[c] != then[c] and (sent[c], then[c]) != (alone[c], both[c])]
            found += [Closes(who, c, purpose, sent[c], then[c], automated=True) for c in differs]
    return found


def _as_one(theirs: Known, each: Collection[Known]) -> Known:
    stops = dict.fromkeys(chain.from_iterable(one.stops for one in each))
    contacts = dict.fromkeys(chain.from_iterable(one.contacts for one in each))
    return replace(theirs, stops=tuple(stops), contacts=tuple(sorted(contacts, key=lambda contact: contact.at)))


def _answers(theirs: Known, purpose: Purpose, now: datetime, ours: Playbook | None) -> dict[Channel, Answer]:
    return {c: may_contact(theirs, channel=c, purpose=purpose, at=now, playbook=ours).answer for c in CHANNELS}
