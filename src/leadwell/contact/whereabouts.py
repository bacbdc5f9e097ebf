"""In which zones and states may they be? What a ZIP, a state, an address, a number and they themselves say of it.

Every plausible one counts (rule 1.3 of docs/contact-rules.md): whoever calls must be welcome in all of them. An area
code stands for a set of zones and for the state that it was given to; a mobile's exchange says nothing of where its
owner is, and a toll-free or unknown number may be answered anywhere (1.4).
"""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo, available_timezones

import polars as pl

from leadwell.contact import atlas
from leadwell.contact.phone_text import judge
from leadwell.contact.phones import read_phones
from leadwell.contact.states import state_of

FACTS: Final = ("zip", "state", "address_state", "phone", "stated_zone", "line_type")
_NO_CODE: Final = 0
_TOLL_FREE: Final = "toll-free"
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
    return _told(_Facts(zip, state, address_state, _code(phone), stated_zone, line_type == _TOLL_FREE))


def whereabouts_columns(frame: pl.DataFrame) -> pl.DataFrame:
    """zones and states (lists of text) of each row, from the columns of FACTS that there are; each is a text or NULL.

    As `whereabouts`, which is asked once for all who have the same ZIP, states and area code.
    """
    given = [pl.col(f).cast(pl.String) if f in frame.columns else pl.lit(None, pl.String).alias(f) for f in FACTS]
    facts = frame.select(given).select(FACTS)
    code = read_phones(facts["phone"], fictional="accept")["code"]
    facts = facts.select(
        "zip", "state", "address_state", code.alias("code"), "stated_zone",
        (pl.col("line_type") == _TOLL_FREE).fill_null(False).alias("toll_free"),
        pl.when(code.is_null()).then("phone").alias("odd"),
    )  # fmt: skip
    distinct = facts.unique(maintain_order=True)
    found = [_sets(_told(_Facts(*row)._replace(code=_code(odd) if odd else row[3]))) for *row, odd in distinct.rows()]
    places = {sets: number for number, sets in enumerate(dict.fromkeys(found))}  # few: lists are dear to build
    lists = pl.DataFrame(list(places), schema={name: pl.List(pl.String) for name in ("zones", "states")}, orient="row")
    told = distinct.with_columns(place=pl.Series([places[sets] for sets in found], dtype=pl.UInt32))
    place = facts.join(told, on=facts.columns, how="left", nulls_equal=True, maintain_order="left")["place"]
    return lists.select(pl.all().gather(place))


def _sets(found: tuple[Whereabout, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The zones and the states, each once and sorted."""
    zones, states = {where.zone for where in found}, {where.state for where in found}
    return tuple(sorted(filter(None, zones))), tuple(sorted(filter(None, states)))


class _Facts(NamedTuple):
    """`code`: as `_code` gives it."""

    zip: str | None
    state: str | None
    address_state: str | None
    code: int | None
    stated_zone: str | None
    toll_free: bool


def _told(facts: _Facts) -> tuple[Whereabout, ...]:
    by_zip = _of_zip(_zip_number(facts.zip))
    here = {where.state for where in by_zip}
    states = _of_state("state", facts.state, here) + _of_state("address", facts.address_state, here)
    numbers = (_of_code(_NO_CODE) if facts.toll_free else ()) + _of_code(facts.code)
    found = dict.fromkeys(by_zip + states + numbers)
    if not facts.stated_zone:
        return tuple(found)
    if facts.stated_zone not in _zones():
        raise ValueError("stated_zone is no time zone; write it like America/Chicago")
    stays = dict.fromkeys(w._replace(zone=None) for w in found if w.state and _stays(w, facts.stated_zone))
    return Whereabout("said", facts.stated_zone, None), *stays


def _zip_number(text: str | None) -> int | None:
    """None where nothing is said, 0 where it is no ZIP."""
    if text is None or not text.strip():
        return None
    found = _ZIP.fullmatch(text)
    return int(found[1]) if found else 0


@lru_cache(maxsize=65536)
def _of_zip(number: int | None) -> tuple[Whereabout, ...]:
    """One that is not known, or is no ZIP, may lie anywhere; so may a military one."""
    if number is None:
        return ()
    state, zone = atlas.states()[atlas.state_by_zip()[number]], atlas.zones()[atlas.zone_by_zip()[number]]
    known = dict.fromkeys(one for one in (zone, _ALSO.get(number)) if one)
    return tuple(Whereabout("ZIP", one, state or None) for one in known or anywhere())


def _of_state(fact: str, text: str | None, here: set[str | None]) -> tuple[Whereabout, ...]:
    """A state's zones, unless the ZIP lies in it and says which."""
    if text is None or not text.strip():
        return ()
    name = state_of(text)
    if name is not None and name in here:
        return (Whereabout(fact, None, name),)
    return tuple(Whereabout(fact, zone, name) for zone in atlas.state_zones().get(name or "", anywhere()))


def _code(text: str | None) -> int | None:
    """The area code, or 1000 and a calling code; None where nothing is said, _NO_CODE where it cannot be told."""
    if text is None or not text.strip():
        return None
    code = judge(text, accept=True).code
    if code is None and (ten := _TEN_DIGITS.fullmatch(re.sub(r"[\s().-]", "", text))):
        code = int(ten[1])
    return code if code is not None and code < atlas.CODES else _NO_CODE


@lru_cache(maxsize=4096)
def _of_code(code: int | None) -> tuple[Whereabout, ...]:
    if code is None:
        return ()
    zones, state = atlas.code_zones()[atlas.zones_by_code()[code]][1], atlas.state_of_code()[code]
    return tuple(Whereabout("area code", zone, state) for zone in zones or anywhere())


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
    """Those of places: "Factory" and "localtime" are none, nor is a fixed offset where somebody lives."""
    return frozenset(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/"))
