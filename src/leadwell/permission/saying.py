"""How is a verdict said, in one sentence that a tired coordinator understands?"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from leadwell.permission.asked import Asked
from leadwell.permission.attempts import Attempts
from leadwell.permission.calendars import is_closed, open_hours
from leadwell.permission.clocks import instant, year_of, zone_of
from leadwell.permission.deciding import Decided
from leadwell.permission.opening import Layer, week
from leadwell.permission.permits import Refusal
from leadwell.permission.rules import Cap, Hours, Rules
from leadwell.permission.values import Consent
from leadwell.playbook.hours import Window

_DO: Final = {"call": "call", "text": "text", "email": "e-mail"}
_MESSAGES: Final = {"call": "calls", "text": "texts", "email": "e-mails"}
_ABOUT: Final = {
    "care-request": "about their request",
    "appointment": "about an appointment",
    "marketing": "for marketing",
    "business": "about business",
}
_DAYS: Final = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")


def yes(asked: Asked, consent: Consent) -> str:
    what = f"{_MESSAGES[asked.channel]} {_ABOUT[asked.purpose]}"
    return f"Yes: they agreed to {what} on {_day(consent.at.date())}."


def never(refusal: Refusal, asked: Asked, decided: Decided, rules: Rules) -> str:
    says = _refused(refusal, asked, rules)
    opens = int(decided.opens[0])
    if refusal is not Refusal.NO_HOUR and opens > int(asked.at[0]):
        return (
            f"Never: at the next hour that is allowed, on {_day(instant(opens).date())}, no permission stands; {says}."
        )
    return f"Never: {says}."


def _refused(refusal: Refusal, asked: Asked, rules: Rules) -> str:
    what = f"{_MESSAGES[asked.channel]} {_ABOUT[asked.purpose]}"
    registry = rules.registry
    by_machine = " by machine" if asked.machine[0] else ""
    return {
        Refusal.UNABLE: f"their line cannot take {_MESSAGES[asked.channel]}",
        Refusal.STOPPED: f"they asked us to stop, and have not agreed to {what} since",
        Refusal.REACHED: f"their stop covers {what}{by_machine} too",
        Refusal.NO_CONSENT: f"nothing on record says that they agreed to {what}",
        Refusal.NOT_WRITTEN: f"{what}{by_machine} need their written consent, and what they gave is not written",
        Refusal.REGISTRY: f"{what} need their written consent, an inquiry of the last {registry.inquiry_months} months "
        f"or a look at the do-not-call registry within {registry.fresh_days} days that does not list them",
        Refusal.NO_HOUR: "no hour is allowed everywhere they may be",
    }[refusal]


def not_before(wait: Layer | Attempts, asked: Asked, decided: Decided) -> str:
    if isinstance(wait, Attempts):
        zones = asked.places[0].zones
        zone = min(zones) if zones else "UTC"
        where = f"in {_city(zone)}" if zones else "UTC"
        return f"Not before {_when(asked, decided, zone)} {where}: {_capped(wait.cap, asked)}."
    hours, zone = _closed(wait, asked)
    known = asked.places[0].zones
    where = f"where they may be ({_city(zone)})" if known else f"in {_city(zone)}, as nothing says where they are"
    return f"Not before {_when(asked, decided, zone)} {where}: {_because(hours, zone, asked)}."


def _capped(cap: Cap, asked: Asked) -> str:
    span = f"{cap.hours // 24} days" if cap.hours > 48 and cap.hours % 24 == 0 else f"{cap.hours} hours"
    tries = f"{cap.most} {'attempt' if cap.most == 1 else 'attempts'} in {span}"
    states = ", ".join(sorted(asked.places[0].states & set(cap.states)))
    if states:
        return f"{states} allows {tries}, and so many were made"
    if cap.standing.rule == "playbook":
        return f"your playbook allows {tries}, and so many were made"
    return f"a recorded voice may make {tries}, and so many were made"


def _closed(layer: Layer, asked: Asked) -> tuple[Hours, str]:
    """Of the hours and zones of a layer, those that open last."""
    where, machine = asked.places[0], bool(asked.machine[0])
    year = int(year_of(asked.at)[0])
    members = [(hours, zone) for hours in layer.of(where.states, machine) for zone in sorted(layer.zones(where))]
    return max(members, key=lambda one: int(open_hours(week(one[0]), one[1], year).next(asked.at)[0]))


def _because(hours: Hours, zone: str, asked: Asked) -> str:
    name = "federal law" if hours.state is None and hours.standing.rule != "playbook" else hours.name
    return f"{name} allows no {_MESSAGES[asked.channel]} {' or '.join(_closures(hours, zone, asked))}"


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


def _when(asked: Asked, decided: Decided, zone: str) -> str:
    """ "9:00 tomorrow", on the clock of the zone."""
    opens = instant(int(decided.opens[0])).astimezone(zone_of(zone))
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


def _city(zone: str) -> str:
    return zone.rpartition("/")[2].replace("_", " ")
