"""Which payer, what kind of plan, or the person themselves? (promise 12)

`python -m benchmarks.right insurance [--misses] [--unseen]`. A value counts where the truth or the answer has
one, so that what is found where nothing is said is wrong, too.
"""

from __future__ import annotations

import json

import polars as pl

from benchmarks.right._measures import PLAYBOOKS, ROOT, equal, intents, policy
from leadwell.reading import read

_FACTS = ("payer", "plan_kind", "payment", "has_referral", "has_order")


def written() -> None:
    name, truth, told = intents()
    payer = pl.col("read.payer")
    plan = pl.coalesce("read.plan_kind", pl.when(payer.is_in(["medicare", "medicaid"])).then(payer))
    payment = pl.coalesce("read.payment", pl.when(payer.is_not_null() | plan.is_not_null()).then(pl.lit("plan")))
    said = told.select(payer=payer, plan_kind=plan, payment=payment)
    for fact in ("payer", "plan_kind", "payment"):
        table = truth.select("text", "spam", "subject", right=fact).with_columns(said=said[fact])
        table = table.filter((pl.col("subject") != "other") & pl.any_horizontal(pl.col("right", "said").is_not_null()))
        equal(name, fact, table, aim="aim 0.9")


def samples(name: str) -> None:
    """Leads whose words are expected to tell it: the message alone is read, and what it says must be as expected."""
    folder = ROOT / "src" / "leadwell" / "playbooks" / name
    leads = pl.read_csv(folder / "leads.csv", infer_schema=False)
    lines = (folder / "expected.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(row) for row in lines if row]
    for fact in _FACTS:
        right = [(e["id"], e["facts"][fact]["value"]) for e in rows if fact in e.get("facts", {})]
        truth = pl.DataFrame(right, schema=["id", "right"], orient="row").with_columns(pl.col("id").cast(pl.String))
        table = leads.join(truth, on="id", maintain_order="left").drop_nulls("message")
        if table.is_empty():
            continue
        only = table.select("message", "right").with_columns(received_date=pl.date(2026, 11, 15))
        said = read(only, policy(name))[f"read.{fact}"]
        found = only.select("right", text="message").with_columns(said=said).drop_nulls("said")
        equal(f"{name}/leads.csv", f"{fact} (precision: where the message is read to say it)", found, aim="aim 0.95")


def main() -> None:
    written()
    for name in PLAYBOOKS:
        samples(name)


if __name__ == "__main__":
    main()
