"""Who is this, though my role does not show it? Break-glass: one person, a quarter of an hour, a reason, an alert.

45 CFR 164.312(a)(2)(ii) asks for a way to what is needed in an emergency; whoever takes it is seen doing so.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from leadwell.server.access.choosing import member_of
from leadwell.server.access.models import Membership
from leadwell.server.access.roles import May, Role
from leadwell.server.alerts.actions import Cause, tell
from leadwell.server.people.models import Emergency
from leadwell.server.people.queries import is_known, open_emergencies
from leadwell.server.privacy.sealing import seal_json
from leadwell.server.privacy.trail import record

LASTS: Final = timedelta(minutes=15)
SHORTEST: Final = 10  # characters of a reason: a word alone is none
_MINUTES: Final = int(LASTS.total_seconds() // 60)


class NotOpened(ValueError):  # noqa: N818  its message is for the person who asked
    pass


def open_identity(member: Membership, person: UUID, reason: str) -> Emergency:
    """Lets somebody see who a person is until `until`, while they stay signed in; the privacy officer is told at once.
    Raises NotOpened."""
    reason = " ".join(reason.split())
    if len(reason) < SHORTEST:
        raise NotOpened("Say why you need it, in a sentence. The privacy officer reads it.")
    if member.may(May.SEE_IDENTITIES) or not is_known(member.organization_id, person):
        raise NotOpened("There is nothing to open: your role shows it, or nobody of this id is known here.")
    now = timezone.now()
    made = Emergency(organization=member.organization, user=member.user, person=person, opened_at=now)
    made.until, made.session = now + LASTS, member.session
    made.sealed = seal_json(member.organization_id, reason, place=f"people.emergency/{made.pk}")
    with transaction.atomic():
        made.save(force_insert=True)
        record(member.organization_id, member.actor, "identity.opened", f"person/{person}", {"minutes": _MINUTES})
        tell(member.organization_id, "emergency", Cause(f"emergency/{made.pk}", now, codes=_codes(member, person)))
    return made


def _codes(member: Membership, person: UUID) -> dict[str, str | int]:
    role = str(Role(member.role).label)
    article = "An" if role[0] in "AEIOU" else "A"
    return {"role": role.lower(), "article": article, "minutes": _MINUTES, "person": str(person)}


def close_at_sign_out(request: HttpRequest, **_: Any) -> None:
    """Whoever signs in again has nothing open. (A receiver of Django's signal; it knows no other way.)"""
    member = member_of(request)
    if member is not None:
        close_identities(member)


def close_identities(member: Membership) -> int:
    """Ends at once what somebody has open in this session; returns how many."""
    now = timezone.now()
    ended = open_emergencies(member, now=now)
    with transaction.atomic():
        for one in ended:
            Emergency.objects.of(member.organization_id).filter(pk=one.pk).update(until=now)
            record(member.organization_id, member.actor, "identity.closed", f"person/{one.person}")
    return len(ended)
