"""What do RULES 1 and 2 say of hours? Small tables of the states' windows, Sundays, holidays and caps (RULES 1.5, 1.6).

An answer is one of three: open, shut, or shut only under a reading that RULES leaves open (a value from memory, a
holiday that only some calendars keep); the last is told apart so that nobody is blamed for a doubt.
"""

from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

FEDERAL = (8, 21)
HOURS: dict[str, tuple[int, int]] = {
    **dict.fromkeys(("FL", "OK", "MD", "WA", "MA", "WY", "AL", "LA", "MS"), (8, 20)),
    **dict.fromkeys(("CT", "NV"), (9, 20)),
    **dict.fromkeys(("MI", "MN", "NM"), (9, 21)),
    "KY": (10, 21),
    "RI": (9, 18),
    "TX": (9, 21),
    "PA": (9, 19),
}
SUNDAYS: dict[str, tuple[int, int]] = {"TX": (12, 21)}
NO_SUNDAYS = {"AL", "LA", "MS", "PA"}
NO_HOLIDAYS = {"AL", "LA", "PA"}
HOLIDAYS_DISPUTED = {"MS"}
FROM_MEMORY = {"RI", "UT"}  # no Sundays, no holidays: marked M
AUTOMATED_WEEKDAYS: dict[str, tuple[int, int]] = {"SD": (9, 21), "ME": (9, 17)}
THREE_A_DAY = {"FL", "OK", "MD"}
PENNSYLVANIA_FROM = date(2026, 10, 18)
SURE = (
    "New Year",
    "Martin Luther King",
    "Memorial Day",
    "Independence Day",
    "Labor Day",
    "Thanksgiving Day",
    "Christmas Day",
    "Mardi Gras",
    "Good Friday",
)


@lru_cache(maxsize=200_000)
def local(zone: str, second: int) -> datetime:
    return datetime.fromtimestamp(second, ZoneInfo(zone))


@lru_cache(maxsize=20_000)
def holiday(state: str, day: date) -> str | None:
    """`sure` where every calendar keeps the day, `doubt` where only some do."""
    name = holidays.country_holidays("US", subdiv=state, years=day.year).get(day)
    if name is None:
        return None
    observed = "observed" in name.lower() or "After" in name
    return "sure" if any(sure in name for sure in SURE) and not observed else "doubt"


def within(hours: tuple[int, int], moment: datetime) -> bool:
    return hours[0] <= moment.hour < hours[1]


def federal_shut(zone: str, second: int) -> bool:
    return not within(FEDERAL, local(zone, second))


def state_shut(state: str, zone: str, second: int, *, automated_call: bool) -> str | None:
    """Is this state's window shut on this zone's clock? None, `sure` or `doubt`."""
    moment = local(zone, second)
    weekday = moment.weekday()
    if automated_call and state in AUTOMATED_WEEKDAYS:
        return None if weekday < 5 and within(AUTOMATED_WEEKDAYS[state], moment) else "sure"
    shut = _by_hours(state, moment)
    if shut and state == "PA" and moment.date() < PENNSYLVANIA_FROM:
        shut = "doubt"
    if shut != "sure" and (state in NO_HOLIDAYS or state in HOLIDAYS_DISPUTED):
        kept = holiday(state, moment.date())
        shut = (kept if state in NO_HOLIDAYS else "doubt") if kept else shut
    return shut


def _by_hours(state: str, moment: datetime) -> str | None:
    sunday, saturday = moment.weekday() == 6, moment.weekday() == 5
    if state in NO_SUNDAYS and sunday:
        return "sure"
    if state in HOURS and not within(SUNDAYS.get(state, HOURS[state]) if sunday else HOURS[state], moment):
        return "doubt" if state == "RI" and (sunday or saturday) else "sure"
    if state == "RI" and saturday and not within((10, 17), moment):
        return "doubt"
    if state in FROM_MEMORY and (sunday or holiday(state, moment.date())):
        return "doubt"
    return None
