"""Can we reach them? (promise 6)

Met with one usable phone number or mailbox: the lead's, or for a referral the referrer's. Not met where what was given
is unusable; unknown where nothing was given.

Adds: reachability.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import polars as pl

from leadwell.assessing.because import Because
from leadwell.assessing.findings import MET, NOT_MET
from leadwell.playbook.model import Playbook

NEEDS: Final = ("type", "phone_ok", "email_ok", "referrer_phone_ok", "referrer_email_ok")
ADDS: Final = ("reachability",)
SAYS: Final = ("contact.phone_field", "contact.phone_says", "contact.email_says", "contact.postal_says")


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


def _told() -> Iterator[tuple[str | None, pl.Expr, pl.Expr | str]]:
    """What is said of which incoming column, and when."""
    phone, email, from_field = pl.col("phone_ok"), pl.col("email_ok"), pl.col("contact.phone_field")
    yield "phone", phone & (from_field == "phone"), "the phone number is valid"
    yield "phone_2", phone & (from_field == "phone_2"), "the second phone number is valid"
    yield "phone", *_warning("contact.phone_says")
    yield "email", email, "the e-mail address is valid"
    yield "email", *_warning("contact.email_says")
    yield "zip", *_warning("contact.postal_says")
    referral = pl.col("type") == "referral"
    yield "referrer_phone", referral & pl.col("referrer_phone_ok"), "the referrer's number is valid"
    yield "referrer_email", referral & pl.col("referrer_email_ok"), "the referrer's e-mail is valid"
    yield None, phone.is_null() & email.is_null(), "neither a phone number nor an e-mail address was given"


def _warning(sentence: str) -> tuple[pl.Expr, pl.Expr]:
    return pl.col(sentence).is_not_null(), pl.col(sentence)
