"""Which states, time zones and calendars of public holidays are there?"""

from __future__ import annotations

import re
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

STATES: Final = tuple(
    (  # noqa: SIM905
        "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK"
        " OR PA RI SC SD TN TX UT VT VA WA WV WI WY AS GU MP PR UM VI"
    ).split()
)


def zone_known(name: str) -> bool:
    """Whether this is a time zone by its IANA name ("EST" and "Central" are none: they have no summer time)."""
    if "/" not in name and name != "UTC":
        return False
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def holidays_known(code: str) -> bool:
    """Whether this names a calendar: a country (US), or a country and its part (US-IL)."""
    country, _, part = code.partition("-")
    if country == "US":  # the library costs 0.3 s; a test holds this list to it
        return part in ("", *STATES)
    if not re.fullmatch(r"[A-Z]{2}", country):
        return False
    from holidays import list_supported_countries  # noqa: PLC0415

    countries = list_supported_countries()
    return country in countries and (not part or part in countries[country])
