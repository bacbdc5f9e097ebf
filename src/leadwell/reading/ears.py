"""How much does a text sound like what somebody taught? A linear filter over words, their beginnings and neighbours.

Rules know families of wording, and people find others. The weights are a table of `kind`, `gram` and `weight`, trained
by `benchmarks/right/_ears.py`. Numbers count by their length alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache
from importlib import resources
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from leadwell.reading.fold import FIRST_WORD_BYTE, TEXT_END
from leadwell.reading.grouped import Flags, Ints
from leadwell.reading.remembered import Remembered
from leadwell.reading.tokens import Block
from leadwell.reading.written import apart

Keys = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float64]

BEGINNING: Final = 5  # letters of a word that are enough to know it by, whatever its ending
KINDS: Final = ("word", "beginning", "pair", "apart")  # pairs and words one apart are of beginnings
_PRIME: Final = 0x9E3779B97F4A7C15
_SALTS: Final = (0xBF58476D1CE4E5B9, 0x94D049BB133111EB, 0xD6E8FEB86659FD93, 0xA0761D6478BD642F)
_SECOND: Final = 0xE7037ED1A0B428DB
_ALL: Final = (1 << 64) - 1
_SLOTS: Final = 20  # bits
FEWEST: Final = 8  # a text is never taken for shorter: two words prove little


@lru_cache(maxsize=4)
def _powers(size: int) -> tuple[Keys, Keys]:
    rises = np.full(size, _PRIME, dtype=np.uint64)
    falls = np.full(size, pow(_PRIME, -1, 1 << 64), dtype=np.uint64)
    rises[0] = falls[0] = 1
    return np.cumprod(rises), np.cumprod(falls)


def grams(folded: pl.Series) -> tuple[tuple[tuple[Keys, Ints], ...], Ints]:
    """Folded texts -> for each of KINDS its keys and the text of each, and how many words each text has."""
    joined = (folded.str.join(TEXT_END).item() + TEXT_END).encode()
    octets = np.frombuffer(joined, dtype=np.uint8)
    edge = np.diff(np.concatenate(([False], octets >= FIRST_WORD_BYTE, [False])).astype(np.int8))
    start, stop = np.flatnonzero(edge == 1), np.flatnonzero(edge == -1)
    ends = np.cumsum(folded.str.len_bytes().to_numpy().astype(np.int64) + 1)
    text = np.searchsorted(ends, start, "right")
    word, beginning = _hashes(octets, start, (stop, np.minimum(stop, start + BEGINNING)))
    return _kinds(word, beginning, text), np.bincount(text, minlength=len(folded))


def _hashes(octets: npt.NDArray[np.uint8], start: Ints, stops: tuple[Ints, ...]) -> tuple[Keys, ...]:
    digit = (octets >= ord("0")) & (octets <= ord("9"))
    rises, falls = _powers(1 << len(octets).bit_length())
    letters = np.where(digit, np.uint8(ord("0")), octets).astype(np.uint64)
    sums = np.concatenate((np.zeros(1, dtype=np.uint64), np.cumsum(letters * rises[: len(letters)])))
    mixed = [(sums[stop] - sums[start]) * falls[start] for stop in stops]
    return tuple((m ^ (m >> np.uint64(31))) * np.uint64(_SECOND) for m in mixed)


def _kinds(word: Keys, beginning: Keys, text: Ints) -> tuple[tuple[Keys, Ints], ...]:
    salts = [np.uint64(s) for s in _SALTS]
    near = [(word * salts[0], text), (beginning * salts[1], text)]
    for step, salt in ((1, salts[2]), (2, salts[3])):
        same = text[step:] == text[:-step]
        both = beginning[:-step] * salt + _second(beginning[step:])
        near.append((both[same], text[step:][same]))
    return tuple(near)


def _second(beginning: Keys) -> Keys:
    """What a beginning is in a pair that another leads."""
    return (beginning ^ (beginning >> np.uint64(29))) * np.uint64(_SECOND)


class Ear:
    """What the weights of one file hear; the file is read when it is first listened with."""

    def __init__(self, package: str, file: str) -> None:
        self._package, self._file = package, file
        self._remembered = Remembered(
            self._learn,
            word=np.bool_,
            alone=np.float64,
            begun=np.float64,
            pair=np.uint64,
            apart=np.uint64,
            second=np.uint64,
        )

    def sounds(self, blocks: Sequence[Block]) -> Floats:
        """How much each text sounds like it: 0 and above is enough to have a person look."""
        return np.concatenate([np.zeros(0), *map(self.sounds_in, blocks)])

    def sounds_in(self, block: Block, among: Flags | None = None) -> Floats:
        """The same of one block; `among`: the texts that are listened to, all others sound like nothing."""
        heard = self._remembered.of(block.distinct)
        listened = heard["word"][block.token]
        at = np.flatnonzero(listened if among is None else listened & among[block.text])
        token, text = block.token[at], block.text[at]
        total = np.bincount(text, heard["alone"][token], minlength=block.texts)
        total += np.bincount(text, heard["begun"][token], minlength=block.texts)
        for step, first in ((1, "pair"), (2, "apart")):
            hit, weights = self._found(heard[first][token[:-step]] + heard["second"][token[step:]])
            same = np.flatnonzero(text[hit] == text[hit + step])
            total += np.bincount(text[hit[same]], weights[same], minlength=block.texts)
        size = np.bincount(text, minlength=block.texts)
        return self._weights[3] + total / np.sqrt(np.maximum(size, FEWEST))

    @cached_property
    def _weights(self) -> tuple[npt.NDArray[np.int16], Keys, Floats, float]:
        """In which slot a key's number stands (0 none), the keys and weights by number, and what is added to a sum."""
        with resources.files(self._package).joinpath(self._file).open("rb") as file:
            table = pl.read_csv(file, schema={"kind": pl.String, "gram": pl.String, "weight": pl.Float64})
        always = float(table.filter(pl.col("kind") == "always")["weight"].item())
        key, weight = [np.zeros(1, dtype=np.uint64)], [np.zeros(1)]
        for number, kind in enumerate(KINDS):
            part = table.filter(pl.col("kind") == kind)
            keys, text = grams(part["gram"])[0][number]
            key.append(keys)
            weight.append(part["weight"].to_numpy()[text])
        keys, weights = np.concatenate(key), np.concatenate(weight)
        slots = np.zeros(1 << _SLOTS, dtype=np.int16)
        order = np.argsort(np.abs(weights), kind="stable")  # of two keys in one slot the weightier stays
        slots[_slot(keys[order])] = order
        return slots, keys, weights, always

    def _found(self, keys: Keys) -> tuple[Ints, Floats]:
        """Which of the keys have a weight, and which."""
        slots, known, weights, _ = self._weights
        number = slots[_slot(keys)]
        hit = np.flatnonzero(number != 0)
        number = number[hit]
        right = np.flatnonzero(known[number] == keys[hit])
        return hit[right], weights[number[right]]

    def _learn(self, tokens: Sequence[str]) -> Iterable[tuple[Any, ...]]:
        """Whether there is a word, the weights of it and of its beginning, and that one's part in keys of pairs."""
        words = [apart(token)[1] for token in tokens]
        size = np.array([len(word) for word in words])
        octets = np.frombuffer(TEXT_END.join((*words, "")).encode(), dtype=np.uint8)
        start = np.cumsum(size + 1) - size - 1
        word, beginning = _hashes(octets, start, (start + size, start + np.minimum(size, BEGINNING)))
        columns: list[npt.NDArray[Any]] = [size > 0]
        for keys in (word * np.uint64(_SALTS[0]), beginning * np.uint64(_SALTS[1])):
            hit, weights = self._found(keys)
            columns.append(np.bincount(hit, weights, minlength=len(words)))
        columns += [beginning * np.uint64(_SALTS[2]), beginning * np.uint64(_SALTS[3]), _second(beginning)]
        return zip(*(column.tolist() for column in columns), strict=True)


def _slot(keys: Keys) -> Ints:
    return (keys >> np.uint64(64 - _SLOTS)).astype(np.int64)
