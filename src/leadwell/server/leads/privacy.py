"""What do we hold of somebody's enquiries? What they wrote, every assessment, and the events."""

from __future__ import annotations

from typing import Any

from leadwell.server.leads.models import Assessment, Event, Lead
from leadwell.server.privacy.held import Held, Subject
from leadwell.server.privacy.sealing import unseal_json


def _finds(subject: Subject) -> None:
    theirs = Lead.objects.of(subject.organization).filter(person=subject.person)
    for lead, submission in theirs.values_list("pk", "submission"):
        subject.leads.add(lead)
        subject.submissions.add(submission)


def _gives(subject: Subject) -> dict[str, Any]:
    leads = Lead.objects.of(subject.organization).filter(pk__in=subject.leads).order_by("received_at")
    return {"leads": [_lead(lead) for lead in leads]}


def _lead(lead: Lead) -> dict[str, Any]:
    number = lead.organization_id
    judged = Assessment.objects.of(number).filter(lead=lead).order_by("at")
    happened = Event.objects.of(number).filter(lead=lead).order_by("at")
    return {
        "id": str(lead.pk),
        "received_at": lead.received_at.isoformat(),
        "said": unseal_json(number, lead.sealed, place=f"leads.lead/{lead.pk}") if lead.sealed else None,
        "assessments": [unseal_json(number, a.sealed, place=f"leads.assessment/{a.pk}") for a in judged if a.sealed],
        "events": [{"name": e.name, "at": e.at.isoformat(), "codes": e.codes} for e in happened],
    }


def _erases(subject: Subject) -> None:
    ours = Lead.objects.of(subject.organization).filter(pk__in=subject.leads)
    ours.update(sealed=b"", person=None)
    Assessment.objects.of(subject.organization).filter(lead__in=subject.leads).update(sealed=b"")
    Event.objects.of(subject.organization).filter(lead__in=subject.leads).update(sealed=None)


HELD = Held(models=(Lead, Assessment, Event), finds=_finds, gives=_gives, erases=_erases)
