"""How soon must somebody answer, and how does the clock stand? Counted in the working time of whoever is responsible.

Nothing is kept but when each became responsible: how the clock stands follows from that, whenever it is asked. (promise
D20)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from itertools import zip_longest
from typing import Final
from zoneinfo import ZoneInfo

import polars as pl

from leadwell.playbook.hours import windows
from leadwell.playbook.model import Playbook, Team
from leadwell.worktime import Calendar, Span

WARNS_AT: Final = Fraction(3, 4)  # of the time is over: the last minutes of a quarter of an hour, the last hour of four
_ALWAYS: Final = windows("24/7")  # a team that names no hours
_MICROSECOND: Final = timedelta(microseconds=1)
# What changes while a lead waits, as it is when the lead arrives.
_ON_ARRIVAL: Final = {"attempts": 0, "waited_hours": 0.0, "first_contact_hours": None}


class State(StrEnum):
    RESTING = "resting"  # nobody works now; it begins when they do
    RUNNING = "running"
    NEARLY = "nearly"
    LATE = "late"
    MET = "met"
    MET_LATE = "met-late"


@dataclass(frozen=True)
class Leg:
    """From `since` on somebody is responsible who works by this calendar."""

    calendar: Calendar
    since: datetime


@dataclass(frozen=True)
class Clock:
    """`left`: working time until it is due, or, where it is late, since then. `opens`: when its rest ends."""

    state: State
    due: datetime
    warns: datetime
    left: timedelta
    opens: datetime | None = None


def level(frame: pl.DataFrame, playbook: Playbook) -> pl.Series:
    """A judged frame (as of `queue`) -> which service level applies, the place of the first whose `when` is true; NULL
    where none does. What changes while a lead waits counts as on arrival where the frame does not tell it."""
    missing = {name: value for name, value in _ON_ARRIVAL.items() if name not in frame.columns}
    frame = frame.with_columns(pl.lit(value, dtype=pl.Float64).alias(name) for name, value in missing.items())
    first = [
        pl.when(one.when.expr if one.when else pl.lit(value=True)).then(pl.lit(place, dtype=pl.UInt16))
        for place, one in enumerate(playbook.service_levels)
    ]
    return frame.select(pl.coalesce(*first, pl.lit(None, dtype=pl.UInt16)).alias("level")).to_series()


def calendar(team: Team, playbook: Playbook) -> Calendar:
    """When a team works; one that names no hours works day and night, and on holidays."""
    zone = ZoneInfo(playbook.organization.time_zone)
    if not team.hours:
        return Calendar(_ALWAYS, zone)
    return Calendar(windows(team.hours), zone, playbook.organization.holidays)


def due(legs: Sequence[Leg], span: Span) -> datetime:
    """When it is due. `legs`: those who were responsible, the first first; each uses up the share of its own working
    time that lay within its turn. Raises NeverOpen."""
    return _reached(legs, span, Fraction(1))


def warns(legs: Sequence[Leg], span: Span) -> datetime:
    """From when on it is nearly late."""
    return _reached(legs, span, WARNS_AT)


def due_and_warns(legs: Sequence[Leg], span: Span) -> tuple[datetime, datetime]:
    """Both; where one calendar was all that counted, what is due is looked for once."""
    if len(legs) > 1:
        return due(legs, span), warns(legs, span)
    end = legs[0].calendar.within(legs[0].since, span)
    whole = legs[0].calendar.worked(legs[0].since, end) // _MICROSECOND
    return end, _within(legs[0], end, WARNS_AT, whole)


def clock(legs: Sequence[Leg], span: Span, now: datetime, *, met: datetime | None = None) -> Clock:
    """`met`: when somebody answered; None while nobody has. At the very instant it is due it is not late yet. Raises
    NeverOpen."""
    return stands(legs[-1].calendar, due(legs, span), warns(legs, span), now, met=met)


def stands(
    calendar: Calendar, by: datetime, from_then: datetime, now: datetime, *, met: datetime | None = None
) -> Clock:
    """The same, where it is kept when it is due (`by`) and from when on it is nearly late. `calendar`: of whoever is
    responsible now."""
    at = met or now
    left = calendar.worked(at, by) if at <= by else calendar.worked(by, at)
    if met:
        return Clock(State.MET if met <= by else State.MET_LATE, by, from_then, left)
    if now > by:
        return Clock(State.LATE, by, from_then, left)
    if not calendar.is_open(now) and now < by:
        return Clock(State.RESTING, by, from_then, left, calendar.opens(now))
    return Clock(State.NEARLY if now >= from_then else State.RUNNING, by, from_then, left)


def _reached(legs: Sequence[Leg], span: Span, share: Fraction) -> datetime:
    """The instant at which so much of the time is used up."""
    used = Fraction(0)
    for leg, following in zip_longest(legs, legs[1:]):
        end = leg.calendar.within(leg.since, span)
        if following is None and share - used == 1:
            return end
        whole = leg.calendar.worked(leg.since, end) // _MICROSECOND
        at = _within(leg, end, share - used, whole)
        if following is None or at <= following.since:
            return at
        used += Fraction(leg.calendar.worked(leg.since, following.since) // _MICROSECOND, whole)
    raise ValueError("nobody was ever responsible")


def _within(leg: Leg, end: datetime, share: Fraction, whole: int) -> datetime:
    if share == 1:  # "the same time tomorrow" may lie before the first minute of tomorrow's work
        return end
    return leg.calendar.due(leg.since, round(share * whole) * _MICROSECOND)
