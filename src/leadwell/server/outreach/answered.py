"""Of which leads is a mail an answer that names mails of ours?"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from leadwell.server.outreach.channels.email.returning import id_in_message_id
from leadwell.server.outreach.models import Message


def written_about(organization: int, mails: Sequence[str]) -> list[UUID]:
    """Of those that left, or may have."""
    numbers = [number for one in mails if (number := id_in_message_id(one))]
    ours = Message.objects.of(organization).filter(pk__in=numbers, message_id__in=mails).exclude(handed_at=None)
    return [lead for lead in ours.values_list("lead", flat=True) if lead is not None]
