"""Is negation, history and whose it is told rightly? Measured on clinical sentences that nobody of this project wrote.

`python benchmarks/right/context.py [--misses]`: F1 of each, the baseline beside it, and what was missed.
"""

from __future__ import annotations

import sys
from pathlib import Path

import polars as pl

from leadwell.reading import context, lexicons
from leadwell.reading.finding import Texts, find
from leadwell.reading.fold import folded_words
from leadwell.reading.phrases import FLAGS, Phrase
from leadwell.reading.search import LONGEST, build

DATA = Path(__file__).parents[2] / ".." / "shared" / "data" / "context_sentences.csv"
NEGATORS = ("no", "not", "denies", "denied", "without", "never", "none", "negative", "absence", "absent", "free")
WINDOW = 8


def sentences() -> pl.DataFrame:
    """One row a concept: where it stands in its sentence (there written in capitals), and what is true of it."""
    frame = pl.read_csv(DATA).with_columns(message=pl.col("sentence"), upper=pl.col("concept").str.to_uppercase())
    at = [s.rfind(c) if c in s else s.upper().rfind(c) for s, c in frame.select("message", "upper").iter_rows()]
    return frame.with_columns(at=pl.Series(at, dtype=pl.Int64)).filter(pl.col("at") >= 0)


def told(frame: pl.DataFrame) -> pl.DataFrame:
    """The same rows with what our cues say of each concept: negated, past, other."""
    concepts = [
        Phrase("concept", str(n), " ".join(words[:LONGEST]), loose=False, inflect=False, misspelt=False)
        for n, words in enumerate(folded_words(frame["concept"].to_list()))
    ]
    search = build((*lexicons.phrases(), *concepts), lexicons.families())
    mentions = context.mentions(find(Texts.of(frame), search))
    named = mentions.filter(pl.col("kind") == "concept", pl.col("key") == pl.col("row").cast(pl.String))
    at = frame.with_row_index("row").select("row", "at")
    nearest = named.join(at, on="row").with_columns(far=(pl.col("start").cast(pl.Int64) - pl.col("at")).abs())
    first = nearest.sort("row", "far").unique("row", keep="first", maintain_order=True)
    return frame.with_row_index("row").join(first.select("row", *FLAGS), on="row", how="left")


def baseline(frame: pl.DataFrame) -> pl.Series:
    """A cue of negation among the eight words before."""
    before = [folded_words([s[:at]])[0][-WINDOW:] for s, at in frame.select("message", "at").iter_rows()]
    return pl.Series([any(w in NEGATORS for w in words) for words in before])


def f1(truth: pl.Series, said: pl.Series) -> tuple[float, float, float]:
    right, claimed, true = (truth & said).sum(), said.sum(), truth.sum()
    return 2 * right / max(claimed + true, 1), right / max(claimed, 1), right / max(true, 1)


def report(frame: pl.DataFrame, measure: str, *, truth: pl.Series, said: pl.Series, aim: str, beside: str) -> None:
    value, precision, recall = f1(truth, said)
    print(f"context_sentences.csv: {measure} F1 {value:.3f} P {precision:.3f} R {recall:.3f} (aim {aim}) {beside}")
    if "--misses" not in sys.argv:
        return
    for row in (
        frame.with_columns(truth=truth, said=said).filter(pl.col("truth") != pl.col("said")).iter_rows(named=True)
    ):
        print(f"  {'missed' if row['truth'] else 'invented'} [{row['concept']}] {row['message'][-200:]}")


def main() -> None:
    if not DATA.exists():
        print(f"{DATA.name}: not there, not measured")
        return
    frame = told(sentences())
    unplaced = frame.filter(pl.col("negated").is_null())
    frame = frame.with_columns(pl.col(FLAGS).fill_null(False))
    print(f"context_sentences.csv: concepts not placed {unplaced.height} (aim 0)")
    denied = frame["negation"] == "Negated"
    plain, precision, recall = f1(denied, baseline(frame))
    window = f"[window of {WINDOW} words: {plain:.3f} P {precision:.3f} R {recall:.3f}]"
    before = frame["temporality"] == "Historical"
    others = frame["experiencer"] != "Patient"
    report(frame, "negation", truth=denied, said=frame["negated"], aim=">= 0.97", beside=window)
    report(frame, "history", truth=before, said=frame["past"], aim="told from now", beside="[never: 0.000]")
    report(frame, "whose", truth=others, said=frame["other"], aim="told", beside="[always the patient: 0.000]")


if __name__ == "__main__":
    main()
