"""Of all the days that a lead's words name, in which is care wanted, by which, and when was the patient born?

Mentions are arrays here (`Meant`, `Ages`). `lead` numbers the leads of the texts; each answer has a mention at most a
lead: `lead`, what is told, and which mention says so (`by`).
"""

from __future__ import annotations

from functools import cache
from typing import Final, NamedTuple

import numpy as np
import polars as pl

from leadwell.contract import WORDS
from leadwell.reading.evidence import Spans, said
from leadwell.reading.grouped import Flags, Ints
from leadwell.reading.patterns import EDGE, SIGN, holds, places
from leadwell.reading.when.ages import Ages
from leadwell.reading.when.found import Dates
from leadwell.reading.when.mentions import Meant
from leadwell.reading.when.stretches import longest_word, trie
from leadwell.reading.when.vocabulary import vocabulary

_FIRST: Final = ("timeline", *(field for field in WORDS if field not in ("timeline", "best_time")))
_SOON, _OPENING = np.timedelta64(7, "D"), np.timedelta64(14, "D")
_DAY: Final = np.timedelta64(1, "D")
_OPEN: Final = np.datetime64("NaT", "D")
# Stands in no folded text. Without it, the search stops wherever a word begins as one of the phrases does.
_NEVER: Final = r"|[^\x00-\x7f]"


class Told(NamedTuple):
    """What is told of which leads, by which mention each."""

    lead: Ints
    by: Ints
    values: tuple[Dates | Ints, ...]


@cache
def _haste(*kinds: str) -> str:
    words = trie(word.replace(".", " ") for kind in kinds for word in vocabulary().around[kind])
    return rf"{EDGE}{words}{EDGE}".replace(r"\ ", SIGN)


@cache
def needed() -> frozenset[str]:
    """Words of which all that says haste holds one."""
    around = vocabulary().around
    return frozenset(longest_word(phrase) for kind in ("soon", "opening") for phrase in around[kind])


def haste(texts: pl.DataFrame, among: Flags | None = None) -> Meant | None:
    """ "As soon as possible" is a week, "the first opening" two: mentions of kind `soon`, `among` these texts; None
    where there are none."""
    found = places(texts["folded"], f"(?:{_haste('soon', 'opening')}{_NEVER})", among=among)
    if not len(found.at):
        return None
    opening = holds(said(texts["folded"], Spans(*found)), _haste("opening"))
    received = texts["received"][pl.Series(found.at)].to_numpy()
    last = received + np.where(opening, _OPENING, _SOON)
    grain, role, kind, tense = (np.full(len(received), name) for name in ("h", "within", "soon", "now"))
    return Meant(*found, received, last, received, grain, role, kind, tense)


def _firsts(lead: Ints) -> Ints:
    """Where each lead stands first."""
    return np.unique(lead, return_index=True)[1]


def wanted(mentions: Meant, lead: Ints, field: Ints) -> tuple[Told, Told]:
    """The period in which care is wanted (its first and last day), and the deadline.

    The field that asks for it comes first (`field`: `order`), then the message; a plain wish before an event, an event
    before mere haste.
    """
    asks = np.isin(mentions.kind, ["day", "deadline", "opens", "soon"]) & (mentions.tense != "past") & (field >= 0)
    at = np.flatnonzero(asks)
    some = mentions.where(at)
    first, last, due = _wanted(some)
    fixed = ~np.isnat(due)
    weight = np.select([some.kind == "soon", fixed & (some.kind == "deadline")], [2, 1], 0)
    order = np.lexsort((some.start, weight, field[at], lead[at]))
    period = order[_firsts(lead[at][order])]
    order = order[fixed[order]]
    deadline = order[_firsts(lead[at][order])]
    return (
        Told(lead[at][period], at[period], (first[period], last[period])),
        Told(lead[at][deadline], at[deadline], (due[deadline],)),
    )


def order(field: pl.Series) -> Ints:
    """In which order the fields of texts count; -1 for the best time to call, which is no wish."""
    return np.select(
        [(field == name).to_numpy() for name in (*_FIRST, "best_time")], [*range(len(_FIRST)), -1], len(_FIRST)
    )


def _wanted(mentions: Meant) -> tuple[Dates, Dates, Dates]:
    """From and to which day, and by which, as what stands before a period has it: "before the end of December" runs
    from the day received."""
    first, last, received, role, grain = (
        mentions.first, mentions.last, mentions.received, mentions.role, mentions.grain,
    )  # fmt: skip
    ahead = np.where(first > received, first - _DAY, last)
    by = np.select([grain == "l", np.isin(grain, ["d", "o", "b"])], [last, first], ahead)
    # "Surgery in six months" is no fixed day.
    fixed = (mentions.kind == "deadline") & ((grain == "m") | ~np.isin(role, ["in", "within", "after", "from"]))
    due = np.select([role == "before", fixed], [by, first], _OPEN)
    opens = mentions.kind == "opens"
    from_ = np.select(
        [role == "before", opens, role == "after"], [received, first, last + _DAY], np.fmax(first, received)
    )
    endless = opens | np.isin(role, ["after", "from", "since"])
    to = np.where(np.isnat(due), np.where(endless, _OPEN, last), due)
    return from_, to, due


def born(mentions: Meant, lead: Ints) -> Told:
    """Birth dates; two figures of a year never mean a birth to come."""
    told = (mentions.kind == "birth") & (mentions.first == mentions.last)
    at = np.flatnonzero(told & np.isin(mentions.role, ["on", "from", "since"]))
    at = at[_firsts(lead[at])]
    day = mentions.first[at]
    future = day > mentions.received[at]
    if future.any():
        day = np.where(future, pl.Series(day).dt.offset_by("-100y").to_numpy(), day)
    return Told(lead[at], at, (day,))


def aged(ages: Ages, lead: Ints, *, kin_too: bool = True) -> Told:
    """Ages: kin's before the writer's own; nothing where two patients are named. Without `kin_too` only the others'."""
    rank = np.select([ages.whose == kind for kind in ("kin", "self", "patient")], [0 if kin_too else -1, 1, 2], -1)
    at = np.flatnonzero(rank >= 0)
    at = at[np.lexsort((at, rank[at], lead[at]))]
    kin = at[rank[at] == 0]
    several = _differ(lead[kin], ages.years[kin])
    first = at[_firsts(lead[at])]
    first = first[~np.isin(lead[first], several)]
    return Told(lead[first], first, (ages.years[first],))


def _differ(lead: Ints, years: Ints) -> Ints:
    """Leads whose mentions, which stand together, tell more than one age."""
    apart: Flags = (lead[1:] == lead[:-1]) & (years[1:] != years[:-1])
    return lead[1:][apart]
