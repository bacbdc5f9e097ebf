"""Is it a National Provider Identifier? Ten digits, the first 1 or 2, and a check digit (45 CFR 162.406; ISO 7812
over 80840)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

import polars as pl

from leadwell.contact.texts import FEW

# What the prefix 80840 adds to the Luhn sum; without it every good number is refused.
_PREFIX_SUM: Final = 24
_TEN: Final = r"^[\s:#.-]*[12](?:[\s-]*[0-9]){9}\s*$"
_BEFORE: Final = r"(?i)^\s*npi\b"
_LONGEST: Final = 64


def read_npi(first: pl.Series, second: pl.Series) -> pl.Series:
    """npi_ok: whether `first`, or where that is empty `second`, holds an NPI; NULL where both are empty."""
    given = [texts for texts in (first, second) if texts.null_count() < len(texts)]
    if not given:
        return pl.Series("npi_ok", [None], dtype=pl.Boolean).new_from_index(0, len(first))
    texts = given[0] if len(given) == 1 else given[0].zip_with(given[0].is_not_null(), given[1])
    if len(texts) <= FEW:
        return pl.Series(
            "npi_ok", [is_npi(text) if text is not None else None for text in texts.to_list()], dtype=pl.Boolean
        )
    return texts.to_frame("npi").select(_npi_ok()).to_series()


def is_npi(text: str) -> bool:
    """What `_npi_ok` says, for one text."""
    text = re.sub(_BEFORE, "", text[:_LONGEST].removesuffix(".0"), count=1)
    if not re.match(_TEN, text):
        return False
    digits = [int(digit) for digit in re.sub("[^0-9]", "", text)]
    return (_PREFIX_SUM + sum(digits[1::2]) + sum(sum(divmod(2 * digit, 10)) for digit in digits[0::2])) % 10 == 0


@lru_cache(maxsize=1)
def _npi_ok() -> pl.Expr:
    column = pl.col("npi")
    text = column.str.head(_LONGEST).str.strip_suffix(".0").str.replace(_BEFORE, "")
    number = text.str.replace_all(r"[^0-9]", "").cast(pl.Int64, strict=False)
    found = (text.str.contains(_TEN) & _checks(number)).fill_null(False)
    return pl.when(column.is_not_null()).then(found).alias("npi_ok")


def _checks(number: pl.Expr) -> pl.Expr:
    """From the right, every second digit doubled, the digits of a product added."""
    total = pl.lit(_PREFIX_SUM)
    for place in range(10):
        digit = number // 10**place % 10
        total = total + (digit if place % 2 == 0 else digit * 2 - pl.when(digit > 4).then(9).otherwise(0))
    return total % 10 == 0
