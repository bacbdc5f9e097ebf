"""Mend what could not be read, and play it again: one submission or many. What was sent stays as it was.

Mending adds a second, sealed version of the body beside the first; replaying makes a submission due once more.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from leadwell.server.base.routers import inbox_database
from leadwell.server.intake import sources
from leadwell.server.intake.models import WITHDRAWN, State, Submission
from leadwell.server.intake.opening import Sent
from leadwell.server.intake.queries import settings_of, source_by_number
from leadwell.server.privacy.sealing import seal

MENDABLE: Final = (State.NEEDS_MENDING, State.SET_ASIDE)
TO_LOOK_AT: Final = (State.NOT_TAKEN, *MENDABLE)  # of lists: one that failed once is looked at anew


class CannotMend(ValueError):  # noqa: N818  its message is for the person who tried
    pass


def mend(organization: int, submission: UUID, body: bytes) -> None:
    """Puts a corrected body beside what was sent, and plays it. Raises CannotMend, also where it is still wrong."""
    ours = Submission.objects.of(organization).filter(pk=submission, state__in=MENDABLE)
    if (found := ours.first()) and (wrong := _still_wrong(found, body)):
        raise CannotMend(f"Still not right: {wrong}. Nothing was changed.")
    mended = seal(organization, body, place=f"intake.mended/{submission}")
    if not ours.update(mended=mended, **_due_again()):
        raise CannotMend("Only a submission that needs mending or was set aside can be mended.")


def _still_wrong(found: Submission, body: bytes) -> str:
    """What its source would say of the corrected body; of a list somebody decides by a look at its headers."""
    source = source_by_number(found.organization_id, found.source)
    if source is None or source.kind == "file":
        return ""
    reading = sources.reader(source.kind)(Sent(body, found.media_type, {}), settings_of(source))
    return reading.problem


def replay(organization: int, submissions: Iterable[UUID]) -> int:
    """Makes submissions due again; returns how many. Those that are not to be mended are left alone."""
    with transaction.atomic(using=inbox_database()):
        ours = Submission.objects.of(organization).filter(pk__in=list(submissions), state__in=MENDABLE)
        return ours.update(**_due_again())


def _due_again() -> dict[str, object]:
    return {"state": State.RECEIVED, "due_at": timezone.now(), "tries": 0, "problem": ""}


def accept_refused(organization: int, submissions: Iterable[UUID]) -> int:
    """Takes submissions with a wrong signature after all, as when a secret was mistyped here; returns how many. What
    was delivered several times meanwhile is taken once, and the sender's next try is a repeat of it."""
    count = 0
    with transaction.atomic(using=inbox_database()):
        ours = Submission.objects.of(organization)
        for one in ours.filter(pk__in=list(submissions), state=State.REFUSED).order_by("received_at"):
            first = _taken_already(organization, one)
            if first is None:
                change = {**_due_again(), "key": one.refused_key}
            else:
                change = {"state": State.REPEAT, "repeat_of": first, "sealed": b"", "due_at": None}
            count += ours.filter(pk=one.pk, state=State.REFUSED).update(**change)
    return count


def _taken_already(organization: int, refused: Submission) -> UUID | None:
    """An earlier delivery of the same, under the same key, or where it had none with the same content."""
    if refused.refused_key is not None:
        same = Submission.objects.of(organization).filter(key=refused.refused_key)
    else:
        same = Submission.objects.of(organization).filter(content=refused.content, key=None, repeat_of=None)
    return same.exclude(state=State.REFUSED).order_by("received_at").values_list("pk", flat=True).first()


def take_in(organization: int, submission: UUID) -> bool:
    """Plays a list whose headers somebody has looked at; False where it no longer waits."""
    ours = Submission.objects.of(organization).filter(pk=submission, state__in=TO_LOOK_AT)
    return bool(ours.update(**_due_again()))


def withdraw(organization: int, submission: UUID) -> bool:
    """Sets aside for good what somebody sent by mistake, as the wrong list; False where it no longer waits."""
    ours = Submission.objects.of(organization).filter(pk=submission, state__in=TO_LOOK_AT)
    return bool(ours.update(state=State.NOT_A_LEAD, problem=WITHDRAWN, due_at=None))
