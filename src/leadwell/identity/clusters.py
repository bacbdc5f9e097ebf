"""Who is one person, all links taken together? Connected by sure links, unless two of them contradict each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt

from leadwell.identity.candidates import Index

Flags = npt.NDArray[np.bool_]
# Larger clusters are not compared pair by pair: so many different records of one person are a fault of the list.
LARGEST_CHECKED: Final = 200


def components(size: int, low: Index, high: Index) -> Index:
    """For each node the lowest node it is connected with."""
    label = np.arange(size, dtype=np.int64)
    while True:
        least = np.minimum(label[low], label[high])
        before = label.copy()
        np.minimum.at(label, label[low], least)
        np.minimum.at(label, label[high], least)
        label = label[label]
        if np.array_equal(label, before):
            return label


def pairs_within(label: Index) -> tuple[Index, Index]:
    """Every pair of nodes of one component of three or more (two need no check), lower node first."""
    nodes = np.argsort(label, kind="stable")
    starts = np.flatnonzero(np.r_[True, label[nodes][1:] != label[nodes][:-1]]) if len(nodes) else nodes
    sizes = np.diff(np.r_[starts, len(nodes)])
    low: list[Index] = []
    high: list[Index] = []
    for size in np.unique(sizes[(sizes > 2) & (sizes <= LARGEST_CHECKED)]):
        members = nodes[starts[sizes == size][:, None] + np.arange(size)]
        one, other = np.triu_indices(size, 1)
        low.append(members[:, one].ravel())
        high.append(members[:, other].ravel())
    none = np.zeros(0, dtype=np.int64)
    return np.concatenate([none, *low]), np.concatenate([none, *high])


def refused(
    low: Index, high: Index, strength: npt.NDArray[np.float64], apart: Mapping[tuple[int, int], float]
) -> Flags:
    """Links that must not hold, since they would put a pair of `apart` (lower node first) into one cluster.

    `apart` says how strongly each speaks against it (below 0, as a weight); a stronger link holds nevertheless.
    """
    group: dict[int, set[int]] = {}
    refuses = np.zeros(len(low), dtype=np.bool_)
    for at in np.lexsort((high, low, -strength)):
        a, b = int(low[at]), int(high[at])
        of_a, of_b = group.setdefault(a, {a}), group.setdefault(b, {b})
        if of_a is of_b:
            continue
        against = min(apart.get((min(x, y), max(x, y)), 0.0) for x in of_a for y in of_b)
        if strength[at] + against < 0:
            refuses[at] = True
            continue
        of_a |= of_b
        for node in of_b:
            group[node] = of_a
    return refuses
