"""What does a page show of everybody who asked for one lead: since when, where they are reached, what each permits?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from leadwell.server.consent.glance import Glance
from leadwell.server.consent.telling import Doubt, doubted
from leadwell.server.leads import telling
from leadwell.server.leads.askers import Asker, askers, permits
from leadwell.server.leads.models import Lead


@dataclass(frozen=True)
class AskedToo:
    """`calls`: whether it is they who are called; `doubts`: words of theirs of which somebody has to say whether they
    are a stop, where they are not called: those of whoever is stand with the gate."""

    person: UUID
    submissions: tuple[UUID, ...]
    name: str
    since: datetime
    contacts: tuple[telling.Contact, ...]
    gate: Glance
    calls: bool
    doubts: tuple[Doubt, ...]


def asked_too(lead: Lead, *, calls: UUID | None) -> tuple[AskedToo, ...]:
    """Nobody where one alone asked. `calls`: who is called."""
    found = askers(lead.organization_id, [lead])
    they = permits(lead.organization_id, {lead.pk: lead}, found).get(lead.pk, ())
    return tuple(_told(lead.organization_id, one, gate, calls=one.person == calls) for one, gate in they)


def _told(organization: int, one: Asker, gate: Glance, *, calls: bool) -> AskedToo:
    waiting = () if calls else doubted(organization, one.person)
    name = one.name or "The patient, by a referral"
    return AskedToo(one.person, one.submissions, name, one.since, tuple(_contacts(one, gate)), gate, calls, waiting)


def _contacts(one: Asker, gate: Glance) -> Iterator[telling.Contact]:
    """To be dialled or written to where they permit it now."""
    may = {line.name: line.state == "yes" for line in gate.lines}
    if one.phone:
        yield telling.Contact("Phone", telling.dialled(one.phone), None, f"tel:{one.phone}" if may["Call"] else "")
    if one.email:
        yield telling.Contact("E-mail", one.email, None, f"mailto:{one.email}" if may["E-mail"] else "")
