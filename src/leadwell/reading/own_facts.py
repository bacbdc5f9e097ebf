"""What do the words say of the facts that only this playbook knows?

A yes-no is true where its words are said (also of what is past: who had a pacemaker put in has one), false where they
are denied, given up, or still to be got (`yes_no`). One of several is what its words name. A number stands beside the
words; text and dates are the words.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from leadwell.playbook.model import Fact, Playbook
from leadwell.playbook.vocabulary import TYPES
from leadwell.reading import wanted
from leadwell.reading.evidence import Spans, said
from leadwell.reading.facts import NO_YES, YES_NO, Facts
from leadwell.reading.grouped import Ints
from leadwell.reading.mentions import Mentions
from leadwell.reading.picked import Picked, codes
from leadwell.reading.yes_no import yes_no

_NUMBER_AFTER = (
    r"^\W*(?:(?:is|are|was|of|about|around|approximately|at|currently|es|son|unos|unas|de)\s+){0,3}(\d{1,6}(?:\.\d+)?)"
)
_NUMBER_BEFORE = r"(\d{1,6}(?:\.\d+)?)\s*(?:\w+\s+)?$"
_THEIRS = "read.theirs."
_WIDTH = 30  # characters looked at on one side


def own_facts(mentions: Mentions, frame: pl.DataFrame, playbook: Playbook) -> pl.DataFrame:
    """`read.answer.<fact>` and its evidence, for each fact of this playbook that has words."""
    own = {key: fact for key, fact in playbook.own_facts.items() if wanted.words_of(fact) or fact.options}
    if not own:
        return pl.DataFrame()
    kinds = tuple(f"answer.{key}" for key in own)
    picked, facts = Picked.of(mentions, codes(wanted.search(playbook), kinds)), Facts.of(mentions)
    for kind, fact in zip(kinds, own.values(), strict=True):
        _add(facts, picked, picked.of_kind(kind), fact, playbook)
    types = {f"answer.{key}": TYPES[fact.type or "text"] for key, fact in own.items()}
    return pl.DataFrame(facts.complete(types | {name: pl.Boolean() for name in facts.values if name not in types}))


def of_patient(told: pl.DataFrame, frame: pl.DataFrame) -> pl.DataFrame:
    """What was told, without what is so of a relative where who writes asks for themselves ("My father has a
    pacemaker. MRI for my knee"). A field of `frame` that says for whom outranks the words."""
    theirs = [name for name in told.columns if name.startswith(_THEIRS)]
    if not theirs:
        return told
    themselves = told["read.asks_for"].eq_missing("self")
    for name in ("asks_for", "relationship"):
        if name in frame.columns:
            themselves &= frame[name].is_null()
    dropped = [(f"read.answer.{name.removeprefix(_THEIRS)}", name) for name in theirs if not name.endswith("@")]
    return told.with_columns(
        pl.when(~(pl.col(whose).fill_null(False) & themselves)).then(pl.col(fact + words)).alias(fact + words)
        for fact, whose in dropped
        for words in ("", "@")
    ).drop(theirs)


def _add(facts: Facts, picked: Picked, found: Ints, fact: Fact, playbook: Playbook) -> None:
    name = f"answer.{fact.key}"
    if fact.type == "date":
        return  # the day itself is read by `when`, which knows no playbook
    if fact.options:
        found = found[picked.key[found] != picked.codes.number("")]
    if fact.type == "yes-no":
        told = yes_no(picked, found, fact, playbook)
        facts.add(name, picked, told.found, YES_NO, told.no.astype(np.int64))
        if told.theirs.any():
            facts.add(f"theirs.{fact.key}", picked, told.found, NO_YES, told.theirs.astype(np.int64))
        return
    found = found[~picked.other[found] & ~picked.hypothetical[found]]
    found = found[~picked.negated[found]]
    if fact.type == "number":
        found, numbers = _numbers(picked, found)
        facts.add(name, picked, found, numbers, np.arange(len(found)))
    elif fact.options:
        facts.add(name, picked, found)
    elif len(found):
        words = said(picked.mentions.texts.frame["received"], picked.spans(found))
        facts.add(name, picked, found, words, np.arange(len(found)))


def _numbers(picked: Picked, found: Ints) -> tuple[Ints, pl.Series]:
    """Mentions with the number that stands right after them, else right before."""
    if not len(found):
        return found, pl.Series([], dtype=pl.Float64)
    received, (text, start, end) = picked.mentions.texts.frame["received"], picked.spans(found)
    after = said(received, Spans(text, end, end + _WIDTH)).str.extract(_NUMBER_AFTER)
    before = said(received, Spans(text, np.maximum(start - _WIDTH, 0), start)).str.extract(_NUMBER_BEFORE)
    number = pl.select(pl.coalesce(after, before).cast(pl.Float64)).to_series()
    return found[number.is_not_null().to_numpy()], number.drop_nulls()
