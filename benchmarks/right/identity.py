"""Are the same people found, and only they? Measured on public lists with a known truth and on our own households.

`python -m benchmarks.right identity [--splink] [--unseen]`: pairs linked by themselves, with the possible ones,
and the best of several thresholds. `--splink` runs Splink beside it; `--unseen` takes the half kept for the end.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl

from leadwell import identity

ROOT = Path(__file__).parents[2]
DATA = ROOT / ".." / "shared" / "data"
TRUTH = ROOT / "tests" / "engine" / "truth"
THRESHOLDS = (-4.0, -2.0, 0.0, 1.0, 2.0, 3.0, 4.0, 5.5, 7.0, 9.0, 12.0)
# What Splink 5 measured on the whole sets: F1, and recall at a precision of 0.999.
BASELINES = {"FEBRL 3": "F1 0.988", "FEBRL 4": "F1 0.996, recall at precision 0.999: 0.986"}
AIMS = {"FEBRL 3": "F1 0.988", "FEBRL 4": "F1 0.996, recall at precision 0.999: 0.98"}
Scores = tuple[float, float, float]


def lists() -> Iterator[tuple[str, pl.DataFrame, str, tuple[str, ...]]]:
    """Name, table of texts, the column that holds the truth, and columns not to read."""
    for name, files in (("1", "1"), ("2", "2"), ("3", "3"), ("4", "4a 4b")):
        tables = [pl.read_csv(DATA / f"febrl_dataset{file}.csv", infer_schema=False) for file in files.split()]
        yield f"FEBRL {name}", pl.concat(tables), "true_id", ("soc_sec_id",)
    yield "fake_1000", pl.read_csv(DATA / "fake_1000.csv", infer_schema=False), "cluster", ()
    yield "historical_people", pl.read_parquet(DATA / "historical_people.parquet"), "cluster", ()


def households() -> Iterator[tuple[str, pl.DataFrame, str, tuple[str, ...]]]:
    names = ("households", "households-unseen") if "--unseen" in sys.argv else ("households",)
    for name in names:
        yield name, pl.read_csv(TRUTH / f"{name}.csv", infer_schema=False), "person", ()


def main() -> None:
    if DATA.is_dir():
        for name, table, truth, ignored in lists():
            report(name, table, truth, ignored)
    else:
        print("../shared/data is absent: public lists not measured")
    for name, table, truth, ignored in households():
        report(name, table, truth, ignored)
        false_links(table, truth)


def report(name: str, table: pl.DataFrame, truth: str, ignored: tuple[str, ...]) -> None:
    people = _people(table, (truth, *ignored))
    true = table.select(pl.int_range(1, pl.len() + 1, dtype=pl.UInt32).alias("row"), person=truth)
    print(f"{name}: {len(people):,} records, {_pairs(true, 'person').height:,} true pairs"
          f" (baseline {BASELINES.get(name, 'none')}; aim {AIMS.get(name, 'none')})")  # fmt: skip
    for says, weights in (("shipped, moved by the list", None), ("trained", identity.train(people))):
        start = time.perf_counter()
        links = identity.link(people, weights=weights)
        took = time.perf_counter() - start
        sure, maybe = scores(links, true)
        print(f"  {says + ':':28} linked {_said(sure)}; with the possible {_said(maybe)}; {took:.2f} s")
    best, recall = curve(people, true)
    print(f"  {'over thresholds:':28} best F1 {best:.4f}; recall at precision 0.999: {recall:.4f}")
    if "--splink" in sys.argv and name in BASELINES:
        print(f"  {'Splink, same part:':28} {splink(people, true)}")


def _people(table: pl.DataFrame, ignored: tuple[str, ...]) -> pl.DataFrame:
    return identity.people(table, identity.columns(table.columns, ignore=ignored))


def _pairs(rows: pl.DataFrame, by: str) -> pl.DataFrame:
    both = rows.select("row", by).join(rows.select(by, other="row"), on=by)
    return both.filter(pl.col("row") < pl.col("other")).select("row", "other")


def scores(links: identity.Links, true: pl.DataFrame) -> tuple[Scores, Scores]:
    """Precision, recall and F1 of the clusters, and of clusters and possible pairs together."""
    linked = _pairs(links.clusters, "cluster")
    possible = links.pairs.filter(pl.col("link") == "possible").select(row="row_a", other="row_b")
    return _score(linked, true), _score(pl.concat([linked, possible]).unique(), true)


def truth_pairs(true: pl.DataFrame) -> pl.DataFrame:
    return _pairs(true, "person")


def _score(found: pl.DataFrame, true: pl.DataFrame) -> Scores:
    pairs = _pairs(true, "person")
    right = found.join(pairs, on=["row", "other"], how="semi").height
    precision, recall = right / max(1, found.height), right / max(1, pairs.height)
    return precision, recall, 2 * right / max(1, found.height + pairs.height)


def _said(score: Scores) -> str:
    return "P {:.4f} R {:.4f} F1 {:.4f}".format(*score)


def curve(people: pl.DataFrame, true: pl.DataFrame) -> tuple[float, float]:
    """The best F1, and the highest recall at a precision of 0.999, of clusters at several thresholds."""
    learned = identity.train(people, households=True)
    found = [
        scores(identity.link(people, weights=replace(learned, link_at=at, possible_at=at)), true)[0]
        for at in THRESHOLDS
    ]
    return max(f1 for _, _, f1 in found), max((r for p, r, _ in found if p >= 0.999), default=0.0)


def false_links(table: pl.DataFrame, truth: str) -> None:
    """Pairs linked or possible that are two people, by row: the file's own `id`s, for looking them up."""
    links = identity.link(_people(table, (truth,)))
    persons, ids = table[truth].to_list(), table["id"].to_list()
    for pair in links.pairs.iter_rows(named=True):
        a, b = pair["row_a"] - 1, pair["row_b"] - 1
        if persons[a] != persons[b]:
            print(f"  two people, {pair['link']}: {ids[a]} {ids[b]} ({pair['weight']:+.1f})")


