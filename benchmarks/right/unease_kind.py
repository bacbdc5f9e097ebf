"""How are the weights trained that tell a crisis from an emergency where only the filter hears danger?

`python -m benchmarks.right.unease_kind [--write]`. Texts of danger whose kind their writer gave: our own lists and
those written for the filter (`unease/*.csv`). By fold of whole hands: how often the kind is right.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from benchmarks.right._ears import fitted, numbered, scores, write
from benchmarks.right.safety import ROOT, TRUTH
from leadwell.reading.fold import fold

_CRISES: Final = frozenset(
    """suicide sui harm self abuse assault psychosis postpartum trafficking violence despair""".split()
)
_EMERGENCIES: Final = frozenset(
    """overdose breathing bleeding pregnancy heart poison_co belly sepsis limb environment newborn stroke allergy
    surgery_site surgery-site drug_reaction drug-reaction sugar spine seizure head_injury head eye clot withdrawal
    temperature""".split()
)
_LISTS: Final = ("safety-seen", "safety-unseen", "safety-fresh", "voices-seen", "voices-unseen")
_OUT: Final = ROOT / "src" / "leadwell" / "reading" / "unease_kind.csv"
_KEPT: Final = 6000


def _kind(danger: str, family: str | None) -> str | None:
    """'crisis', 'emergency', or None where the writer did not say which."""
    if danger in ("crisis", "emergency"):
        return danger
    if danger != "yes" or not family:
        return None
    if family in _EMERGENCIES:
        return "emergency"
    return "crisis" if _CRISES & set(family.replace("-", "_").split("_")) else None


def texts() -> pl.DataFrame:
    """`text`, `source`, `crisis`."""
    rows: list[tuple[str, str, bool]] = []
    for name in _LISTS:
        listed = pl.read_csv(TRUTH / f"{name}.csv", infer_schema=False).filter(pl.col("expect") != "none")
        rows += [(t, name, expect == "crisis") for t, expect in listed.select("text", "expect").iter_rows()]
    for file in sorted((Path(__file__).parent / "unease").glob("*.csv")):
        for row in pl.read_csv(file, infer_schema=False).iter_rows(named=True):
            if kind := _kind(row["danger"], row.get("family")):
                rows.append((row["text"], file.stem, kind == "crisis"))
    frame = pl.DataFrame(rows, schema=["text", "source", "crisis"], orient="row")
    return frame.unique("text", keep="first", maintain_order=True)


def main() -> None:
    frame = texts()
    folded = fold(frame["text"])
    number, at, value, keys = numbered(folded)
    right, weight = frame["crisis"].to_numpy().astype(np.float64), np.ones(frame.height)
    for source in frame["source"].unique(maintain_order=True):
        out = (frame["source"] == source).to_numpy()
        w, always = fitted((number, at, value), right, weight=np.where(out, 0.0, weight), width=len(keys), kept=_KEPT)
        told = scores((number, at, value), w, always=always, many=frame.height)[out] > 0
        print(f"  {source}: right {(told == (right[out] > 0)).mean():.3f} of {out.sum()}")
    if "--write" not in sys.argv:
        return
    w, always = fitted((number, at, value), right, weight=weight, width=len(keys), kept=_KEPT)
    print(write(_OUT, folded, w=w, keys=keys, always=always), "weights")


if __name__ == "__main__":
    main()
