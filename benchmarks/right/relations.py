"""Whom do they ask for, and who speaks? (promise 15)

`python -m benchmarks.right relations [--misses] [--unseen]`: the judge's texts, and the sample leads of the playbooks
that say whom they ask for in words alone.
"""

from __future__ import annotations

import json

import polars as pl

from benchmarks.right._measures import PLAYBOOKS, ROOT, equal, intents, policy
from leadwell.reading import read


def written() -> None:
    name, truth, told = intents()
    right = truth.select("text", "spam", right=pl.col("asks_for").replace("unknown", "null"))
    table = right.with_columns(said=told["read.asks_for"].fill_null("null"))
    equal(name, "asks_for", table.drop_nulls("right"), aim="aim 0.9")
    age = truth.select("text", "spam", right=pl.col("age").cast(pl.Int32), said=told["read.age"])
    equal(name, "age", age.filter(pl.any_horizontal(pl.col("right", "said").is_not_null())), aim="aim 0.9")


def samples(name: str) -> None:
    """Leads whose fields do not say whom they ask for and whose expectation does."""
    folder = ROOT / "src" / "leadwell" / "playbooks" / name
    leads = pl.read_csv(folder / "leads.csv", infer_schema=False)
    lines = (folder / "expected.jsonl").read_text(encoding="utf-8").splitlines()
    expected = [(e["id"], e.get("asks_for")) for row in lines if row and (e := json.loads(row))]
    right = pl.DataFrame(expected, schema={"id": pl.String, "right": pl.String}, orient="row")
    table = leads.join(right.drop_nulls(), on="id", maintain_order="left").drop_nulls("message")
    stated = [c for c in ("asks_for", "relationship", "referrer_name", "type") if c in table.columns]
    table = table.filter(pl.all_horizontal(pl.col(stated).is_null())).with_columns(received_date=pl.date(2026, 11, 15))
    said = read(table, policy(name))["read.asks_for"].fill_null("null")
    answers = table.select("right", text="message").with_columns(said=said)
    equal(f"{name}/leads.csv", "asks_for", answers, aim="aim 0.9")


def main() -> None:
    written()
    for name in PLAYBOOKS:
        samples(name)


if __name__ == "__main__":
    main()
