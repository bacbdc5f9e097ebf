"""Who in this list is one person, who may be, and why?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import polars as pl

from leadwell.identity import births, clusters, scoring, training
from leadwell.identity import records as record
from leadwell.identity.candidates import Index, candidates
from leadwell.identity.compare import Flags, compare
from leadwell.identity.explaining import BECAUSE, because
from leadwell.identity.pairs import contradicts, generations, rather_family
from leadwell.identity.rarity import rarities
from leadwell.identity.records import Records
from leadwell.identity.scoring import Bits, Scored
from leadwell.identity.sides import Pairs, levels_of
from leadwell.identity.weights import Weights, shipped

CHUNK: Final = 400_000
# A short list is taken for a part of a longer one: that two of ten are called John Smith is still no proof.
LEAST_PEOPLE: Final = 1_000
MOST_TAUGHT: Final = 150_000  # pairs that training looks at
_PAIRS: Final[dict[str, pl.DataType]] = {
    "row_a": pl.UInt32(), "row_b": pl.UInt32(), "weight": pl.Float64(), "link": pl.String(), "because": BECAUSE,
}  # fmt: skip


@dataclass(frozen=True)
class Links:
    """`pairs`: row_a, row_b (lower first), weight (log2 odds), link ('link' | 'possible'), because (what agreed and
    what not, each with its bits, which add up to the weight). Linked pairs connect each cluster; not every pair of a
    cluster is listed.

    `clusters`: one line a row of the list, in its order: row, cluster (the lowest row of the same person), weight (of
    its best pair; NULL where it has none), link ('link' | 'possible' | 'none'), possible_with (rows it may be the same
    as, best first).
    """

    pairs: pl.DataFrame
    clusters: pl.DataFrame


@dataclass(frozen=True)
class _Judge:
    """Weighs pairs of one list."""

    records: Records
    weights: Weights
    rarities: dict[str, Bits]
    people: int
    expected: dict[str, float]

    def scored(self, low: Index, high: Index) -> Scored:
        return scoring.scored(compare(self.records, low, high), self.weights, self.rarities)

    def weight(self, low: Index, high: Index) -> Bits:
        parts = (self.weight_of(self.scored(low[at], high[at])) for at in _chunks(len(low)))
        return np.concatenate([np.zeros(0), *parts])

    def weight_of(self, pairs: Scored) -> Bits:
        return scoring.weight(scoring.evidence(pairs, self.weights), self.expected, self.people)

    def household(self, pairs: Scored) -> Flags:
        """Pairs that, if they are not one person, are rather two of one family than two strangers."""
        return rather_family(scoring.chance_of(scoring.evidence(pairs, self.weights), self.expected, self.people))

    def because(self, low: Index, high: Index, refused: Flags) -> pl.Series:
        return because(self.scored(low, high), self.weights, self.expected, people=self.people, refused=refused)


def _chunks(size: int) -> Iterator[slice]:
    return (slice(start, start + CHUNK) for start in range(0, size, CHUNK))


def link(people: pl.DataFrame, *, weights: Weights | None = None) -> Links:
    """Links of a list of people; columns as `rows.PEOPLE`, any of them absent or null but `row`.

    Without `weights`: the shipped ones, moved as far as this list's own repeats teach (see `training`).
    """
    records = record.records(people)
    low, high = candidates(records)
    if len(low) == 0 and len(records) == len(people):
        return _nobody(records.rows)
    judge = _judge(records, weights or shipped())
    step = _step(low)
    shown = judge.scored(low[::step], high[::step])
    judge = _taught(judge, shown, step, fixed=weights is not None)
    weight = judge.weight_of(shown) if step == 1 else judge.weight(low, high)
    likely = weight >= judge.weights.possible_at
    low, high, weight = low[likely], high[likely], weight[likely]
    sure = weight >= judge.weights.link_at
    sure[sure] = ~_may_be_family(judge.records, low[sure], high[sure])
    sure[sure] = ~_contradicted(judge, low[sure], high[sure], weight[sure])
    return _written(judge, _Edges(low, high, weight, sure))


def train(people: pl.DataFrame, *, weights: Weights | None = None, households: bool = False) -> Weights:
    """The weights (shipped unless given), moved by what this list shows; freely, unless it may hold `households`."""
    records = record.records(people)
    judge, (low, high) = _judge(records, weights or shipped()), candidates(records)
    step = _step(low)
    return _taught(judge, judge.scored(low[::step], high[::step]), step, households=households).weights


def retrain(people: pl.DataFrame, *, weights: Weights | None = None) -> Weights:
    """The same for whoever arrives later (`recognising`): with how often they come again, which a list learns anew each
    time and a stream cannot."""
    records = record.records(people)
    judge, (low, high) = _judge(records, weights or shipped()), candidates(records)
    step = _step(low)
    taught = _taught(judge, judge.scored(low[::step], high[::step]), step)
    return replace(taught.weights, expected=taught.expected)


def _judge(records: Records, weights: Weights) -> _Judge:
    size = max(LEAST_PEOPLE, len(records.record_of))
    return _Judge(records, weights, dict(rarities(records, weights)), size, dict(weights.expected))


def _nobody(rows: Index) -> Links:
    """What is said of a list in which nobody is like another."""
    row = pl.Series("row", rows, dtype=pl.UInt32)
    clusters = row.to_frame().select(
        "row",
        cluster="row",
        weight=pl.lit(None, dtype=pl.Float64),
        link=pl.lit("none"),
        possible_with=pl.lit([], dtype=pl.List(pl.UInt32)),
    )
    return Links(pairs=pl.DataFrame(schema=_PAIRS), clusters=clusters)


def _step(pairs: Index) -> int:
    """Training looks at each of so many pairs."""
    return len(pairs) // MOST_TAUGHT + 1


def _taught(judge: _Judge, shown: Scored, step: int, *, fixed: bool = False, households: bool = True) -> _Judge:
    """Having looked at an even share of the pairs. What they share is as rare as before: only errors are learned."""
    repeats = int((judge.records.seen - 1).sum())
    rows = len(judge.records.record_of)
    seen = training.Seen(shown, repeats=repeats, rows=rows, people=judge.people, stands_for=step)
    learned = training.learn(seen, judge.weights, fixed=fixed, households=households)
    return replace(judge, weights=learned.weights, expected=learned.expected)


@dataclass(frozen=True)
class _Edges:
    low: Index
    high: Index
    weight: Bits
    sure: Flags

    def of(self, which: Flags) -> _Edges:
        return _Edges(self.low[which], self.high[which], self.weight[which], self.sure[which])


def _may_be_family(records: Records, low: Index, high: Index) -> Flags:
    """Whose birth dates are one mistyped or those of father and son: for somebody to say."""
    pairs = Pairs(records, low, high)
    levels = {"birth": births.date(pairs), "suffix": levels_of(*pairs.sides("suffix"), 1)}
    return births.typed_or_family(levels, listed=True)


def _contradicted(judge: _Judge, low: Index, high: Index, weight: Bits) -> Flags:
    """Sure links that hold two records together which speak against each other: other birth dates or given names.

    Where a household explains those (father and son, twins), nothing that merely stands between them makes them one;
    else a link that outweighs the contradiction does.
    """
    label = clusters.components(len(judge.records), low, high)
    one, other = clusters.pairs_within(label)
    refused = np.zeros(len(low), dtype=np.bool_)
    if len(one) == 0:
        return refused
    compared = compare(judge.records, one, other)
    scored = scoring.scored(compared, judge.weights, judge.rarities)
    within = judge.weight_of(scored)
    generation, family = generations(compared), judge.household(scored)
    doubtful = (judge.weights.possible_at + judge.weights.link_at) / 2
    apart = contradicts(compared) & (within < np.select([generation, family], [judge.weights.link_at, doubtful], 0.0))
    either = births.typed_or_family(compared.levels, listed=True)
    apart |= either
    within = np.where(generation | family | either, -np.inf, within)[apart]
    pairs = dict(zip(zip(one[apart].tolist(), other[apart].tolist(), strict=True), within.tolist(), strict=True))
    touched = np.isin(label[low], label[one[apart]])
    refused[touched] = clusters.refused(low[touched], high[touched], weight[touched], pairs)
    return refused


def _written(judge: _Judge, edges: _Edges) -> Links:
    """From records back to rows: nodes are rows from the lowest number up, each record stands at its lowest row."""
    order = np.argsort(judge.records.rows, kind="stable")
    rows, record_of = judge.records.rows[order], judge.records.record_of[order]
    stands_at = np.empty(len(judge.records), dtype=np.int64)
    stands_at[record_of[::-1]] = np.arange(len(rows))[::-1]
    repeats, again = _repeats(judge, record_of, stands_at)
    first, second = stands_at[edges.low], stands_at[edges.high]
    low, high = np.r_[np.minimum(first, second), repeats], np.r_[np.maximum(first, second), again.high]
    weight, sure = np.r_[edges.weight, again.weight], np.r_[edges.sure, again.sure]
    record_low, record_high = np.r_[edges.low, again.low], np.r_[edges.high, again.low]
    label = clusters.components(len(rows), low[sure], high[sure])
    told = sure | (label[low] != label[high])
    told = np.flatnonzero(told)[np.lexsort((high[told], low[told]))]
    pairs = pl.DataFrame(
        {
            "row_a": rows[low[told]],
            "row_b": rows[high[told]],
            "weight": weight[told],
            "link": np.where(sure[told], "link", "possible"),
        },
        schema_overrides={"row_a": pl.UInt32, "row_b": pl.UInt32, "link": pl.String},
    )
    pairs = pairs.with_columns(
        judge.because(
            record_low[told], record_high[told], refused=~sure[told] & (weight[told] >= judge.weights.link_at)
        )
    )
    return Links(pairs=pairs, clusters=_by_row(judge.records.rows, rows, rows[label], pairs))


def _repeats(judge: _Judge, record_of: Index, stands_at: Index) -> tuple[Index, _Edges]:
    """Rows that say exactly what an earlier one says: its node, and edges of (record, node of the repeat)."""
    nodes = np.flatnonzero(stands_at[record_of] != np.arange(len(record_of)))
    of = record_of[nodes]
    own = np.unique(of)
    weight = judge.weight(own, own)[np.searchsorted(own, of)]
    likely = weight >= judge.weights.possible_at
    edges = _Edges(of, nodes, weight, weight >= judge.weights.link_at).of(likely)
    return stands_at[edges.low], edges


def _by_row(listed: Index, rows: Index, cluster: Index, pairs: pl.DataFrame) -> pl.DataFrame:
    ends = pl.concat(
        [
            pairs.select(row=one, other=other, weight="weight", link="link")
            for one, other in (("row_a", "row_b"), ("row_b", "row_a"))
        ]
    ).sort("weight", "other", descending=[True, False])
    maybe = pl.col("other").filter(pl.col("link") == "possible")
    best = ends.group_by("row").agg(
        weight=pl.col("weight").max(), sure=(pl.col("link") == "link").any(), possible_with=maybe
    )
    kind = pl.when("sure").then(pl.lit("link")).when(pl.col("weight").is_not_null()).then(pl.lit("possible"))
    frame = pl.DataFrame({"row": rows, "cluster": cluster}, schema={"row": pl.UInt32, "cluster": pl.UInt32})
    table = frame.join(best, on="row", how="left", maintain_order="left").with_columns(
        link=kind.otherwise(pl.lit("none"))
    )
    if not np.array_equal(listed, rows):
        order = pl.DataFrame({"row": listed}, schema={"row": pl.UInt32})
        table = order.join(table, on="row", how="left", maintain_order="left")
    none = pl.lit([], dtype=pl.List(pl.UInt32))
    return table.select("row", "cluster", "weight", "link", pl.col("possible_with").fill_null(none))
