"""Can the number be called? Any notation; what the area-code table cannot settle by itself, the phone library does.

Nearly every number is ten digits in some notation, and for most area codes every exchange from 200 is valid and of one kind:
those are settled by expressions and `area_codes.parquet`, which a test holds equal to the library. The rest goes to the library once a text.
"""

from __future__ import annotations

from functools import lru_cache
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
_IN_ORDER: Final = (2345678901, 3456789012, 5678901234, 6789012345, 8765432109, 7654321098)
_ASKED: Final = {"e164": pl.String, "kind": pl.String, "why": pl.String, "code": pl.Int32}


def read_phones(texts: pl.Series, *, fictional: str) -> pl.DataFrame:
    """Columns of PHONE for each text; all NULL where it is NULL. `e164`, `kind` and `code` wherever the number is valid, ok or not."""
    if texts.null_count() == len(texts):
        return nothing(PHONE, len(texts))
    frame = texts.to_frame("text").select(_given())
    text = frame["text"]
    if len(texts) > FEW:
        frame = frame.with_columns(_ten_digits()).with_columns(_in_the_table()).with_columns(_settled())
        text = frame["doubtful"]
    if len(texts) <= FEW or text.null_count() < len(text):
        asked = answers(text, phone_text.read, _ASKED)
        frame = frame.hstack(asked) if len(texts) <= FEW else _filled(frame, asked)
    return frame.select(_judged(accept=fictional == "accept"))


@lru_cache(maxsize=1)
def _given() -> pl.Expr:
    text = pl.col("text").str.head(_LONGEST).str.strip_suffix(".0")  # a spreadsheet's float
    return pl.when(text.str.contains(r"\S")).then(text).alias("text")


@lru_cache(maxsize=1)
def _ten_digits() -> pl.Expr:
    """national: the ten digits as a number, where the text is nothing else."""
    text = pl.col("text")
    digits = text.str.replace_many(list(_BETWEEN_DIGITS), [""] * len(_BETWEEN_DIGITS)).str.tail(10)
    return pl.when(text.str.contains(_TEN_DIGITS)).then(digits.cast(pl.Int64, strict=False)).alias("national")


@lru_cache(maxsize=1)
def _in_the_table() -> list[pl.Expr]:
    """kind, and whether the code is settled without the library. A code that no table has is settled: no number has it."""
    table = package_table("area_codes.parquet").with_columns(pl.col("code").cast(pl.UInt32))
    codes = pl.DataFrame({"code": pl.int_range(1000, dtype=pl.UInt32, eager=True)})
    table = codes.join(table, on="code", how="left", maintain_order="left").with_columns(pl.col("plain").fill_null(True))
    code = (pl.col("national") // _LINES).cast(pl.UInt32)
    return [pl.lit(table[name].rechunk()).gather(code).alias(name) for name in ("kind", "plain")]


@lru_cache(maxsize=1)
def _settled() -> list[pl.Expr]:
    """The columns of _ASKED for what the table settles, and `doubtful`, the text of what it does not."""
    plain, national = pl.col("plain"), pl.when(pl.col("plain") & pl.col("kind").is_not_null()).then("national")
    return [
        (pl.lit("+1") + national.cast(pl.String)).alias("e164"),
        pl.when(plain).then("kind").alias("kind"),
        pl.when(plain & pl.col("kind").is_null()).then(pl.lit(phone_text.NOT_IN_USE)).alias("why"),
        (national // _LINES).cast(pl.Int32).alias("code"),
        pl.when(~plain.fill_null(False)).then("text").alias("doubtful"),
    ]


def _filled(frame: pl.DataFrame, asked: pl.DataFrame) -> pl.DataFrame:
    asked = asked.rename({name: f"{name}?" for name in _ASKED})
    return frame.hstack(asked).with_columns(pl.coalesce(name, f"{name}?").alias(name) for name in _ASKED)


@lru_cache(maxsize=2)
def _judged(*, accept: bool) -> list[pl.Expr]:
    given, kind = pl.col("text").is_not_null(), pl.col("kind")
    wrong = _wrong(accept=accept)
    toll_free = pl.lit("A toll-free number: likely an office's.")
    other = pl.lit("A special number (such as premium rate), not a person's line.")
    notes = pl.when(kind == "toll-free").then(toll_free).when(kind == "other").then(other)
    return [
        pl.col("e164"),
        pl.when(given).then(kind.is_not_null() & wrong.is_null()).alias("ok"),
        kind,
        pl.coalesce(wrong, "why", notes).alias("says"),
        pl.col("code"),
    ]


def _wrong(*, accept: bool) -> pl.Expr:
    """Why a valid number is nobody's."""
    national = pl.when(pl.col("code") < 1000).then(pl.col("e164").str.slice(2).cast(pl.Int64, strict=False))
    line = national % _LINES
    made_up = (line % 1_111_111 == 0) | national.is_in(list(_IN_ORDER))
    wrong = pl.when(made_up).then(pl.lit("The phone number looks made up."))
    wrong = wrong.when(line == 5_551_212).then(pl.lit("This number is directory assistance."))
    if not accept:  # 555-0100 to 555-0199 are kept for fiction (ATIS-0300115)
        wrong = wrong.when(line // 100 == 55_501).then(pl.lit("A fictional phone number, which belongs to nobody."))
    return wrong.otherwise(None)
