"""What does a form's answer mean? A field of closed values becomes the value a condition may name, or NULL.

The words stand in `stated.toml`. Each distinct text is looked up once, by a join.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

import polars as pl

_ACCENTS = {"á": "a", "é": "e", "í": "i", "ó": "o", "ú": "u", "ü": "u", "ñ": "n", "’": "'"}


@cache
def words(field: str) -> dict[str, str]:
    """Folded text -> value, for one field of stated.toml."""
    source = resources.files("leadwell.assessing").joinpath("stated.toml").read_text(encoding="utf-8")
    table: dict[str, list[str]] = tomllib.loads(source)[field]
    said = {text: value for value, texts in table.items() for text in texts}
    return said | {value: value for value in table}


def fold(text: pl.Expr) -> pl.Expr:
    """Lower case, without accents, with single spaces, without a full stop, colon or exclamation mark at its ends."""
    folded = text.str.to_lowercase().str.replace_many(list(_ACCENTS), list(_ACCENTS.values()))
    return folded.str.replace_all(r"[\s_]+", " ").str.strip_chars(" .!:")


def meaning(column: str, field: str) -> pl.Expr:
    """The value that `column` states for `field`; NULL where it says nothing we know."""
    known = words(field)
    return fold(pl.col(column)).replace_strict(list(known), list(known.values()), default=None, return_dtype=pl.String)


def yes_no(column: str) -> pl.Expr:
    """Yes or no; NULL where it says neither."""
    return meaning(column, "yes-no").replace_strict(["yes", "no"], [True, False], default=None, return_dtype=pl.Boolean)


def number(column: str) -> pl.Expr:
    """The first number in the text: "65", "65.0", "65 years". NULL where there is none."""
    return pl.col(column).str.extract(r"(-?\d+(?:\.\d+)?)").cast(pl.Float64, strict=False)
