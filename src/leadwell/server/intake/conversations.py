"""Which mails belong together? An answer joins the lead whose mail it answers, if it comes from the same address."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from leadwell.server.intake.models import MailRef
from leadwell.server.intake.sources import Reading
from leadwell.server.leads.actions import join
from leadwell.server.leads.models import Lead
from leadwell.server.people.models import PersonToken
from leadwell.server.privacy.tokens import Blind


def joined(organization: int, readings: Mapping[UUID, Reading], *, team: str) -> dict[UUID, UUID]:
    """Submission -> the lead that it has joined."""
    answers = {s: r for s, r in readings.items() if r.answers and len(r.leads) == 1}
    if not answers:
        return {}
    blind, found = Blind(organization), {}
    for submission, reading in answers.items():
        lead = _lead(organization, reading, blind)
        if lead is not None and join(organization, lead, submission, reading.leads[0], team=team):
            found[submission] = lead
    return found


def _lead(organization: int, reading: Reading, blind: Blind) -> UUID | None:
    tokens = [blind.token("mail", one) for one in reading.answers]
    leads = list(MailRef.objects.of(organization).filter(token__in=tokens).values_list("lead", flat=True))
    address = blind.token("email", reading.leads[0].get("email", "").lower())
    people = PersonToken.objects.of(organization).filter(kind="email", token=address).values("person")
    theirs = Lead.objects.of(organization).filter(pk__in=leads, person__in=people)
    return theirs.order_by("-received_at").values_list("pk", flat=True).first()


def remember(organization: int, readings: Mapping[UUID, Reading], leads: Mapping[UUID, UUID]) -> None:
    """Keeps each mail's id, so that its answers find the lead."""
    blind = Blind(organization)
    refs = [
        MailRef(organization_id=organization, token=blind.token("mail", readings[submission].message_id), lead=lead)
        for submission, lead in leads.items()
        if readings[submission].message_id
    ]
    MailRef.objects.bulk_create(refs, ignore_conflicts=True)
