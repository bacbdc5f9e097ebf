"""Is there a permission? The rules 1.7 to 1.19 once more, one person and one event at a time, to compare the gate with.

Plain and slow on purpose, and with numbers of its own: it shares nothing with the gate but the words of the rules.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from leadwell.permission import Consent, Known, Stop

ANYWHERE = ("America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Anchorage",
            "Pacific/Honolulu", "America/Phoenix", "America/Adak")  # fmt: skip
REVOKE_ALL = datetime(2027, 1, 31, tzinfo=UTC)


def permitted(known: Known, channel: str, purpose: str, at: datetime) -> bool:
    if channel == "text" and known.line_type == "landline":
        return False
    if channel in known.unable or any(one.channel == channel for one in known.wrong):
        return False
    return any(_allows(consent, known, channel, purpose, at) for consent in known.consents)


def _allows(consent: Consent, known: Known, channel: str, purpose: str, at: datetime) -> bool:
    for_this = {purpose, "care-request"} if purpose == "appointment" else {purpose}
    if consent.channel != channel or consent.purpose not in for_this or consent.at > at:
        return False
    if consent.until is not None and at >= consent.until:
        return False
    for ended in (purpose, consent.purpose):
        if any(
            _ends(stop, known, channel, ended, at) and (consent.referred or stop.at >= consent.at)
            for stop in known.stops
        ):
            return False
    if consent.purpose != purpose and any(_ends(stop, known, channel, purpose, consent.at) for stop in known.stops):
        return False  # given after a stop it opens nothing but what it names
    asked = asked_lately(known, at)
    solicits = purpose == "marketing" or (purpose == "business" and not asked)
    if consent.kind == "written" or not solicits or channel == "email":
        return True
    by_machine = known.automated or known.prerecorded or channel == "text"
    return not by_machine and (asked or _not_listed(known, at))


def _ends(stop: Stop, known: Known, channel: str, purpose: str, at: datetime) -> bool:
    machine = known.automated or known.prerecorded
    telephone = ("call", "text")
    ours = stop.purpose in (None, purpose)
    direct = ours and stop.channel in (channel, "all")
    reached = ours and machine and stop.channel in telephone and channel in telephone
    if (direct or reached) and stop.at <= at:
        return True
    every = stop.purpose in ("care-request", "appointment") and stop.channel in (*telephone, "all")
    concerned = channel == "text" or (channel == "call" and machine)
    return every and concerned and max(stop.at, REVOKE_ALL) <= at


def asked_lately(known: Known, at: datetime) -> bool:
    since = known.inquired_at
    if since is None or since > at:
        return False
    if any(_ends_an_inquiry(stop) and since <= stop.at <= at for stop in known.stops):
        return False
    return all(_day(at, zone) <= _months_later(_day(since, zone), 3) for zone in _zones(known))


def _ends_an_inquiry(stop: Stop) -> bool:
    return stop.purpose in (None, "marketing", "business")


def _not_listed(known: Known, at: datetime) -> bool:
    dnc = known.dnc
    if dnc is None or dnc.listed or dnc.checked_at > at:
        return False
    return all(_day(at, zone) - _day(dnc.checked_at, zone) <= timedelta(days=31) for zone in _zones(known))


def _zones(known: Known) -> set[str]:
    return {place.zone for place in known.places if place.zone} or set(ANYWHERE)


def _day(at: datetime, zone: str) -> date:
    return at.astimezone(ZoneInfo(zone)).date()


def _months_later(day: date, months: int) -> date:
    month = day.month - 1 + months
    first = date(day.year + month // 12, month % 12 + 1, 1)
    last = (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return min(first + timedelta(days=day.day - 1), last)
