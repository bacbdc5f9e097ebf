"""Lists with a known truth, arriving a few at a time: what links by itself, beside the same list judged as a whole."""

from __future__ import annotations

import time
import zlib
from collections.abc import Iterable, Iterator
from itertools import combinations, product

import numpy as np
import polars as pl

from benchmarks.identity.memory import Memory
from benchmarks.right.identity import Scores, lists, scores, truth_pairs
from leadwell import identity
from leadwell.identity.pairs import among
from leadwell.identity.weights import Weights

LISTS = ("FEBRL 3", "FEBRL 4", "historical_people")
HALVED = "historical_people"
AT_ONCE = 100


def streams() -> Iterator[tuple[str, pl.DataFrame, pl.DataFrame]]:
    """Name, people, and the truth by row."""
    for name, table, truth, ignored in lists():
        if name in LISTS:
            people = identity.people(table, identity.columns(table.columns, ignore=(truth, *ignored)))
            yield name, people, table.select(pl.int_range(1, pl.len() + 1, dtype=pl.UInt32).alias("row"), person=truth)


def arrived(people: pl.DataFrame, *, seed: int, weights: Weights | None = None) -> Memory:
    """Everybody, in an order of its own."""
    memory = Memory(people, among=among(len(people)), weights=weights)
    order = np.random.default_rng(seed).permutation(len(people)).tolist()
    for start in range(0, len(order), AT_ONCE):
        memory.arrive(order[start : start + AT_ONCE])
    return memory


def half(people: pl.DataFrame, true: pl.DataFrame, *, unseen: bool) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Those of half the true persons, told by a checksum: one half to tune on, the other to run once at the end."""
    ours = pl.Series([zlib.crc32(person.encode()) % 2 == unseen for person in true["person"]])
    row = pl.Series("row", range(1, ours.sum() + 1), dtype=pl.UInt32)
    return people.filter(ours).with_columns(row), true.filter(ours).with_columns(row)


def linked(memory: Memory) -> pl.DataFrame:
    """`row`, `other`: every two who are one person, lower first."""
    return paired(two for group in memory.persons() for two in combinations(sorted(group), 2))


def asked_about(memory: Memory) -> pl.DataFrame:
    """The same of every two who would be one person if each doubt were answered so."""
    apart = ((memory.of(one), memory.of(other)) for one, other in memory.doubts)
    return paired((min(two), max(two)) for ours, theirs in apart if ours is not theirs for two in product(ours, theirs))


def paired(two: Iterable[tuple[int, int]]) -> pl.DataFrame:
    """By row, which counts from 1."""
    rows = pl.DataFrame(list(two), schema={"row": pl.UInt32, "other": pl.UInt32}, orient="row")
    return rows.select(pl.col("row", "other") + 1).unique()


def report(name: str, people: pl.DataFrame, true: pl.DataFrame) -> None:
    pairs = truth_pairs(true)
    print(f"{name}: {len(people):,} people arrive {AT_ONCE} at a time; {pairs.height:,} true pairs")
    print(f"  the whole list:   {_said(scores(identity.link(people), true)[0])}")
    for how, weights in (("shipped weights", None), ("retrained", identity.retrain(people))):
        start = time.process_time()
        memory = arrived(people, seed=1, weights=weights)
        each = (time.process_time() - start) / len(people) * 1e3
        found = linked(memory)
        right = asked_about(memory).join(pairs, on=["row", "other"], how="semi")
        wrong = found.join(pairs, on=["row", "other"], how="anti").height
        answered = score(pl.concat([found, right]).unique(), pairs)[1]
        print(f"  {how}: {_said(score(found, pairs))} ({wrong} wrong); {len(memory.doubts):,} doubts, once answered"
              f" recall {answered:.4f}; {each:.2f} ms each", flush=True)  # fmt: skip


def score(found: pl.DataFrame, pairs: pl.DataFrame) -> Scores:
    right = found.join(pairs, on=["row", "other"], how="semi").height
    return right / max(1, found.height), right / max(1, pairs.height), 2 * right / max(1, found.height + pairs.height)


def _said(score: Scores) -> str:
    return "precision {:.4f} recall {:.4f}".format(*score[:2])


def main(*, halves: bool) -> None:
    for name, people, true in streams():
        report(name, people, true)
        if halves and name == HALVED:
            for unseen in (False, True):
                report(f"{name}, {'unseen' if unseen else 'seen'} half", *half(people, true, unseen=unseen))
