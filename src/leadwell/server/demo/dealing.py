"""Which organisations have asked the demo clinic, and how far has it come with each? One at each stage.

Who they are is invented; moments are relative to now.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import orjson
from django.db import transaction
from django.utils import timezone

from leadwell.server.access.models import Membership, Organization
from leadwell.server.business.meeting import Agreed, agree, tell_result
from leadwell.server.business.models import Meeting
from leadwell.server.business.naming import Named, name_colleague
from leadwell.server.calls.actions import Made, note_attempt
from leadwell.server.calls.ending import Ended
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.models import Submission
from leadwell.server.leads.handing import worked_on
from leadwell.server.leads.models import Lead
from leadwell.server.leads.queries import current_assessment
from leadwell.server.leads.verifying import Answer, verify
from leadwell.server.outcomes.actions import Became, note_outcome

# Hours ago, and what they wrote.
_ASKED: Final = (
    (52, {"full_name": "Ines Calloway", "organization": "Prairie Grain Cooperative", "phone": "312-555-0157",
          "email": "ines@prairiegrain.example", "zip": "60607", "contact_role": "Office manager", "message":
          "Our employees lift all day and many have back pain. Is there a programme for workplace injuries?"}),
    (30, {"full_name": "Milo Abernathy", "organization": "Southport Family Medicine", "phone": "773-555-0188",
          "email": "milo@southportfamily.example", "zip": "60657", "message":
          "We would like to refer our patients to you and need a referral agreement."}),
    (2, {"full_name": "Wanda Eriksen", "organization": "Lockport Tool Works", "phone": "630-555-0125",
         "email": "wanda@lockporttool.example", "zip": "60441", "message":
         "What would a back-health programme for our employees look like? About 90 people."}),
)  # fmt: skip
_DECIDER: Final = Named(
    "Harriet Boone", "HR director", "312-555-0164", "", decides=True, agreed="Harriet decides, please call her.",
)  # fmt: skip
_ZONE: Final = "America/Chicago"
_Step = Callable[[Lead, str], object]


def ask(organization: Organization, source: int) -> None:
    """They come in with all others."""
    sent = [Delivery(orjson.dumps(lead), key=f"demo-business-{hours}") for hours, lead in _ASKED]
    receipts, now = accept(organization.pk, source, sent), timezone.now()
    rows = [
        Submission(pk=one.id, received_at=now - timedelta(hours=hours))
        for one, (hours, _) in zip(receipts, _ASKED, strict=True)
    ]
    Submission.objects.bulk_update(rows, ["received_at"])


def deal(who: Membership) -> None:
    """Once: the oldest of those that said who decides came farthest, and the last has only just asked."""
    ours = Lead.objects.of(who.organization_id).filter(type="business", person__isnull=False, joined=0)
    found = list(ours.exclude(disposition__in=("discard", "redirect", "decline")).order_by("received_at", "pk"))
    if Meeting.objects.of(who.organization_id).exists():
        return
    found.sort(key=lambda lead: not _says_who(lead))
    for lead, step in zip(found[:-1], _STEPS, strict=False):
        step(lead, who.actor)


def _says_who(lead: Lead) -> bool:
    said = current_assessment(lead.organization_id, lead.pk) or {}
    return bool(said and said["dimensions"]["decision_maker"]["finding"] == "met")


def _agreed(lead: Lead, actor: str) -> None:
    _held(lead, actor)
    note_outcome(lead.organization_id, lead.pk, Became("agreed"), actor=actor)


def _declined(lead: Lead, actor: str) -> None:
    _reached(lead, actor)
    note_outcome(lead.organization_id, lead.pk, Became("declined", "not-now"), actor=actor)


def _held(lead: Lead, actor: str) -> None:
    one = _over(lead, actor, timedelta(days=1))
    tell_result(lead.organization_id, lead.pk, one.pk, "held", actor=actor)


def _passed(lead: Lead, actor: str) -> None:
    _over(lead, actor, timedelta(hours=2))


def _ahead(lead: Lead, actor: str) -> Meeting:
    """Tomorrow at ten."""
    verify(lead.organization_id, lead.pk, Answer("contact_decides", "yes"), actor=actor)
    local = timezone.now().astimezone(ZoneInfo(_ZONE)) + timedelta(days=1)
    return _meet(lead, actor, local.replace(hour=10, minute=0, second=0, microsecond=0))


def _named(lead: Lead, actor: str) -> None:
    _reached(lead, actor)
    name_colleague(lead.organization_id, lead.pk, _DECIDER, actor=actor)


def _reached(lead: Lead, actor: str) -> None:
    note_attempt(lead.organization_id, lead.pk, Made(Ended("reached")), actor=actor)


_STEPS: Final[tuple[_Step, ...]] = (_agreed, _declined, _held, _passed, _ahead, _named, _reached)


def _over(lead: Lead, actor: str, ago: timedelta) -> Meeting:
    """One that was agreed for a time that is over by now."""
    one = _ahead(lead, actor)
    at = (timezone.now() - ago).replace(minute=0, second=0, microsecond=0)
    with transaction.atomic():
        Meeting.objects.of(lead.organization_id).filter(pk=one.pk).update(at=at, noted_at=at - timedelta(days=1))
        worked_on(lead.organization_id, lead.pk, timezone.now())
    return Meeting.objects.of(lead.organization_id).get(pk=one.pk)


def _meet(lead: Lead, actor: str, at: datetime) -> Meeting:
    return agree(lead.organization_id, lead.pk, Agreed(at, _ZONE, 30, "", "By telephone"), actor=actor)[0]
