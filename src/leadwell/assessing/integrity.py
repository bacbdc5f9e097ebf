"""Is it a real, unique enquiry? (promises 7, 8)

Not met: spam, a test, or a sure duplicate that says nothing new. Unknown: text that reads like noise, or somebody who
may have asked before. Nobody real is lost to it: what is not met is kept, and safety comes first.

Adds: spam, test and repeat (word for word what `duplicate_of` says), never NULL; integrity.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import polars as pl

from leadwell.assessing.because import Because
from leadwell.assessing.findings import MET, NOT_MET
from leadwell.playbook.model import Playbook

NEEDS: Final = (
    "read.spam", "read.test", "read.gibberish", "phone_ok", "email_ok", "service", "payer", "payment", "age", "zip",
    "duplicate_of", "possible_duplicate_of", "link.nothing_new",
)  # fmt: skip
ADDS: Final = ("integrity", "spam", "test", "repeat")
SAYS: Final = ("same_person_as",)


def columns(playbook: Playbook) -> dict[str, pl.Expr]:
    noise = pl.col("read.gibberish").fill_null(False)
    reachable = pl.any_horizontal(pl.col(c).fill_null(False) for c in ("phone_ok", "email_ok"))
    unreal = pl.any_horizontal("spam", "test", "repeat")
    doubt = noise | pl.col("possible_duplicate_of").is_not_null()
    return {
        "spam": pl.col("read.spam").fill_null(False) | (noise & ~(reachable & _told_something())),
        "test": pl.col("read.test").fill_null(False),
        "repeat": pl.col("duplicate_of").is_not_null() & pl.col("link.nothing_new").fill_null(False),
        "integrity": pl.when(unreal).then(pl.lit(NOT_MET)).when(~doubt).then(pl.lit(MET)),
    }


def _told_something() -> pl.Expr:
    """Somebody real may lean on the keyboard: with a service, a payer or an age in the form, a person asks."""
    return pl.any_horizontal(pl.col(fact).is_not_null() for fact in ("service", "payer", "payment", "age", "zip"))


def because(playbook: Playbook) -> Iterator[Because]:
    advertising = "reads like advertising, not like an enquiry"
    yield Because("integrity", pl.col("read.spam"), advertising, words="read.spam@")
    yield Because("integrity", pl.col("read.test"), "a test entry", words="read.test@")
    yield Because("integrity", pl.col("read.gibberish"), "the words make no sense", words="read.gibberish@")
    again, maybe, known = pl.col("duplicate_of"), pl.col("possible_duplicate_of"), pl.col("same_person_as")
    more = again.is_not_null() & ~pl.col("repeat")
    yield Because("integrity", pl.col("repeat"), pl.format("the same as {} again, word for word", again))
    yield Because("integrity", more, pl.format("{} again, with something new", again))
    yield Because("integrity", maybe.is_not_null(), pl.format("may be the same person as {}", maybe))
    yield Because("integrity", known.is_not_null(), pl.format("known from {}, with another need", known))
    yield Because("integrity", pl.col("integrity") == "met", "nothing suggests spam, a test or a repeat")
