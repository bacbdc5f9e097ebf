"""Is a yes-no of this playbook's own so? Done, or still to be got; theirs, or a relative's; today, or over.

Still to be got is only what the playbook says can be got (`obtainable`): who "needs a biopsy" has none yet, who "needs
detox" needs it.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

import numpy as np

from leadwell.playbook.model import Fact, Playbook
from leadwell.reading import wanted
from leadwell.reading.beside import Neighbours
from leadwell.reading.grouped import Flags, Ints
from leadwell.reading.picked import Picked

_TODAY: Final = r"(?i)(?:is|are|am|does|do|es|esta|tiene)\b(?! there\b)"  # how a question of today begins
# What was put into somebody stays, whenever that was.
_STAYS: Final = r"(?i)pacemaker|implant|clip|stimulator|defibrillator|\bicd\b|stent|metal|marcapasos|placa"
_FAR: Final = 1 << 32  # beyond every place in a text


class Told(NamedTuple):
    """Mentions that say yes or no, yes first: `no`, which say no; `theirs`, which are told of a relative."""

    found: Ints
    no: Flags
    theirs: Flags


def yes_no(picked: Picked, found: Ints, fact: Fact, playbook: Playbook) -> Told:
    """What these mentions of a fact say; those that say nothing are left out."""
    found = found[~picked.uncertain[found] & ~picked.hypothetical[found]]
    if not len(found):
        return Told(found, np.zeros(0, dtype=np.bool_), np.zeros(0, dtype=np.bool_))
    near, every = Neighbours.of(picked.mentions.texts, picked.spans(found)), np.arange(len(found))
    theirs, not_me = near.fit("fact-theirs", every), near.fit("fact-not-me", every)
    relatives = theirs | picked.other[found]
    denied = picked.negated[found] | _within(picked, found) | (relatives & not_me)
    silent = picked.other[found] & ~not_me
    if _of_today(fact):
        denied |= near.fit("given-up", every)
        # who "was on warfarin years ago but is on no blood thinner now" is on none
        silent |= picked.past[found] & picked.leads(found[denied])[picked.row[found]] & ~denied
        if not any(re.search(_STAYS, text) for text in fact.words):
            former = near.fit("fact-former", every) & ~relatives
            denied |= former & picked.past[found]
            silent |= former & ~denied
    if _obtainable(fact, playbook):
        due = near.fit("fact-due", every) | near.fit("fact-due-after", every)
        asked = near.fit("fact-asked", every) | near.fit("fact-asked-after", every)
        if not _of_today(fact):
            denied |= due
        silent |= (due | asked) & ~denied
    theirs &= ~not_me
    order = np.flatnonzero(~silent)[np.argsort((2 * denied + theirs)[~silent], kind="stable")]
    return Told(found[order], denied[order], theirs[order])


def _within(picked: Picked, found: Ints) -> Flags:
    """Which words deny by themselves, or stand among such ones: "guardian consent" in "guardian consent: not yet"."""
    denies: Flags = picked.key[found] == picked.codes.number(wanted.DENIED)
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


def _obtainable(fact: Fact, playbook: Playbook) -> bool:
    return any(one.obtainable and fact.key in one.when.names for one in playbook.criteria.values())
