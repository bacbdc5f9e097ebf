"""Who learns that somebody was given a password by another? The trail, and the privacy officer at once."""

from __future__ import annotations

from django.utils import timezone

from leadwell.server.access.models import Membership
from leadwell.server.alerts.actions import Cause, tell
from leadwell.server.base.ids import new_id
from leadwell.server.privacy.trail import record


def password_was_given(member: Membership, *, by: str) -> None:
    """Whoever made it could sign in as them. `by`: as the trail has it."""
    ours = member.organization_id
    record(ours, by, "member.password-changed", member.actor)
    codes = {"user": member.user_id, "by": by.partition(":")[0]}
    tell(ours, "password", Cause(f"password/{new_id()}", timezone.now(), codes=codes))
