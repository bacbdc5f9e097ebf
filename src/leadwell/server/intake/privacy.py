"""What do we hold of what somebody sent? The bytes of each submission that made one of their leads.

A list holds many people in one body, which cannot be emptied for one of them alone; it is emptied whole, since every
row that became a lead is kept with that lead.
"""

from __future__ import annotations

from typing import Any

from leadwell.server.intake.models import Submission
from leadwell.server.intake.opening import opened
from leadwell.server.privacy.held import Held, Subject


def _gives(subject: Subject) -> dict[str, Any]:
    theirs = Submission.objects.of(subject.organization).filter(pk__in=subject.submissions, leads=1)
    return {"submissions": [_submission(one) for one in theirs.order_by("received_at") if one.sealed]}


def _submission(one: Submission) -> dict[str, Any]:
    sent = opened(one)
    return {
        "id": str(one.pk),
        "received_at": one.received_at.isoformat(),
        "media_type": sent.media_type,
        "headers": dict(sent.headers),
        "body": sent.body.decode("utf-8", errors="replace"),
    }


def _erases(subject: Subject) -> None:
    ours = Submission.objects.of(subject.organization)
    ours.filter(pk__in=subject.submissions).update(sealed=b"", mended=None)


HELD = Held(models=(Submission,), finds=lambda subject: None, gives=_gives, erases=_erases)
