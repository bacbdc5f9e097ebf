"""When does each clinic of the demo open next? Most of it said lately, some days ago, and of some nobody has said."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.utils import timezone

from leadwell.routing.openings import Slot
from leadwell.server.access.models import Membership, Organization
from leadwell.server.openings.actions import Said, state
from leadwell.server.openings.models import Opening

# Where, in how many days, at which hour, whether it is full until then, how many a week from then on, and how long ago
# that was said.
_KNOWN: Final = (
    (Slot("knee-replacement", "loop", "consult"), 46, None, True, (), timedelta(hours=3)),
    (Slot("knee-replacement", "evanston", "consult"), 6, time(9, 30), False, (3, 5), timedelta(hours=3)),
    (Slot("knee-replacement", "", "video"), 3, time(13, 0), False, (4,), timedelta(hours=3)),
    (Slot("spine-care", "loop"), 9, time(14, 15), False, (2,), timedelta(days=3)),
    (Slot("spine-care", "evanston"), 17, None, False, (), timedelta(days=3)),
    (Slot("physical-therapy", "loop"), 2, time(8, 0), False, (11, 16), timedelta(hours=20)),
    (Slot("physical-therapy", "evanston"), 4, None, False, (6,), timedelta(hours=20)),
    (Slot("imaging-mri", "loop"), 1, time(16, 40), False, (9, 14), timedelta(minutes=25)),
    (Slot("imaging-mri", "aurora"), 5, None, True, (), timedelta(days=8)),
)
_FRIDAY: Final = 4
_WEEK: Final = 7  # days; in those before the first there is none
_BY: Final = "helen@example.com"


def say_when(organization: Organization) -> None:
    """Once; as the manager."""
    who = Membership.objects.of(organization).filter(user__email=_BY).select_related("user").first()
    if who is None or Opening.objects.of(organization).exists():
        return
    now, zone = timezone.now(), ZoneInfo(organization.time_zone)
    today = now.astimezone(zone).date()
    said = []
    for slot, days, hour, full, weeks, ago in _KNOWN:
        on = _on_a_weekday(today + timedelta(days=days))
        at = datetime.combine(on, hour, tzinfo=zone) if hour is not None else None
        none = (on - (now - ago).astimezone(zone).date()).days // _WEEK
        said.append(Said(slot, on, at, full, (*[0] * none, *weeks) if weeks else (), now - ago))
    state(organization.pk, said, actor=who.actor)


def _on_a_weekday(day: date) -> date:
    return day + timedelta(days=max(0, 7 - day.weekday())) if day.weekday() > _FRIDAY else day
