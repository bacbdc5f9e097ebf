"""Where can they be seen, and when? Of each clinic what is known of its next opening, and what to offer.

A clinic that is full changes where and when, and nothing else: no judgement knows this module. What somebody said holds
for two weeks; then it is not known, and nothing is asserted. Where nobody has said anything, the policy's own bound
(`openings = "14 per week"`) against what is booked already says whether this week is full.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import Final

import polars as pl

from leadwell import contact
from leadwell.playbook import Playbook, capacity
from leadwell.playbook.capacity import Capacity

HOLDS: Final = timedelta(days=14)


class State(StrEnum):
    OPEN = "open"
    FULL = "full"
    UNKNOWN = "not known"


@dataclass(frozen=True)
class Slot:
    """What openings are told of: a service at a clinic, '' by video, and of the visits that it may begin with one; ''
    where the policy names none."""

    service: str
    location: str
    visit: str = ""


@dataclass(frozen=True)
class Stated:
    """What somebody said at `at`. `on`: the day of the next opening, with its hour in `hour` where that is known; where
    it is `full`, until when, None where that is not known. `weeks`: how many in the seven days from then, and in each
    seven after."""

    at: datetime
    by: str
    on: date | None
    hour: datetime | None = None
    full: bool = False
    weeks: tuple[int, ...] = ()


@dataclass(frozen=True)
class Booked:
    """So many of the policy's `most` are booked in this `unit` (day, week, month)."""

    count: int
    most: int
    unit: str


@dataclass(frozen=True)
class Place:
    """What is known of a slot now. `said`: what was said last, also where it holds no more; `booked`: the sum by which
    it is full, where that is not said but counted; `miles`: from them to the clinic, None where not known."""

    slot: Slot
    state: State
    on: date | None = None
    hour: datetime | None = None
    said: Stated | None = None
    booked: Booked | None = None
    miles: float | None = None

    @property
    def is_known(self) -> bool:
        return self.state is not State.UNKNOWN

    def is_by(self, day: date | None) -> bool:
        """Whether there is an opening no later than that day; where none is set, whether it is not full now."""
        return self.on is not None and (self.state is State.OPEN if day is None else self.on <= day)

    @property
    def soonest(self) -> tuple[date, bool, float]:
        """The order in which places are offered: the soonest, then where it was said, then the nearest."""
        return self.on or date.max, self.state is not State.OPEN, self.miles if self.miles is not None else 1e9


@dataclass(frozen=True)
class Wanted:
    """What somebody asks for; '' and None where it is not known. `location`: the clinic that they ask for; `by`: the
    day by which they need it; `zip`, `state`: where they are; `video`: whether they want to be seen so."""

    service: str
    location: str = ""
    by: date | None = None
    zip: str = ""
    state: str = ""
    video: bool = False


@dataclass(frozen=True)
class Offer:
    """What to offer. `there`: at the clinic that they ask for; `sooner`: another that has an opening before that one,
    or where nothing is known of that one; `video`: by video, where that is sooner than both, with `ask_state` where it
    depends on their state, which nobody knows. `places`: all that offer it. `by`: as of what is wanted."""

    there: Place | None
    sooner: Place | None
    video: Place | None
    places: tuple[Place, ...]
    by: date | None = None
    ask_state: bool = False

    @property
    def fits(self) -> bool:
        """Whether the clinic that they ask for has an opening in time; True where nothing is known of it."""
        return self.there is None or not self.there.is_known or self.there.is_by(self.by)

    @property
    def moves(self) -> Place | None:
        """The clinic at which they could be seen sooner, where theirs is full or opens too late."""
        return None if self.fits else self.sooner

    @property
    def is_full(self) -> bool:
        """Whether all that is known of every place is that it is full."""
        return bool(self.places) and all(one.state is State.FULL for one in self.places)

    @property
    def is_late(self) -> bool:
        """Whether they need it by a day by which, as far as is known, there is none anywhere."""
        known = [one for one in self.places if one.is_known and one.on is not None]
        return self.by is not None and bool(known) and not any(one.is_by(self.by) for one in self.places)

    @property
    def first(self) -> Place | None:
        """What is offered before anything else: their own clinic where it has something in time, else whatever is
        soonest; None where nobody knows of any."""
        if self.there is not None and self.there.is_by(self.by):
            return self.there
        return min(filter(None, (self.there, self.sooner, self.video)), key=lambda one: one.soonest, default=None)


