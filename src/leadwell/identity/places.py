"""Is it the same address? House number and street told apart, the usual words shortened the same way."""

from __future__ import annotations

from typing import Final

import polars as pl

from leadwell.identity.names import folded

_SHORT: Final = {
    "street": "st", "str": "st", "avenue": "ave", "av": "ave", "drive": "dr", "road": "rd", "boulevard": "blvd", "lane": "ln",
    "court": "ct", "place": "pl", "circle": "cir", "terrace": "ter", "parkway": "pkwy", "highway": "hwy", "square": "sq",
    "trail": "trl", "north": "n", "south": "s", "east": "e", "west": "w", "northeast": "ne", "northwest": "nw",
    "southeast": "se", "southwest": "sw", "saint": "st", "mount": "mt", "fort": "ft", "apartment": "apt", "suite": "ste",
    "unit": "apt", "crescent": "cres", "calle": "c", "avenida": "ave",
}  # fmt: skip
_UNIT: Final = r"\s+(?:(?:apt|ste|fl|rm|lot)\s*\w*|no\s+\w+)$"


def house(address: pl.Expr) -> pl.Expr:
    """The leading house number of an address, as text; NULL where there is none."""
    return folded(address).str.extract(r"^(\d+[a-z]?)\b")


def street(address: pl.Expr) -> pl.Expr:
    """The rest of an address: folded, shortened, without the flat's number; NULL where nothing is left."""
    bare = folded(address.str.replace(r"#\s*\w+\s*$", "")).str.replace(r"^\d+[a-z]?\b\s*", "")
    words = bare.str.split(" ").list.eval(pl.element().replace(_SHORT)).list.join(" ").str.replace(_UNIT, "")
    return pl.when(words != "").then(words)
