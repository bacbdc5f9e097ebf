"""Does it matter who comes first? The same people in many orders: of which two is something else said, and what?"""

from __future__ import annotations

import polars as pl

from benchmarks.identity.stream import HALVED, arrived, asked_about, half, linked, streams, truth_pairs

LISTS = ("FEBRL 3", HALVED)
_PAIR = ["row", "other"]


def main(orders: int) -> None:
    """Of HALVED the seen half."""
    for name, people, true in streams():
        if name in LISTS:
            ours, truth = half(people, true, unseen=False) if name == HALVED else (people, true)
            report(name, ours, truth_pairs(truth), orders)


def report(name: str, people: pl.DataFrame, pairs: pl.DataFrame, orders: int) -> None:
    """Each order beside the first."""
    first, asked = _said_of(people, 1)
    rows = []
    for seed in range(2, orders + 1):
        other, asked_there = _said_of(people, seed)
        lost, new = (one.join(two, on=_PAIR, how="anti") for one, two in ((first, other), (other, first)))
        doubts = [
            pairs_.join(asked_, on=_PAIR, how="semi").height for pairs_, asked_ in ((lost, asked_there), (new, asked))
        ]
        wrong = pl.concat([lost, new]).join(pairs, on=_PAIR, how="anti").height
        rows.append((lost.height + new.height, sum(doubts), wrong, pl.concat([first, other]).unique().height))
    told = pl.DataFrame(rows, schema=["differ", "doubts", "wrong", "linked"], orient="row")
    share = told.select(share=100 * pl.col("differ") / pl.col("linked"))["share"]
    print(f"{name}: {len(people):,} people in {orders} orders; of all linked pairs {share.mean():.1f} % differ from the"
          f" first order ({share.max():.1f} % at most)")  # fmt: skip
    print(f"  differing pairs {told['differ'].mean():.0f}: a link in the one and a doubt in the other"
          f" {told['doubts'].mean():.0f}; of two people {told['wrong'].sum()} in all orders", flush=True)  # fmt: skip


def _said_of(people: pl.DataFrame, seed: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    memory = arrived(people, seed=seed)
    return linked(memory), asked_about(memory)