@dataclass(frozen=True)
class Board:
    """What is known of all openings at one moment. `today`: there; `booked`: of each service, since the unit of its
    bound has begun."""

    policy: Playbook
    now: datetime
    today: date
    stated: Mapping[Slot, Stated] = field(default_factory=dict)
    booked: Mapping[str, int] = field(default_factory=dict)

    def place(self, slot: Slot, miles: float | None = None) -> Place:
        said = self.stated.get(slot)
        if said is not None and self._holds(said):
            state = State.FULL if said.full else State.OPEN
            return Place(slot, state, said.on, said.hour, said, miles=miles)
        counted = self._counted.get(slot.service)
        if counted is None:
            return Place(slot, State.UNKNOWN, said=said, miles=miles)
        sum_, until = counted
        return Place(slot, State.FULL, until, said=said, booked=sum_, miles=miles)

    def offer(self, wanted: Wanted) -> Offer:
        """Nothing of what they are judged by is asked, nor changed."""
        way = miles(wanted.zip, self.policy) if wanted.zip else {}
        ours = [self.place(slot, way.get(slot.location)) for slot in slots_of(self.policy, wanted.service)]
        here = [one for one in ours if one.slot.location]
        by_video = [one for one in ours if not one.slot.location]
        video = self._by_video(by_video, wanted)
        wants_video = wanted.video and video is not None
        there = video if wants_video else _soonest(one for one in here if one.slot.location == wanted.location)
        others = here if wants_video else [one for one in here if one.slot.location != wanted.location]
        sooner = _soonest(one for one in others if one.state is State.OPEN and _before(one, there))
        if wants_video or (video is not None and not all(_before(video, one) for one in (there, sooner))):
            video = None
        ask = video is not None and not wanted.state
        return Offer(there, sooner, video, tuple(sorted(ours, key=lambda one: one.soonest)), wanted.by, ask)

    def _by_video(self, places: list[Place], wanted: Wanted) -> Place | None:
        """Only to a state in which one of the clinics is; where nobody knows theirs it is asked."""
        if wanted.state and wanted.state not in states_of(self.policy):
            return None
        return _soonest(one for one in places if one.state is State.OPEN or wanted.video)

    def _holds(self, said: Stated) -> bool:
        """Neither too old, nor of a day that is over; a clinic that was full until today may be open by now."""
        if self.now - said.at > HOLDS:
            return False
        if said.hour is not None and not said.full:
            return said.hour >= self.now
        return said.on is None or (said.on > self.today if said.full else said.on >= self.today)

    @cached_property
    def _counted(self) -> dict[str, tuple[Booked, date]]:
        """Service -> the sum by which it is full, and until when; without those that are not."""
        found = {}
        for key, bound in bounds(self.policy).items():
            count = self.booked.get(key, 0)
            if count >= bound.most:
                found[key] = Booked(count, bound.most, bound.unit), bound.begins_next(self.today)
        return found


@lru_cache(maxsize=32)
def bounds(policy: Playbook) -> dict[str, Capacity]:
    """Service -> how many can begin, by the policy."""
    read = {key: capacity.parse(one.openings) for key, one in policy.services.items() if one.openings}
    return {key: one for key, one in read.items() if one is not None}


@lru_cache(maxsize=32)
def slots(policy: Playbook) -> tuple[Slot, ...]:
    """All of which openings can be told: in the order of the policy, by video last."""
    return tuple(slot for service in policy.services for slot in slots_of(policy, service))


@lru_cache(maxsize=512)
def slots_of(policy: Playbook, service: str) -> tuple[Slot, ...]:
    known = policy.services.get(service)
    if known is None:
        return ()
    here = [one.key for one in known.visits if one.mode != "video"]
    video = [one.key for one in known.visits if one.mode == "video"]
    visits = here or ([] if video else [""])
    clinics = [one.key for one in policy.locations.values() if one.services is None or service in one.services]
    return (
        *(Slot(service, clinic, visit) for clinic in clinics for visit in visits),
        *(Slot(service, "", visit) for visit in video),
    )


@lru_cache(maxsize=2048)
def miles(zip_: str, policy: Playbook) -> dict[str, float]:
    """Clinic -> miles to it from a ZIP code, as the crow flies; without those of which it is not known."""
    found = contact.miles(policy).filter(pl.col("zip") == zip_).drop("zip").to_dicts()
    return {key: round(float(way), 1) for one in found for key, way in one.items() if way is not None}


@lru_cache(maxsize=32)
def states_of(policy: Playbook) -> frozenset[str]:
    """The states in which our clinics are."""
    ours = [one.zip for one in policy.locations.values()]
    return frozenset(contact.places().filter(pl.col("zip").is_in(ours))["state"].to_list())


def _soonest(places: Iterable[Place]) -> Place | None:
    return min(places, key=lambda one: one.soonest, default=None)


def _before(one: Place, other: Place | None) -> bool:
    """Whether it has an opening on an earlier day than the other has, or is known to have one at all."""
    if other is None or other.state is State.UNKNOWN or other.on is None:
        return one.on is not None
    return one.on is not None and one.on < other.on
