"""Would an e-mail arrive? Syntax, whose domain, throw-away, role accounts, likely slips with the address that was
meant.

No name server is asked: the same list gives the same answer tomorrow. In a long list each domain is judged once, and
what is plainly an address in it is settled by expressions; the rest, and each text of a short list, goes through
`email_text.judge`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial
from typing import Final

import polars as pl

from leadwell.contact import email_text
from leadwell.contact.domains import mail
from leadwell.contact.texts import FEW, answers, nothing

EMAIL: Final = {"email": pl.String, "ok": pl.Boolean, "suggestion": pl.String, "kind": pl.String, "says": pl.String}


def read_emails(texts: pl.Series, *, fictional: str) -> pl.DataFrame:
    """Columns of EMAIL for each text; all NULL where it is NULL."""
    rule = partial(email_text.judge, accept=fictional == "accept")
    if texts.null_count() == len(texts):
        return nothing(EMAIL, len(texts))
    if len(texts) <= FEW:
        return answers(texts, rule, EMAIL)
    frame = texts.to_frame("text").with_columns(_cleaned()).with_columns(_parts()).with_columns(_account())
    frame = frame.hstack(answers(frame["domain"], partial(_of_domain, rule), _DOMAIN)).select(_ordinary())
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
    """local and domain of what is plainly an address."""
    text = pl.col("clean")
    plain = (
        text.str.contains(email_text.PLAIN)
        & ~text.str.contains("--", literal=True)  # as in Punycode
        & (text.str.len_bytes() <= email_text.TOO_LONG)
        & (text.str.find("@", literal=True) <= email_text.LOCAL_TOO_LONG)
    )
    sides = pl.when(plain).then(text).str.split_exact("@", 1).struct
    return [sides.field("field_0").alias("local"), sides.field("field_1").alias("domain")]


@lru_cache(maxsize=1)
def _account() -> pl.Expr:
    """What stands before a +."""
    return pl.col("local").str.splitn("+", 2).struct.field("field_0").alias("account")


_ANYBODY: Final = "q"  # neither a role nor nobody, and as short as an account can be
_DOMAIN: Final = {"arrives": pl.Boolean, "ok?": pl.Boolean, "meant": pl.String, "kind?": pl.String, "says?": pl.String}


def _of_domain(
    rule: Callable[[str], email_text.Judged], name: str
) -> tuple[bool, bool | None, *tuple[str | None, ...]]:
    """What holds for all that is plainly an address in this domain, save where the account says more."""
    judged = rule(f"{_ANYBODY}@{name}")
    meant = judged.suggestion.rpartition("@")[2] if judged.suggestion else None
    return judged.email is not None, judged.ok, meant, judged.kind, judged.says


@lru_cache(maxsize=1)
def _ordinary() -> list[pl.Expr]:
    """The columns of EMAIL where nothing is odd about the address, and `odd`, the text where something is."""
    accounts = [*mail().role, *mail().nobody]
    ordinary = pl.col("ok?").is_not_null() & ~pl.col("account").is_in(accounts)
    return [
        pl.when(ordinary & pl.col("arrives")).then("clean").alias("email"),
        pl.when(ordinary).then("ok?").alias("ok"),
        pl.when(ordinary).then(pl.format("{}@{}", "local", "meant")).alias("suggestion"),
        pl.when(ordinary).then("kind?").alias("kind"),
        pl.when(ordinary).then("says?").alias("says"),
        pl.when(~ordinary).then("text").alias("odd"),
    ]
