"""What is asked, and what is known, as columns of numbers: for one person or a million, the same decision reads these.

All times are whole seconds since 1970 (UTC); what lasts for ever, or never was, lies at the ends of the scale.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from leadwell.permission.clocks import Seconds, seconds_of, zone_of
from leadwell.permission.values import CHANNELS, LINE_TYPES, PURPOSES, Channel, Consent, Contact, Known, Purpose, Stop

Flags = NDArray[np.bool_]
Codes = NDArray[np.int8]

EVERY: Final = -1  # all channels, every purpose; of a line or the registry: not known
# Years in which every zone and calendar can be asked: those of holidays end with 2100. A time outside of them is moved
# to their end.
EARLIEST: Final = seconds_of(datetime.fromisoformat("1972-01-01T00:00:00+00:00"))
LATEST: Final = seconds_of(datetime.fromisoformat("2099-01-01T00:00:00+00:00"))


@dataclass(frozen=True, slots=True)
class Where:
    """The zones and states in which they may be; no zone means any of the country's."""

    zones: frozenset[str]
    states: frozenset[str]


@dataclass(frozen=True, slots=True)
class Events:
    """Something of each row, any number of times. `channel`, `purpose`: numbers of CHANNELS and PURPOSES, or EVERY."""

    row: NDArray[np.int64]
    at: Seconds
    channel: Codes
    purpose: Codes

    def __post_init__(self) -> None:
        np.maximum(self.at, EARLIEST, out=self.at)
        np.minimum(self.at, LATEST, out=self.at)


@dataclass(frozen=True, slots=True)
class Consents(Events):
    """`until`: LATEST where it has no end. `referred`: whether it rests on a referral."""

    until: Seconds
    written: Flags
    referred: Flags


@dataclass(frozen=True, slots=True)
class Asked:
    """One row a person. `machine`: whether it is dialled, sent or spoken by one. `place`: a number of `places`.

    `wrong`, `unable`: whether by the channel that is asked about we reach nobody of theirs, or their line may not take
    it.

    `inquired`, `looked`: LATEST where they never did, so that it lies before no instant. `listed`: 1, 0 or EVERY.
    """

    channel: Channel
    purpose: Purpose
    at: Seconds
    machine: Flags
    prerecorded: Flags
    line: Codes
    wrong: Flags
    unable: Flags
    inquired: Seconds
    listed: Codes
    looked: Seconds
    place: NDArray[np.int64]
    places: Sequence[Where]
    consents: Consents
    stops: Events
    contacts: Events

    def __len__(self) -> int:
        return len(self.at)


def of_one(known: Known, *, channel: Channel, purpose: Purpose, at: datetime) -> Asked:
    """ValueError where a time has no offset, or a channel, purpose, zone or line is none that there is."""
    when = np.array([seconds_of(with_offset(at))])
    check_asked(when, channel, purpose)
    zones = frozenset(place.zone for place in known.places if place.zone)
    for zone in zones:
        zone_of(zone)
    states = frozenset(place.state.upper() for place in known.places if place.state)
    dnc = known.dnc
    return Asked(
        channel, purpose, when,
        machine=np.array([known.automated or known.prerecorded]),
        prerecorded=np.array([known.prerecorded]),
        line=_codes([known.line_type], LINE_TYPES),
        wrong=_among([one.channel for one in known.wrong], channel),
        unable=_among(known.unable, channel),
        inquired=_times([known.inquired_at]),
        listed=np.array([EVERY if dnc is None else int(dnc.listed)], dtype=np.int8),
        looked=_times([dnc.checked_at if dnc else None]),
        place=np.zeros(1, dtype=np.int64), places=[Where(zones, states)],
        consents=_consents_of(known),
        stops=Events(*_same(known.stops), _codes([s.channel for s in known.stops], CHANNELS, "all"),
                     _codes([s.purpose for s in known.stops], PURPOSES)),
        contacts=Events(*_same(known.contacts), _codes([c.channel for c in known.contacts], CHANNELS),
                        _codes([None for _ in known.contacts], PURPOSES)),
    )  # fmt: skip


def check_asked(at: Seconds, channel: str, purpose: str) -> None:
    """ValueError where a time lies outside of what can be asked, or a channel or purpose is none that there is."""
    if ((at < EARLIEST) | (at >= LATEST)).any():
        raise ValueError("The time asked for is missing, or lies outside 1972 to 2098.")
    if channel not in CHANNELS or purpose not in PURPOSES:
        raise ValueError(f"Channels are {', '.join(CHANNELS)}; purposes are {', '.join(PURPOSES)}.")


def _among(channels: Sequence[str], channel: Channel) -> Flags:
    return np.array([CHANNELS.index(channel) in _codes(channels, CHANNELS)])


def _consents_of(known: Known) -> Consents:
    given = known.consents
    return Consents(
        *_same(given), _codes([c.channel for c in given], CHANNELS), _codes([c.purpose for c in given], PURPOSES),
        until=_times([c.until for c in given]),
        written=np.array([c.kind == "written" for c in given], dtype=np.bool_),
        referred=np.array([c.referred for c in given], dtype=np.bool_),
    )  # fmt: skip


def _same(events: Sequence[Consent | Stop | Contact]) -> tuple[NDArray[np.int64], Seconds]:
    return np.zeros(len(events), dtype=np.int64), _times([event.at for event in events])


def _times(times: Sequence[datetime | None]) -> Seconds:
    found = [LATEST if time is None else min(max(EARLIEST, seconds_of(with_offset(time))), LATEST) for time in times]
    return np.array(found, dtype=np.int64)


def among(codes: Codes, numbers: Iterable[int]) -> Flags:
    """Whether each is one of a few: `isin` costs forty microseconds, however short the column."""
    found = np.zeros(len(codes), dtype=np.bool_)
    for number in numbers:
        found |= codes == number
    return found


def with_offset(time: datetime) -> datetime:
    if time.tzinfo is None:
        raise ValueError("A time needs its offset from UTC.")
    return time


def _codes(values: Sequence[str | None], options: Sequence[str], every: str | None = None) -> Codes:
    found = []
    for value in values:
        if value not in (None, every, *options):
            raise ValueError(f"{value!r} is none of {', '.join(options)}.")
        found.append(EVERY if value in (None, every) else options.index(value))
    return np.array(found, dtype=np.int8)
