"""Can we reach them? (promise 6)

Met with one usable phone number or mailbox: the lead's, or for a referral the referrer's; one that stands in the words
counts like a field's. Another one there than in the field is told, and is no conflict. Not met where what was given
is unusable; unknown where nothing was given.

Adds: reachability.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import polars as pl

from leadwell.assessing.because import Because
from leadwell.assessing.findings import MET, NOT_MET
from leadwell.assessing.sources import IN
from leadwell.playbook.model import Playbook

NEEDS: Final = ("type", "phone_ok", "email_ok", "referrer_phone_ok", "referrer_email_ok")
ADDS: Final = ("reachability",)
SAYS: Final = (
    "contact.phone_field", "contact.phone_says", "contact.phone_besides", "contact.email_field", "contact.email_says",
    "contact.email_besides", "contact.postal_says", "in.phone", "in.phone_2", "in.email", "in.referrer_phone",
    "in.referrer_email",
)  # fmt: skip


def columns(playbook: Playbook) -> dict[str, pl.Expr]:
    own = [pl.col("phone_ok"), pl.col("email_ok")]
    referral = pl.col("type") == "referral"
    theirs = [pl.when(referral).then(pl.col(c)) for c in ("referrer_phone_ok", "referrer_email_ok")]
    usable = pl.any_horizontal(*own, *theirs)
    given = pl.any_horizontal(c.is_not_null() for c in (*own, *theirs))
    return {"reachability": pl.when(usable).then(pl.lit(MET)).when(given).then(pl.lit(NOT_MET))}


def because(playbook: Playbook) -> Iterator[Because]:
    for column, when, says in _told():
        yield Because("reachability", when, says, column=column)
    for words, when, says in _told_in_words():
        yield Because("reachability", when, says, words=f"read.{words}@")


def _told() -> Iterator[tuple[str | None, pl.Expr, pl.Expr | str]]:
    """What is said of which incoming column, and when."""
    phone, email, from_field = pl.col("phone_ok"), pl.col("email_ok"), pl.col("contact.phone_field")
    yield "phone", phone & (from_field == "phone"), "the phone number is valid"
    yield "phone_2", phone & (from_field == "phone_2"), "the second phone number is valid"
    yield "phone", _a_number_filled_in() & _warned("contact.phone_says"), pl.col("contact.phone_says")
    yield "email", email & (pl.col("contact.email_field") == "email"), "the e-mail address is valid"
    yield "email", _an_address_filled_in() & _warned("contact.email_says"), pl.col("contact.email_says")
    yield "zip", _warned("contact.postal_says"), pl.col("contact.postal_says")
    referral = pl.col("type") == "referral"
    number = referral & pl.col("referrer_phone_ok") & pl.col(IN + "referrer_phone").is_not_null()
    address = referral & pl.col("referrer_email_ok") & pl.col(IN + "referrer_email").is_not_null()
    yield "referrer_phone", number, "the referrer's number is valid"
    yield "referrer_email", address, "the referrer's e-mail is valid"
    yield None, phone.is_null() & email.is_null(), "neither a phone number nor an e-mail address was given"


def _told_in_words() -> Iterator[tuple[str, pl.Expr, pl.Expr | str]]:
    """What is said of which words, and when."""
    referral = pl.col("type") == "referral"
    yield "phone", pl.col("contact.phone_field") == "words", "the phone number in their words is valid"
    yield "phone", ~_a_number_filled_in() & _warned("contact.phone_says"), pl.col("contact.phone_says")
    yield "phone", pl.col("contact.phone_besides"), "another phone number stands in their words"
    yield "email", pl.col("contact.email_field") == "words", "the e-mail address in their words is valid"
    yield "email", ~_an_address_filled_in() & _warned("contact.email_says"), pl.col("contact.email_says")
    yield "email", pl.col("contact.email_besides"), "another e-mail address stands in their words"
    number = referral & pl.col("referrer_phone_ok") & pl.col(IN + "referrer_phone").is_null()
    address = referral & pl.col("referrer_email_ok") & pl.col(IN + "referrer_email").is_null()
    yield "referrer_phone", number, "the referrer's number in their words is valid"
    yield "referrer_email", address, "the referrer's e-mail in their words is valid"


def _a_number_filled_in() -> pl.Expr:
    return pl.col(IN + "phone").is_not_null() | pl.col(IN + "phone_2").is_not_null()


def _an_address_filled_in() -> pl.Expr:
    return pl.col(IN + "email").is_not_null()


def _warned(sentence: str) -> pl.Expr:
    return pl.col(sentence).is_not_null()
