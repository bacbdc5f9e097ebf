"""What do we hold of somebody's enquiries? What they wrote, every assessment, and the events."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Min, Q
from django.utils import timezone

from leadwell.server.leads.models import Assessment, Event, Joined, Lead, Verified
from leadwell.server.leads.queries import joined_columns, verified_of, verified_text
from leadwell.server.leads.retention import goes
from leadwell.server.playbooks.queries import NoPlaybook, in_force
from leadwell.server.privacy.held import Ends, Held, Kept, Sealed, Subject
from leadwell.server.privacy.sealing import unseal_json


def _finds(subject: Subject) -> None:
    theirs = Lead.objects.of(subject.organization).filter(person=subject.person)
    for lead, submission, nth in theirs.values_list("pk", "submission", "nth"):
        subject.leads.add(lead)
        subject.submissions.add(submission)
        subject.rows.add((submission, nth))
    joined = Joined.objects.of(subject.organization).filter(Q(lead__in=subject.leads) | Q(person=subject.person))
    for submission, nth in joined.values_list("submission", "nth"):
        subject.submissions.add(submission)
        subject.rows.add((submission, nth))
    replied = Event.objects.of(subject.organization).filter(lead__in=subject.leads, name="lead.replied")
    subject.submissions.update(replied.values_list("pk", flat=True))  # an answer's event is called as what was sent


def _gives(subject: Subject) -> dict[str, Any]:
    leads = Lead.objects.of(subject.organization).filter(pk__in=subject.leads).order_by("received_at")
    joined = Joined.objects.of(subject.organization).filter(person=subject.person).order_by("received_at")
    return {"leads": [_lead(lead) for lead in leads], "joined": [_joined(one) for one in joined]}


def _joined(one: Joined) -> dict[str, Any]:
    return {"id": str(one.submission), "received_at": one.received_at.isoformat(), "said": joined_columns(one) or None}


def _lead(lead: Lead) -> dict[str, Any]:
    number = lead.organization_id
    judged = Assessment.objects.of(number).filter(lead=lead).order_by("at")
    happened = Event.objects.of(number).filter(lead=lead).order_by("at")
    return {
        "id": str(lead.pk),
        "received_at": lead.received_at.isoformat(),
        "said": unseal_json(number, lead.sealed, place=f"leads.lead/{lead.pk}") if lead.sealed else None,
        "assessments": [unseal_json(number, a.sealed, place=f"leads.assessment/{a.pk}") for a in judged if a.sealed],
        "events": [_event(number, e) for e in happened],
        "verified": [_verified(one) for one in reversed(verified_of(number, lead.pk))],
    }


def _verified(one: Verified) -> dict[str, Any]:
    return {
        "what": one.column,
        "answer": verified_text(one) if one.sealed else None,
        "known": one.known,
        "at": one.at.isoformat(),
        "taken_back_at": one.undone_at.isoformat() if one.undone_at else None,
    }


def _event(number: int, event: Event) -> dict[str, Any]:
    said = unseal_json(number, event.sealed, place=f"leads.event/{event.pk}") if event.sealed else None
    return {"name": event.name, "at": event.at.isoformat(), "codes": event.codes, "said": said}


def _erases(subject: Subject) -> None:
    ours = Lead.objects.of(subject.organization).filter(pk__in=subject.leads)
    ours.update(sealed=b"", person=None)
    joined = Joined.objects.of(subject.organization).filter(Q(lead__in=subject.leads) | Q(person=subject.person))
    joined.update(sealed=b"", person=None)
    Assessment.objects.of(subject.organization).filter(lead__in=subject.leads).update(sealed=b"")
    Event.objects.of(subject.organization).filter(lead__in=subject.leads).update(sealed=None)
    Verified.objects.of(subject.organization).filter(lead__in=subject.leads).update(sealed=b"")


def _counts(subject: Subject) -> Iterator[Kept]:
    number = subject.organization
    leads = Lead.objects.of(number).filter(pk__in=subject.leads).exclude(sealed=b"")
    judged = Assessment.objects.of(number).filter(lead__in=subject.leads).exclude(sealed=b"")
    wrote = Event.objects.of(number).filter(lead__in=subject.leads).exclude(sealed=None)
    yield Kept("Enquiries", leads.count(), leads.aggregate(first=Min("received_at"))["first"], "as we understood them")
    yield Kept(
        "Judgements", judged.count(), judged.aggregate(first=Min("at"))["first"], "what each enquiry is, and why"
    )
    again = Joined.objects.of(number).filter(person=subject.person).exclude(sealed=b"")
    yield Kept("Repeated enquiries", again.count(), again.aggregate(first=Min("at"))["first"], "joined to another")
    confirmed = Verified.objects.of(number).filter(lead__in=subject.leads).exclude(sealed=b"")
    yield Kept("Answers they gave us", confirmed.count(), confirmed.aggregate(first=Min("at"))["first"])
    yield Kept("Later messages", wrote.count(), wrote.aggregate(first=Min("at"))["first"])


def _ends(subject: Subject) -> Ends | None:
    try:
        _, playbook = in_force(subject.organization)
    except NoPlaybook:
        return None
    return goes(subject.organization, subject.person, playbook, now=timezone.now())


HELD = Held(
    finds=_finds,
    gives=_gives,
    erases=_erases,
    counts=_counts,
    ends=_ends,
    sealed=(
        Sealed(Lead, "sealed", lambda lead: f"leads.lead/{lead.pk}"),
        Sealed(Assessment, "sealed", lambda one: f"leads.assessment/{one.pk}"),
        Sealed(Joined, "sealed", lambda joined: f"leads.joined/{joined.pk}"),
        Sealed(Event, "sealed", lambda event: f"leads.event/{event.pk}"),
        Sealed(Verified, "sealed", lambda one: f"leads.verified/{one.pk}"),
    ),
)
