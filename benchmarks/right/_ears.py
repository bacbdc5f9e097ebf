"""How is a filter of `leadwell/reading/ears.py` trained? Logistic regression over the grams of folded texts."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from leadwell.reading.ears import BEGINNING, FEWEST, KINDS, grams

_KEPT: Final = 16000
_STEPS: Final = 250
Array = npt.NDArray[Any]


def numbered(folded: pl.Series) -> tuple[Array, Array, Array, Array]:
    """Each gram of each text once a time: its distinct key's number, its text, its value; and the keys."""
    kinds, size = grams(folded)
    keys, at = np.concatenate([k for k, _ in kinds]), np.concatenate([t for _, t in kinds])
    distinct, number = np.unique(keys, return_inverse=True)
    return number, at, 1 / np.sqrt(np.maximum(size, FEWEST))[at], distinct


def _train(grams_of: tuple[Array, Array, Array], right: Array, *, weight: Array, width: int) -> tuple[Array, float]:
    """Logistic regression with a quadratic price on weights, by Adam, in full batches."""
    number, at, value = grams_of
    many, w = len(right), np.zeros(width + 1)
    first, second = np.zeros(width + 1), np.zeros(width + 1)
    price = 0.15
    for step in range(1, _STEPS + 1):
        score = np.bincount(at, value * w[number], minlength=many) + w[-1]
        error = weight * (1 / (1 + np.exp(-np.clip(score, -30, 30))) - right)
        slope = np.append(np.bincount(number, value * error[at], minlength=width), error.sum())
        slope[:-1] += price * w[:-1]
        first, second = 0.9 * first + 0.1 * slope, 0.99 * second + 0.01 * slope**2
        w -= 0.05 * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.99**step)) + 1e-9)
    return w[:-1], float(w[-1])


def fitted(
    grams_of: tuple[Array, Array, Array], right: Array, *, weight: Array, width: int, kept: int = _KEPT
) -> tuple[Array, float]:
    """Trained, all but the weightiest grams that stand in two texts left out, and trained again."""
    number, at, value = grams_of
    texts_with = np.bincount(np.unique(number * np.int64(len(right)) + at) // len(right), minlength=width)
    usable = (texts_with >= 2)[number] & (weight[at] > 0)
    w, _ = _train((number[usable], at[usable], value[usable]), right, weight=weight, width=width)
    weighty = np.zeros(width, dtype=np.bool_)
    weighty[np.argsort(-np.abs(w), kind="stable")[:kept]] = True
    usable &= weighty[number]
    return _train((number[usable], at[usable], value[usable]), right, weight=weight, width=width)


def scores(grams_of: tuple[Array, Array, Array], w: Array, *, always: float, many: int) -> Array:
    number, at, value = grams_of
    return np.asarray(np.bincount(at, value * w[number], minlength=many) + always)


def _named(folded: pl.Series, wanted: set[int]) -> dict[int, tuple[str, str]]:
    """Keys -> kind and gram, as `unease.csv` has them."""
    named: dict[int, tuple[str, str]] = {}
    for text in folded:
        words = "".join(("0" if c.isdigit() else c) if c >= "'" else " " for c in text).split()
        short = [w[:BEGINNING] for w in words]
        said_so = (words, short, [f"{a} {b}" for a, b in pairwise(short)])
        apart = [f"{a} . {b}" for a, b in zip(short, short[2:], strict=False)]
        for kind, found, (keys, _) in zip(KINDS, (*said_so, apart), grams(pl.Series([text]))[0], strict=True):
            named |= {k: (kind, g) for k, g in zip(keys.tolist(), found, strict=True) if k in wanted}
    return named


def write(path: Path, folded: pl.Series, *, w: Array, keys: Array, always: float) -> int:
    """The weights that matter, as `leadwell.reading.ears` reads them; how many they are."""
    used = np.flatnonzero(np.abs(w) >= 0.02)
    named = _named(folded, set(keys[used].tolist()))
    rows = sorted((*named[k], round(float(w[i]), 2)) for i, k in zip(used, keys[used].tolist(), strict=True))
    out = pl.DataFrame([("always", "", round(always, 2)), *rows], schema=["kind", "gram", "weight"], orient="row")
    out.write_csv(path)
    return out.height
