"""For whom does a lead ask, for what, and how old is that person? What tells whether two leads ask for one thing.

The same facts as `facts.py` settles, from the few rules and columns that they rest on: linking asks for no others.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from leadwell import contract, reading
from leadwell.assessing.facts import add_need
from leadwell.assessing.findings import asked_for
from leadwell.assessing.resolve import resolve_services
from leadwell.assessing.sources import in_a_field
from leadwell.assessing.widening import with_series
from leadwell.playbook.model import Playbook

FACTS: Final = ("type", "other", "services", "age", "asks_for")
# All that `reading.NEED` looks at.
_READ: Final = (*contract.WORDS, "organization", "referrer_organization")
_TOLD: Final = ("read.type", "read.other", "read.asks_for", "read.asks_for@", "asked.services", "asked.offers")
_AGE: Final = {"read.age": pl.Int32(), "read.birth_date": pl.Date()}


def needs(frame: pl.DataFrame, playbook: Playbook) -> pl.DataFrame:
    """Prepared leads -> `row` and FACTS of each, in their order, as `pipeline.known` has them."""
    frame = resolve_services(_told(frame, playbook), playbook)
    by_fields = frame.with_columns(pl.lit(None, dtype=dtype).alias(name) for name, dtype in _AGE.items())
    found = add_need(by_fields, playbook)
    unsure = found.select(_age_may_be_in_words()).to_series()
    found = found.select("row", *FACTS)
    if not unsure.any():
        return found
    few = frame.filter(unsure)
    ages = add_need(few.hstack(reading.ages(few, playbook)), playbook)["age"]
    return found.with_columns(found["age"].scatter(unsure.arg_true(), ages))


def _age_may_be_in_words() -> pl.Expr:
    """No field tells it, or only a birth date that need not be the patient's."""
    askers = (pl.col("birth_date<") == "birth_date") & ~pl.col("for_self") & ~in_a_field("age").fill_null(False)
    return pl.col("age").is_null() | askers.fill_null(False)


def _told(frame: pl.DataFrame, playbook: Playbook) -> pl.DataFrame:
    """The frame with what words say of the need. Leads that say the same, and many do, are read once."""
    texts = frame.select(_READ)
    once = texts.unique(maintain_order=True)
    read = reading.read(once, playbook, reading.NEED)
    told = with_series(read, asked_for(read))[list(_TOLD)]
    return frame.hstack(told[_places(texts, once)])


def _places(texts: pl.DataFrame, once: pl.DataFrame) -> pl.Series:
    """Where in `once` each of `texts` stands."""
    if once.height == texts.height:
        return pl.int_range(once.height, dtype=pl.UInt32, eager=True)
    told = [name for name in _READ if texts[name].null_count() < texts.height] or list(_READ)
    numbered = once.select(told).with_row_index("place")
    return texts.select(told).join(numbered, on=told, how="left", nulls_equal=True, maintain_order="left")["place"]
