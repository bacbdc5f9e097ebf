"""Which signs together are a danger? The table of `dangers.toml`, compiled, and signs held against it. (promise 18)

Signs come as arrays, one entry a mention in the order of the words: there are few of them, and many rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from leadwell.reading.tables import read_table

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Masks = npt.NDArray[np.uint64]

SAYS: Final = ("emergency", "crisis", "doubt")  # the gravest first
NOTHING: Final = len(SAYS)
_NEIGHBOURS: Final = 10  # signs that are looked at after each
_BITS: Final = 64
# Signs that only colour others, and those too frequent to look for a danger by: a rule is looked up by its rarest sign.
COLOURS: Final = (
    "now",
    "over",
    "died",
    "asks",
    "reflux",
    "wont",
    "verb denial",
    "deny",
    "keeps",
    "if",
    "none",
    "in general",
    "never since",
)
_FREQUENT: Final = """
    wont|want|has|near one|now|cannot|child|none|stop|small child|pain|back|posted|no relief|pregnant|too many|
    if|asks|struggle|over|ache|pills|better|leap|low oxygen|at home|see|move|speak|medicine|body|severe|sudden|
    hit|digit|hours|everything|life|extreme|take|took in|swell|lost|closing|arm|feels|leg|legs|skin|worst|sick|
    faint|belly|fever|feel|end|head|respond|half|stool|weak|surely pregnant|both|fall|urinate|breathe|kick|
    heart|eye|one eye|headache|dizzy|neck|shoulder|baby|face|wound|sugar|throat|numb|bladder|bleed|chest|jaw|
    rash|allergic|trigger|smarts|splashed|shard|caught|jolted|raw skin|breathed in|choked by it|scalding"""
_RARITY: Final = {key.strip(): rank for rank, key in enumerate(_FREQUENT.split("|"))}


def _rarity(key: str) -> int:
    return _RARITY.get(key, len(_RARITY))


@dataclass(frozen=True, slots=True)
class Danger:
    key: str
    says: str | None
    near: tuple[tuple[tuple[str, ...], tuple[str, ...], int], ...]  # one of these before one of those, words between
    sentence: tuple[tuple[str, ...], ...]
    together: tuple[tuple[str, ...], ...]
    examples: tuple[str, ...]
    counterexamples: tuple[str, ...]


def _listed(value: Any) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, list) else (value,)


def _near(rules: Iterable[str]) -> Iterator[tuple[tuple[str, ...], tuple[str, ...], int]]:
    for rule in rules:
        parts = re.fullmatch(r"(.+?) ([>~]) (.+?) (\d+)", rule)
        if parts is None:
            raise ValueError(f"dangers.toml: {rule!r} is not of the form 'a > b 4' or 'a ~ b 4'")
        one, other, reach = tuple(parts[1].split("|")), tuple(parts[3].split("|")), int(parts[4])
        yield one, other, reach
        if parts[2] == "~":
            yield other, one, reach


def _all(rules: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """Each rule by each choice of its alternatives: "a|b + c" is "a + c" and "b + c"."""
    for rule in rules:
        yield from product(*(part.split("|") for part in rule.split(" + ")))


def _danger(table: dict[str, Any]) -> Danger:
    return Danger(
        key=table["key"],
        says=table.get("says"),
        near=tuple(_near(table.get("near", []))),
        sentence=tuple(_all(table.get("sentence", []))),
        together=tuple(_all(table.get("together", []))),
        examples=_listed(table.get("example", [])),
        counterexamples=_listed(table.get("not", [])),
    )


def _load() -> tuple[frozenset[str], tuple[Danger, ...]]:
    content = read_table("dangers")
    return frozenset(content["bare"]), tuple(map(_danger, content["danger"]))


BARE, DANGERS = _load()


def _concepts() -> dict[str, int]:
    """Every sign that a rule names, numbered from 1; dangers that others build upon among them."""
    named = dict.fromkeys(COLOURS)
    for danger in DANGERS:
        for one, other, _ in danger.near:
            named |= dict.fromkeys((*one, *other))
        for rule in (*danger.sentence, *danger.together):
            named |= dict.fromkeys(rule)
    return {key: number for number, key in enumerate(named, 1)}


CONCEPTS: Final = _concepts()
_SIZE: Final = len(CONCEPTS) + 1
_WIDTH: Final = _SIZE // _BITS + 1


def _anchors() -> frozenset[str]:
    """Of each rule the sign that is rarest; where none of them stands, nothing is to be found.

    What one danger gives to others stands only where two signs of its own do: those rules need none besides.
    """
    given = {d.key for d in DANGERS if d.says is None}
    rules: list[tuple[str, ...]] = [
        pair for d in DANGERS for one, other, _ in d.near for pair in ((a, b) for a in one for b in other)
    ]
    rules += [rule for d in DANGERS for rule in (*d.sentence, *d.together) if not given & set(rule)]
    return frozenset(max(rule, key=_rarity) for rule in rules)


ANCHORS: Final = _anchors()


def _tables() -> tuple[Ints, Ints]:
    """For each two concepts in this order: the danger (-1 none) and the most words between them."""
    danger = np.full((_SIZE, _SIZE), -1, dtype=np.int64)
    reach = np.full((_SIZE, _SIZE), -1, dtype=np.int64)
    for number, rule in enumerate(DANGERS):
        for one, other, most in rule.near:
            for at in ((CONCEPTS[a], CONCEPTS[b]) for a in one for b in other):
                if danger[at] == -1 or DANGERS[danger[at]].says is None:
                    danger[at], reach[at] = number, most
    return danger.ravel(), reach.ravel()


_DANGER, _REACH = _tables()
_BEGINS: Final[Flags] = np.any(_REACH.reshape(_SIZE, _SIZE) >= 0, axis=1)  # what may stand first of two
_SAID: Final = np.array([SAYS.index(d.says) if d.says else NOTHING for d in DANGERS])
_GIVES: Final = np.array([CONCEPTS.get(d.key, 0) if d.says is None else 0 for d in DANGERS])


@dataclass(frozen=True, slots=True)
class Pairs:
    """Two signs near one another: which, what they say (an index into SAYS) and the sign they give (0 none)."""

    one: Ints
    other: Ints
    says: Ints
    gives: Ints


def pairs(concept: Ints, *, sentence: Ints, first: Ints, last: Ints) -> Pairs:
    ones, others = [], []
    at = np.flatnonzero(_BEGINS[concept])
    for step in range(1, _NEIGHBOURS + 1):
        at = at[at + step < len(concept)]
        at = at[sentence[at + step] == sentence[at]]
        gap = first[at + step] - last[at] - 1
        near = at[(gap <= _REACH[concept[at] * _SIZE + concept[at + step]]) & (gap >= 0)]
        ones.append(near)
        others.append(near + step)
    one = np.concatenate([np.zeros(0, dtype=np.int64), *ones])
    other = np.concatenate([np.zeros(0, dtype=np.int64), *others])
    danger = _DANGER[concept[one] * _SIZE + concept[other]]
    return Pairs(one, other, _SAID[danger], _GIVES[danger])


def bits(concept: Ints) -> Masks:
    """Each concept as a mask of its own; concept 0 as none."""
    masks = np.zeros((len(concept), _WIDTH), dtype=np.uint64)
    one = np.where(concept > 0, np.uint64(1) << (concept % _BITS).astype(np.uint64), np.uint64(0))
    masks[np.arange(len(concept)), concept // _BITS] = one
    return masks


class Rules(NamedTuple):
    """A row a rule: the mask of its signs, the column and bit of it that stand for the rarest, and what it says."""

    mask: Masks
    column: Ints
    bit: Masks
    says: Ints


def _compiled(which: str) -> Rules:
    rules = [(rule, d.says) for d in DANGERS if d.says for rule in getattr(d, which)]
    rarest = np.array([CONCEPTS[max(rule, key=_rarity)] for rule, _ in rules])
    return Rules(
        np.array([np.bitwise_or.reduce(bits(np.array([CONCEPTS[k] for k in rule]))) for rule, _ in rules]),
        rarest // _BITS,
        bits(rarest)[np.arange(len(rarest)), rarest // _BITS],
        np.array([SAYS.index(says) for _, says in rules]),
    )


_RULES: Final = {which: _compiled(which) for which in ("sentence", "together")}


def verdict(held: Masks, which: str) -> Ints:
    """The gravest that the rules of one `sentence`, or of all signs `together`, say of each mask; else NOTHING.

    A rule is held only against masks with its rarest sign.
    """
    worst = np.full(len(held), NOTHING, dtype=np.int64)
    rules, columns = _RULES[which], held.T.copy()
    there = np.bitwise_or.reduce(columns, axis=1)
    with_sign: dict[tuple[int, int], Ints] = {}
    for number in np.flatnonzero(((there & rules.mask) == rules.mask).all(axis=1)):
        column, bit, mask = int(rules.column[number]), rules.bit[number], rules.mask[number]
        if (column, int(bit)) not in with_sign:
            with_sign[column, int(bit)] = np.flatnonzero(columns[column] & bit)
        at = with_sign[column, int(bit)]
        at = at[((held[at] & mask) == mask).all(axis=1)]
        worst[at] = np.minimum(worst[at], rules.says[number])
    return worst
