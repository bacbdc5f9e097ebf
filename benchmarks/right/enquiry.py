"""Is each message taken for what it is: from a provider, from an organisation, or no request for care? (promises 3, 14)

`python -m benchmarks.right enquiry [--misses] [--unseen]`. What the words say, beside what is right; in the samples of
the playbooks the fields say much of it, so there only what is expected as `other`, and what must not be, is counted.
"""

from __future__ import annotations

import json
import sys

import polars as pl

from benchmarks.right.safety import PLAYBOOKS, ROOT, TRUTH
from leadwell import playbook
from leadwell.reading import mentions_in
from leadwell.reading.enquiry import enquiry

_WORDS = ("message", "subject", "referral_reason", "organization")


def told(frame: pl.DataFrame, name: str = PLAYBOOKS[0]) -> pl.DataFrame:
    policy = playbook.load(playbook.find(name))
    return enquiry(mentions_in(frame, policy), frame, policy).select("read.other", "read.type")


def report(where: str, measure: str, *, right: pl.Series, said: pl.Series, texts: pl.Series, aim: str) -> None:
    hits = (right == said).sum()
    print(f"{where}: {measure} {hits / max(len(right), 1):.3f} ({aim}), {len(right) - hits} wrong of {len(right)}")
    wrong = pl.DataFrame({"right": right, "said": said, "text": texts}).filter(right != said)
    for row in (wrong if "--misses" in sys.argv else wrong.head(40)).iter_rows():
        print(f"    right {row[0]}, said {row[1]}: {row[2][:170]}")


def sorted_right(half: str) -> None:
    name = f"intent-{half}.csv"
    truth = pl.read_csv(TRUTH / name, infer_schema=False).filter(pl.col("spam") == "no")
    said = told(truth.select(message="text"))
    other = said["read.other"].fill_null("none")
    report(
        name,
        "other",
        right=truth["other"].replace("", "none").fill_null("none"),
        said=other,
        texts=truth["text"],
        aim="aim >= 0.95",
    )
    leads = truth["subject"].ne("other")
    kind = truth["subject"].replace("other", "patient").filter(leads)
    type_ = said["read.type"].fill_null("patient").filter(leads)
    report(name, "type", right=kind, said=type_, texts=truth["text"].filter(leads), aim="aim >= 0.95")


def samples(name: str) -> None:
    folder = ROOT / "src" / "leadwell" / "playbooks" / name
    leads = pl.read_csv(folder / "leads.csv", infer_schema=False)
    lines = (folder / "expected.jsonl").read_text(encoding="utf-8").splitlines()
    expected = {one["id"]: one for one in map(json.loads, lines)}
    words = leads.select(pl.concat_str([c for c in _WORDS if c in leads.columns], separator=" | ", ignore_nulls=True))
    said = told(leads, name)["read.other"].fill_null("none")
    judged = [expected.get(i, {}) for i in leads["id"]]
    spoken = [e.get("type") is not None and e.get("disposition") != "discard" for e in judged]
    right = pl.Series([(e.get("other") or "any") if e.get("type") == "other" else "none" for e in judged])
    right = pl.Series([s if r == "any" and s != "none" else r for r, s in zip(right, said, strict=True)])
    keep = pl.Series(spoken)
    report(
        f"{name} leads.csv",
        "other",
        right=right.filter(keep),
        said=said.filter(keep),
        texts=words.to_series().filter(keep),
        aim="aim >= 0.95",
    )
    unsaid = leads.filter(~keep & (said != "none"))
    print(f"{name} leads.csv: other said where nothing is expected {unsaid.height} (aim 0)")
    for text in words.to_series().filter(~keep & (said != "none")).head(10):
        print(f"    {text[:150]}")


def main() -> None:
    half = "unseen" if "--unseen" in sys.argv else "seen"
    sorted_right(half)
    for name in PLAYBOOKS:
        samples(name)


if __name__ == "__main__":
    main()
