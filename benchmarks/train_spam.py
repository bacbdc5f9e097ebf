"""What does each word weigh for spam? Trains the filter of `leadwell.reading.spam` and writes `data/spam.csv`.

`python -m benchmarks.train_spam`: a logistic regression over words and signs, trained on the part of the UCI text
messages in ../shared/data (CC BY 4.0), on spam as enquiry forms get it (`spam/spam.txt`, invented) and on real
questions, dialogues and enquiries that are none. Prints what cross-validation says, then trains on all.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from leadwell import playbook
from leadwell.reading import mentions_in
from leadwell.reading.fold import fold
from leadwell.reading.spam import BIAS, features, may_be_spam

ROOT = Path(__file__).parents[1]
DATA = ROOT / ".." / "shared" / "data"
TRUTH = ROOT / "tests" / "engine" / "truth"
OUT = ROOT / "src" / "leadwell" / "reading" / "data" / "spam.csv"
REAL = {
    "sgd_appointment_turns.csv": "text", "sgd_other_first_turns.csv": "text", "meqsum_questions.csv": "question",
    "medical_intent_utterances.csv": "phrase", "mtsamples_descriptions.csv": "description",
}  # fmt: skip
OURS = 4.0  # how much one enquiry of ours weighs beside a text message
THRESHOLD = 1.0  # where ten folds lose next to nobody real
LEAST = 0.02  # weights nearer to nothing are left out


def texts() -> pl.DataFrame:
    """Every text with `spam`, where it is from, and what it weighs."""
    sms = pl.read_csv(DATA / "sms_spam.csv", infer_schema=False)
    parts = [sms.select("text", spam=pl.col("label") == "spam", source=pl.lit("sms"), counts=pl.lit(1.0))]
    for name, column in REAL.items():
        real = pl.read_csv(DATA / name, infer_schema=False).drop_nulls(column)
        parts.append(real.select(text=column, spam=pl.lit(False), source=pl.lit(name), counts=pl.lit(0.5)))
    for name, spam in (("spam.txt", True), ("enquiries.txt", False)):
        lines = (Path(__file__).parent / "spam" / name).read_text(encoding="utf-8").splitlines()
        parts.append(
            pl.DataFrame({"text": lines}).with_columns(spam=pl.lit(spam), source=pl.lit(name), counts=pl.lit(OURS))
        )
    parts += [
        pl.DataFrame({"text": real}).with_columns(spam=pl.lit(False), source=pl.lit("truth"), counts=pl.lit(OURS / 2))
        for real in ours_and_real()
    ]
    frame = pl.concat(parts).unique("text", keep="first", maintain_order=True).with_row_index("row")
    return frame.with_columns(received="text", folded=fold(frame["text"]))


def ours_and_real() -> list[pl.Series]:
    """Enquiries written for the judging of other things, of the half that may be seen, Spanish ones among them."""
    seen = [
        pl.read_csv(path, infer_schema=False)
        for path in sorted(TRUTH.glob("*-seen.csv"))
        if path.name != "households-seen.csv"
    ]
    return [frame.filter(pl.col("spam") == "no" if "spam" in frame.columns else pl.lit(True))["text"] for frame in seen]


def matrix(frame: pl.DataFrame, *, least: int = 2) -> tuple[csr_matrix, list[str]]:
    found = features(frame.select("row", "received", "folded")).unique(maintain_order=True)
    often = found.group_by("word").len().filter(pl.col("len") >= least)["word"].sort()
    known = found.join(pl.DataFrame({"word": often}).with_row_index("column"), on="word")
    shape = (frame.height, len(often))
    cells = np.ones(known.height, dtype=np.float32)
    return csr_matrix((cells, (known["row"].to_numpy(), known["column"].to_numpy())), shape=shape), often.to_list()


def model() -> LogisticRegression:
    return LogisticRegression(C=3.0, max_iter=2000)


def crossed(x: csr_matrix, frame: pl.DataFrame) -> np.ndarray:
    """The score of each text by a model that has not seen it."""
    y, counts = frame["spam"].to_numpy(), frame["counts"].to_numpy()
    scores = np.zeros(frame.height)
    folds = StratifiedKFold(10, shuffle=True, random_state=1)
    for train, test in folds.split(x, frame["source"].to_numpy()):
        scores[test] = model().fit(x[train], y[train], counts[train]).decision_function(x[test])
    return scores


def unseen_scores() -> pl.DataFrame:
    """Every text with its `score` by a model that has not seen it; above 0 is spam."""
    frame = texts()
    scored = frame.with_columns(score=crossed(matrix(frame)[0], frame) - THRESHOLD)
    policy = playbook.load(playbook.find(playbook.shipped()[0]))
    rows = mentions_in(frame.select(message="text"), policy).leads("advert")
    weighed = pl.col("row").is_in(may_be_spam(scored, rows)["row"].implode())
    return scored.with_columns(score=pl.when(weighed).then("score").otherwise(pl.min_horizontal("score", -1.0)))


def main() -> None:
    scored = unseen_scores()
    past = scored.group_by("source", "spam", maintain_order=True).agg(
        (pl.col("score") > 0).sum().alias("past"), pl.len()
    )
    for source, spam, count, of in past.iter_rows():
        print(f"ten folds, {source}: {'found' if spam else 'lost'} {count} of {of}")
    frame = texts()
    x, words = matrix(frame)
    fitted = model().fit(x, frame["spam"].to_numpy(), frame["counts"].to_numpy())
    table = pl.DataFrame({"word": words, "weight": fitted.coef_[0].astype(np.float64)})
    table = table.filter(pl.col("weight").abs() >= LEAST)
    bias = pl.DataFrame({"word": [BIAS], "weight": [float(fitted.intercept_[0]) - THRESHOLD]})
    OUT.parent.mkdir(exist_ok=True)
    pl.concat([bias, table.sort("word")]).with_columns(pl.col("weight").round(3)).write_csv(OUT)
    print(f"{OUT.name}: {table.height} words")


if __name__ == "__main__":
    main()
