"""Do the words suggest an emergency or a crisis? (promise 18)

Shown to a human at once and answered with the playbook's safety text in the person's language; no score lowers it, no
other finding hides it. `doubt` alarms nobody but a human looks; so it is where a text is too long to be read whole.

Adds: safety ('emergency' | 'crisis') and safety_says (the playbook's text in their language, else in its first), NULL
without alarm; look (a doubt) and unread (there is more text than is read), never NULL.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import polars as pl

from leadwell.assessing.because import Because
from leadwell.assessing.sources import IN
from leadwell.contract import WORDS
from leadwell.playbook.model import Playbook
from leadwell.reading.finding import MOST

NEEDS: Final = ("read.safety", "language", *(IN + field for field in WORDS))
ADDS: Final = ("safety", "safety_says", "look", "unread")


def columns(playbook: Playbook) -> dict[str, pl.Expr]:
    told = pl.col("read.safety")
    says = (
        pl.when(told == "emergency").then(_in_their_language(playbook, playbook.safety.say_emergency))
        .when(told == "crisis").then(_in_their_language(playbook, playbook.safety.say_crisis))
    )  # fmt: skip
    return {
        "safety": pl.when(told.is_in(["emergency", "crisis"])).then(told),
        "safety_says": says,
        "unread": pl.any_horizontal(pl.col(IN + field).str.len_chars() > MOST for field in WORDS).fill_null(False),
        "look": told.eq_missing("doubt") | pl.col("unread"),
    }


def _in_their_language(playbook: Playbook, says: Mapping[str, str]) -> pl.Expr:
    first = says.get(playbook.organization.languages[0]) or next(iter(says.values()))
    sentence = pl.lit(first)
    for language, theirs in says.items():
        sentence = pl.when(pl.col("language") == language).then(pl.lit(theirs)).otherwise(sentence)
    return sentence


def because(playbook: Playbook) -> Iterator[Because]:
    says = {
        "the words suggest an emergency": pl.col("safety") == "emergency",
        "the words suggest a crisis": pl.col("safety") == "crisis",
        "the words may suggest danger: a person should look": pl.col("read.safety") == "doubt",
    }
    for sentence, when in says.items():
        yield Because("safety", when, sentence, words="read.safety@")
    yield Because("safety", pl.col("unread"), f"the text goes on after the {MOST:,} characters that are read")
