"""Can we reach them? (promise 6)

Met with one usable phone number or mailbox: the lead's, or for a referral the referrer's. Not met where what was given
is unusable; unknown where nothing was given.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import polars as pl

from leadwell.assessing.because import Because
from leadwell.assessing.findings import finding
from leadwell.playbook.model import Playbook

NEEDS: Final = (
    "type",
    "phone_ok",
    "email_ok",
    "referrer_phone_ok",
    "referrer_email_ok",
    "contact.phone_says",
    "contact.email_says",
)
ADDS: Final = ("reachability",)


def add(frame: pl.DataFrame, playbook: Playbook) -> pl.DataFrame:
    own = [pl.col("phone_ok"), pl.col("email_ok")]
    referral = pl.col("type") == "referral"
    theirs = [pl.when(referral).then(pl.col(c)) for c in ("referrer_phone_ok", "referrer_email_ok")]
    usable = pl.any_horizontal(c.fill_null(False) for c in (*own, *theirs))
    given = pl.any_horizontal(c.is_not_null() for c in (*own, *theirs))
    return frame.with_columns(reachability=finding(pl.when(usable).then(pl.lit(True)).when(given).then(pl.lit(False))))


def because(playbook: Playbook) -> Iterator[Because]:
    phone, email = pl.col("phone_ok"), pl.col("email_ok")
    yield Because(
        "reachability",
        phone & (pl.col("contact.phone_field") == "phone"),
        pl.lit("the phone number is valid"),
        column="phone",
    )
    yield Because(
        "reachability",
        phone & (pl.col("contact.phone_field") == "phone_2"),
        pl.lit("the second phone number is valid"),
        column="phone_2",
    )
    yield Because(
        "reachability", pl.col("contact.phone_says").is_not_null(), pl.col("contact.phone_says"), column="phone"
    )
    yield Because("reachability", email, pl.lit("the e-mail address is valid"), column="email")
    yield Because(
        "reachability", pl.col("contact.email_says").is_not_null(), pl.col("contact.email_says"), column="email"
    )
    yield Because(
        "reachability", pl.col("contact.postal_says").is_not_null(), pl.col("contact.postal_says"), column="zip"
    )
    referral = pl.col("type") == "referral"
    yield Because(
        "reachability",
        referral & pl.col("referrer_phone_ok"),
        pl.lit("the referrer's number is valid"),
        column="referrer_phone",
    )
    yield Because(
        "reachability",
        referral & pl.col("referrer_email_ok"),
        pl.lit("the referrer's e-mail is valid"),
        column="referrer_email",
    )
    yield Because(
        "reachability",
        phone.is_null() & email.is_null(),
        pl.lit("neither a phone number nor an e-mail address was given"),
    )
