"""Were there too many attempts lately? Each cap counts over rolling hours, all channels that it names together.

An attempt counts until more than the cap's hours have passed since: with the first of three at 10:00:00, the fourth may
be made at 10:00:01 on the next day (rule 1.6).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leadwell.permission.asked import Asked, Flags, among
from leadwell.permission.clocks import Seconds
from leadwell.permission.permits import key, of_lines
from leadwell.permission.rules import Cap
from leadwell.permission.values import CHANNELS


@dataclass(frozen=True, slots=True)
class Attempts:
    """A cap, on whom it lies, and the attempts that it counts in order of row and time."""

    cap: Cap
    on: Flags
    key: NDArray[np.int64]
    row: NDArray[np.int64]
    at: Seconds

    @property
    def rule(self) -> str:
        return self.cap.standing.rule

    def next(self, rows: NDArray[np.int64], at: Seconds) -> Seconds:
        """The first instant from each on at which the cap has room, as far as the attempts up to it tell."""
        nth = np.searchsorted(self.key, key(rows, at), side="right") - self.cap.most
        full = (nth >= 0) & self.on[rows]
        full[full] = self.row[nth[full]] == rows[full]
        free = at.copy()
        free[full] = np.maximum(at[full], self.at[nth[full]] + 3600 * self.cap.hours + 1)
        return free


def attempts(cap: Cap, asked: Asked) -> Attempts | None:
    """None where nothing was tried, or the cap is for other channels or purposes, or lies on nobody."""
    if not len(asked.contacts.row) or asked.channel not in cap.channels or asked.purpose not in cap.purposes:
        return None
    on = of_lines(asked, cap.line_types) & (asked.machine | (not cap.automated))
    on &= asked.prerecorded | (not cap.prerecorded)
    if cap.states:
        theirs = np.array([not where.states.isdisjoint(cap.states) for where in asked.places], dtype=np.bool_)
        on &= theirs[asked.place]
    if not on.any():
        return None
    made = asked.contacts
    counted = np.flatnonzero(among(made.channel, map(CHANNELS.index, cap.channels)) & on[made.row])
    row, at = made.row[counted], made.at[counted]
    order = np.argsort(key(row, at), kind="stable")
    return Attempts(cap, on, key(row, at)[order], row[order], at[order])
