"""At which hours is it open? Federal hours, the states' own and the playbook's, one layer each, for rows of places."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from leadwell.permission.asked import Asked, Where
from leadwell.permission.calendars import Week, open_everywhere
from leadwell.permission.clocks import Seconds, year_of
from leadwell.permission.rules import Hours, Rules

_YEARS = 10_000
Binds = Callable[[NDArray[np.int64], Seconds], Seconds]


@dataclass(frozen=True, slots=True)
class Layer:
    """One rule's hours. `of`: those that hold for these states, placed by a machine or not. `binds`: until when they
    hold for rows from an instant of each on, that instant itself for those they do not; None for always."""

    rule: str
    of: Callable[[frozenset[str], bool], tuple[Hours, ...]]
    everywhere: tuple[str, ...]
    binds: Binds | None = None

    def zones(self, where: Where) -> frozenset[str]:
        return where.zones or frozenset(self.everywhere)

    def next(self, asked: Asked, rows: NDArray[np.int64], at: Seconds) -> Seconds:
        """The first open second from each row's instant on."""
        if self.binds is None:
            return self._opens(asked, rows, at)
        until, found = self.binds(rows, at), at.copy()
        bound = until > at
        found[bound] = np.minimum(self._opens(asked, rows[bound], at[bound]), until[bound])
        return found

    def _opens(self, asked: Asked, rows: NDArray[np.int64], at: Seconds) -> Seconds:
        groups = (2 * asked.place[rows] + asked.machine[rows]) * _YEARS + year_of(at)
        found = at.copy()
        for group, some in _grouped(groups):
            machine, where = bool(group // _YEARS % 2), asked.places[group // _YEARS // 2]
            hours = self.of(where.states, machine)
            if hours:
                weeks = frozenset(map(week, hours))
                found[some] = open_everywhere(weeks, self.zones(where), group % _YEARS).next(at[some])
        return found


@lru_cache(maxsize=256)
def week(hours: Hours) -> Week:
    return Week(hours.windows, hours.state if hours.holidays else None, hours.closed, hours.legal)


def _grouped(groups: NDArray[np.int64]) -> Iterator[tuple[int, NDArray[np.int64]]]:
    """Each group with the positions of its members."""
    if not len(groups):
        return
    order = np.argsort(groups, kind="stable")
    values, begins = np.unique(groups[order], return_index=True)
    yield from zip(values.tolist(), np.split(order, begins[1:]), strict=True)


def layers(rules: Rules, asked: Asked, stricter: Sequence[Hours], solicits: Binds) -> list[Layer]:
    """The layers that have something to say of this channel and purpose, the law first.

    The states' hours bind what solicits, and it alone.
    """

    def concerns(hours: Hours) -> bool:
        return asked.channel in hours.channels and asked.purpose in hours.purposes

    def of_states(states: frozenset[str], machine: bool) -> tuple[Hours, ...]:
        found = (rules.states[state] for state in sorted(states) if state in rules.states)
        return tuple(hours for hours in found if concerns(hours) and (machine or not hours.automated))

    def everywhere(hours: Hours) -> Layer:
        return Layer(hours.standing.rule, lambda states, machine: (hours,), rules.everywhere)

    found = [everywhere(rules.federal)] if concerns(rules.federal) else []
    rule = next((hours.standing.rule for hours in rules.states.values() if concerns(hours)), None)
    if rule is not None:
        found.append(Layer(rule, of_states, rules.everywhere, solicits))
    return [*found, *(everywhere(hours) for hours in stricter if concerns(hours))]
