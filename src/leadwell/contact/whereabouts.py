"""In which zones and states may they be? What a ZIP, a state, an address, a number and they themselves say of it.

Every plausible one counts (rule 1.3 of docs/contact-rules.md): whoever calls must be welcome in all of them. An area
code stands for a set of zones and for the state that it was given to; a mobile's exchange says nothing of where its
owner is, and a toll-free or unknown number may be answered anywhere (1.4).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo, available_timezones

from leadwell.contact import atlas
from leadwell.contact.phone_text import judge
from leadwell.contact.states import state_of

_ZIP: Final = re.compile(r"\s*([0-9]{3,5})(?:[\s-]?[0-9]{4})?\s*")
_TEN_DIGITS: Final = re.compile(r"\+?1?([2-9][0-9]{2})[0-9]{7}")
# Territories are no part of "anywhere in the country": who is there says so by ZIP, state or area code.
_TERRITORIES: Final = frozenset({"AA", "AE", "AP", "AS", "FM", "GU", "MH", "MP", "PR", "PW", "VI"})
# Beside the Navajo Nation, which has summer time: the table of ZIPs has Page on its clock, and Tuba City not.
_ALSO: Final = {86040: "America/Phoenix", 86045: "America/Denver"}
_SEASONS: Final = (datetime(2026, 1, 15), datetime(2026, 7, 15))


class Whereabout(NamedTuple):
    """`fact`: "said", "ZIP", "state", "address" or "area code". `zone`: an IANA name; `state`: two letters; either None
    where the fact says nothing of it."""

    fact: str
    zone: str | None
    state: str | None


def whereabouts(  # noqa: PLR0913  each is one thing that may be known
    *,
    zip: str | None = None,
    state: str | None = None,
    address_state: str | None = None,
    phone: str | None = None,
    stated_zone: str | None = None,
    line_type: str | None = None,
) -> tuple[Whereabout, ...]:
    """Every plausible zone and state, each with the fact that says so; none where nothing does.

    A `line_type` of "toll-free" makes the number one that may be answered anywhere, whatever its area code.
    Their own statement of a zone replaces the zones that were guessed, and states elsewhere. The state that they name
    and that of their number stay. ValueError where `stated_zone` is no IANA zone.
    """
    found = dict.fromkeys((*_zip(zip), *_states(zip, state, address_state), *_number(phone, line_type)))
    if not stated_zone:
        return tuple(found)
    if stated_zone not in _zones():
        raise ValueError("stated_zone is no time zone; write it like America/Chicago")
    states = dict.fromkeys(w._replace(zone=None) for w in found if w.state and _stays(w, stated_zone))
    return Whereabout("said", stated_zone, None), *states


def _zip(text: str | None) -> Iterator[Whereabout]:
    """One that is not known, or is no ZIP, may lie anywhere; so may a military one."""
    if text is None or not text.strip():
        return
    found = _ZIP.fullmatch(text)
    number = int(found[1]) if found else 0
    state, zone = atlas.states()[atlas.state_by_zip()[number]], atlas.zones()[atlas.zone_by_zip()[number]]
    known = dict.fromkeys(one for one in (zone, _ALSO.get(number)) if one)
    yield from (Whereabout("ZIP", one, state or None) for one in known or anywhere())


def _states(zip_: str | None, state: str | None, address_state: str | None) -> Iterator[Whereabout]:
    """A state's zones, unless the ZIP lies in it and says which."""
    by_zip = {where.state for where in _zip(zip_) if where.state}
    for fact, text in (("state", state), ("address", address_state)):
        if text is None or not text.strip():
            continue
        name = state_of(text)
        if name in by_zip:
            yield Whereabout(fact, None, name)
        else:
            yield from (Whereabout(fact, zone, name) for zone in atlas.state_zones().get(name or "", anywhere()))


def _number(text: str | None, line_type: str | None) -> Iterator[Whereabout]:
    if line_type == "toll-free":
        yield from (Whereabout("area code", zone, None) for zone in anywhere())
    if text is None or not text.strip():
        return
    code = judge(text, accept=True).code
    if code is None and (ten := _TEN_DIGITS.fullmatch(re.sub(r"[\s().-]", "", text))):
        code = int(ten[1])
    zones = atlas.code_zones()[atlas.zones_by_code()[code]][1] if code is not None and code < atlas.CODES else ()
    state = atlas.state_of_code()[code] if code is not None and code < atlas.CODES else None
    yield from (Whereabout("area code", zone, state) for zone in zones or anywhere())


def _stays(where: Whereabout, stated: str) -> bool:
    """Whether a state is still plausible once they have named their zone."""
    return where.fact in ("state", "area code") or any(
        _same_clock(zone, stated) for zone in atlas.state_zones().get(where.state or "", (stated,))
    )


def _same_clock(zone: str, other: str) -> bool:
    return all(ZoneInfo(zone).utcoffset(day) == ZoneInfo(other).utcoffset(day) for day in _SEASONS)


@lru_cache(maxsize=1)
def anywhere() -> tuple[str, ...]:
    """Every zone of the fifty states and the District of Columbia."""
    found = (zones for state, zones in atlas.state_zones().items() if state not in _TERRITORIES)
    return tuple(sorted({zone for zones in found for zone in zones}))


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())
