"""Mend what could not be read, and play it again: one submission or many. What was sent stays as it was.

Mending adds a second, sealed version of the body beside the first; replaying makes a submission due once more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final
from uuid import UUID

import orjson
from django.db import transaction
from django.utils import timezone

from leadwell.server.base.routers import inbox_database
from leadwell.server.intake import sources
from leadwell.server.intake.actions import change_settings
from leadwell.server.intake.meant import said_in
from leadwell.server.intake.models import WITHDRAWN, Source, State, Submission
from leadwell.server.intake.opening import Sent, opened
from leadwell.server.intake.queries import settings_of, source_by_number
from leadwell.server.privacy.sealing import seal

MENDABLE: Final = (State.NEEDS_MENDING, State.SET_ASIDE)
TO_LOOK_AT: Final = (State.NOT_TAKEN, *MENDABLE)  # of lists: one that failed once is looked at anew

NO_LEAD: Final = {
    "test": "It is a test",
    "advertising": "It is advertising",
    "nothing": "It says nothing",
    "elsewhere": "It is meant for somebody else",
    "other": "It is something else",
}
_PUT_ASIDE: Final = "somebody said that it is no lead: "  # and a code of NO_LEAD


class CannotMend(ValueError):  # noqa: N818  its message is for the person who tried
    pass


def mend(organization: int, submission: UUID, body: bytes) -> None:
    """Puts a corrected body beside what was sent, and plays it. Raises CannotMend, also where it is still wrong."""
    ours = Submission.objects.of(organization).filter(pk=submission, state__in=MENDABLE)
    if (found := ours.first()) and (wrong := _still_wrong(found, body)):
        raise CannotMend(f"Still not right: {wrong}. Nothing was changed.")
    mended = seal(organization, body, place=f"intake.mended/{submission}")
    if not ours.update(mended=mended, **due_again()):
        raise CannotMend("Only a submission that needs mending or was set aside can be mended.")


def _still_wrong(found: Submission, body: bytes) -> str:
    """What its source would say of the corrected body; of a list somebody decides by a look at its headers."""
    source = source_by_number(found.organization_id, found.source)
    if source is None or source.kind == "file":
        return ""
    reading = sources.reader(source.kind)(Sent(body, found.media_type, {}), settings_of(source))
    return reading.problem


def mean(found: Submission, source: Source, said: Mapping[str, str]) -> bool:
    """Plays a submission under what somebody says of its fields: field -> column. Of a webhook or form its source
    remembers that (then True); of the API a body under our names is put beside what was sent. Raises CannotMend."""
    sent, known = opened(found), settings_of(source)
    if source.kind == "api":
        fields = said_in(source.kind, sent, known)
        names = {one.name: said.get(one.name) or one.column or one.name for one in fields}
        mend(found.organization_id, found.pk, orjson.dumps({names[one.name]: one.value for one in fields}))
        return False
    settings = {**known, "mapping": {**(known.get("mapping") or {}), **said}}
    if wrong := sources.reader(source.kind)(sent, settings).problem:
        raise CannotMend(f"Still not right: {wrong}. Nothing was changed.")
    if not replay(found.organization_id, [found.pk]):
        raise CannotMend("It no longer waits for anybody.")
    if said:
        change_settings(source, settings)
    return bool(said)


def put_aside(organization: int, submission: UUID, why: str) -> bool:
    """Somebody says that it is no lead, and why (a code of NO_LEAD); False where it no longer waits."""
    ours = Submission.objects.of(organization).filter(pk=submission, state__in=MENDABLE)
    return bool(ours.update(state=State.NOT_A_LEAD, problem=_PUT_ASIDE + why, due_at=None))


def is_put_aside(found: Submission) -> bool:
    """Whether that was said, and can be taken back: what was sent is still there."""
    return found.state == State.NOT_A_LEAD and found.problem.startswith(_PUT_ASIDE) and bool(found.sealed)


def take_back(found: Submission) -> bool:
    """It is one after all; False where it was not put aside, or is no longer kept."""
    if not is_put_aside(found):
        return False
    ours = Submission.objects.of(found.organization_id).filter(pk=found.pk, state=State.NOT_A_LEAD)
    problem = "somebody had put it aside as no lead, and took that back"
    return bool(ours.update(state=State.NEEDS_MENDING, problem=problem))


def replay(organization: int, submissions: Iterable[UUID]) -> int:
    """Makes submissions due again; returns how many. Those that are not to be mended are left alone."""
    with transaction.atomic(using=inbox_database()):
        ours = Submission.objects.of(organization).filter(pk__in=list(submissions), state__in=MENDABLE)
        return ours.update(**due_again())


def due_again() -> dict[str, object]:
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
                change = {**due_again(), "key": one.refused_key}
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
    return bool(ours.update(**due_again()))


def withdraw(organization: int, submission: UUID) -> bool:
    """Sets aside for good what somebody sent by mistake, as the wrong list; False where it no longer waits."""
    ours = Submission.objects.of(organization).filter(pk=submission, state__in=TO_LOOK_AT)
    return bool(ours.update(state=State.NOT_A_LEAD, problem=WITHDRAWN, due_at=None))
