"""On whose clock do they name an hour? “3 pm eastern”, “2 o'clock London time”, “a las 3 hora del este”."""

from __future__ import annotations

import re
from enum import Enum
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

_SPOKEN: Final = {
    "America/New_York": "eastern et est edt",
    "America/Chicago": "central ct cst cdt",
    "America/Denver": "mountain mt mst mdt",
    "America/Los_Angeles": "pacific pt pst pdt",
    "America/Anchorage": "alaska akst akdt",
    "Pacific/Honolulu": "hawaii hawaiian hst",
    "America/Phoenix": "arizona",
    "America/Puerto_Rico": "atlantic ast",
    "UTC": "utc gmt",
}
_HORA: Final = {
    "este": "America/New_York", "central": "America/Chicago", "centro": "America/Chicago",
    "montana": "America/Denver", "pacifico": "America/Los_Angeles",
}  # fmt: skip
_ZONES: Final = {word: zone for zone, words in _SPOKEN.items() for word in words.split()}
_WORD: Final = "|".join(sorted(_ZONES, key=len, reverse=True))
# Islands are called by words that mean something else (Easter, Wake).
_LANDS: Final = ("America/", "Europe/", "Asia/", "Africa/", "Australia/", "Pacific/Auckland", "Pacific/Guam")
_HOUR: Final = r"(?:(?<=\d)|(?<=\d[ap]m)|(?<= [ap]m)|(?<=[ap]\.m\.)|(?<=o'clock)|(?<=oclock))"
# Bare, a zone's name stands right after its hour: “PT at 3” is a therapy.
_NAMED: Final = re.compile(
    rf"{_HOUR}\s*\(?\b(?P<bare>{_WORD})\b\)?(?:\s+(?:standard\s+|daylight\s+)?time)?"
    rf"|\b(?P<time>{_WORD})\s+(?:standard\s+|daylight\s+)?time\b"
    rf"|\b(?:tiempo|hora)\s+(?:de\s+la\s+|del\s+|de\s+)?(?P<hora>{'|'.join(_HORA)})\b"
    r"|\b(?P<city>[a-z]+(?: [a-z]+){0,2}) time\b"
)


class Whose(Enum):
    """`EITHER`: “your time”, as they say it, is that of whoever writes it down; as that one says it, theirs."""

    OURS = "ours"
    THEIRS = "theirs"
    EITHER = "either"


_OURS: Final = (
    r"(?:(?:our|clinic'?s?|(?:the |your )?office'?s?) (?:local )?time|nuestra hora|hora (?:nuestra|de la clinica))"
)
_THEIRS: Final = r"(?:(?:my|their|there|his|her) (?:local )?time|mi hora|hora mia)"
_EITHER: Final = r"(?:your (?:local )?time|(?:su|tu) hora|hora (?:suya|de ustedes))"
_WHOSE: Final = re.compile(
    rf"[(,]?\s*\b(?:(?P<{Whose.OURS.value}>{_OURS})|(?P<{Whose.THEIRS.value}>{_THEIRS})|(?P<{Whose.EITHER.value}>{_EITHER}))\b\)?"
)


def whose(plain: str) -> tuple[str, Whose] | None:
    """The text without “our time” or “their time”, and which it says. `plain`: in lower case, without accents."""
    found = _WHOSE.search(plain)
    if found is None or found.lastgroup is None:
        return None
    return plain[: found.start()] + " " * (found.end() - found.start()) + plain[found.end() :], Whose(found.lastgroup)


def clock_named(plain: str) -> tuple[str, ZoneInfo] | None:
    """The text without the clock that it names, and that clock. `plain`: in lower case, without accents."""
    for found in _NAMED.finditer(plain):
        word = found["bare"] or found["time"] or found["hora"]
        zone, start = ((_ZONES | _HORA)[word], found.start()) if word else _of_city(found["city"], found.start("city"))
        if zone:
            return plain[:start] + " " * (found.end() - start) + plain[found.end() :], ZoneInfo(zone)
    return None


def _of_city(words: str, start: int) -> tuple[str, int]:
    """The longest end of these words by which a zone is called, and where it begins."""
    parts = words.split(" ")
    for skipped in range(len(parts)):
        if zone := _called().get(" ".join(parts[skipped:])):
            return zone, start + len(" ".join(parts[:skipped])) + bool(skipped)
    return "", start


@cache
def _called() -> dict[str, str]:
    """By word or by city."""
    zones = (zone for zone in available_timezones() if zone.startswith(_LANDS) and zone.count("/") == 1)
    cities = {zone.rpartition("/")[2].replace("_", " ").lower(): zone for zone in sorted(zones, reverse=True)}
    return {**_ZONES, **cities}