def splink(people: pl.DataFrame, true: pl.DataFrame) -> str:
    """Splink with the comparisons its documentation gives for such fields, trained on the list."""
    import splink.comparison_library as compare
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    start = time.perf_counter()
    keys = (
        "birth",
        "family zip",
        "given zip",
        "street house",
        "family given",
        "city house",
        "place given",
        "street city",
    )
    settings = SettingsCreator(
        link_type="dedupe_only",
        blocking_rules_to_generate_predictions=[block_on(*key.split()) for key in keys],
        comparisons=[
            *(compare.NameComparison(name) for name in ("given", "family")),
            *(compare.JaroWinklerAtThresholds(name, [0.9]) for name in ("street", "place", "city")),
            *(compare.DamerauLevenshteinAtThresholds(name, [1, 2]) for name in ("birth", "zip")),
            compare.DamerauLevenshteinAtThresholds("house", [1]),
            compare.ExactMatch("state"),
        ],
    )
    columns = people.select(
        pl.col("row").cast(pl.Int64).alias("unique_id"), pl.col("birth_date").cast(pl.String).alias("birth"),
        "given", "family", "house", "street", "place", "city", "zip", "state",
    )  # fmt: skip
    linker = Linker(DuckDBAPI().register(columns.to_arrow()), settings, log_level=40)
    exact = [block_on("birth", "family"), block_on("given", "family", "zip")]
    linker.training.estimate_probability_two_random_records_match(exact, recall=0.8)
    linker.training.estimate_u_using_random_sampling(1e6, seed=1)
    for key in ("birth", "zip"):
        linker.training.estimate_parameters_using_expectation_maximisation(block_on(key))
    found = linker.inference.predict(threshold_match_probability=0.001)
    pairs = pl.DataFrame(found.as_duckdbpyrelation().arrow()).sort("match_weight", descending=True).select(
        row=pl.col("unique_id_l").cast(pl.UInt32), other=pl.col("unique_id_r").cast(pl.UInt32)
    )  # fmt: skip
    right = pairs.join(
        _pairs(true, "person").with_columns(right=1), on=["row", "other"], how="left", maintain_order="left"
    )
    running = right.select(pl.col("right").fill_null(0).cum_sum(), n=pl.int_range(1, pl.len() + 1))
    total = _pairs(true, "person").height
    f1 = running.select((2 * pl.col("right") / (pl.col("n") + total)).max()).item()
    sure = running.filter(pl.col("right") / pl.col("n") >= 0.999)["right"].max()
    took = time.perf_counter() - start
    recall = float(str(sure or 0)) / total
    return f"best F1 {f1:.4f}; recall at precision 0.999: {recall:.4f}; {took:.1f} s"


if __name__ == "__main__":
    main()
