"""Do two records bear other numbers of one hospital? Then they are two of its patients, unless all else agrees."""

from __future__ import annotations

from typing import Final

import numpy as np

from leadwell.identity.sides import Flags, Pairs

BETWEEN: Final = "\n"  # of several numbers, each `system|value`


def others(pairs: Pairs) -> Flags:
    """Those of whom some system knows each by a number, and none knows both by the same."""
    low, high = pairs.sides("identifiers")
    found = np.zeros(len(low), dtype=np.bool_)
    at = np.flatnonzero((low > 0) & (high > 0) & (low != high))
    if len(at):
        texts = (pairs.texts("identifiers", side[at]).to_list() for side in (low, high))
        found[at] = [_other(one or "", other or "") for one, other in zip(*texts, strict=True)]
    return found


def _other(one: str, other: str) -> bool:
    ours, theirs = (frozenset(text.split(BETWEEN)) for text in (one, other))
    return ours.isdisjoint(theirs) and not _systems(ours).isdisjoint(_systems(theirs))


def _systems(numbers: frozenset[str]) -> set[str]:
    return {number.rpartition("|")[0] for number in numbers}
