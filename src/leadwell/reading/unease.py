"""Do the words sound like danger where no rule says so? Then a person looks; nothing alarms. (promise 18)

A linear filter over words, their beginnings and neighbours (`unease.csv`, trained by `benchmarks/right/unease.py`):
rules know families of wording, and people find others. Numbers count by their length alone.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from leadwell.reading.fold import FIRST_WORD_BYTE, TEXT_END

Ints = npt.NDArray[np.int64]
Keys = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float64]

BEGINNING: Final = 5  # letters of a word that are enough to know it by, whatever its ending
KINDS: Final = ("word", "beginning", "pair", "apart")  # pairs and words one apart are of beginnings
_PRIME: Final = 0x9E3779B97F4A7C15
_SALTS: Final = (0xBF58476D1CE4E5B9, 0x94D049BB133111EB, 0xD6E8FEB86659FD93, 0xA0761D6478BD642F)
_SECOND: Final = 0xE7037ED1A0B428DB
_ALL: Final = (1 << 64) - 1
_SLOTS: Final = 20  # bits
_FEWEST: Final = 8  # a text is never taken for shorter: two words prove little


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
        both = beginning[:-step] * salt + (beginning[step:] ^ (beginning[step:] >> np.uint64(29))) * np.uint64(_SECOND)
        near.append((both[same], text[step:][same]))
    return tuple(near)


@lru_cache(maxsize=1)
def _weights() -> tuple[npt.NDArray[np.int16], Keys, Floats, float]:
    """In which slot a key's number stands (0 none), the keys and weights by number, and what is added to each sum."""
    with resources.files("leadwell.reading").joinpath("unease.csv").open("rb") as file:
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


def _slot(keys: Keys) -> Ints:
    return (keys >> np.uint64(64 - _SLOTS)).astype(np.int64)


def sounds(folded: pl.Series) -> Floats:
    """How much each text sounds like danger: 0 and above is enough to have a person look."""
    if folded.is_empty():
        return np.zeros(0)
    slots, keys, weights, always = _weights()
    kinds, size = grams(folded)
    total = np.zeros(len(folded))
    for key, text in kinds:
        number = slots[_slot(key)]
        hit = np.flatnonzero(number)
        hit = hit[keys[number[hit]] == key[hit]]
        total += np.bincount(text[hit], weights[number[hit]], minlength=len(folded))
    return always + total / np.sqrt(np.maximum(size, _FEWEST))
