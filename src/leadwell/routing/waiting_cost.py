"""Whom do I call first? By what it costs to let each of them wait: one number a lead, and a sentence that says why.
(promise D21)

Danger comes first. Then whoever is nearly late or late, then all others; among those counts how the clock stands,
whether they are likely to answer at this hour of theirs, how long ago they asked, and the grade. Each of these steps at
instants that are known, so that an order holds until the next of them. (docs/decisions/0016)
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from leadwell.routing.answering import ON_AVERAGE, PRIOR, Chances
from leadwell.routing.service_levels import Clock, State
from leadwell.worktime import Calendar

_SAFETY: Final = 2_000.0
_PRESSING: Final = 1_000.0
_RUNNING: Final = 1.0
_RESTING: Final = 0.25  # nobody works now who could answer
_NEARLY: Final = (4.0, 5.0, 6.0, 7.0)  # by quarters of its last quarter: it can still be kept
# Service levels that have gone by since it was due -> how it presses. What is long late loses little by an hour more.
_LATE: Final = ((0.0, 8.0), (1.0, 4.0), (2.0, 2.0), (4.0, 1.0))
_GRADES: Final = {"A": 1.0, "B": 0.8, "C": 0.6, "": 0.6}
_LEAST_GRADE: Final = 0.45
# Hours since they asked -> how much of their interest is left; a prior.
_INTEREST: Final = ((0.0, 1.0), (0.25, 0.9), (1.0, 0.75), (4.0, 0.55), (24.0, 0.35), (72.0, 0.2), (240.0, 0.1))
_HOUR: Final = timedelta(hours=1)
_ROUNDING: Final = 1e-9


@dataclass(frozen=True)
class Waiting:
    """A lead that waits. `clock`: None where nothing is due; `calendar`: of its team; `zone`: where they are, or their
    team where nobody knows; `key`: what names it, by which ties fall."""

    key: bytes
    safety: bool
    grade: str
    received: datetime
    clock: Clock | None
    calendar: Calendar
    zone: ZoneInfo


@dataclass(frozen=True)
class Cost:
    """`value`: who has more goes first. `until`: from then on it may be another; None where it holds for good."""

    value: float
    until: datetime | None


def cost(one: Waiting, now: datetime, *, seed: bytes = b"", chances: Chances = PRIOR) -> Cost:
    """What it costs to let somebody wait. `seed`: of whose list it is, so that ties fall otherwise in each; `chances`:
    how likely they answer at which hour."""
    if one.safety:  # whoever wrote just now can be helped most; no grade and no hour counts
        return Cost(_SAFETY + interest(one.received, now) + _tie(one.key, seed), _next_of_interest(one, now))
    band = _PRESSING if is_pressing(one.clock) else 0.0
    reached = ON_AVERAGE if _long_gone(one, now) else chances.at(now, one.zone)
    worth = _GRADES.get(one.grade, _LEAST_GRADE) * (0.5 + reached) * (0.25 + interest(one.received, now))
    return Cost(band + _press(one) * worth + _tie(one.key, seed), min(_steps(one, now), default=None))


def is_pressing(clock: Clock | None) -> bool:
    """Whether it is nearly late, or late."""
    return clock is not None and clock.state in (State.NEARLY, State.LATE)


def interest(received: datetime, now: datetime) -> float:
    """How much is left of the interest with which they asked, from 1 down."""
    return _step(_INTEREST, (now - received) / _HOUR)


def _press(one: Waiting) -> float:
    clock = one.clock
    if clock is None or clock.state in (State.MET, State.MET_LATE, State.RESTING):
        return _RESTING
    if clock.state is State.RUNNING:
        return _RUNNING
    if clock.state is State.NEARLY:
        return _NEARLY[_quarter(one, clock)]
    return _step(_LATE, clock.left / (4 * _last(one, clock)))


def _quarter(one: Waiting, clock: Clock) -> int:
    """Of its last quarter, which one it is in: 0 to 3."""
    return min(3, max(0, int(4 * (1 - clock.left / _last(one, clock)) + _ROUNDING)))


def _last(one: Waiting, clock: Clock) -> timedelta:
    """How long it is nearly late, in working time: a quarter of all it has."""
    return max(one.calendar.worked(clock.warns, clock.due), timedelta(seconds=1))


def _steps(one: Waiting, now: datetime) -> Iterator[datetime]:
    """The next instants at which something of it steps."""
    yield from (at for at in _of_clock(one, now) if at > now)
    if (at := _next_of_interest(one, now)) is not None:
        yield at
    if not _long_gone(one, now):
        local = now.astimezone(one.zone)
        yield now + _HOUR - timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)


def _next_of_interest(one: Waiting, now: datetime) -> datetime | None:
    return min((at for hours, _ in _INTEREST if (at := one.received + hours * _HOUR) > now), default=None)


def _of_clock(one: Waiting, now: datetime) -> Iterator[datetime]:
    clock, calendar = one.clock, one.calendar
    if clock is None:
        return
    if clock.opens is not None:
        yield clock.opens
    elif clock.state is State.RUNNING:
        yield from (clock.warns, calendar.closes(now))
    elif clock.state is State.NEARLY:
        yield from (calendar.due(clock.warns, _last(one, clock) * nth / 4) for nth in (1, 2, 3))
        yield from (clock.due + timedelta(microseconds=1), calendar.closes(now))  # at the very instant it is not late
    elif clock.state is State.LATE:
        whole = 4 * _last(one, clock)
        yield from (calendar.due(clock.due, whole * gone) for gone, _ in _LATE if whole * gone > clock.left)


def _long_gone(one: Waiting, now: datetime) -> bool:
    """Late for so long that no hour is better than another, and it need not be looked at again."""
    late = one.clock is not None and one.clock.state is State.LATE
    return late and now - one.received > _INTEREST[-1][0] * _HOUR


def _step(steps: tuple[tuple[float, float], ...], at: float) -> float:
    return steps[max(0, bisect_right(steps, at, key=lambda step: step[0]) - 1)][1]


def _tie(key: bytes, seed: bytes) -> float:
    """Less than one thousandth: it never decides where anything else does, and nobody is first for having come
    first."""
    return int.from_bytes(hashlib.blake2b(key, key=seed[:64], digest_size=4).digest(), "big") / 2**32 / 1_000
