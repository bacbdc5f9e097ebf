"""A meeting as a file that any calendar takes (RFC 5545): when, how long, with whom, where. No more than the page
says."""

from __future__ import annotations

from datetime import timedelta

import icalendar

from leadwell.server.business.models import Meeting

MEDIA_TYPE = "text/calendar; charset=utf-8"


def ics(one: Meeting, *, about: str, with_whom: str, where: str) -> bytes:
    """In UTC, so that every calendar shows the same moment; moved or not, it is the same entry of the lead."""
    event = icalendar.Event()
    event.add("uid", f"{one.lead_id}@leadwell")
    event.add("dtstamp", one.noted_at)
    event.add("dtstart", one.at)
    event.add("dtend", one.at + timedelta(minutes=one.minutes))
    event.add("sequence", int(one.noted_at.timestamp()) % 2**31)
    event.add("summary", f"Meeting: {about}" if about else "Meeting")
    if with_whom:
        event.add("description", f"With {with_whom}")
    if where:
        event.add("location", where)
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Leadwell//Meetings//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    text: bytes = calendar.to_ical()
    return text
