"""One birth date, two given names: twins, or one person who goes by another name?"""

from __future__ import annotations

from typing import Final

import numpy as np

from leadwell.identity.candidates import Index
from leadwell.identity.contacts import bears, local_part
from leadwell.identity.names import GIVEN, MISSING, edits, forms_of_one, solid
from leadwell.identity.records import Codes
from leadwell.identity.rules import Columns, applied, flags, share_a_word, shorter, worked_out
from leadwell.identity.sides import LEVELS, Flags, Levels, Pairs, one_of

OWN_MAILBOX, GROWN, CHILDREN = range(3)
_FORMS: Final = (GIVEN.index("nickname"), GIVEN.index("typing error"))
_OTHER: Final = (GIVEN.index("similar"), GIVEN.index("differs"))
_SHORT: Final = 3  # letters; in a name of so few one letter makes another one
_MINOR, _ADULT = 1, 2  # as in Records.codes["adult"]


def mark_brother_and_sister(pairs: Pairs, levels: dict[str, Levels]) -> None:
    """Of children with one birth date, a name and the same with an A at its end (Karim, Karima) are two names."""
    at = np.flatnonzero((levels["birth"] == 0) & one_of(levels["given"], _FORMS))
    at = at[ages(pairs, at)[0]]
    if len(at):
        a, b = (pairs.texts("given", side[at]) for side in pairs.sides("given"))
        levels["given"][at[flags(worked_out(_of_both_sexes, a=a, b=b)["both"])]] = GIVEN.index("similar")


def mark_second_names(pairs: Pairs, levels: dict[str, Levels]) -> None:
    """Of one birth date, Maria Elena and Maria Luisa are two names, as nobody has two second ones. It says nothing
    where only one has two, or the two share a word, are forms of one name, or one letter apart."""
    other = levels["middle"] == LEVELS["middle"].index("differs")
    at = np.flatnonzero((levels["birth"] == 0) & (levels["given"] == GIVEN.index("same")) & other)
    if len(at):
        a, b = (pairs.texts("middle", side[at]) for side in pairs.sides("middle"))
        told = worked_out(_second_names, a=a, b=b)
        one_letter = flags(told["long"]) & (edits(a.to_list(), b.to_list()) <= 1)
        one = flags(told["one"]) | one_letter | forms_of_one(a, b)
        levels["given"][at[~one]] = GIVEN.index("similar")


def _second_names(a: Columns, b: Columns) -> dict[str, Columns]:
    return {
        "one": share_a_word(a, b, least=1) | (solid(a) == solid(b)),
        "long": shorter(a.str.len_chars(), b.str.len_chars()) > _SHORT,
    }


def _of_both_sexes(a: Columns, b: Columns) -> dict[str, Columns]:
    return {"both": (a + "a" == b) | (b + "a" == a)}


def ages(pairs: Pairs, at: Index) -> tuple[Flags, Flags]:
    """Whether one of the two is a child, and whether both are grown."""
    (asks_a, asks_b), (adult_a, adult_b) = ([side[at] for side in pairs.sides(name)] for name in ("asker", "adult"))
    adults = (adult_a == _ADULT) & (adult_b == _ADULT)
    return (adult_a == _MINOR) | (adult_b == _MINOR) | (((asks_a > 0) | (asks_b > 0)) & ~adults), adults


def twins(pairs: Pairs, levels: dict[str, Levels], mailbox: Codes) -> Levels:
    """Told only where birth dates are equal and given names are not. `mailbox`: the one that both share (0: none).

    Twins share a parent's mailbox and telephone; grown people seldom do, and less so a mailbox of one's own name.
    """
    found = np.full(len(pairs.low), MISSING, dtype=np.uint8)
    at = np.flatnonzero((levels["birth"] == 0) & one_of(levels["given"], _OTHER))
    if len(at) == 0:
        return found
    children, adults = ages(pairs, at)
    grown = adults & ((levels["phone"][at] == 0) | (mailbox[at] > 0))
    own = bears_a_name(pairs, at, mailbox[at])
    found[at] = np.select([children, own, grown], [CHILDREN, OWN_MAILBOX, GROWN], default=MISSING)
    return found


def bears_a_name(pairs: Pairs, at: Index, mailbox: Codes) -> Flags:
    """The shared mailbox holds the given name of one of the two, and not only because their family's begins so."""
    names = {field: [pairs.texts(field, side[at]) for side in pairs.sides(field)] for field in ("given", "family")}
    local = applied(local_part, pairs.texts("email", mailbox))
    borne = (
        flags(worked_out(_borne, local=local, given=given, family=family)["borne"])
        for given, family in zip(names["given"], names["family"], strict=True)
    )
    return np.logical_or(*borne)


def _borne(local: Columns, given: Columns, family: Columns) -> dict[str, Columns]:
    family = solid(family)
    of_family = family.str.contains(given, literal=True) & local.str.contains(family, literal=True)
    return {"borne": bears(local, given).fill_null(False) & of_family.fill_null(False).not_()}
