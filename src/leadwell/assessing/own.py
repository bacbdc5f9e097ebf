"""What do the playbook's own facts say of this lead? An answer's column, a field's, or words.

Needs: `answer.<fact>`, the column that the fact's `field` names, and `read.answer.<fact>`, each where there is one.
Adds: one fact for each `[facts.*]` with a type, in that type; NULL where nothing says it.
"""

from __future__ import annotations

import polars as pl

from leadwell import contract
from leadwell.assessing import stated as fields
from leadwell.assessing.prepare import parse_days
from leadwell.assessing.sources import IN, Source
from leadwell.playbook.model import Fact, Playbook


def own_facts(frame: pl.DataFrame, playbook: Playbook) -> dict[str, list[Source]]:
    """The sources of each of the playbook's own facts, the answer to its question first."""
    return {fact.key: _sources(frame, fact) for fact in playbook.own_facts.values()}


def _sources(frame: pl.DataFrame, fact: Fact) -> list[Source]:
    columns = [contract.ANSWER_PREFIX + fact.key]
    if fact.field:
        columns += [prefix + fact.field for prefix in ("", IN, contract.EXTRA_PREFIX, contract.ANSWER_PREFIX)]
    present = [c for c in dict.fromkeys(columns) if c in frame.columns]
    written = [Source("stated", c.removeprefix(IN), _typed(frame, c, fact), (c,)) for c in present]
    words = f"read.answer.{fact.key}"
    return [*written, Source("extracted", words, pl.col(words), (words,))] if words in frame.columns else written


def _typed(frame: pl.DataFrame, column: str, fact: Fact) -> pl.Expr:
    if fact.type == "yes-no":
        return fields.yes_no(column)
    if fact.type == "number":
        return fields.number(column)
    if fact.type == "date":
        return pl.lit(parse_days(frame[column].cast(pl.String), latest=frame["received_date"]))
    if fact.type == "one-of":
        known = {word.lower(): option for option, words in fact.options.items() for word in (option, *words)}
        return fields.fold(pl.col(column)).replace_strict(known, default=None, return_dtype=pl.String)
    return pl.col(column)
