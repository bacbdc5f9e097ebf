"""Lists with a known truth, arriving a few at a time: what links by itself, beside the same list judged as a whole."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np
import polars as pl

from benchmarks.identity.memory import Memory
from benchmarks.right.identity import Scores, lists, scores, truth_pairs
from leadwell import identity
from leadwell.identity.pairs import among
from leadwell.identity.weights import Weights

LISTS = ("FEBRL 3", "FEBRL 4", "historical_people")
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


def linked(memory: Memory) -> pl.DataFrame:
    """`row`, `other`: every two who are one person, lower first."""
    groups = {id(group): sorted(group) for group in memory.group.values()}
    two = [(a + 1, b + 1) for group in groups.values() for at, a in enumerate(group) for b in group[at + 1 :]]
    return pl.DataFrame(two, schema={"row": pl.UInt32, "other": pl.UInt32}, orient="row")


def report(name: str, people: pl.DataFrame, true: pl.DataFrame) -> None:
    pairs = truth_pairs(true)
    print(f"{name}: {len(people):,} people arrive {AT_ONCE} at a time; {pairs.height:,} true pairs")
    print(f"  the whole list:   {_said(scores(identity.link(people), true)[0])}")
    for how, weights in (("shipped weights", None), ("retrained", identity.retrain(people))):
        one, other = (_order(how, people, pairs, seed, weights) for seed in (1, 2))
        apart = one.height + other.height - 2 * one.join(other, on=["row", "other"], how="semi").height
        print(f"  {how}: another order differs in {apart} of {one.height:,} linked pairs", flush=True)


def _order(how: str, people: pl.DataFrame, pairs: pl.DataFrame, seed: int, weights: Weights | None) -> pl.DataFrame:
    start = time.process_time()
    memory = arrived(people, seed=seed, weights=weights)
    each = (time.process_time() - start) / len(people) * 1e3
    found = linked(memory)
    doubts = pl.DataFrame(memory.doubts, schema=["row", "other"], orient="row") + 1
    doubts = doubts.select(row=pl.min_horizontal("row", "other"), other=pl.max_horizontal("row", "other"))
    doubts = doubts.cast(pl.UInt32)
    wrong = found.join(pairs, on=["row", "other"], how="anti").height
    print(f"  {how}, order {seed}: {_said(score(found, pairs))} ({wrong} wrong); with {doubts.height:,} doubts"
          f" {_said(score(pl.concat([found, doubts]).unique(), pairs))}; {each:.2f} ms each")  # fmt: skip
    return found


def score(found: pl.DataFrame, pairs: pl.DataFrame) -> Scores:
    right = found.join(pairs, on=["row", "other"], how="semi").height
    return right / max(1, found.height), right / max(1, pairs.height), 2 * right / max(1, found.height + pairs.height)


def _said(score: Scores) -> str:
    return "precision {:.4f} recall {:.4f}".format(*score[:2])


def main() -> None:
    for name, people, true in streams():
        report(name, people, true)
