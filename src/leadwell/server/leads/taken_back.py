"""Has whoever referred somebody, or who booked, taken it back? The lead says so at its head, and a referral that was
withdrawn rests: nobody is asked to call as if nothing had happened.

Nothing is decided for a person by it: what the policy says of the lead stays as it is. Where somebody else has asked
for the same (another hospital, the patient by a form), or the referrer sends it again, it is not withdrawn; where the
patient called or wrote, before or after, it stays in its queue, or comes back to it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from leadwell.server.leads.handing import hand
from leadwell.server.leads.models import Event, Joined, Lead
from leadwell.server.playbooks.queries import loaded

RESTS: Final = "withdrawn"
WITHDRAWN: Final = "referral.withdrawn"
SENT_AGAIN: Final = "referral.changed"
OF: Final = "of"  # the submission that asked for what is taken back, or sent again
FROM: Final = "from"  # the source that it came from
STANDS: Final = "stands"  # somebody else's request for the same
_CANCELLED: Final = "booking.cancelled"
_BOOKED: Final = ("booking.changed", "booking.noted")  # another hour stands
_THEMSELVES: Final = ("lead.replied", "call.noted", *_BOOKED)
_BY: Final = {"host": "by us", "invitee": "by them"}


@dataclass(frozen=True)
class TakenBack:
    """`says`: what was taken back, and by whom; `at`: when. `referral`: whether it is the referral, and not an
    appointment; `asked`: whether somebody asks for it all the same."""

    says: str
    at: datetime
    referral: bool
    asked: bool = False

    @property
    def rests(self) -> bool:
        return self.referral and not self.asked

    @property
    def word(self) -> str:
        return "Withdrawn" if self.referral else "Cancelled"

    @property
    def does(self) -> str:
        """What to do next."""
        if not self.referral:
            return "Ask whether they want another appointment"
        return "Ask whether it still holds" if self.asked else "Nothing to do: the referrer took it back"

    @property
    def mind(self) -> str:
        if not self.referral:
            return "Do not count on the appointment that it names."
        asked = "Something else came of it: see what happened."
        return asked if self.asked else "Nobody is to be called as if it still stood."


def taken_back(organization: int, leads: Collection[UUID]) -> dict[UUID, TakenBack]:
    """Lead -> what of it was taken back, and stands so: of a referral, where nobody else has asked for the lead."""
    names = (WITHDRAWN, _CANCELLED, SENT_AGAIN, *_THEMSELVES)
    events = list(Event.objects.of(organization).filter(lead__in=leads, name__in=names).order_by("at", "pk"))
    askers = _askers(organization, {one.lead_id for one in events if one.name == WITHDRAWN})
    found: dict[UUID, TakenBack] = {}
    gone: dict[UUID, set[str]] = defaultdict(set)
    themselves: set[UUID] = set()
    for one in events:
        lead, before = one.lead_id, found.get(one.lead_id)
        if one.name == WITHDRAWN:
            gone[lead].add(_of(one, askers[lead]))
            if gone[lead].issuperset(askers[lead]):
                found[lead] = TakenBack(_says(one.name, one.codes), one.at, referral=True)
        elif one.name == _CANCELLED:
            if before is None or not before.referral:
                found[lead] = TakenBack(_says(one.name, one.codes), one.at, referral=False)
        elif one.name == SENT_AGAIN:
            gone[lead].discard(_of(one, askers.get(lead, ())))
            if before is not None and before.referral:
                del found[lead]
        else:
            themselves.add(lead)
            if before is not None and one.name in _BOOKED and not before.referral:
                del found[lead]
    return {lead: replace(one, asked=one.asked or lead in themselves) for lead, one in found.items()}


def _of(event: Event, askers: Sequence[str]) -> str:
    return str(event.codes.get(OF) or next(iter(askers), ""))


def _askers(organization: int, leads: Collection[UUID]) -> dict[UUID, list[str]]:
    """Lead -> the submissions that asked for it, the one that made it first."""
    if not leads:
        return {}
    made = Lead.objects.of(organization).filter(pk__in=leads).values_list("pk", "submission")
    found = {lead: [str(submission)] for lead, submission in made}
    joined = Joined.objects.of(organization).filter(lead__in=leads, parted_at=None)
    for lead, submission in joined.values_list("lead", "submission"):
        found[lead].append(str(submission))
    return found


def still_asked_by(organization: int, lead: UUID) -> set[str]:
    """The submissions that asked for a lead and were not taken back since."""
    askers = _askers(organization, [lead]).get(lead, [])
    left = set(askers)
    names = (WITHDRAWN, SENT_AGAIN)
    for one in Event.objects.of(organization).filter(lead=lead, name__in=names).order_by("at", "pk"):
        (left.discard if one.name == WITHDRAWN else left.add)(_of(one, askers))
    return left


def _says(name: str, codes: Mapping[str, Any]) -> str:
    if name == WITHDRAWN:
        return "Withdrawn by the referrer"
    return f"Their appointment was cancelled {_BY.get(str(codes.get('by')), '')}".rstrip()


def stands(lead: Lead, columns: Mapping[str, Any], queue: str) -> dict[str, Any]:
    """The open columns of a judgement, for a lead as it stands: what rests goes on resting. Danger never rests, nor
    does what somebody has recovered: it waits for a person to look, with the team that the policy names (`queue`)."""
    if lead.recovered_at is not None and not columns["queue"]:
        return {**columns, "queue": queue, "resting": "", "disposition": "review"}
    if lead.recovered_at is not None:
        return dict(columns)
    if lead.resting != RESTS or columns["safety"] or not columns["queue"]:
        return dict(columns)
    found = taken_back(lead.organization_id, [lead.pk]).get(lead.pk)
    return {**columns, "queue": "", "resting": RESTS} if found and found.rests else dict(columns)


def move(organization: int, submission: UUID, lead: UUID, to: UUID) -> list[UUID]:
    """What was said of this request on a lead is said of the lead that it has become; returns what said it."""
    ours = Event.objects.of(organization).filter(lead=lead, name__in=(WITHDRAWN, SENT_AGAIN))
    said = [one.pk for one in ours if one.codes.get(OF) == str(submission)]
    Event.objects.of(organization).filter(pk__in=said).update(lead=to)
    return said


def lay_to_rest(organization: int, lead: UUID) -> bool:
    """After something has joined a lead: it rests where it was withdrawn and nobody has taken it up. True where it
    rested, and is to wait again."""
    found = taken_back(organization, [lead]).get(lead)
    with transaction.atomic():
        ours = Lead.objects.of(organization).select_for_update(of=("self",)).select_related("current")
        one = ours.filter(pk=lead).first()
        if one is None or found is None or not found.rests:
            return one is not None and one.resting == RESTS
        if one.owner_id is None and one.queue and one.current and not one.safety and not one.recovered_at:
            policy = loaded(one.current.playbook_id)
            hand(one, policy, timezone.now(), one.level, queue="", resting=RESTS)
    return False
