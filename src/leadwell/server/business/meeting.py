"""Agree on a meeting, move it, say whether it was held, and take that back: one verb a function. (promise D24)

Each is one transaction with the lead's timeline and the trail. Of two who agree at once the second is told: there is
one meeting ahead at a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from django.db import IntegrityError, transaction
from django.utils import timezone

from leadwell.server.base.ids import new_id
from leadwell.server.business.models import Meeting, Result
from leadwell.server.business.of_colleagues import with_colleague
from leadwell.server.business.queries import ahead_of, is_colleague, meeting_of
from leadwell.server.leads.actions import still_held
from leadwell.server.leads.handing import worked_on
from leadwell.server.leads.models import Lead
from leadwell.server.leads.noting import note
from leadwell.server.leads.queries import lead_of
from leadwell.server.leads.verifying import UNDO_WITHIN, Gone
from leadwell.server.privacy.sealing import seal_json
from leadwell.server.privacy.trail import record

LONGEST: Final = 200  # characters
MINUTES: Final = (15, 30, 45, 60, 90)
USUAL: Final = 30
_FARTHEST: Final = timedelta(days=370)


class CannotMeet(ValueError):  # noqa: N818  its message is for the person who tried
    pass


class Erased(CannotMeet):
    """From whom it was filled in is nobody any more: nothing of it may be kept, nor shown again."""

    def __init__(self) -> None:
        super().__init__("Whoever this was filled in from was erased meanwhile. Say with whom you meet, and where.")


class MetOtherwise(ValueError):  # noqa: N818  its message is for the person who was second
    pass


@dataclass(frozen=True)
class Agreed:
    """`instead_of`: the meeting ahead that whoever agrees has seen, None where there was none. `person`: the colleague
    from whom it was filled in, None where it was not; `said`: what of theirs the page showed on which it is agreed
    (`leads.since`)."""

    at: datetime
    zone: str
    minutes: int = USUAL
    with_whom: str = ""
    where: str = ""
    instead_of: UUID | None = None
    person: UUID | None = None
    said: int | None = None


def agree(organization: int, number: UUID, agreed: Agreed, *, actor: str) -> tuple[Meeting, bool]:
    """The meeting, and whether it is new. Raises Gone, CannotMeet (Erased), MetOtherwise."""
    lead, now = held(organization, number), timezone.now()
    _check(agreed, now)
    one = Meeting(id=new_id(), organization_id=organization, lead=lead, at=agreed.at, zone=agreed.zone)
    one.minutes, one.noted_at, one.by = agreed.minutes, now, actor
    told = {"with_whom": agreed.with_whom, "where": agreed.where}
    one.person = with_colleague(organization, number, told, agreed.person)
    one.sealed = seal_json(organization, told, place=f"business.meeting/{one.pk}")
    try:
        with transaction.atomic():
            _hold(organization, number)
            if agreed.person is not None and not is_colleague(organization, number, agreed.person):
                raise Erased
            before = ahead_of(organization, number)
            if before is not None and _same(before, agreed, actor, now):
                return before, False
            if (before.pk if before else None) != agreed.instead_of:
                raise MetOtherwise(_SECOND)
            if before is not None:
                Meeting.objects.of(organization).filter(pk=before.pk).update(moved_to=one.pk)
            one.save(force_insert=True)
            _happened(lead, one, "meeting.moved" if before else "meeting.agreed", actor, now, said=agreed.said)
    except IntegrityError as error:
        raise MetOtherwise(_SECOND) from error
    return one, True


_SECOND: Final = "Somebody else has agreed on another meeting meanwhile. It stands here now; look before you move it."


def tell_result(  # noqa: PLR0913  whose meeting, what is said of it, and by whom
    organization: int, number: UUID, meeting: UUID, result: str, *, actor: str, said: int | None = None
) -> bool:
    """Whether it was held; False where that was said before. `said`: as of `Agreed`. Raises Gone, CannotMeet,
    MetOtherwise."""
    lead, now = held(organization, number), timezone.now()
    one = meeting_of(organization, number, meeting)
    if one is None:
        raise Gone
    if result not in Result:
        raise CannotMeet("Say whether it was held or not.")
    if result == Result.HELD and one.at > now:
        raise CannotMeet("It lies ahead still: say so once it was held.")
    with transaction.atomic():
        _hold(organization, number)
        ours = Meeting.objects.of(organization).filter(pk=meeting, result="", undone_at=None, moved_to=None)
        if not ours.update(result=result, result_at=now, result_by=actor):
            one.refresh_from_db()
            if one.result != result:
                raise MetOtherwise("Somebody else has said otherwise of it, or moved it. It stands here as it is now.")
            return False
        one.result = result
        _happened(lead, one, f"meeting.{result}", actor, now, said=said)
    return True


def take_back(organization: int, number: UUID, meeting: UUID, *, actor: str) -> bool:
    """What they said last of it, within ten minutes: its result, else that it was agreed; one that it was moved from
    stands again. False where it is too late, or somebody else said it. Raises Gone, MetOtherwise."""
    lead, now = held(organization, number), timezone.now()
    since = now - UNDO_WITHIN
    try:
        with transaction.atomic():
            _hold(organization, number)
            ours = Meeting.objects.of(organization).filter(pk=meeting, lead=number, undone_at=None, moved_to=None)
            one = ours.first()
            if one is None:
                return False
            if (
                ours.filter(result_at__gte=since, result_by=actor)
                .exclude(result="")
                .update(result="", result_at=None, result_by="")
            ):
                one.result = ""
            elif ours.filter(result="", noted_at__gte=since, by=actor).update(undone_at=now, undone_by=actor):
                Meeting.objects.of(organization).filter(moved_to=meeting).update(moved_to=None)
            else:
                return False
            _happened(lead, one, "meeting.taken-back", actor, now)
    except IntegrityError as error:  # another was agreed since
        raise MetOtherwise(_SECOND) from error
    return True


def held(organization: int, number: UUID) -> Lead:
    """A business lead that nobody has erased. Raises Gone."""
    lead = lead_of(organization, number)
    if lead is None or not lead.sealed or lead.person_id is None or lead.type != "business":
        raise Gone
    return lead


def _hold(organization: int, number: UUID) -> None:
    if not still_held(organization, [number]):
        raise Gone


def _check(agreed: Agreed, now: datetime) -> None:
    """Raises CannotMeet."""
    if not now < agreed.at <= now + _FARTHEST:
        raise CannotMeet("Agree on a time to come, within a year.")
    if agreed.minutes not in MINUTES:
        raise CannotMeet(f"Choose how long it takes: {', '.join(map(str, MINUTES))} minutes.")
    if agreed.zone not in available_timezones():
        raise CannotMeet("Choose on whose clock it is.")
    if max(len(agreed.with_whom), len(agreed.where)) > LONGEST:
        raise CannotMeet(f"Write at most {LONGEST} characters.")
    ZoneInfo(agreed.zone)


def _same(before: Meeting, agreed: Agreed, actor: str, now: datetime) -> bool:
    """A second click."""
    said = (before.at, before.zone, before.minutes) == (agreed.at, agreed.zone, agreed.minutes)
    return said and before.by == actor and before.noted_at >= now - UNDO_WITHIN


def _happened(  # noqa: PLR0913  what of which meeting, and by whom
    lead: Lead, one: Meeting, name: str, actor: str, now: datetime, *, said: int | None = None
) -> None:
    codes = {"meeting": str(one.pk), "at": one.at.isoformat(), "zone": one.zone}
    note(lead, name, actor=actor, at=now, codes=codes)
    worked_on(lead.organization_id, lead.pk, now, said=said)
    record(lead.organization_id, actor, name, f"lead/{lead.pk}", {"meeting": str(one.pk)})
