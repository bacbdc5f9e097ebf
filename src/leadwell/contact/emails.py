"""Would an e-mail arrive? Syntax, whose domain, throw-away, role accounts, likely slips with the address that was meant.

No name server is asked: the same list gives the same answer tomorrow.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

import polars as pl

from leadwell.contact import email_text
from leadwell.contact.domains import domain_of, mail
from leadwell.contact.texts import FEW, INVISIBLE, answers, nothing

EMAIL: Final = {"email": pl.String, "ok": pl.Boolean, "suggestion": pl.String, "kind": pl.String, "says": pl.String}

_DOMAIN_SAYS: Final = {
    "special": "No e-mail ever arrives at this domain.",
    "fictional": "An example address, which belongs to nobody.",
    "disposable": "A throw-away address.",
    "mistyped": "The part after the @ is likely mistyped.",
}
_LONGEST: Final = 600
_ASKED: Final = {"found": pl.String, "why": pl.String, "mended": pl.String}
_DOMAIN: Final = {"whose": pl.String, "meant": pl.String}
_UNDERSTOOD: Final = dict.fromkeys(("email", "why", "mended", "local", "whose", "meant"), pl.String)
_INVISIBLE: Final = re.compile(re.sub(r"\\u\{(\w+)\}", lambda m: f"\\u{m[1]:0>4}", INVISIBLE))


def read_emails(texts: pl.Series, *, fictional: str) -> pl.DataFrame:
    """Columns of EMAIL for each text; all NULL where it is NULL."""
    if texts.null_count() == len(texts):
        return nothing(EMAIL, len(texts))
    frame = texts.to_frame("text").select(_cleaned())
    frame = frame.hstack(answers(frame["text"], _understood, _UNDERSTOOD)) if len(texts) <= FEW else _many(frame)
    return frame.select(_judged(accept=fictional == "accept"))


def _understood(text: str) -> tuple[str | None, ...]:
    """What `_many` finds, for one text."""
    plain = email_text.is_plain(text)
    email, why, mended = (text, None, None) if plain else _asked(text)
    domain = domain_of(email.rpartition("@")[2]) if email else (None, None)
    return email, why, mended, re.split("[@+]", email)[0] if email else None, *domain


def _many(frame: pl.DataFrame) -> pl.DataFrame:
    """The library is asked about doubtful texts only, and each domain is looked up once."""
    frame = frame.with_columns(_plain())
    doubtful = frame["text"].is_not_null() & frame["email"].is_null()
    asked = answers(frame.select(pl.when(doubtful).then("text"))["text"], _asked, _ASKED) if doubtful.any() else None
    frame = frame.hstack(asked if asked is not None else nothing(_ASKED, frame.height)).with_columns(_found())
    return frame.hstack(answers(frame["domain"], domain_of, _DOMAIN))


@lru_cache(maxsize=1)
def _cleaned() -> pl.Expr:
    text = pl.col("text").str.head(_LONGEST).str.strip_chars(" \t\u00a0").str.to_lowercase()
    return pl.when(text != "").then(text).alias("text")


@lru_cache(maxsize=1)
def _plain() -> pl.Expr:
    text = pl.col("text")
    plain = (
        text.str.contains(email_text.PLAIN)
        & ~text.str.contains(email_text.PUNYCODE)
        & (text.str.len_bytes() <= email_text.TOO_LONG)
        & (text.str.find("@", literal=True) <= email_text.LOCAL_TOO_LONG)
    )
    return pl.when(plain).then(text).alias("email")


def _asked(text: str) -> email_text.Address:
    return email_text.read(_INVISIBLE.sub("", text))


@lru_cache(maxsize=1)
def _found() -> list[pl.Expr]:
    """email; its domain, and what stands before a + or the @."""
    email = pl.coalesce("email", "found")
    return [
        email.alias("email"),
        email.str.extract(r"@([^@]+)$").alias("domain"),
        email.str.extract(r"^([^@+]+)").alias("local"),
    ]


@lru_cache(maxsize=2)
def _judged(*, accept: bool) -> list[pl.Expr]:
    known, local = mail(), pl.col("local")
    nobody, role = local.is_in(list(known.nobody)), local.is_in(list(known.role))
    whose = pl.col("whose")
    bad = whose.is_in(["special", "disposable", "mistyped", *([] if accept else ["fictional"])]) | nobody
    given, valid = pl.col("text").is_not_null(), pl.col("email").is_not_null()
    other = pl.concat_str(pl.col("email").str.extract(r"^(.*@)"), "meant")
    kind = (
        pl.when(~valid | (whose == "special")).then(None).when(whose == "disposable").then(pl.lit("disposable"))
        .when(role | nobody).then(pl.lit("role")).when(whose == "personal").then(pl.lit("personal"))
        .when((whose != "mistyped") | pl.col("meant").is_null()).then(pl.lit("organization"))
    )  # fmt: skip
    return [
        pl.when(valid & (whose != "special")).then("email").alias("email"),
        pl.when(given).then(valid & ~bad.fill_null(False)).alias("ok"),
        pl.coalesce(other, "mended").alias("suggestion"),
        kind.alias("kind"),
        _says(nobody, role, accept=accept).alias("says"),
    ]


def _says(nobody: pl.Expr, role: pl.Expr, *, accept: bool) -> pl.Expr:
    whose = pl.col("whose")
    says = pl.lit(None, dtype=pl.String)
    says = pl.when(pl.col("meant").is_not_null()).then(pl.lit("The ending may be mistyped.")).otherwise(says)
    says = pl.when(role).then(pl.lit("Read by a team, not by one person.")).otherwise(says)
    for kind, sentence in _DOMAIN_SAYS.items():
        if kind != "fictional" or not accept:
            says = pl.when(whose == kind).then(pl.lit(sentence)).otherwise(says)
    says = pl.when(nobody).then(pl.lit("Nobody reads this mailbox.")).otherwise(says)
    return pl.coalesce("why", says)
