"""Is a text about health at all? (promise 10)

`python -m benchmarks.right scope [--misses]`. First turns to doctors, dentists and therapists against those to hair
stylists, banks, hotels and the like; halved by a hash, rules look at one half only.
"""

from __future__ import annotations

from zlib import crc32

import polars as pl

from benchmarks.right._measures import DATA, f1, line, misses
from leadwell.reading.scope import medical

OTHER_TEXTS = {
    "meqsum_questions.csv": "question",
    "medical_intent_utterances.csv": "phrase",
    "mtsamples_descriptions.csv": "description",
}


def main() -> None:
    if not DATA.exists():
        print("scope: skipped, ../shared/data is absent")
        return
    turns = pl.read_csv(DATA / "sgd_appointment_turns.csv", infer_schema=False).filter(pl.col("turn") == "0")
    hair = pl.col("kind") == "hair_stylist"
    ours, theirs = turns.filter(~hair)["text"], turns.filter(hair)["text"]
    other = pl.read_csv(DATA / "sgd_other_first_turns.csv", infer_schema=False)["text"]
    texts = pl.concat([ours, theirs, other])
    right = pl.select(pl.int_range(len(texts)) < len(ours)).to_series()
    said = medical(texts)
    tune = pl.Series([crc32(t.encode()) % 2 == 1 for t in texts])
    file = "sgd_appointment_turns.csv + sgd_other_first_turns.csv"
    line(file, "medical, macro-F1", f1(right, said), aim="aim 0.95", of=len(texts))
    apart = f1(right.filter(~tune), said.filter(~tune))
    line(file, "medical, macro-F1 of the half whose misses are never shown", apart, aim="aim 0.95")
    wrong = pl.DataFrame({"text": texts, "right": right, "said": said}).filter(tune & (right != said))
    misses(wrong.iter_rows(named=True))
    for name, column in OTHER_TEXTS.items():
        all_medical = pl.read_csv(DATA / name, infer_schema=False)[column].drop_nulls()
        found = medical(all_medical)
        line(name, "found medical", float(found.mean()), aim="no aim", of=len(all_medical))
        missed = pl.DataFrame({"text": all_medical, "right": True, "said": found}).filter(~pl.col("said"))
        misses(r for r in missed.iter_rows(named=True) if crc32(str(r["text"]).encode()) % 2 == 1)


if __name__ == "__main__":
    main()
