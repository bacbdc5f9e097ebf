"""Would an e-mail arrive? Syntax, whose domain, throw-away, role accounts, likely slips with the address that was
meant.

No name server is asked: the same list gives the same answer tomorrow. In a long list what is plainly an address of a
domain with
nothing to say about it is settled by expressions; the rest, and each text of a short list, goes through
`email_text.judge`.
"""

from __future__ import annotations

from functools import lru_cache, partial
from typing import Final

import polars as pl

from leadwell.contact import email_text
from leadwell.contact.domains import domain_of, mail
from leadwell.contact.texts import FEW, answers, nothing

EMAIL: Final = {"email": pl.String, "ok": pl.Boolean, "suggestion": pl.String, "kind": pl.String, "says": pl.String}


def read_emails(texts: pl.Series, *, fictional: str) -> pl.DataFrame:
    """Columns of EMAIL for each text; all NULL where it is NULL."""
    rule = partial(email_text.judge, accept=fictional == "accept")
    if texts.null_count() == len(texts):
        return nothing(EMAIL, len(texts))
    if len(texts) <= FEW:
        return answers(texts, rule, EMAIL)
    frame = texts.to_frame("text").with_columns(_cleaned()).with_columns(_parts())
    frame = frame.hstack(answers(frame["domain"], _whose, {"whose": pl.String})).select(_ordinary())
    if frame["odd"].null_count() == len(texts):
        return frame.drop("odd")
    judged = answers(frame["odd"], rule, {f"{name}?": dtype for name, dtype in EMAIL.items()})
    return frame.hstack(judged).select(pl.coalesce(name, f"{name}?").alias(name) for name in EMAIL)


@lru_cache(maxsize=1)
def _cleaned() -> pl.Expr:
    text = pl.col("text").str.head(email_text.LONGEST).str.strip_chars(email_text.BLANK).str.to_lowercase()
    return text.alias("clean")


@lru_cache(maxsize=1)
def _parts() -> list[pl.Expr]:
    """domain of what is plainly an address, and what stands before a + or the @."""
    text = pl.col("clean")
    plain = (
        text.str.contains(email_text.PLAIN)
        & ~text.str.contains(email_text.PUNYCODE)
        & (text.str.len_bytes() <= email_text.TOO_LONG)
        & (text.str.find("@", literal=True) <= email_text.LOCAL_TOO_LONG)
    )
    return [
        pl.when(plain).then(text.str.extract(r"@(.+)$")).alias("domain"),
        text.str.extract(r"^([^@+]+)").alias("local"),
    ]


def _whose(name: str) -> tuple[str | None]:
    """personal | organization, where nothing need be said of the domain."""
    domain = domain_of(name)
    return (domain.kind if domain.meant is None and domain.kind in ("personal", "organization") else None,)


@lru_cache(maxsize=1)
def _ordinary() -> list[pl.Expr]:
    """The columns of EMAIL where nothing is odd about the address, and `odd`, the text where something is."""
    accounts = [*mail().role, *mail().nobody]
    ordinary = pl.col("whose").is_not_null() & ~pl.col("local").is_in(accounts)
    nothing_said = pl.lit(None, dtype=pl.String)
    return [
        pl.when(ordinary).then("clean").alias("email"),
        pl.when(ordinary).then(True).alias("ok"),
        nothing_said.alias("suggestion"),
        pl.when(ordinary).then("whose").alias("kind"),
        nothing_said.alias("says"),
        pl.when(~ordinary).then("text").alias("odd"),
    ]
