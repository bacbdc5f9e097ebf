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
# Every blank doubled, so that two long words side by side are both found.
_LONG_WORDS: Final = [f" {word} " for word in _SHORT]
_SHORT_WORDS: Final = [f" {word} " for word in _SHORT.values()]
_UNIT: Final = r"\s+(?:(?:apt|ste|fl|rm|lot)\s*\w*|no\s+\w+)$"


def folded_address(address: pl.Expr, *, plain: bool = False) -> pl.Expr:
    """Folded, without a flat's number behind a '#'."""
    return folded(address.str.replace(r"#\s*\w+\s*$", ""), plain=plain)


def house(address: pl.Expr) -> pl.Expr:
    """The leading house number of a folded address; NULL where there is none."""
    return address.str.extract(r"^(\d+[a-z]?)\b")


def street(address: pl.Expr) -> pl.Expr:
    """The rest of a folded address: shortened, without the flat's number; NULL where nothing is left."""
    bare = pl.concat_str(pl.lit("  "), address.str.replace(r"^\d+[a-z]?\b\s*", "").str.replace_all(" ", "  ", literal=True), pl.lit("  "))
    short = bare.str.replace_many(_LONG_WORDS, _SHORT_WORDS).str.replace_all("  ", " ", literal=True).str.strip_chars()
    words = short.str.replace(_UNIT, "")
    return pl.when(words != "").then(words)
