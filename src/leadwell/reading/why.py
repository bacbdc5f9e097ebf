"""Which names say why something is asked for, not what? "Laser for acne scars" asks for no treatment of acne.

Two kinds: a name inside longer words that make another service's request specific ("acne scars" of laser), and a
condition right after the service that is wanted for it ("a patch test for my rash").
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
import polars as pl

from leadwell.playbook.model import Playbook
from leadwell.reading.context import within_longer
from leadwell.reading.evidence import Spans
from leadwell.reading.evidence import said as words
from leadwell.reading.grouped import Flags, Ints
from leadwell.reading.patterns import holds
from leadwell.reading.picked import Codes, Picked

SPECIFIC: Final = ("condition", "procedure", "reason", "imaging")
_FOR: Final = r"^ (?:for|to treat|because of|due to|por|para|contra)(?: [a-z']+){0,2} $"
_NEAR: Final = 4  # words between the two, at most


def without_reasons(picked: Picked, named: Ints, playbook: Playbook) -> Ints:
    """The names without those of services that only say why another one is asked for."""
    service = picked.codes.kinds.index("service")
    at = np.flatnonzero(picked.kind[named] == service)
    if not len(at):
        return named
    of_service = named[at]
    why = _in_specifics(picked, of_service, playbook) | _for_it(picked, of_service)
    return np.delete(named, at[why])


def _in_specifics(picked: Picked, named: Ints, playbook: Playbook) -> Flags:
    """Which lie inside longer specific words, said in one piece, that are not of their own service."""
    owner = _owners(picked.codes, playbook)
    specific = picked.of_kind(*SPECIFIC)
    width = picked.mentions.phrases["width"].to_numpy()[picked.phrase[specific]]
    size = picked.last[specific] - picked.first[specific] + 1
    specific = specific[(owner[picked.key[specific]] >= 0) & (size > 1) & ((width == 0) | (size <= width))]
    inside: Flags = np.zeros(len(named), dtype=np.bool_)
    for key in np.unique(owner[picked.key[specific]]):
        theirs = specific[owner[picked.key[specific]] == key]
        held = within_longer(_places(picked, named), _places(picked, theirs)).to_numpy()
        inside |= held & (picked.key[named] != key)
    return inside


@lru_cache(maxsize=64)
def _owners(codes: Codes, playbook: Playbook) -> Ints:
    """Of each key that is a service's specific words which service's they are; -1 where no one service's."""
    owner = np.full(len(codes.keys), -1)
    for service in playbook.services.values():
        for text in service.specific:
            number = codes.number(text)
            owner[number] = codes.number(service.key) if owner[number] == -1 else -2
    return owner


def _for_it(picked: Picked, named: Ints) -> Flags:
    """Which are conditions that stand right after another service and what it is for."""
    condition = picked.mentions.search.cues.lasts[picked.phrase[named]]
    after = np.flatnonzero(condition & (picked.first[named] > 0))
    why: Flags = np.zeros(len(named), dtype=np.bool_)
    if not len(after) or len(after) == len(named):
        return why
    ends = np.flatnonzero(~condition)
    ends = ends[np.argsort(picked.last[named[ends]], kind="stable")]
    before = np.searchsorted(picked.last[named[ends]], picked.first[named[after]], "left") - 1
    after, before = after[before >= 0], ends[before[before >= 0]]
    one, other = named[before], named[after]
    near = (picked.text[one] == picked.text[other]) & (picked.first[other] - picked.last[one] <= _NEAR)
    near &= picked.key[one] != picked.key[other]
    after, one, other = after[near], one[near], other[near]
    between = Spans(picked.text[other], picked.end[one], picked.start[other])
    why[after] = holds(words(picked.mentions.texts.frame["folded"], between), _FOR)
    return why


def _places(picked: Picked, found: Ints) -> pl.DataFrame:
    return pl.DataFrame({"first": picked.first[found], "last": picked.last[found]})
