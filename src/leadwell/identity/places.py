"""Is it the same address? House number and street told apart, the usual words written out the same way."""

from __future__ import annotations

from typing import Final

from leadwell.identity.names import folded
from leadwell.identity.rules import Columns, framed, when

# Short to long, not long to short: a mistyped "htreet" is then one letter from the "street" it was meant to be.
_LONG: Final = {
    "st": "street", "str": "street", "ave": "avenue", "av": "avenue", "dr": "drive", "rd": "road", "blvd": "boulevard",
    "ln": "lane", "ct": "court", "pl": "place", "cir": "circle", "ter": "terrace", "pkwy": "parkway", "hwy": "highway",
    "sq": "square", "trl": "trail", "cres": "crescent", "n": "north", "s": "south", "e": "east", "w": "west",
    "ne": "northeast", "nw": "northwest", "se": "southeast", "sw": "southwest", "saint": "street", "mt": "mount",
    "ft": "fort", "apartment": "apt", "unit": "apt", "suite": "ste", "c": "calle", "avenida": "avenue",
}  # fmt: skip
# Every blank doubled, so that two such words side by side are both found.
_FROM: Final = [f" {word} " for word in _LONG]
_TO: Final = [f" {word} " for word in _LONG.values()]
_UNIT: Final = r"\s+(?:(?:apt|ste|fl|rm|lot)\s*\w*|no\s+\w+)$"


def folded_address(address: Columns, *, plain: bool = False) -> Columns:
    """Folded, without a flat's number behind a '#'."""
    return folded(address.str.replace(r"#\s*\w+\s*$", ""), plain=plain)


def house(address: Columns) -> Columns:
    """The leading house number of a folded address; NULL where there is none."""
    return address.str.extract(r"^(\d+[a-z]?)\b")


def street(address: Columns) -> Columns:
    """The rest of a folded address, written out, without the flat's number; NULL where nothing is left."""
    words = address.str.replace(r"^\d+[a-z]?\b\s*", "").str.replace_all(" ", "  ", literal=True)
    bare = framed("  ", words, "  ")
    long = bare.str.replace_many(_FROM, _TO).str.replace_all("  ", " ", literal=True).str.strip_chars()
    words = long.str.replace(_UNIT, "")
    return when(words != "", words)
