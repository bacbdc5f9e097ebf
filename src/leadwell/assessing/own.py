"""What do the playbook's own facts say of this lead? An answer's column, a field's, or words.

Needs: `answer.<fact>`, the column that the fact's `field` names, and `read.answer.<fact>`, each where there is one.
Adds: one fact for each `[facts.*]` with a type, in that type; NULL where nothing says it.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

import polars as pl

from leadwell import contract
from leadwell.assessing import stated as fields
from leadwell.assessing.sources import DAY, IN, Source
from leadwell.playbook.model import Fact, Playbook


def own_facts(playbook: Playbook, columns: Collection[str]) -> dict[str, list[Source]]:
    """The sources of each of the playbook's own facts in a frame of `columns`, the answer to its question first."""
    return _own_facts(playbook, _columns(playbook).intersection(columns))


def date_columns(playbook: Playbook) -> list[str]:
    """Columns in which a fact of the playbook's own may stand as a day."""
    dates = (fact for fact in playbook.own_facts.values() if fact.type == "date")
    return list(dict.fromkeys(column for fact in dates for column in _written_in(fact)))


@lru_cache(maxsize=64)
def _columns(playbook: Playbook) -> frozenset[str]:
    facts = playbook.own_facts.values()
    return frozenset(column for fact in facts for column in (*_written_in(fact), _words(fact)))


@lru_cache(maxsize=256)
def _own_facts(playbook: Playbook, columns: frozenset[str]) -> dict[str, list[Source]]:
    return {fact.key: _sources(fact, columns) for fact in playbook.own_facts.values()}


def _sources(fact: Fact, columns: frozenset[str]) -> list[Source]:
    present = [c for c in _written_in(fact) if c in columns]
    written = [Source("stated", c.removeprefix(IN), _typed(c, fact), (c,)) for c in present]
    words = _words(fact)
    return [*written, Source("extracted", words, pl.col(words), (words,))] if words in columns else written


def _written_in(fact: Fact) -> list[str]:
    columns = [contract.ANSWER_PREFIX + fact.key]
    if fact.field:
        columns += [prefix + fact.field for prefix in ("", IN, contract.EXTRA_PREFIX, contract.ANSWER_PREFIX)]
    return list(dict.fromkeys(columns))


def _words(fact: Fact) -> str:
    return f"read.answer.{fact.key}"


def _typed(column: str, fact: Fact) -> pl.Expr:
    if fact.type == "yes-no":
        return fields.yes_no(column)
    if fact.type == "number":
        return fields.number(column)
    if fact.type == "date":
        return pl.col(DAY + column)
    if fact.type == "one-of":
        known = {word.lower(): option for option, words in fact.options.items() for word in (option, *words)}
        return fields.fold(pl.col(column)).replace_strict(known, default=None, return_dtype=pl.String)
    return pl.col(column)
