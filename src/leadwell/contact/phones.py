"""Can the number be called? Any notation; what the area-code table cannot settle by itself, the phone library does.

Nearly every number is ten digits in some notation, and for most area codes every exchange from 200 is valid and of
one kind: in a
long list those are settled by expressions and `area_codes.parquet`, which a test holds equal to the library. What is
odd in any way,
and each text of a short list, goes through `phone_text.judge`, once a text.
"""

from __future__ import annotations

from functools import lru_cache, partial
from typing import Final

import polars as pl

from leadwell.contact import phone_text
from leadwell.contact.places import package_table
from leadwell.contact.texts import FEW, answers, nothing

PHONE: Final = {"e164": pl.String, "ok": pl.Boolean, "kind": pl.String, "says": pl.String, "code": pl.Int32}

_TEN_DIGITS: Final = (
    r"^\s*(?:\+?1[\s.\-]{0,3})?\(?[2-9][0-9]{2}\)?[\s.\-/]{0,3}[2-9][0-9]{2}[\s.\-/]{0,3}[0-9]{4}[\s.]*$"
)
_BETWEEN_DIGITS: Final = (" ", "-", "(", ")", ".", "+", "/", "\t", "\n", "\r")
_LONGEST: Final = 200
_LINES: Final = 10_000_000


def read_phones(texts: pl.Series, *, fictional: str) -> pl.DataFrame:
    """Columns of PHONE for each text; all NULL where it is NULL. `e164`, `kind` and `code` wherever the number is
    valid, ok or not."""
    rule = partial(phone_text.judge, accept=fictional == "accept")
    if texts.null_count() == len(texts):
        return nothing(PHONE, len(texts))
    if len(texts) <= FEW:
        return answers(texts, rule, PHONE)
    frame = texts.to_frame("text").with_columns(_given()).with_columns(_ten_digits()).with_columns(_in_the_table())
    frame = frame.select(_ordinary())
    if frame["odd"].null_count() == len(texts):
        return frame.drop("odd")
    judged = answers(frame["odd"], rule, {f"{name}?": dtype for name, dtype in PHONE.items()})
    return frame.hstack(judged).select(pl.coalesce(name, f"{name}?").alias(name) for name in PHONE)


@lru_cache(maxsize=1)
def _given() -> pl.Expr:
    text = pl.col("text").str.head(_LONGEST).str.strip_suffix(".0")  # a spreadsheet's float
    return text.alias("given")


@lru_cache(maxsize=1)
def _ten_digits() -> pl.Expr:
    """national: the ten digits as a number, where the text is nothing else."""
    text = pl.col("given")
    digits = text.str.replace_many(list(_BETWEEN_DIGITS), [""] * len(_BETWEEN_DIGITS)).str.tail(10)
    return pl.when(text.str.contains(_TEN_DIGITS)).then(digits.cast(pl.Int64, strict=False)).alias("national")


@lru_cache(maxsize=1)
def _in_the_table() -> pl.Expr:
    """kind: that of all numbers of the area code, where they are alike and nothing need be said of them."""
    table = package_table("area_codes.parquet").filter(
        "plain", pl.col("kind").is_in(["fixed", "mobile", "fixed or mobile", "voip"])
    )
    codes = pl.DataFrame({"code": pl.int_range(1000, dtype=pl.UInt32, eager=True)})
    known = table.select(pl.col("code").cast(pl.UInt32), "kind")
    kinds = codes.join(known, on="code", how="left", maintain_order="left")["kind"].rechunk()
    return pl.lit(kinds).gather((pl.col("national") // _LINES).cast(pl.UInt32)).alias("kind")


@lru_cache(maxsize=1)
def _ordinary() -> list[pl.Expr]:
    """The columns of PHONE where nothing is odd about the number, and `odd`, the text where something is."""
    national, line = pl.col("national"), pl.col("national") % _LINES
    nobodys = (line % phone_text.SAME_DIGITS == 0) | (line // 10_000 == 555) | national.is_in(list(phone_text.IN_ORDER))
    ordinary = (pl.col("kind").is_not_null() & ~nobodys).fill_null(False)
    return [
        pl.when(ordinary).then(pl.lit("+1") + national.cast(pl.String)).alias("e164"),
        pl.when(ordinary).then(True).alias("ok"),
        pl.when(ordinary).then("kind").alias("kind"),
        pl.lit(None, dtype=pl.String).alias("says"),
        pl.when(ordinary).then((national // _LINES).cast(pl.Int32)).alias("code"),
        pl.when(~ordinary).then("text").alias("odd"),
    ]
