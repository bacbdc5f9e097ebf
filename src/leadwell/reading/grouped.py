"""Which values belong to a number? Many short lists in two arrays, looked up for many numbers at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.signedinteger[Any]]
Flags = npt.NDArray[np.bool_]
Bits = npt.NDArray[np.uint64]

_SIEVE_BITS: Final = 18
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

    def each(self, keys: npt.NDArray[Any]) -> tuple[Ints, Ints]:
        """For every value of every key: which key it is of, and the value."""
        begin = self.starts[keys]
        count = self.starts[keys + 1] - begin
        which = np.repeat(np.arange(len(count)), count)
        inside = np.arange(len(which)) - np.repeat(np.cumsum(count) - count, count)
        return which, self.values[begin[which] + inside]

    def any(self) -> Flags:
        """Which keys have values."""
        return self.starts[1:] > self.starts[:-1]


@dataclass(frozen=True, eq=False)
class Sparse:
    """The same for numbers far apart. A sieve answers for nearly all that are not there."""

    keys: Ints
    sieve: Flags
    groups: Grouped

    @classmethod
    def of(cls, keys: Sequence[int], values: Sequence[int]) -> Sparse:
        known, index = np.unique(np.asarray(keys, dtype=np.int64), return_inverse=True)
        sieve = np.zeros(1 << _SIEVE_BITS, dtype=np.bool_)
        sieve[_spread(known)] = True
        return cls(known, sieve, Grouped.of(index, values, len(known)))

    def each(self, keys: Ints) -> tuple[Ints, Ints]:
        likely = np.flatnonzero(self.sieve[_spread(keys)])
        asked = keys[likely]
        place = np.minimum(np.searchsorted(self.keys, asked), max(len(self.keys) - 1, 0))
        there = self.keys[place] == asked if len(self.keys) else np.zeros(0, dtype=np.bool_)
        which, values = self.groups.each(place[there])
        return likely[there][which], values


def _spread(keys: Ints) -> npt.NDArray[np.uint64]:
    spread: npt.NDArray[np.uint64] = (keys.astype(np.uint64) * _SPREAD) >> np.uint64(64 - _SIEVE_BITS)
    return spread
