"""How is a verdict said, in one sentence that a tired coordinator understands?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final, Literal

from leadwell.permission.asked import Asked
from leadwell.permission.attempts import Attempts
from leadwell.permission.calendars import is_closed, open_hours
from leadwell.permission.clocks import instant, year_of, zone_of
from leadwell.permission.opening import Layer, week
from leadwell.permission.own import RULE as PLAYBOOK
from leadwell.permission.permits import Refusal
from leadwell.permission.rules import Cap, Hours, Rules
from leadwell.permission.values import ANOTHER, Consent, Place, Stop, Wrong
from leadwell.playbook.hours import Window

_MESSAGES: Final = {"call": "calls", "text": "texts", "email": "e-mails"}
_ABOUT: Final = {
    "care-request": "about their request",
    "appointment": "about an appointment",
    "marketing": "for marketing",
    "business": "about business",
}
_MAINLAND: Final = "America/"
_DAYS: Final = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")


def yes(asked: Asked, consent: Consent) -> str:
    what = f"{_MESSAGES[asked.channel]} {_ABOUT[consent.purpose]}"
    return f"Yes: they agreed to {what} on {_day(consent.at.date())}."


Said = Stop | Consent | Wrong | None


def never(refusal: Refusal, asked: Asked, rules: Rules, *, opens: datetime | None, said: Said) -> str:
    """`opens`: the next hour that is allowed, where it is not now: it is then that nothing permits it. `said`: the stop
    that ended it, what was found of the address, or a consent that is over."""
    says = _refused(refusal, asked, rules, said)
    if opens is not None and refusal is not Refusal.NO_HOUR:
        return f"Never: at the next hour that is allowed, on {_day(opens.date())}, nothing permits it; {says}."
    return f"Never: {says}."


def _refused(refusal: Refusal, asked: Asked, rules: Rules, said: Said) -> str:
    what = f"{_MESSAGES[asked.channel]} {_ABOUT[asked.purpose]}"
    registry = rules.registry
    by_machine = " by machine" if asked.machine[0] else ""
    on = f" on {_day(said.at.date())}" if said else ""
    none = f"nothing on record says that they agreed to {what}"
    return {
        Refusal.UNABLE: f"their line cannot take {_MESSAGES[asked.channel]}",
        Refusal.STOPPED: f"they asked us to stop{on}, and have not agreed to {what} since",
        Refusal.REACHED: f"they asked us to stop{on}, and that ends {what}{by_machine} too",
        Refusal.NO_CONSENT: f"what they agreed to{on} is over, and they have not agreed to {what} since"
        if said
        else none,
        Refusal.NOT_WRITTEN: f"{what}{by_machine} need their written consent, and what they gave is not written",
        Refusal.REGISTRY: f"{what} need their written consent, an inquiry of the last {registry.inquiry_months} months "
        f"or a look at the do-not-call registry within {registry.fresh_days} days that does not list them",
        Refusal.NO_HOUR: "no hour is allowed everywhere they may be",
        Refusal.WRONG: _wrong(asked, said),
    }[refusal]


def _wrong(asked: Asked, said: Said) -> str:
    on = f" on {_day(said.at.date())}" if said else ""
    if isinstance(said, Wrong) and said.why != ANOTHER:
        return f"what we sent to this address came back for good{on}"
    what = "address" if asked.channel == "email" else "number"
    return f"somebody here tried this {what}{on}, and it was a wrong {what}"


def not_before(wait: Layer | Attempts, asked: Asked, rules: Rules, *, opens: datetime, places: Sequence[Place]) -> str:
    if isinstance(wait, Attempts):
        zone = min((place.zone for place in places if place.zone), default="UTC")
        where = f"in {city(zone)}{_elsewhere(asked, opens, zone, places)}"
        return f"Not before {_when(asked, opens, zone)} {where}: {_capped(wait.cap, asked, rules)}."
    hours, zone = _closed(wait, asked)
    others = _others(asked, opens, zone, places)
    also = f"; {others}" if others else ""
    where = f"where they may be ({city(zone)}{_by('zone', zone, places)}{also})"
    if not asked.places[0].zones:
        where = f"in {city(zone)}, as nothing says where they are"
    because = f"{hours.name}{_by('state', hours.state, places)} allows no {_MESSAGES[asked.channel]}"
    return f"Not before {_when(asked, opens, zone)} {where}: {because} {' or '.join(_closures(hours, zone, asked))}."


def _others(asked: Asked, opens: datetime, zone: str, places: Sequence[Place]) -> str:
    """The same instant on each other clock that may be theirs."""
    here = _when(asked, opens, zone)
    clocks: dict[str, str] = {}
    for other in sorted({place.zone for place in places if place.zone} - {zone}):
        clocks.setdefault(_when(asked, opens, other), city(other))
    clocks.pop(here, None)
    said = " and ".join(f"{when} in {city}" for when, city in clocks.items())
    return f"that is {said}" if said else ""


def _elsewhere(asked: Asked, opens: datetime, zone: str, places: Sequence[Place]) -> str:
    others = _others(asked, opens, zone, places)
    return f" ({others})" if others else ""


def _by(of: Literal["zone", "state"], value: str | None, places: Sequence[Place]) -> str:
    """The fact that says so, where another says otherwise."""
    told = {getattr(place, of) for place in places} - {None}
    fact = next((place.fact for place in places if getattr(place, of) == value), None)
    if len(told) < 2 or fact is None or value is None:
        return ""
    return ", as they said" if fact == "said" else f", by their {fact}" + ("," if of == "state" else "")


def _capped(cap: Cap, asked: Asked, rules: Rules) -> str:
    span = f"{cap.hours // 24} days" if cap.hours > 48 and cap.hours % 24 == 0 else f"{cap.hours} hours"
    tries = f"{cap.most} {'attempt' if cap.most == 1 else 'attempts'} in {span}"
    states = sorted(asked.places[0].states & set(cap.states))
    names = [rules.states[state].name if state in rules.states else state for state in states]
    who = "your playbook" if cap.standing.rule == PLAYBOOK else "federal law"
    if len(names) > 1:
        return f"{', '.join(names[:-1])} and {names[-1]} allow {tries}, and so many were made"
    return f"{names[0] if names else who} allows {tries}, and so many were made"


def _closed(layer: Layer, asked: Asked) -> tuple[Hours, str]:
    """Of the hours and zones of a layer, those that open last; of one clock the mainland's, as Adak has Honolulu's in
    winter."""
    where, machine = asked.places[0], bool(asked.machine[0])
    year = int(year_of(asked.at)[0])
    zones = sorted(layer.zones(where), reverse=True)
    if where.zones:
        zones.sort(key=lambda zone: not zone.startswith(_MAINLAND))
    members = [(hours, zone) for hours in layer.of(where.states, machine) for zone in zones]
    return max(members, key=lambda one: int(open_hours(week(one[0]), one[1], year).next(asked.at)[0]))


def _closures(hours: Hours, zone: str, asked: Asked) -> list[str]:
    """What closes it on each day from now until it opens."""
    year = int(year_of(asked.at)[0])
    until = instant(int(open_hours(week(hours), zone, year).next(asked.at)[0])).astimezone(zone_of(zone))
    now = instant(int(asked.at[0])).astimezone(zone_of(zone))
    days = [now.date() + timedelta(days=i) for i in range(min(8, (until.date() - now.date()).days + 1))]
    said = [_closure(hours, day, now, until) for day in days]
    return list(dict.fromkeys(one for one in said if one)) or [f"before {_clock(until)}"]


def _closure(hours: Hours, day: date, now: datetime, until: datetime) -> str | None:
    windows = [window for window in hours.windows if window.day == day.weekday()]
    if is_closed(week(hours), day):
        return "on a legal holiday"
    if not windows:
        return f"on {_DAYS[day.weekday()]}"
    usual = _usual(hours.windows, day)
    if day == now.date() and 60 * now.hour + now.minute >= max(window.end for window in windows):
        return f"after {_hour(max(window.end for window in windows))}{usual}"
    if day == until.date() and (usual or day == now.date()):
        return f"before {_clock(until)}{usual}"
    return None


def _usual(windows: tuple[Window, ...], day: date) -> str:
    """On which day, where another day has other hours."""
    hours = {d: [(w.start, w.end) for w in windows if w.day == d] for d in range(7)}
    same = sum(hours[d] == hours[day.weekday()] for d in range(7))
    return "" if same >= 4 else f" on {_DAYS[day.weekday()]}"


def _when(asked: Asked, opens: datetime, zone: str) -> str:
    """ "9:00 tomorrow", on the clock of the zone."""
    opens = opens.astimezone(zone_of(zone))
    today = instant(int(asked.at[0])).astimezone(zone_of(zone)).date()
    if opens.second:
        opens += timedelta(seconds=60 - opens.second)
    ahead = (opens.date() - today).days
    day = {0: "today", 1: "tomorrow"}.get(ahead, f"on {opens.strftime('%A')}, {_day(opens.date())}")
    return f"{_clock(opens)} {day}"


def _clock(time: datetime) -> str:
    return f"{time.hour}:{time.minute:02}"


def _hour(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02}"


def _day(day: date) -> str:
    return f"{day.day} {day.strftime('%b')} {day.year}"


def city(zone: str) -> str:
    """“New York”, of America/New_York."""
    return zone.rpartition("/")[2].replace("_", " ")
