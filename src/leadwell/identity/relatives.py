"""Might those of whom much agrees be two of one family, or two strangers of one birth date? (promise A8)

What a household shares (telephone, address, family name) tells Jane from Janet no better than it tells twins apart. Of
whoever arrives by itself such a pair is for somebody to say, however much it weighs.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from leadwell.identity.candidates import Index
from leadwell.identity.compare import Compared
from leadwell.identity.names import FAMILY, GIVEN, MISSING, forms_of_one
from leadwell.identity.records import Codes
from leadwell.identity.sides import LEVELS, Flags, Levels, Pairs, one_of
from leadwell.identity.slips import mistyped
from leadwell.identity.twins import ages, bears_a_name

_ALIKE: Final = tuple(map(GIVEN.index, ("nickname", "typing error")))
_SAME_NAME: Final = (*map(GIVEN.index, ("same", "swapped")), MISSING)
_OTHER_FAMILY: Final = tuple(map(FAMILY.index, ("similar", "differs")))


def named_alike(pairs: Pairs, compared: Compared) -> tuple[Flags, Flags]:
    """Those of two given names who may be two of one family; and of these, those whose names are two people's.

    Unless both use a mailbox that bears one of the names.
    """
    given = compared.levels["given"]
    two = _of_two(pairs, given)
    either = two | (~one_of(given, _SAME_NAME) & _another_day(compared))
    at = np.flatnonzero(either)
    if len(at):
        either[at] &= ~_own_mailbox(pairs, at, compared.shared["email"][at])
    return either, two & either


def of_another_family(compared: Compared) -> Flags:
    """Those of two family names with no contact, street or asker that both have."""
    family = one_of(compared.levels["family"], _OTHER_FAMILY)
    nothing = [compared.levels[name] >= LEVELS[name].index("differs") for name in ("phone", "email", "street")]
    return np.asarray(np.logical_and.reduce([family, *nothing, compared.levels["asker"] != 0]))


def _of_two(pairs: Pairs, given: Levels) -> Flags:
    """Each of the two names is one of its own, or may be: they are not forms of one, nor is either plainly mistyped."""
    found = np.asarray(given == GIVEN.index("similar"))
    at = np.flatnonzero(one_of(given, _ALIKE))
    if len(at):
        first, second = (pairs.texts("given", side[at]) for side in pairs.sides("given"))
        found[at] = ~forms_of_one(first, second) & ~mistyped(first, second)
    return found


def _another_day(compared: Compared) -> Flags:
    """Both told when they were born, and it is not the same."""
    told = [compared.levels[name] for name in ("birth", "year", "age")]
    return np.asarray(np.logical_or.reduce([(level != 0) & (level != MISSING) for level in told]))


def _own_mailbox(pairs: Pairs, at: Index, mailbox: Codes) -> Flags:
    return np.asarray(bears_a_name(pairs, at, mailbox) & ~ages(pairs, at)[0])
