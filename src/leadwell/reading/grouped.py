"""Which values belong to a number? Many short lists in two arrays, looked up for many numbers at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.signedinteger[Any]]
Flags = npt.NDArray[np.bool_]
Bits = npt.NDArray[np.uint64]

_SLOT_BITS: Final = 18
_SPREAD: Final = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, eq=False)
class Grouped:
    """Numbers from 0 up -> values, in the order given."""

    starts: Ints
    values: Ints

    @classmethod
    def of(cls, keys: Sequence[int] | Ints, values: Sequence[int] | Ints, size: int) -> Grouped:
        numbers = np.asarray(keys, dtype=np.int64)
        order = np.argsort(numbers, kind="stable")
        starts = np.searchsorted(numbers[order], np.arange(size + 1))
        return cls(starts, np.asarray(values, dtype=np.int64)[order])

    @cached_property
    def _counts(self) -> Ints:
        return np.diff(self.starts)

    def each(self, keys: npt.NDArray[Any]) -> tuple[Ints, Ints]:
        """For every value of every key: which key it is of, and the value."""
        count = self._counts[keys]
        which = np.repeat(np.arange(len(count)), count)
        at = (self.starts[keys] - np.cumsum(count) + count)[which]
        at += np.arange(len(which))
        return which, self.values[at]

    def any(self) -> Flags:
        """Which keys have values."""
        return self.starts[1:] > self.starts[:-1]


@dataclass(frozen=True, eq=False)
class Sparse:
    """The same for numbers far apart. Each has one of many slots; few share theirs, and stand in a row.

    `keys` and their `slots`, by slot, and one of each that is none; `first`: for each slot the first of its keys,
    counted from 1, or 0.
    """

    keys: Ints
    slots: Ints
    first: npt.NDArray[np.int32]
    groups: Grouped

    @classmethod
    def of(cls, keys: Sequence[int] | Ints, values: Sequence[int] | Ints) -> Sparse:
        known, index = np.unique(np.asarray(keys, dtype=np.int64), return_inverse=True)
        slots = _slot(known)
        order = np.argsort(slots, kind="stable")
        place = np.empty(len(order), dtype=np.int64)
        place[order] = np.arange(len(order))
        first = np.zeros(1 << _SLOT_BITS, dtype=np.int32)
        first[slots[order[::-1]]] = np.arange(len(order), 0, -1)
        groups = Grouped.of(place[index], values, len(known))
        return cls(np.append(known[order], -1), np.append(slots[order], -1), first, groups)

    def each(self, keys: Ints) -> tuple[Ints, Ints]:
        slots = _slot(keys)
        first = self.first[slots]
        likely = np.flatnonzero(first != 0)
        asked, slots = keys[likely], slots[likely]
        place = first[likely].astype(np.int64) - 1
        there = self.keys[place] == asked
        left = np.flatnonzero(~there)
        while len(left):
            place[left] += 1
            left = left[self.slots[place[left]] == slots[left]]
            right = self.keys[place[left]] == asked[left]
            there[left[right]] = True
            left = left[~right]
        found = np.flatnonzero(there)
        which, values = self.groups.each(place[found])
        return likely[found[which]], values


def _slot(keys: Ints) -> Ints:
    spread = keys.astype(np.uint64) * _SPREAD
    spread >>= np.uint64(64 - _SLOT_BITS)
    return spread.view(np.int64)
