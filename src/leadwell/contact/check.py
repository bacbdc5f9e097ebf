"""Is it reachable? Phone, e-mail, place, hours and NPI of every lead, each with a sentence about what is wrong or odd.

Needs the columns of NEEDS, as text (absent ones count as empty); what stands in the words (`read.`) counts where no
field is usable. Adds the columns of ADDS: those of `contract.CONTACT`,
`referrer_phone_ok` and `referrer_email_ok`. Strictly row by row: a lead gets the same answer alone and among a million.
Serves "Contact data is checked".
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Final

import polars as pl

from leadwell import contract
from leadwell.contact.emails import read_emails
from leadwell.contact.npi import read_npi
from leadwell.contact.phones import read_phones
from leadwell.contact.postal import HOURS, POSTAL, read_postal
from leadwell.contact.texts import nothing
from leadwell.playbook.model import Playbook

PHONES: Final = ("phone", "phone_2", "referrer_phone", "read.phone", "read.referrer_phone")
EMAILS: Final = ("email", "referrer_email", "read.email", "read.referrer_email")
NEEDS: Final = (*PHONES, *EMAILS, "zip", "state", "city", "npi", "referrer_npi", "read.npi")
ADDS: Final = (*contract.CONTACT, "referrer_phone_ok", "referrer_email_ok")
_FOUND: Final = tuple(name for name in ADDS if name not in POSTAL and name not in HOURS)


def check(frame: pl.DataFrame, playbook: Playbook) -> pl.DataFrame:
    """The frame with the columns of ADDS. Nothing in a field can make it raise."""
    fictional = playbook.checks.fictional
    fields = frame.select(_field(frame, name) for name in NEEDS)
    numbers, mails = _read(fields, PHONES, read_phones, fictional), _read(fields, EMAILS, read_emails, fictional)
    read = pl.concat([fields, *numbers, *mails], how="horizontal").with_columns(_contacts())
    referrers = fields["referrer_npi"]
    read = read.hstack([read_npi(fields["npi"], referrers.zip_with(referrers.is_not_null(), fields["read.npi"]))])
    found = [*(read[name] for name in _FOUND), *read_postal(read)]
    return frame.drop(set(ADDS) & set(frame.columns)).hstack(found)


def _field(frame: pl.DataFrame, name: str) -> pl.Expr:
    return pl.col(name).cast(pl.String) if name in frame.columns else pl.lit(None, dtype=pl.String).alias(name)


def _read(
    fields: pl.DataFrame, names: tuple[str, ...], read: Callable[..., pl.DataFrame], fictional: str
) -> list[pl.DataFrame]:
    """Each field's answers under `field.`; all fields with anything in them are read at once."""
    height = fields.height
    filled = [name for name in names if fields[name].null_count() < height]
    answers = read(pl.concat([fields[name].rename("") for name in filled or names[:1]]), fictional=fictional)
    empty = nothing(dict(answers.schema), height)
    found = {name: answers.slice(i * height, height) for i, name in enumerate(filled)}
    return [_under(name, found.get(name, empty)) for name in names]


def _under(field: str, answers: pl.DataFrame) -> pl.DataFrame:
    return pl.DataFrame([column.alias(f"{field}.{column.name}") for column in answers])


@lru_cache(maxsize=1)
def _contacts() -> list[pl.Expr]:
    return [*_numbers(), *_mails(), *(_referrers(f"referrer_{way}") for way in ("phone", "email"))]


def _numbers() -> list[pl.Expr]:
    first, second, words = (pl.col(f"{name}.ok").fill_null(False) for name in ("phone", "phone_2", "read.phone"))
    given = ("phone", "phone_2", "read.phone")

    def chosen(of: str, otherwise: pl.Expr | None = None) -> pl.Expr:
        best = (
            pl.when(first).then(f"phone.{of}").when(second).then(f"phone_2.{of}").when(words).then(f"read.phone.{of}")
        )
        return best.otherwise(otherwise)

    def any_of(of: str) -> pl.Expr:
        return pl.coalesce(f"{name}.{of}" for name in given)

    wrong = pl.coalesce("phone.says", "phone_2.says")
    instead = pl.col("phone.says") + " The second number is used instead."
    says = (
        pl.when(first).then("phone.says")
        .when(second & pl.col("phone.says").is_not_null()).then(instead)
        .when(~second & words & wrong.is_not_null()).then(wrong + " The number in their words is used instead.")
    )  # fmt: skip
    another = pl.col("phone_2.ok") & first & (pl.col("phone.e164") != pl.col("phone_2.e164"))
    fields = [pl.col(f"{name}.e164") for name in ("phone", "phone_2")]
    besides = words & (first | second) & pl.all_horizontal(f.ne_missing(pl.col("read.phone.e164")) for f in fields)
    field = pl.when(first).then(pl.lit("phone")).when(second).then(pl.lit("phone_2")).when(words).then(pl.lit("words"))
    return [
        chosen("e164").alias("contact.phone"),
        pl.when(first | second | words).then(True).otherwise(any_of("ok")).alias("phone_ok"),
        chosen("kind", any_of("kind")).alias("contact.phone_type"),
        says.otherwise(any_of("says")).alias("contact.phone_says"),
        field.alias("contact.phone_field"),
        pl.when(besides).then(True).alias("contact.phone_besides"),
        pl.when(another).then("phone_2.e164").alias("contact.phone_2"),
        chosen("code").alias("code"),
    ]


def _mails() -> list[pl.Expr]:
    """Words count where the field is empty or unusable and theirs is usable, or where there is no field."""
    words = pl.col("read.email.ok").fill_null(False)
    usable = pl.col("email.ok").fill_null(False)
    from_words = ~usable & (words | pl.col("email.ok").is_null())
    parts = {
        "contact.email": "email", "email_ok": "ok", "contact.email_suggestion": "suggestion",
        "contact.email_kind": "kind", "contact.email_says": "says",
    }  # fmt: skip
    field = pl.when(usable).then(pl.lit("email")).when(words).then(pl.lit("words"))
    besides = usable & words & (pl.col("email.email") != pl.col("read.email.email"))
    return [
        *(pl.when(from_words).then(f"read.email.{of}").otherwise(f"email.{of}").alias(n) for n, of in parts.items()),
        field.alias("contact.email_field"),
        pl.when(besides).then(True).alias("contact.email_besides"),
    ]


def _referrers(name: str) -> pl.Expr:
    usable = pl.when(pl.col(f"read.{name}.ok")).then(True)
    return pl.coalesce(usable, f"{name}.ok", f"read.{name}.ok").alias(f"{name}_ok")
