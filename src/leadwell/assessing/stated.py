"""What does a form's answer mean? A field of closed values becomes the value a condition may name, or NULL.

The words stand in `stated.toml`. Each distinct text is looked up once, by a join.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

import polars as pl

from leadwell.identity.rules import Columns, number_of

_ACCENTS = {"á": "a", "é": "e", "í": "i", "ó": "o", "ú": "u", "ü": "u", "ñ": "n", "’": "'"}


@cache
def words(field: str) -> dict[str, str]:
    """Folded text -> value, for one field of stated.toml."""
    table = _tables()[field]
    said = {text: value for value, texts in table.items() for text in texts}
    return said | {value: value for value in table}


@cache
def _tables() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(resources.files("leadwell.assessing").joinpath("stated.toml").read_text(encoding="utf-8"))


def fold(text: Columns) -> Columns:
    """Lower case, without accents, with single spaces, without a full stop, colon or exclamation mark at its ends."""
    folded = text.str.to_lowercase().str.replace_many(list(_ACCENTS), list(_ACCENTS.values()))
    return folded.str.replace_all(r"[\s_]+", " ").str.strip_chars(" .!:")


def meaning(column: str, field: str) -> pl.Expr:
    """The value that `column` states for `field`; NULL where it says nothing we know."""
    return means(pl.col(column), field)


def means(text: Columns, field: str) -> Columns:
    """The same of a text."""
    return fold(text).replace_strict(words(field), default=None, return_dtype=pl.String)


def yes_no(column: str) -> pl.Expr:
    """Yes or no; NULL where it says neither."""
    return meaning(column, "yes-no").replace_strict(["yes", "no"], [True, False], default=None, return_dtype=pl.Boolean)


def number(column: str) -> pl.Expr:
    """The first number in the text: "65", "65.0", "1,200 lb", "-3"."""
    return number_in(pl.col(column))


def number_in(text: Columns) -> Columns:
    return number_of(text.str.extract(rf"((?:^|\s)-{_NUMBER}|{_NUMBER})").str.replace_all(r"[,\s]", ""))


def years(column: str) -> pl.Expr:
    """Whole years of an age: "65", "65.0", "65 years old", "16y6m", "18 months". A band ("under 18", "40s", "42-50") or
    anything else is no age, and NULL."""
    text = fold(pl.col(column))
    count = text.str.extract(r"^(?:age\s*)?(\d{1,4}(?:\.\d+)?)").cast(pl.Float64, strict=False)
    parts = {
        length: text.str.contains(rf"^(?:age\s*)?\d{{1,4}}(?:\.\d+)?\s*-?(?:{unit}){_OLD}$") for unit, length in _AGES
    }
    years = pl.lit(None, dtype=pl.Float64)
    for length, is_so in parts.items():
        years = pl.when(is_so).then(count / length).otherwise(years)
    return years.floor()


_NUMBER = r"(?:\d{1,3}(?:,\d{3})+\b|\d+)(?:\.\d+)?"
_OLD = r"(?:[\s-]*(?:old|of age|de edad|d'age))?"
# Units of an age, with how many of them are a year.
_AGES = (
    (r"|y|yr|yrs|years?|yo|y/o|y\.o|anos?|y(?:rs?|ears?)?[\s,]*(?:and )?\d{1,2}\s*m\w*", 1),
    (r"m|mo|mos|mths?|months?|mes|meses", 12),
    (r"w|wks?|weeks?|semanas?", 52.18),
    (r"d|days?|dias?", 365.25),
)
