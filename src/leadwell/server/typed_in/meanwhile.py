"""What can be said of a call before the worker has judged it? The same engine, here and now; nothing is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils import timezone

from leadwell.server.intake.models import Submission
from leadwell.server.leads import telling
from leadwell.server.leads.judging import Arrived, judged
from leadwell.server.leads.telling import Question
from leadwell.server.playbooks.queries import policy_now


@dataclass(frozen=True)
class Known:
    """`safety`: "emergency", "crisis" or ''; `says`: what to say of it at once. `ask`: what to ask, the first first."""

    disposition: str
    does: str
    safety: str
    says: str
    ask: tuple[Question, ...]


def known(submission: Submission, columns: Mapping[str, str]) -> Known | None:
    """None where no policy is in force."""
    playbook = policy_now(submission.organization_id)
    if playbook is None:
        return None
    arrived = Arrived(submission.pk, 0, submission.source, timezone.now(), columns)
    (one,) = judged([arrived], playbook)
    said, safety = one.said, one.said["safety"] or ""
    ask = () if safety else tuple(telling.questions(said, playbook))
    does = telling.DO_NEXT.get(said["disposition"], "")
    return Known(said["disposition"], does, safety, said.get("safety_says") or "", ask)
