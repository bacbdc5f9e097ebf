"""Lists with a known truth: what must be found by itself, and how seldom two people may become one."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from leadwell import identity

TRUTH = Path(__file__).parent / "truth"
DATA = Path(__file__).parents[2] / ".." / "shared" / "data"


def measured(table: pl.DataFrame, truth: str) -> tuple[float, float]:
    """Precision and recall of the pairs linked by themselves."""
    people = identity.people(table, identity.columns(table.columns, ignore=[truth]))
    found = identity.link(people).clusters.select("row", "cluster").with_columns(person=table[truth])
    both = found.join(found, on="cluster", suffix="_b").filter(pl.col("row") < pl.col("row_b"))
    true = found.join(found, on="person", suffix="_b").filter(pl.col("row") < pl.col("row_b")).height
    right = both.filter(pl.col("person") == pl.col("person_b")).height
    return right / both.height, right / true


def test_households_are_told_apart() -> None:
    precision, recall = measured(pl.read_csv(TRUTH / "households.csv", infer_schema=False), "person")
    assert precision == 1
    assert recall >= 0.95


@pytest.mark.data
@pytest.mark.parametrize(("files", "least"), [("1", 0.97), ("2", 0.985), ("3", 0.985), ("4a 4b", 0.985)])
def test_people_with_typing_errors_are_found(files: str, least: float) -> None:
    if not DATA.is_dir():
        pytest.skip("../shared/data is absent")
    paths = [DATA / f"febrl_dataset{file}.csv" for file in files.split()]
    precision, recall = measured(pl.concat([pl.read_csv(path, infer_schema=False) for path in paths]), "true_id")
    assert precision >= 0.999
    assert recall >= least
