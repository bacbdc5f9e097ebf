"""Who learns that somebody's second factor was taken away? The trail, and the privacy officer at once."""

from __future__ import annotations

from typing import Final

from django.utils import timezone

from leadwell.server.access.models import Membership
from leadwell.server.alerts.actions import Cause, tell
from leadwell.server.base.ids import new_id
from leadwell.server.privacy.trail import record

# Codes alone go into the trail and the alert: a reason in words might name somebody.
REASONS: Final = {
    "lost": "They lost it",
    "stolen": "It was stolen",
    "new-device": "They have a new device",
    "broken": "It is broken",
}


def second_factor_was_reset(member: Membership, *, by: str, reason: str) -> None:
    """Whoever has their password could now set up another. `by`: as the trail has it; `reason`: a code of REASONS."""
    ours = member.organization_id
    record(ours, by, "member.second-factor-reset", member.actor, {"reason": reason})
    codes = {"user": member.user_id, "by": by.partition(":")[0], "reason": reason}
    tell(ours, "second-factor", Cause(f"second-factor/{new_id()}", timezone.now(), codes=codes))
