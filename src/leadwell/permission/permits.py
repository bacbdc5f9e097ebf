"""Is there a consent that fits, and nothing that takes it back? By whole columns, at any instant asked.

A stop ends the consents that were given before it, and only them: whoever agrees again afterwards may be reached again,
for what they agreed to. A referral is the request of somebody else: every stop ends what rests on it, also an earlier
one. Nothing ends a stop by itself (RULES 1.7).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from leadwell.permission.asked import EARLIEST, EVERY, LATEST, Asked, Flags, among
from leadwell.permission.clocks import DAY, Seconds, day_number, end_of_day_after
from leadwell.permission.rules import Rules
from leadwell.permission.values import CHANNELS, LINE_TYPES, PURPOSES, Purpose

Rows = NDArray[np.int64] | slice

_ALL: Final = slice(None)
_ROOM = 1 << 36  # more than any second asked about: a row and a time fit one number


class Refusal(IntEnum):
    NONE = 0
    UNABLE = 1  # the line cannot take it
    STOPPED = 2
    REACHED = 3  # by a stop of another channel or purpose
    NO_CONSENT = 4
    NOT_WRITTEN = 5
    REGISTRY = 6
    NO_HOUR = 7  # it is never open everywhere
    WRONG = 8  # it reaches somebody else, or nobody


@dataclass(frozen=True, slots=True)
class Ending:
    """Stops that concern what is asked, in order of row and time. `since`: from when each is in force."""

    key: NDArray[np.int64]
    row: NDArray[np.int64]
    since: Seconds
    direct: Flags
    number: NDArray[np.int64]  # which of the stops asked about

    def first_from(self, row: NDArray[np.int64], at: Seconds) -> Seconds:
        """When the first takes force that was said at each instant or later; LATEST where none was."""
        if not len(self.key):
            return np.full(len(row), LATEST)
        found = np.searchsorted(self.key, key(row, at))
        inside = found < len(self.key)
        inside[inside] = self.row[found[inside]] == row[inside]
        since = np.full(len(row), LATEST)
        since[inside] = self.since[found[inside]]
        return since


_NUMBERS: Final = np.empty(0, dtype=np.int64)
_NONE: Final = Ending(_NUMBERS, _NUMBERS, _NUMBERS, np.empty(0, dtype=np.bool_), _NUMBERS)


def key(row: NDArray[np.int64], at: Seconds) -> NDArray[np.int64]:
    return row * _ROOM + at


class Permits:
    """What permits, prepared once; `refusal` then answers for any instants."""

    def __init__(self, asked: Asked, rules: Rules) -> None:
        self._asked, self._rules = asked, rules
        self._stops, self._later = _direct(asked, rules, asked.purpose), _revoke_all(asked, rules)
        fits = np.flatnonzero(_concerns(asked, rules))
        given = asked.consents
        self.numbers = fits  # which of the consents asked about
        self.row, self._at, self._written = given.row[fits], given.at[fits], given.written[fits]
        endable = np.where(given.referred[fits], EARLIEST, self._at)  # by whatever was said from then on
        self._end = np.minimum(given.until[fits], self._ended(self.row, endable))
        void = self._of_another_after_a_stop(given.purpose[fits])
        self._end[void] = self._at[void]
        for wide in _wider(asked, rules):  # a consent ends with its own purpose, whatever else it covers
            theirs = np.flatnonzero(given.purpose[fits] == PURPOSES.index(wide))
            ended = _direct(asked, rules, wide).first_from(self.row[theirs], endable[theirs])
            self._end[theirs] = np.minimum(self._end[theirs], ended)
        rows = np.arange(len(asked))
        # Only a solicitation asks for these, and the days of each zone cost time.
        soliciting = asked.purpose in ("marketing", "business")
        never = np.full(len(asked), EVERY, dtype=np.int64)
        self._inquiry_end = (
            np.minimum(_inquiry_end(asked, rules), _of_registry(asked).first_from(rows, asked.inquired))
            if soliciting
            else never
        )
        self._fresh_end = _fresh_end(asked, rules) if soliciting else never

    @property
    def endings(self) -> tuple[Ending, Ending]:
        return self._stops, self._later

    def _ended(self, row: NDArray[np.int64], at: Seconds) -> Seconds:
        return np.minimum(self._stops.first_from(row, at), self._later.first_from(row, at))

    def _of_another_after_a_stop(self, purpose: NDArray[np.int8]) -> Flags:
        """Consents to a wider purpose that were given after a stop: they open again what they name, and no more."""
        stopped = self._ended(self.row, np.zeros_like(self._at)) <= self._at
        void: Flags = stopped & (purpose != PURPOSES.index(self._asked.purpose))
        return void

    def refusal(self, at: Seconds) -> NDArray[np.int8]:
        """A `Refusal` for each row at its instant."""
        needs_written = self._needs_written(at)
        allowing, there = self._standing(at, needs_written)
        held = self._some(self.row[there])
        refused = np.where(held, Refusal.NOT_WRITTEN, Refusal.NO_CONSENT).astype(np.int8)
        refused[held & ~needs_written] = Refusal.REGISTRY
        refused[~held & self._some(self._in_force(at, direct=False))] = Refusal.REACHED
        refused[~held & self._some(self._in_force(at, direct=True))] = Refusal.STOPPED
        refused[self._some(self.row[allowing])] = Refusal.NONE
        refused[self._asked.wrong & (refused != Refusal.STOPPED) & (refused != Refusal.REACHED)] = Refusal.WRONG
        refused[self._unable()] = Refusal.UNABLE
        return refused

    def allowing(self, at: Seconds) -> Flags:
        """Which of the consents that concern this allow it."""
        return self._standing(at, self._needs_written(at))[0]

    def _standing(self, at: Seconds, needs_written: Flags) -> tuple[Flags, Flags]:
        """Consents that allow it, and those in force, be they enough or not."""
        now = at[self.row]
        there = (self._at <= now) & (now < self._end)
        enough = ~needs_written & self._not_cold(at)
        return there & (self._written | enough[self.row]), there

    def _in_force(self, at: Seconds, *, direct: bool) -> NDArray[np.int64]:
        """The rows of stops in force."""
        ours = self._stops.direct == direct
        found = [self._stops.row[ours & (self._stops.since <= at[self._stops.row])]]
        if not direct:
            found.append(self._later.row[self._later.since <= at[self._later.row]])
        return np.concatenate(found)

    def _some(self, rows: NDArray[np.int64]) -> Flags:
        return np.bincount(rows, minlength=len(self._asked)) > 0

    def _asked_us(self, rows: Rows, at: Seconds) -> Flags:
        return (self._asked.inquired[rows] <= at) & (at < self._inquiry_end[rows])

    def solicits(self, rows: Rows, at: Seconds) -> Flags:
        """Whether it solicits these rows at an instant of each: marketing, and business to somebody who did not ask."""
        if self._asked.purpose == "business":
            return ~self._asked_us(rows, at)
        return np.full(len(at), self._asked.purpose == "marketing")

    def solicits_until(self, rows: Rows, at: Seconds) -> Seconds:
        """Until when it does, from an instant of each on: that instant itself where it does not, LATEST where nothing
        that is known ends it. Who asks only later is not asked on business before."""
        ends = self._asked.inquired[rows] if self._asked.purpose == "business" else np.full(len(at), LATEST)
        found: Seconds = np.where(self.solicits(rows, at), np.where(ends > at, ends, LATEST), at)
        return found

    def _needs_written(self, at: Seconds) -> Flags:
        asked, needs = self._asked, np.zeros(len(at), dtype=np.bool_)
        for level in self._rules.levels:
            if level.needs == "written" and asked.channel in level.channels:
                fits = of_lines(asked, level.line_types)
                fits &= asked.machine | (not level.automated)
                needs |= fits & (self.solicits(_ALL, at) | (not level.solicits))
        return needs

    def _not_cold(self, at: Seconds) -> Flags:
        """Not a solicitation by telephone, or one to somebody who asked lately or whom the registry does not list."""
        asked = self._asked
        if asked.channel not in self._rules.registry.channels:
            return np.ones(len(at), dtype=np.bool_)
        fresh = (asked.listed == 0) & (asked.looked <= at) & (at < self._fresh_end)
        warm: Flags = ~self.solicits(_ALL, at) | self._asked_us(_ALL, at) | fresh
        return warm

    def _unable(self) -> Flags:
        lines = self._rules.unable.get(self._asked.channel, ())
        return among(self._asked.line, map(LINE_TYPES.index, lines)) | self._asked.unable


def of_lines(asked: Asked, lines: tuple[str, ...]) -> Flags:
    """Whether it may be one of these lines; none named means any, and a line not known may be each."""
    if not lines:
        return np.ones(len(asked), dtype=np.bool_)
    return among(asked.line, (EVERY, *map(LINE_TYPES.index, lines)))


def _concerns(asked: Asked, rules: Rules) -> Flags:
    """Consents of this channel, for this purpose or one that covers it."""
    purposes = [PURPOSES.index(purpose) for purpose in (asked.purpose, *_wider(asked, rules))]
    fits: Flags = asked.consents.channel == CHANNELS.index(asked.channel)
    return fits & among(asked.consents.purpose, purposes)


def _wider(asked: Asked, rules: Rules) -> list[Purpose]:
    """Other purposes whose consent covers this one."""
    return [purpose for purpose in PURPOSES if asked.purpose in rules.covers.get(purpose, ())]


def _direct(asked: Asked, rules: Rules, purpose: Purpose) -> Ending:
    """Stops of this channel, and those of another that end what a machine does on this one, for a purpose."""
    stops = asked.stops
    ours = among(stops.purpose, (EVERY, PURPOSES.index(purpose)))
    direct = among(stops.channel, (EVERY, CHANNELS.index(asked.channel)))
    others = [CHANNELS.index(c) for c in CHANNELS if asked.channel in rules.stops.reaches.get(c, ())]
    reached = among(stops.channel, others) & asked.machine[stops.row]
    return _ending(asked, np.flatnonzero(ours & (direct | reached)), direct)


def _revoke_all(asked: Asked, rules: Rules) -> Ending:
    """Stops of one informational purpose that end all calls by machine and all texts, from a day on."""
    stops, every = asked.stops, rules.stops.revoke_all
    telephone = [CHANNELS.index(c) for c in CHANNELS if c in rules.stops.reaches]
    fits = among(stops.purpose, map(PURPOSES.index, every.purposes))
    fits &= among(stops.channel, (EVERY, *telephone))
    fits &= asked.machine[stops.row] | (asked.channel == "text")
    if asked.channel not in rules.stops.reaches:
        fits[:] = False
    return _ending(asked, np.flatnonzero(fits), np.zeros(len(fits), dtype=np.bool_), DAY * day_number(every.since))


def _of_registry(asked: Asked) -> Ending:
    """Stops by whatever channel, which end what an inquiry allowed (16 CFR 310.4(b)(1)(iii))."""
    solicits = (PURPOSES.index("marketing"), PURPOSES.index("business"))
    fits = among(asked.stops.purpose, (EVERY, *solicits))
    return _ending(asked, np.flatnonzero(fits), np.ones(len(fits), dtype=np.bool_))


def _ending(asked: Asked, which: NDArray[np.int64], direct: Flags, since: int | None = None) -> Ending:
    if not len(which):
        return _NONE
    row, at = asked.stops.row[which], asked.stops.at[which]
    order = np.argsort(key(row, at), kind="stable")
    which, row, at = which[order], row[order], at[order]
    return Ending(key(row, at), row, at if since is None else np.maximum(at, since), direct[which], which)


def _inquiry_end(asked: Asked, rules: Rules) -> Seconds:
    return _ends(asked, rules, asked.inquired, months=rules.registry.inquiry_months)


def _fresh_end(asked: Asked, rules: Rules) -> Seconds:
    return _ends(asked, rules, asked.looked, days=rules.registry.fresh_days)


def _ends(asked: Asked, rules: Rules, since: Seconds, *, months: int = 0, days: int = 0) -> Seconds:
    """When the last day ends, on the first of the clocks where they may be; `since` where there is no beginning."""
    ends = since.copy()
    known = np.flatnonzero(since < LATEST)
    if not len(known):
        return ends
    ends[known] = LATEST
    zones = [where.zones or frozenset(rules.everywhere) for where in asked.places]
    for zone in sorted(frozenset().union(*zones)):
        theirs = np.array([zone in some for some in zones], dtype=np.bool_)
        rows = known[theirs[asked.place[known]]]
        ends[rows] = np.minimum(ends[rows], end_of_day_after(zone, since[rows], months=months, days=days))
    return ends
