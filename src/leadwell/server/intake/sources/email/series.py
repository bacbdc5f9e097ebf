"""What becomes of an appointment that takes place again and again, where one of its hours is moved or cancelled?

The next hour that stands is the appointment's; it is cancelled once none is left.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from leadwell.formats.invitations import Invitation, when
from leadwell.formats.recurring import Hour, changed, next_of

HOURS: Final = "extra.appointments"
AT: Final = "extra.appointment_at"
UNTIL: Final = "extra.appointment_until"
STATUS: Final = "extra.appointment_status"
_OF_THE_HOUR: Final = (HOURS, AT, UNTIL, STATUS, "timeline")


def written(hours: Sequence[Hour]) -> str:
    """As intervals of ISO 8601."""
    return "; ".join(f"{one.starts}/{one.ends}" if one.ends else one.starts for one in hours)


def settled(invitation: Invitation, stands: Mapping[str, str], came: Mapping[str, str]) -> dict[str, str]:
    """What a lead as it stands takes of an invitation that changes some of its hours."""
    taken = {name: text for name, text in came.items() if name not in _OF_THE_HOUR}
    left = changed(_standing(stands), invitation.changes)
    first = next_of(left, invitation.said_at)
    if first is None:
        return taken | {STATUS: "cancelled"}
    hour = {AT: first.starts, UNTIL: first.ends, "timeline": when(first.starts), STATUS: "booked"}
    return taken | hour | {HOURS: written(left)}


def _standing(stands: Mapping[str, str]) -> list[Hour]:
    if stands.get(STATUS) == "cancelled" or not stands.get(AT):
        return []
    told = [Hour(*one.split("/", 1)) for one in stands.get(HOURS, "").split("; ")]
    if any(one.starts == stands[AT] for one in told):  # else it was moved as a whole since, to one hour
        return told
    return [Hour(stands[AT], stands.get(UNTIL, ""))]
