"""What do we know of a written word already? Each distinct one is looked at once and its answers kept as numbers.

Words are numbered as they come. Whoever asks about them keeps a table of answers by number. When there are too many,
numbering starts anew and every table of it is forgotten. Very long ones (somebody pasted something) are never kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import repeat
from threading import Lock
from typing import Any, Final
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from leadwell.reading.grouped import Ints

MOST: Final = 200_000
LONGEST: Final = 40  # characters
_UNKNOWN: Final = -1

Rows = npt.NDArray[np.void]
_remembering = Lock()  # batches are judged side by side


class Numbering:
    """Distinct tokens -> numbers from 0 up."""

    def __init__(self) -> None:
        self.of: dict[str, int] = {}

    def number(self, tokens: Sequence[str]) -> Ints:
        numbers = np.fromiter(map(self.of.get, tokens, repeat(_UNKNOWN)), dtype=np.int64, count=len(tokens))
        for at in np.flatnonzero(numbers == _UNKNOWN).tolist():
            if len(tokens[at]) < LONGEST:
                numbers[at] = self.of.setdefault(tokens[at], len(self.of))
        return numbers


_current: Final = [Numbering()]


@dataclass(frozen=True, eq=False)
class Distinct:
    """Tokens, each once, and their numbers; -1 for those that are not kept."""

    tokens: list[str]
    numbers: Ints
    numbering: Numbering

    @classmethod
    def of(cls, tokens: list[str]) -> Distinct:
        with _remembering:
            if len(_current[0].of) > MOST:
                _current[0] = Numbering()
            return cls(tokens, _current[0].number(tokens), _current[0])


class Remembered:
    """What `learn` says of tokens: a row each, of `columns`."""

    def __init__(self, learn: Callable[[Sequence[str]], Iterable[tuple[Any, ...]]], **columns: type) -> None:
        self._learn = learn
        self._names = tuple(columns)
        self._dtype = np.dtype([*columns.items(), ("known", np.bool_)])
        self._tables: WeakKeyDictionary[Numbering, Rows] = WeakKeyDictionary()

    def of(self, distinct: Distinct) -> dict[str, npt.NDArray[Any]]:
        with _remembering:
            table = self._table(distinct.numbering)
            rows = table[distinct.numbers]
            new = np.flatnonzero(~rows["known"] | (distinct.numbers == _UNKNOWN))
            if len(new):
                learnt = self._learn([distinct.tokens[at] for at in new.tolist()])
                rows[new] = np.array([(*row, True) for row in learnt], dtype=self._dtype)
                kept = new[distinct.numbers[new] != _UNKNOWN]
                table[distinct.numbers[kept]] = rows[kept]
        return {name: np.ascontiguousarray(rows[name]) for name in self._names}

    def _table(self, numbering: Numbering) -> Rows:
        """The rows of all tokens numbered so far, and one that stands for those that are not."""
        table = self._tables.get(numbering)
        if table is None or len(table) <= len(numbering.of):
            grown = np.zeros(2 * len(numbering.of) + 1, dtype=self._dtype)
            if table is not None:
                grown[: len(table)] = table
            self._tables[numbering] = table = grown
        return table
