"""Are these two one person, by what the two of them say alone?

A list is judged as a whole and learns from itself (`linking`). Whoever arrives one by one is judged pair by pair: the
answer for two records is the same on every day, in whichever order they and others came.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from leadwell.identity import explaining, identifiers, scoring
from leadwell.identity.births import typed_or_family
from leadwell.identity.candidates import Index
from leadwell.identity.compare import LEVELS, Compared, Flags, compare
from leadwell.identity.names import FAMILY, GIVEN, MISSING
from leadwell.identity.rarity import unlisted
from leadwell.identity.records import Records
from leadwell.identity.relatives import named_alike, of_another_family
from leadwell.identity.scoring import Bits, Scored
from leadwell.identity.sides import Pairs, one_of
from leadwell.identity.twins import CHILDREN
from leadwell.identity.weights import Weights

LEAST_PEOPLE: Final = 10_000
_OTHER_NAMES: Final = {
    "given": tuple(map(GIVEN.index, ("similar", "differs"))),
    "family": (FAMILY.index("differs"),),
}
_BORN_ALIKE: Final = tuple(map(LEVELS["birth"].index, ("same", "typing error")))
_BORN_OTHERWISE: Final = tuple(
    map(LEVELS["birth"].index, ("in part", "differs", "a digit or a generation", "in part or a generation"))
)
_OTHER_YEAR: Final = LEVELS["year"].index("differs")
_AGREES: Final = {"same": "", "typing error": "~", "nickname": "~", "mailbox name": "~", "part": "~"}


@dataclass(frozen=True)
class Weighed:
    """Of many pairs, in their order. `weight`: log2 odds; `against`: how strongly the two speak against being one (0:
    not at all; below, as a weight; -inf: only somebody who knows may say that they are). `own`: bits for one person
    against two of one family; `alike`: against two strangers. `unproven`: however heavy, for somebody to say, since
    little agrees but the name, or what differs may be a generation or another of the family, or their hospital knows
    them by two numbers. `scored`: what made the weights."""

    weight: Bits
    against: Bits
    own: Bits
    alike: Bits
    unproven: Flags
    scored: Scored


@dataclass(frozen=True)
class Why:
    """`because`: comparison, level and bits, as in `Links`; `agrees`: what does, as an open code ("phone+~birth", where
    a birth date is the same but for a typing error)."""

    because: tuple[dict[str, Any], ...]
    agrees: str


def among(people: int) -> int:
    """As how many people they are counted: tenfold steps, so that one more hardly ever moves a weight."""
    return max(LEAST_PEOPLE, int(10 ** len(str(max(0, people - 1)))))


def weigh(records: Records, low: Index, high: Index, *, people: int, weights: Weights) -> Weighed:
    """Pairs of records by their numbers (`Records.record_of`); a record may be weighed against itself, where two rows
    say exactly the same. `people`: among so many (`among`)."""
    compared = compare(records, low, high, listed=False)
    scored = scoring.scored(compared, weights, unlisted(records, weights))
    evidence = scoring.evidence(scored, weights)
    weight = scoring.weight(evidence, weights.expected, people)
    family = rather_family(scoring.chance_of(evidence, weights.expected, people))
    sides = Pairs(records, low, high)
    alike, two = named_alike(sides, compared)
    numbered = identifiers.others(sides) & ~agree(compared)
    doubtful = scoring.by_name_alone(scored) | typed_or_family(compared.levels)
    unproven = doubtful | alike | of_another_family(compared) | numbered
    own = evidence.same - np.maximum(evidence.relative, evidence.namesake)
    against = np.where(two | numbered, -np.inf, _against(compared, weight, family, weights))
    return Weighed(weight, against, own, evidence.same, unproven, scored)


def why(weighed: Weighed, at: Index, *, people: int, weights: Weights) -> list[Why]:
    """Of a few of these pairs, by their places, what made their weight."""
    told = explaining.because_of_few(weighed.scored.of(at), weights, weights.expected, people=people)
    return [Why(tuple(one), _agrees(one)) for one in told]


def rather_family(chance: dict[str, Bits]) -> Flags:
    """Those who, if they are not one person, are rather two of one family than two strangers."""
    return np.asarray(2 * (chance["relative"] + chance["namesake"]) + chance["same"] > 1)


def generations(compared: Compared) -> Flags:
    apart = [compared.levels[name] == LEVELS[name].index("a generation apart") for name in ("birth", "age", "year")]
    return np.asarray(np.logical_or.reduce(apart))


def contradicts(compared: Compared) -> Flags:
    """Other birth dates, given names or suffixes."""
    given, suffix = (compared.levels[name] for name in ("given", "suffix"))
    other_birth = generations(compared) | (compared.levels["birth"] == LEVELS["birth"].index("differs"))
    other_name = (given == LEVELS["given"].index("differs")) | (suffix == LEVELS["suffix"].index("differs"))
    return np.asarray(other_birth | other_name)


def agree(compared: Compared) -> Flags:
    """Given name, family name and birth are told of both, and are the same but for a nickname, and for a typing error
    in one of them; a year is a birth date with one."""
    level = compared.levels
    named = [~one_of(level[name], (MISSING, *_OTHER_NAMES[name])) for name in ("given", "family")]
    born = one_of(level["birth"], _BORN_ALIKE) | (level["year"] == 0)
    typed = [level[name] == LEVELS[name].index("typing error") for name in ("given", "family")]
    return np.asarray(named[0] & named[1] & born & (np.sum((*typed, level["birth"] != 0), axis=0) < 2))


def plainly_two(records: Records, low: Index, high: Index, compared: Compared) -> Flags:
    """Whom not one correction makes one: two or more of given name, family name, birth, sex and suffix are other ones;
    or one of given name, birth and suffix, and nothing tells that they are reached or live alike; or twins who are
    children. `compared`: how these pairs of records do."""
    level = compared.levels
    given, family, born = _differ(compared)
    suffix = records.codes["suffix"]
    other_suffix = (level["suffix"] == 1) | (born & ((suffix[low] > 0) != (suffix[high] > 0)))
    home = (level["street"] == 0) & (level["house"] != 1)
    reached = (level["phone"] == 0) | (level["email"] == 0) | home
    several = np.sum((given, family, born, other_suffix, level["sex"] == 1), axis=0) > 1
    alone = (given | born | other_suffix) & ~reached
    return np.asarray(several | alone | (level["twins"] == CHILDREN))


def nothing_alike(compared: Compared) -> Flags:
    """Other given and family names, and another birth."""
    return np.asarray(np.logical_and.reduce(_differ(compared)))


def _differ(compared: Compared) -> tuple[Flags, Flags, Flags]:
    """Given name, family name, birth."""
    level = compared.levels
    given, family = (one_of(level[name], other) for name, other in _OTHER_NAMES.items())
    born = generations(compared) | one_of(level["birth"], _BORN_OTHERWISE) | (level["year"] == _OTHER_YEAR)
    return np.asarray(given), np.asarray(family), np.asarray(born)


def _against(compared: Compared, weight: Bits, family: Flags, weights: Weights) -> Bits:
    """How strongly each pair speaks against anything that would make it one person (0: it does not).

    Where a household explains it (father and son, twins), nothing that merely stands between them makes them one; else
    a link that outweighs the contradiction does.
    """
    generation = generations(compared)
    doubtful = (weights.possible_at + weights.link_at) / 2
    apart = contradicts(compared) & (weight < np.select([generation, family], [weights.link_at, doubtful], 0.0))
    against = np.where(apart, np.where(generation | family, -np.inf, weight), 0.0)
    return np.asarray(np.where(typed_or_family(compared.levels), -np.inf, against))


def _agrees(because: list[dict[str, Any]]) -> str:
    told = (part for part in because if part["level"] in _AGREES and part["weight"] > 0)
    return "+".join(_AGREES[part["level"]] + part["comparison"] for part in told)
