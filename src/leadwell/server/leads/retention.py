"""Which leads are kept no longer? Those older than the playbook keeps their kind (`[privacy] keep`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Max, QuerySet
from django.db.models.functions import Coalesce

from leadwell.playbook import Playbook
from leadwell.playbook.durations import Duration, parse
from leadwell.server.leads.models import Joined, Lead
from leadwell.server.people.models import Person, Relation
from leadwell.server.privacy.held import Ends, erase

# Disposition -> the kind that the playbook keeps it as. Another lead is kept as its type, where the playbook names it.
_KINDS: Final = {"discard": "discarded", "decline": "declined", "redirect": "declined", "nurture": "nurture"}
_ELSE: Final = "patient"  # what is nothing else belongs to somebody who may be a patient


def spans(playbook: Playbook) -> dict[str, Duration]:
    """How long each kind is kept."""
    return {kind: span for kind, text in playbook.keep.items() if (span := parse(text))}


def kind_of(lead: Lead, kept: Mapping[str, Duration]) -> str:
    """As what a lead is kept: the first of its disposition, its type, and a patient's that the playbook names."""
    return next((one for one in (_KINDS.get(lead.disposition, ""), lead.type) if one in kept), _ELSE)


def retire(organization: int, playbook: Playbook, *, now: datetime, also: Sequence[Playbook] = ()) -> int:
    """Erases everybody all of whose leads are past their time; returns how many people. `also`: what was in force a
    short while ago: nobody goes whom it would still keep."""
    kept = spans(playbook)
    if not kept:
        return 0
    old = Person.objects.of(organization).annotate(
        last=Coalesce(Max("lead__received_at"), Max("joined__received_at"), Max("asks_for__patient__lead__received_at"))
    )
    due = old.filter(last__lt=now - min(span.length for span in kept.values())).values_list("pk", flat=True)
    policies = (playbook, *also)
    ended = [one for one in due if all(_past(goes(organization, one, policy, now=now), now) for policy in policies)]
    for person in ended:
        erase(organization, person, actor="worker", at=now, codes={"reason": "retention"})
    return len(ended)


def _past(told: Ends | None, now: datetime) -> bool:
    return told is not None and told.at is not None and told.at < now


def goes(organization: int, person: UUID, playbook: Playbook, *, now: datetime) -> Ends | None:
    """When somebody is erased, by the one of their leads that is kept longest; None where they have no lead."""
    kept = spans(playbook)
    last: tuple[datetime, str] | None = None
    for lead in _theirs(organization, person):
        kind = kind_of(lead, kept)
        if kind not in kept:
            return Ends(None, f"The policy does not say how long a {kind} lead is kept.")
        told = (kept[kind].after(lead.received_at), kind)
        last = max(last, told) if last else told
    if last is None:
        return None
    at, kind = last
    return Ends(at, f"The policy keeps {_called(kind)} for {playbook.keep[kind]} from when they came.")


def _theirs(organization: int, person: UUID) -> QuerySet[Lead]:
    """The leads by which somebody is kept: their own, those that they joined, and those they asked for another. Each
    kind by an index: for an OR of them SQLite reads every lead of the organisation, for each of those looked at."""
    joined = Joined.objects.of(organization).filter(person=person).values("lead")
    patients = Relation.objects.of(organization).filter(asker=person).values("patient")
    ours = Lead.objects.of(organization).order_by().defer("sealed")
    return ours.filter(person=person).union(ours.filter(pk__in=joined), ours.filter(person__in=patients))


def _called(kind: str) -> str:
    return "leads to keep in touch with" if kind == "nurture" else f"{kind} leads"
