"""What do people's words say? Leads -> facts read in their messages, each with the very words. (promises C10-C18)

`read` adds every column of `contract.READ_VALUES`, its evidence (`read.<name>@`) and the lists of READ_MENTIONS.

How to add a lexicon: put a file into `lexicon/` (its shape: `lexicons.py`). Every entry has an example; the tests run
it. Its phrases are found with all others in one pass, and stand in the table of mentions under the file's `kind`.
A word that stands in every message costs every message: look for it beside a mention (`beside`), not everywhere.

How to add a rule: write a function `(mentions, frame, playbook) -> DataFrame` in a module of its own and put it into
RULES. It returns as many rows as `frame`, in the same order, with columns of the contract only:

    def wish(mentions: Mentions, frame: pl.DataFrame, playbook: Playbook) -> pl.DataFrame:
        picked, facts = Picked.of(mentions, codes(wanted.search(playbook), ("wish",))), Facts.of(mentions)
        facts.add("wish", picked, picked.of_kind("wish"), TRUE)
        return pl.DataFrame(facts.columns())

`mentions.of(kind, ...)` are the mentions of a lexicon's kind or of a playbook's (`wanted.phrases` lists them) with
`row, field, key, said, start, end, first, last, sentence, clause` and how each is said: the Booleans `negated`,
`hypothetical`, `past`, `other` (person), `uncertain` and the one word `context` of contract.CONTEXTS.
`first` and `last` number words through all texts, so two mentions of one `sentence` are `b.first - a.last - 1` words
apart. `mentions.texts.frame` has each searched text as received and folded (ASCII, same offsets unless `odd`).
What no rule tells is NULL.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
import polars as pl

from leadwell.contract import EVIDENCE, MENTION, READ_EVIDENCE, READ_MENTIONS, READ_VALUES, WORDS
from leadwell.playbook.model import Playbook
from leadwell.reading import context, wanted
from leadwell.reading.asked import asked
from leadwell.reading.clinics import location
from leadwell.reading.enquiry import enquiry
from leadwell.reading.finding import Texts, find
from leadwell.reading.mentions import Mentions
from leadwell.reading.own_facts import of_patient, own_facts
from leadwell.reading.safety import graver, safety
from leadwell.reading.spam import spam
from leadwell.reading.specifics import specifics
from leadwell.reading.telling import telling, whom
from leadwell.reading.times import of_whom, times

Rule = Callable[[Mentions, pl.DataFrame, Playbook], pl.DataFrame]

RULES: Final[tuple[Rule, ...]] = (asked, specifics, location, own_facts, times, safety, spam, enquiry, telling)
# What tells whether two leads ask for the same thing for the same person, beside `ages`.
NEED: Final[tuple[Rule, ...]] = (asked, enquiry, whom)
# What tells which service or payer is named.
NAMED: Final[tuple[Rule, ...]] = (asked, telling)


def mentions_in(
    frame: pl.DataFrame,
    playbook: Playbook,
    fields: Sequence[str] = WORDS,
    *,
    whole: bool = False,
    quotes: bool = False,
) -> Mentions:
    """Every phrase of the playbook and the lexicons that stands in the leads' words, and how it is said.

    `whole`: in sentences that speak to a program and lines that are quoted too; `quotes`: in these.
    """
    texts, search = Texts.of(frame, fields, whole=whole, quotes=quotes), wanted.search(playbook)
    return Mentions(frame.height, texts, context.mentions(find(texts, search)), search)


def read(frame: pl.DataFrame, playbook: Playbook, rules: Sequence[Rule] = RULES) -> pl.DataFrame:
    """Leads -> the same leads with what their words say. Strictly row by row; missing is NULL.

    `rules`: fewer tell less, and what they tell is the same.
    """
    mentions = mentions_in(frame, playbook)
    told = [rule(mentions, frame, playbook) for rule in rules]
    if asked in rules:
        told.append(_asked_in_quotes(mentions, told[rules.index(asked)], frame, playbook))
    if safety in rules:
        hidden = pl.concat([mentions.texts.ordered, mentions.texts.quoting]).unique().sort()
        told.append(_dangers_hidden(hidden, told[rules.index(safety)], frame, playbook))
    return pl.concat([frame, of_patient(of_whom(_complete(told, frame.height), frame), frame)], how="horizontal")


def ages(frame: pl.DataFrame, playbook: Playbook) -> pl.DataFrame:
    """Leads with `received_date` and `read.asks_for` -> `read.age` and `read.birth_date` as `read` tells them.

    Phrases are not looked for.
    """
    unsearched = Mentions(frame.height, Texts.of(frame), pl.DataFrame(), wanted.search(playbook))
    told = times(unsearched, frame, playbook).with_columns(frame["read.asks_for"])
    return of_whom(told, frame).select("read.age", "read.birth_date")


def _asked_in_quotes(mentions: Mentions, told: pl.DataFrame, frame: pl.DataFrame, playbook: Playbook) -> pl.DataFrame:
    """What `asked` told, and for leads that quote somebody, and whose own lines name nothing, what the quoted ones do:
    "Yes, Tuesday is fine" answers what stands below."""
    rows, named = mentions.texts.quoting, np.zeros(frame.height, dtype=np.bool_)
    for column in told.get_columns() if len(rows) else []:
        named |= column.is_not_null().to_numpy()
    silent = rows.filter(pl.Series(~named[rows.to_numpy()]))
    if silent.is_empty():
        return told
    few = frame[silent]
    heard = asked(mentions_in(few, playbook, quotes=True), few, playbook)
    if heard.is_empty():
        return told
    theirs = mentions.by_lead(heard.insert_column(0, silent))
    return theirs.select(
        pl.coalesce(told[c.name], c).alias(c.name) if c.name in told.columns else c for c in theirs.get_columns()
    )


def _dangers_hidden(rows: pl.Series, told: pl.DataFrame, frame: pl.DataFrame, playbook: Playbook) -> pl.DataFrame:
    """What `safety` told, and for `rows`, in which somebody speaks to a program or is quoted, what it tells of all
    their words.

    No wording may hide a danger that stands beside it, nor thin out what sounds like one: the graver of both counts.
    """
    if rows.is_empty():
        return told
    few = frame[rows]
    heard = safety(mentions_in(few, playbook, whole=True), few, playbook)
    return graver(told, heard, rows, same=True)


def _complete(told: list[pl.DataFrame], height: int) -> pl.DataFrame:
    """What the rules told, in the contract's order and types, with NULL for what none told."""
    columns = {c.name: c for part in told for c in part.get_columns()}
    types: dict[str, pl.DataType] = {f"read.{n}": t for n, t in READ_VALUES.items()}
    types |= {f"read.{n}@": EVIDENCE for n in READ_EVIDENCE} | {f"read.{n}": pl.List(MENTION) for n in READ_MENTIONS}
    order = [*types, *(name for name in columns if name not in types)]
    found = [columns[n].cast(types[n]) if n in columns and n in types else columns.get(n) for n in order]
    none = pl.Series([None], dtype=pl.Null).new_from_index(0, height)
    return pl.DataFrame(
        [f if f is not None else none.cast(types[n]).alias(n) for n, f in zip(order, found, strict=True)]
    )
