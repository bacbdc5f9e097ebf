"""What do the words say of the facts that only this playbook knows?

A yes-no is true where its words are said (also of what is past: who had a pacemaker put in has one), false where they
are denied, or given up. One of several is what its words name. A number stands beside the words; text and dates are
the words.
"""

from __future__ import annotations

import re

import numpy as np
import polars as pl

from leadwell.playbook.model import Fact, Playbook
from leadwell.playbook.vocabulary import TYPES
from leadwell.reading import wanted
from leadwell.reading.beside import Neighbours
from leadwell.reading.evidence import Spans, said
from leadwell.reading.facts import YES_NO, Facts
from leadwell.reading.grouped import Flags, Ints
from leadwell.reading.mentions import Mentions
from leadwell.reading.picked import Picked, codes

_NUMBER_AFTER = (
    r"^\W*(?:(?:is|are|was|of|about|around|approximately|at|currently|es|son|unos|unas|de)\s+){0,3}(\d{1,6}(?:\.\d+)?)"
)
_NUMBER_BEFORE = r"(\d{1,6}(?:\.\d+)?)\s*(?:\w+\s+)?$"
_TODAY = r"(?i)(?:is|are|am|does|do|es|esta|tiene)\b(?! there\b)"  # how a question of today begins
_FAR = 1 << 32  # beyond every place in a text
_WIDTH = 30  # characters looked at on one side


def own_facts(mentions: Mentions, frame: pl.DataFrame, playbook: Playbook) -> pl.DataFrame:
    """`read.answer.<fact>` and its evidence, for each fact of this playbook that has words."""
    own = {key: fact for key, fact in playbook.own_facts.items() if wanted.words_of(fact) or fact.options}
    if not own:
        return pl.DataFrame()
    kinds = tuple(f"answer.{key}" for key in own)
    picked, facts = Picked.of(mentions, codes(wanted.search(playbook), kinds)), Facts.of(mentions)
    for kind, fact in zip(kinds, own.values(), strict=True):
        found = picked.of_kind(kind)
        _add(facts, picked, found[~picked.other[found] & ~picked.hypothetical[found]], fact)
    return pl.DataFrame(facts.complete({f"answer.{key}": TYPES[fact.type or "text"] for key, fact in own.items()}))


def _add(facts: Facts, picked: Picked, found: Ints, fact: Fact) -> None:
    name = f"answer.{fact.key}"
    if fact.type == "date":
        return  # the day itself is read by `when`, which knows no playbook
    if fact.options:
        found = found[picked.key[found] != picked.codes.number("")]
    if fact.type == "yes-no":
        found = found[~picked.uncertain[found]]
        denies = picked.key[found] == picked.codes.number(wanted.DENIED)
        denied = picked.negated[found] | _given_up(picked, found, fact) | _within(picked, found, denies)
        if _of_today(fact):  # who "was on warfarin years ago but is on no blood thinner now" is on none
            over = picked.past[found] & picked.leads(found[denied])[picked.row[found]]
            found, denied = found[~over | denied], denied[~over | denied]
        order = np.argsort(denied, kind="stable")
        facts.add(name, picked, found[order], YES_NO, denied[order].astype(np.int64))
        return
    found = found[~picked.negated[found]]
    if fact.type == "number":
        found, numbers = _numbers(picked, found)
        facts.add(name, picked, found, numbers, np.arange(len(found)))
    elif fact.options:
        facts.add(name, picked, found)
    elif len(found):
        words = said(picked.mentions.texts.frame["received"], picked.spans(found))
        facts.add(name, picked, found, words, np.arange(len(found)))


def _within(picked: Picked, found: Ints, denies: Flags) -> Flags:
    """Which words deny by themselves, or stand among such ones: "guardian consent" in "guardian consent: not yet"."""
    if not denies.any():
        return denies
    text, start, end = picked.spans(found)
    begins, ends = text * _FAR + start, text * _FAR + end
    order = np.argsort(begins[denies], kind="stable")
    furthest = np.maximum.accumulate(ends[denies][order])
    before = np.searchsorted(begins[denies][order], begins, "right") - 1
    inside: Flags = denies | ((before >= 0) & (furthest[np.maximum(before, 0)] >= ends))
    return inside


def _of_today(fact: Fact) -> bool:
    return re.match(_TODAY, fact.ask or "") is not None


def _given_up(picked: Picked, found: Ints, fact: Fact) -> Flags:
    """Which are over, where the fact is asked of today: who "stopped chemo" is not having it."""
    if not len(found) or not _of_today(fact):
        return np.zeros(len(found), dtype=np.bool_)
    return Neighbours.of(picked.mentions.texts, picked.spans(found)).fit("given-up", np.arange(len(found)))


def _numbers(picked: Picked, found: Ints) -> tuple[Ints, pl.Series]:
    """Mentions with the number that stands right after them, else right before."""
    if not len(found):
        return found, pl.Series([], dtype=pl.Float64)
    received, (text, start, end) = picked.mentions.texts.frame["received"], picked.spans(found)
    after = said(received, Spans(text, end, end + _WIDTH)).str.extract(_NUMBER_AFTER)
    before = said(received, Spans(text, np.maximum(start - _WIDTH, 0), start)).str.extract(_NUMBER_BEFORE)
    number = pl.select(pl.coalesce(after, before).cast(pl.Float64)).to_series()
    return found[number.is_not_null().to_numpy()], number.drop_nulls()
