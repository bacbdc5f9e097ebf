"""Yes, never, or not before when, and by which rule? Over whole columns; one person is a column of one.

A permission is looked for first: without one the answer is never, whatever the hour. With one, the answer waits until
every layer of hours is open and every cap has room, and asks again whether the permission will then still stand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from leadwell.permission.asked import Asked
from leadwell.permission.attempts import Attempts, attempts
from leadwell.permission.clocks import DAY, Seconds
from leadwell.permission.opening import Layer, layers
from leadwell.permission.permits import Permits, Refusal
from leadwell.permission.rules import Cap, Hours, Rules

# Where it is not open everywhere within so long, it never is.
_LONGEST: Final = 400 * DAY
NO_ONE: Final = -1


@dataclass(frozen=True, slots=True)
class Stricter:
    """What an organisation asks of itself beyond the law."""

    hours: tuple[Hours, ...] = ()
    caps: tuple[Cap, ...] = ()


@dataclass(frozen=True, slots=True)
class Decided:
    """`refusal`: why it is never, NONE otherwise. `opens`: the first instant that is allowed; the one asked about
    where it is yes. `by`: which of `waits` decides that it is not yet, NO_ONE where none does.
    """

    permits: Permits
    waits: Sequence[Layer | Attempts]
    refusal: NDArray[np.int8]
    opens: Seconds
    by: NDArray[np.int64]


def decide(asked: Asked, rules: Rules, stricter: Stricter) -> Decided:
    permits = Permits(asked, rules)
    refusal = permits.refusal(asked.at)
    capped = (attempts(cap, asked) for cap in (*rules.caps, *stricter.caps))
    hours = layers(rules, asked, stricter.hours, permits.solicits_until)
    waits: list[Layer | Attempts] = [*hours, *(one for one in capped if one is not None)]
    opens, by = _opens(asked, waits, np.flatnonzero(refusal == Refusal.NONE))
    too_far = opens - asked.at > _LONGEST
    at = np.where(too_far, asked.at, opens)
    then = refusal if np.array_equal(at, asked.at) else permits.refusal(at)
    refusal = np.where(refusal == Refusal.NONE, np.where(too_far, Refusal.NO_HOUR, then), refusal).astype(np.int8)
    return Decided(permits, waits, refusal, opens, by)


def _opens(
    asked: Asked, waits: Sequence[Layer | Attempts], rows: NDArray[np.int64]
) -> tuple[Seconds, NDArray[np.int64]]:
    """When nothing is in the way any more, and what is in the way for longest at the instant asked about."""
    opens, by = asked.at.copy(), np.full(len(asked), NO_ONE, dtype=np.int64)
    if not len(rows):
        return opens, by
    each = np.stack([_next(wait, asked, rows, asked.at[rows]) for wait in waits] or [asked.at[rows]])
    longest = each.max(axis=0)
    closed = longest > asked.at[rows]
    by[rows[closed]] = each.argmax(axis=0)[closed]
    opens[rows] = longest
    rows = rows[closed]
    while len(rows):
        before = opens[rows]
        for wait in waits:
            opens[rows] = _next(wait, asked, rows, opens[rows])
        moved = (opens[rows] > before) & (opens[rows] - asked.at[rows] <= _LONGEST)
        rows = rows[moved]
    return opens, by


def _next(wait: Layer | Attempts, asked: Asked, rows: NDArray[np.int64], at: Seconds) -> Seconds:
    return wait.next(rows, at) if isinstance(wait, Attempts) else wait.next(asked, rows, at)
