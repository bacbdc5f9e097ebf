"""In which words is the hour of an appointment said, so that it is read as when care is wanted?"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from zoneinfo import ZoneInfo


def when(instant: str, zone: str = "") -> str:
    """Its day, where whoever booked it lives, as `2026-12-03 at 10:30`; '' where it is no time."""
    try:
        at = datetime.fromisoformat(instant)
    except ValueError:
        return ""
    if zone and at.tzinfo is not None:
        with suppress(ValueError, OSError, OverflowError):  # no zone of that name
            at = at.astimezone(ZoneInfo(zone))
    return f"{at:%Y-%m-%d at %H:%M}"
