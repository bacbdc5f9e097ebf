"""Did RULES 1 and 2 allow this message at this instant? One small judge a rule, the most cautious reading throughout.

A finding with a `reading` is against the message only if RULES, where it leaves a choice, is read the stricter way; a
finding without one is against it however RULES is read.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from benchmarks.gate import law
from benchmarks.gate.places import (
    BY_ZIP,
    EVERYWHERE,
    NOWHERE,
    STATE_OF_AREA,
    ZONES_OF_AREA,
    ZONES_OF_STATE,
    area_of,
)
from benchmarks.gate.told import PHONE, SERVICE, Message, Stop, Told

DAY = 86_400.0
ADDRESS_BAD = {"5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "5.4.4"}
NO_TEXTS = {"30006", "21635"}
NO_SUCH_NUMBER = {"30005", "21211"}


@dataclass(frozen=True)
class Finding:
    rule: str
    says: str
    reading: str | None = None


@dataclass(frozen=True)
class Whereabouts:
    """Each told fact with the zones and the state it may mean."""

    told: tuple[tuple[str, frozenset[str], str | None], ...]
    zones: frozenset[str]
    said: frozenset[str] | None  # the zones left if a said state replaces the guesses
    anywhere: bool


def judge(message: Message, told: Told) -> list[Finding]:
    """Everything against this message, given all that was told until now."""
    if message.purpose == "stop-confirmation":
        return list(_confirmation(message, told))
    judges = (_permission, _stopped, _reachable, _do_not_call, _hours, _caps)
    return [finding for one in judges for finding in one(message, told)]


def is_solicitation(message: Message, told: Told) -> bool:
    """Marketing, and business with someone who did not ask."""
    return message.purpose == "marketing" or (
        message.purpose == "business" and not told.records[message.record].asked_business
    )


def whereabouts(message: Message, told: Told) -> Whereabouts:
    facts = told.records[message.record].facts
    found: list[tuple[str, frozenset[str], str | None]] = []
    area = area_of(message.address)
    if area not in NOWHERE and area in ZONES_OF_AREA:
        found.append(("number", ZONES_OF_AREA[area], STATE_OF_AREA.get(area)))
    if facts.get("zip") in BY_ZIP:
        place = BY_ZIP[facts["zip"]]
        found.append(("zip", frozenset({place.zone}), place.state))
    for name in ("state", "address_state"):
        if facts.get(name) in ZONES_OF_STATE:
            zones = ZONES_OF_STATE[facts[name]]
            known = next((zip_zones for _, zip_zones, state in found[-1:] if state == facts[name]), zones)
            found.append((name, known if known <= zones else zones, facts[name]))
    said = next((zones for name, zones, _ in found if name == "state"), None)
    if "stated_zone" in facts:
        zones = said = frozenset({facts["stated_zone"]})
    else:
        zones = frozenset().union(*(zones for _, zones, _ in found))
    return Whereabouts(tuple(found), zones or EVERYWHERE, said, not zones)


def _permission(message: Message, told: Told) -> Iterator[Finding]:
    """RULES 1.8: a consent of this record, for this channel and purpose, of the level it needs, not expired."""
    record = told.records[message.record]
    if message.address != told.address_of(message.record, message.channel):
        yield Finding("1.8", "an address that this record does not have")
        return
    machine = message.channel in PHONE and (message.automated or message.prerecorded)
    needs_written = machine and is_solicitation(message, told)
    doubt: str | None = None
    for given in record.consents:
        if given.channel != message.channel or not given.at <= message.at < given.expires:
            continue
        exact = given.purpose == message.purpose
        of_request = message.purpose == "appointment" and given.purpose == "care-request"
        if not (exact or of_request):
            if message.purpose in SERVICE and given.purpose in (*SERVICE, "marketing"):
                doubt = "a consent to another purpose serves the request"
            continue
        if needs_written and not given.written:
            continue
        if given.address != message.address:
            doubt = doubt if given.written else "a consent given with an earlier address"
        elif message.channel == "text" and is_solicitation(message, told) and not given.written:
            doubt = "a marketing text sent by hand needs no written consent"
        else:
            return
    yield Finding("1.8", "no fitting consent", doubt)


def _stopped(message: Message, told: Told) -> Iterator[Finding]:
    """RULES 1.11, 1.12, 1.14, 1.7 and 2: none after a stop of the person or of the address."""
    doubtful: Finding | None = None
    for stop in told.stops_on(message):
        covered = _covers(stop, message)
        if covered is None or stop.at > message.at:
            continue
        reading = covered or _lifted(stop, message, told)
        if reading == "lifted":
            continue
        finding = Finding(_rule_of(stop, message, told), f"{stop.way} stopped {stop.channel}", reading or None)
        if finding.reading is None:
            yield finding
            return
        doubtful = finding
    if message.channel == "text" and "21610" in told.addresses[message.address].results:
        yield Finding("1.15", "the carrier said that they opted out (21610)")
    elif doubtful:
        yield doubtful


def _covers(stop: Stop, message: Message) -> str | None:
    """'' if the stop is against the message, the reading under which it is, None if it is not."""
    doubt = ""
    if stop.purpose and stop.purpose != message.purpose:
        if not (stop.purpose in SERVICE and message.purpose in SERVICE):
            return None
        doubt = "a stop to one kind of service stops the other"
    elif stop.way in ("link", "complaint") and message.purpose in SERVICE:
        doubt = "a link or a complaint stops service mail too"
    if stop.channel in ("all", message.channel):
        return doubt
    if stop.only or stop.channel not in PHONE or message.channel not in PHONE:
        return None
    return doubt if message.automated else None


def _lifted(stop: Stop, message: Message, told: Told) -> str:
    """'lifted' by a START of the same person from the same address, for service only; or the reading that lifts it."""
    record = told.records[message.record]
    if stop.record == message.record and message.purpose in SERVICE:
        for at, channel, address in record.starts:
            if stop.at < at <= message.at and channel == stop.channel == message.channel and address == stop.address:
                virginia = any(state == "VA" for _, _, state in whereabouts(message, told).told)
                return "in Virginia no START ends a stop" if virginia else "lifted"
    for given in record.consents:
        if given.channel == message.channel and given.purpose == message.purpose and given.at > stop.at:
            return "a later consent does not end a stop"
    return ""


def _rule_of(stop: Stop, message: Message, told: Told) -> str:
    if message.channel == "email":
        return {"link": "2.3", "complaint": "2.6"}.get(stop.way, "2.1")
    states = {state for _, _, state in whereabouts(message, told).told}
    if (message.channel == "text" and "VA" in states) or (message.channel == "call" and "WA" in states):
        return "1.7"
    if stop.channel not in ("all", message.channel):
        return "1.14"
    return "1.12" if message.at - stop.at <= 600 else "1.11"


def _reachable(message: Message, told: Told) -> Iterator[Finding]:
    """RULES 1.18 and 2.6: what the carrier or the mailbox said of the address."""
    results = told.addresses[message.address].results
    if message.channel == "text":
        if told.records[message.record].facts.get("line_type") == "landline" or results & NO_TEXTS:
            yield Finding("1.18", "a text to a landline")
        elif results & NO_SUCH_NUMBER:
            yield Finding("1.18", "a text to a number that does not exist")
    elif message.channel == "call" and results & NO_SUCH_NUMBER:
        yield Finding("1.18", "a call to a number that does not exist", "a text's error bars calls")
    elif message.channel == "email" and results & ADDRESS_BAD:
        yield Finding("2.6", "the mailbox does not exist")


def _do_not_call(message: Message, told: Told) -> Iterator[Finding]:
    """RULES 1.19: written permission, or an inquiry of the last three months, or a fresh look at the list."""
    if message.channel not in PHONE or not is_solicitation(message, told):
        return
    record, address = told.records[message.record], told.addresses[message.address]
    written = any(
        given.written
        and given.channel == message.channel
        and given.purpose == message.purpose
        and given.at <= message.at < given.expires
        for given in record.consents
    )
    related = any(
        message.at < _three_months_after(asked) and not any(stop.at >= asked for stop in record.stops)
        for asked in record.inquiries
    )
    fresh = address.listed is False and message.at - address.looked_up <= 31 * DAY
    if not (written or related or fresh):
        why = "listed" if address.listed else "no fresh look at the list"
        reading = "business numbers are on the list too" if message.purpose == "business" else None
        if address.listed is False and message.at - address.looked_up < 32 * DAY:
            reading = "31 days are counted in seconds"
        yield Finding("1.19", f"{why}, no written permission, no inquiry in three months", reading)


def _three_months_after(asked: float) -> float:
    """The end of the calendar day three months later, wherever in the US that day ends last."""
    day = datetime.fromtimestamp(asked, UTC)
    month = day.month + 3
    year, month = day.year + (month > 12), (month - 1) % 12 + 1
    last = (datetime(year + (month == 12), month % 12 + 1, 1, tzinfo=UTC) - timedelta(days=1)).day
    end = datetime(year, month, min(day.day, last), tzinfo=UTC) + timedelta(days=1, hours=10)
    return end.timestamp()


def _hours(message: Message, told: Told) -> Iterator[Finding]:
    """RULES 1.1-1.5: every window of every plausible zone and state is open."""
    if message.channel not in PHONE:
        return
    where = whereabouts(message, told)
    finding = _shut(message, where, where.zones, told)
    if finding is None:
        stated = "stated_zone" in told.records[message.record].facts
        if area_of(message.address) in NOWHERE and not stated and _shut(message, where, EVERYWHERE, told):
            yield Finding("1.4", "a number that may be anywhere", "a ZIP does not settle where such a number is")
        return
    if finding.reading is None and where.said is not None and _shut(message, where, where.said, told) is None:
        finding = Finding(finding.rule, finding.says, "a said state is a guess like others")
    yield finding


def _shut(message: Message, where: Whereabouts, zones: frozenset[str], told: Told) -> Finding | None:
    second = int(message.at)
    shut = sorted(zone for zone in zones if law.federal_shut(zone, second))
    solicits = is_solicitation(message, told)
    if shut:
        rule = _rule_of_zone(where, zones, shut, second)
        says = f"outside 8:00-21:00 in {', '.join(shut)}"
        return Finding(rule, says, None if solicits else "hours bind service too")
    if not solicits:
        return None
    machine = message.automated and message.channel == "call"
    doubtful: Finding | None = None
    for state, own in _states(where):
        at_home = {law.state_shut(state, zone, second, automated_call=machine) for zone in own}
        where_they_are = {law.state_shut(state, zone, second, automated_call=machine) for zone in zones}
        if "sure" in at_home and "sure" in where_they_are:
            return Finding("1.5", f"{state} is shut")
        if (at_home | where_they_are) - {None}:
            doubtful = Finding("1.5", f"{state} is shut", "a state's hours from memory or on another clock")
    return doubtful


def _states(where: Whereabouts) -> Iterator[tuple[str, frozenset[str]]]:
    seen: dict[str, frozenset[str]] = {}
    for _, zones, state in where.told:
        if state:
            seen[state] = seen[state] & zones or seen[state] | zones if state in seen else zones
    yield from seen.items()


def _rule_of_zone(where: Whereabouts, zones: frozenset[str], shut: list[str], second: int) -> str:
    if where.anywhere:
        return "1.4"
    if len(shut) == len(zones):
        return "1.2" if all(_hour_just_changed(zone, second) for zone in shut) else "1.1"
    apart = any(not one & other for _, one, _ in where.told for _, other, _ in where.told)
    return "1.3" if apart else "1.4"


def _hour_just_changed(zone: str, second: int) -> bool:
    """Would the window have been open by the clock of a week ago?"""
    now, before = law.local(zone, second), law.local(zone, second - 7 * 86_400)
    return now.utcoffset() != before.utcoffset() and law.within(law.FEDERAL, before)


def _caps(message: Message, told: Told) -> Iterator[Finding]:
    """RULES 1.6: three calls in any 24 hours in FL, OK, MD; one automated call in eight hours in ME."""
    if message.channel != "call":
        return
    states = {state for _, _, state in whereabouts(message, told).told}
    capped = states & law.THREE_A_DAY
    service = None if is_solicitation(message, told) else "caps bind service calls"
    if capped:
        calls = told.calls_since(message, message.at - DAY)
        alike = sum(call.purpose == message.purpose for call in calls)
        if len(calls) >= 3:
            reading = service or (None if alike >= 3 else "calls of another purpose count")
            yield Finding("1.6", f"{len(calls)} calls in 24 hours, {', '.join(sorted(filter(None, capped)))}", reading)
    if "ME" in states and message.automated:
        calls = told.calls_since(message, message.at - DAY / 3)
        if any(call.automated for call in calls):
            yield Finding("1.6", "a second automated call in eight hours, ME", service)


def _confirmation(message: Message, told: Told) -> Iterator[Finding]:
    """RULES 1.13: one text for each revocation by text, within five minutes."""
    address = told.addresses[message.address]
    if message.channel != "text" or address.revoked_at is None:
        yield Finding("1.13", "there was no stop by text to confirm")
    elif address.confirmed:
        yield Finding("1.13", "a second confirmation of one stop")
    elif message.at - address.revoked_at > 300:
        yield Finding("1.13", "a confirmation later than five minutes")
