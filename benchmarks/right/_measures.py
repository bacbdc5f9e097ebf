"""What do the benchmarks of reading share? Where the data is, a playbook, F1, and how misses are printed."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import polars as pl

from leadwell import playbook
from leadwell.playbook import Playbook
from leadwell.reading import read

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"
TRUTH = ROOT / "tests" / "engine" / "truth"
PLAYBOOKS = ("lakeside-orthopedics", "behavioral-health", "diagnostics-occupational")
UNSEEN = "--unseen" in sys.argv
_SHOWN = 12


def policy(name: str = PLAYBOOKS[0]) -> Playbook:
    return playbook.load(playbook.find(name))


def read_texts(texts: pl.Series, received: pl.Series | None = None) -> pl.DataFrame:
    """What reading says of each text, as if it were a message."""
    day = pl.lit(received) if received is not None else pl.date(2026, 1, 15)
    return read(pl.DataFrame({"message": texts}).with_columns(received_date=day), policy())


def intents() -> tuple[str, pl.DataFrame, pl.DataFrame]:
    """The judge's texts: file, truth, what reading says."""
    name = f"intent-{'unseen' if UNSEEN else 'seen'}.csv"
    truth = pl.read_csv(TRUTH / name, infer_schema=False)
    truth = truth.with_columns(pl.col(pl.String).replace("", None))
    return name, truth, read_texts(truth["text"], truth["received_at"].str.to_datetime().dt.date())


def f1(right: pl.Series, said: pl.Series) -> float:
    """Macro-F1 of two Boolean series."""
    both = [_f1(right, said), _f1(~right, ~said)]
    return sum(both) / 2


def _f1(right: pl.Series, said: pl.Series) -> float:
    hits = int((right & said).sum())
    return 2 * hits / max(1, int(right.sum()) + int(said.sum()))


def line(file: str, measure: str, value: float, *, aim: str, of: int | None = None) -> None:
    counted = f" of {of}" if of is not None else ""
    print(f"{file}: {measure} {value:.3f}{counted} ({aim})")


def equal(file: str, measure: str, table: pl.DataFrame, *, aim: str) -> None:
    """`table`: text, right, said. One line with the share that agrees, then the misses."""
    agree = table["right"].eq_missing(table["said"])
    line(file, measure, float(agree.sum()) / max(1, table.height), aim=aim, of=table.height)
    misses(table.filter(~agree).iter_rows(named=True))


def misses(rows: Iterable[dict[str, object]]) -> None:
    shown = list(rows)
    for row in shown if "--misses" in sys.argv else shown[:_SHOWN]:
        print(f"    right {row['right']}, said {row['said']}: {str(row['text'])[:170]}")
    if len(shown) > _SHOWN and "--misses" not in sys.argv:
        print(f"    ... {len(shown) - _SHOWN} more (--misses)")
