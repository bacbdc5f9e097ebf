"""The page that finds a caller: who is it, and what have they asked? What is typed stands in no address or log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from leadwell.playbook import Playbook
from leadwell.server.access.needs import needs
from leadwell.server.access.requests import MemberRequest
from leadwell.server.access.roles import May
from leadwell.server.base.pages import show
from leadwell.server.leads import names, telling
from leadwell.server.leads.models import Lead
from leadwell.server.leads.queries import asked_by
from leadwell.server.people.finding import LONGEST, MOST, One, found, understood
from leadwell.server.playbooks.queries import policy_now
from leadwell.server.privacy.trail import record_list


@dataclass(frozen=True)
class Asked:
    """A lead of theirs."""

    id: UUID
    wants: str
    disposition: str
    safety: str
    received_at: datetime


@dataclass(frozen=True)
class Somebody:
    number: UUID
    name: str
    where: str
    how: str
    leads: tuple[Asked, ...]


@dataclass(frozen=True)
class Finding:
    """`typed` is shown in the box alone; `sought`: whether anything was looked for; `unread`: what could not be."""

    typed: str
    sought: bool
    unread: str
    people: tuple[Somebody, ...]
    more: bool
    most: int


@needs(May.SEE_IDENTITIES)
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: MemberRequest) -> HttpResponse:
    """Looks by what was posted; the trail keeps that somebody looked, how many were found and who was shown."""
    ours, typed = request.member.organization_id, request.POST.get("sought", "")[:LONGEST].strip()
    sought = understood(typed)
    shown = found(ours, sought)
    if not sought.nothing:
        subjects = [f"person/{one.person}" for one in shown.people]
        codes = {"by": sought.kinds, "found": len(subjects)}
        record_list(ours, request.member.actor, "person.searched", subjects, codes)
    page = Finding(typed, not sought.nothing, sought.unread, somebodies(ours, shown.people), shown.more, MOST)
    return show(request, "leads/find.html", page)


def somebodies(organization: int, people: Sequence[One]) -> tuple[Somebody, ...]:
    """With what they have asked."""
    leads, playbook = asked_by(organization, [one.person for one in people]), policy_now(organization)
    return tuple(_somebody(one, leads.get(one.person, ()), playbook) for one in people)


def _somebody(one: One, leads: Sequence[Lead], playbook: Playbook | None) -> Somebody:
    asked = tuple(
        Asked(lead.pk, _wants(lead, playbook), lead.disposition, lead.safety, lead.received_at) for lead in leads
    )
    return Somebody(one.person, names.name(one.known), _where(one.known), one.how, asked)


def _wants(lead: Lead, playbook: Playbook | None) -> str:
    wants = telling.wants(playbook, [lead.service] if lead.service else [], lead.location) if playbook else ""
    return wants or names.code(lead.pk)


def _where(known: Mapping[str, str]) -> str:
    """By which two of one name are told apart."""
    return ", ".join(known[part] for part in ("city", "phone", "email") if known.get(part))
