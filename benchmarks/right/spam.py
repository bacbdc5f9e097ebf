"""Is spam set aside and nobody real with it? (promise 7)

`python -m benchmarks.right spam [--misses] [--unseen]`. Of public texts only row numbers are shown. The filter was
trained on sms_spam.csv itself: what it does on texts it has not seen is what ten folds say (`benchmarks.train_spam`).
"""

from __future__ import annotations

import json
import sys

import polars as pl

from benchmarks import train_spam
from benchmarks.right.safety import DATA, PLAYBOOKS, ROOT, TRUTH
from leadwell import playbook
from leadwell.reading import mentions_in
from leadwell.reading.spam import spam

_REAL = train_spam.REAL


def discarded(texts: pl.Series, frame: pl.DataFrame | None = None, name: str = PLAYBOOKS[0]) -> pl.Series:
    policy = playbook.load(playbook.find(name))
    frame = pl.DataFrame({"message": texts}) if frame is None else frame
    told = spam(mentions_in(frame, policy), frame, policy)
    return told.select(
        pl.any_horizontal(pl.col("read.spam", "read.test", "read.gibberish").fill_null(False))
    ).to_series()


def _rows(hits: pl.Series) -> str:
    rows = hits.arg_true().to_list()
    return ", ".join(map(str, rows if "--misses" in sys.argv else rows[:20]))


def real(name: str, texts: pl.Series) -> None:
    lost = discarded(texts)
    print(
        f"{name}: real texts discarded {lost.sum()} of {len(lost)} (aim 0)"
        f"{': rows ' + _rows(lost) if lost.any() else ''}"
    )


def messages() -> None:
    sms = pl.read_csv(DATA / "sms_spam.csv", infer_schema=False)
    said = discarded(sms["text"])
    is_spam = sms["label"] == "spam"
    print(
        f"sms_spam.csv: recall {said.filter(is_spam).mean():.3f} (aim >= 0.85), trained on them; "
        f"missed rows {_rows(is_spam & ~said)}"
    )
    lost = said & ~is_spam
    print(f"sms_spam.csv: real messages lost {lost.sum()} of {(~is_spam).sum()} (aim 0); rows {_rows(lost)}")
    scored = train_spam.unseen_scores().filter(pl.col("source") == "sms")
    past = pl.col("score") > 0
    recall = scored.filter("spam").select(past.mean()).item()
    gone = scored.filter(~pl.col("spam")).select(past.sum()).item()
    print(
        f"sms_spam.csv: recall in ten folds {recall:.3f} (aim >= 0.85), real messages lost {gone} (aim 0) "
        "[trained filter of the data's README: 0.89, none lost]"
    )


def sorted_right(half: str) -> None:
    name = f"intent-{half}.csv"
    truth = pl.read_csv(TRUTH / name, infer_schema=False)
    said, right = discarded(truth["text"]), truth["spam"] == "yes"
    print(
        f"{name}: spam recall {said.filter(right).mean():.3f} (aim 1), "
        f"real messages discarded {(said & ~right).sum()} (aim 0)"
    )
    for text in truth["text"].filter(said != right):
        print(f"    {'missed' if not said.filter(truth['text'] == text)[0] else 'lost'}: {text[:150]}")


def samples(name: str) -> None:
    folder = ROOT / "src" / "leadwell" / "playbooks" / name
    leads = pl.read_csv(folder / "leads.csv", infer_schema=False)
    lines = (folder / "expected.jsonl").read_text(encoding="utf-8").splitlines()
    expected = {one["id"]: one for one in map(json.loads, lines)}
    said = discarded(leads["message"], leads, name)
    known = leads["message"].fill_null("")
    repeated = leads.select(pl.struct("message", "first_name", "last_name").is_duplicated()).to_series()
    gone = pl.Series([expected.get(i, {}).get("disposition") == "discard" for i in leads["id"]])
    kept = pl.Series([expected.get(i, {}).get("disposition") not in (None, "discard", "review") for i in leads["id"]])
    print(
        f"{name} leads.csv: discarded and not found here {(gone & ~said & ~repeated).sum()} "
        f"(repeats among them), kept leads lost {(said & kept).sum()} (aim 0)"
    )
    for text in known.filter((gone & ~said & ~repeated) | (said & kept)):
        print(f"    {text[:150]}")


def main() -> None:
    half = "unseen" if "--unseen" in sys.argv else "seen"
    sorted_right(half)
    for part in ("ordinary", "safety"):
        real(f"{part}-{half}.csv", pl.read_csv(TRUTH / f"{part}-{half}.csv", infer_schema=False)["text"])
    for name in PLAYBOOKS:
        samples(name)
    if not DATA.exists():
        print("../shared/data: not there, the public texts are not measured")
        return
    for name, column in _REAL.items():
        real(name, pl.read_csv(DATA / name, infer_schema=False)[column].drop_nulls())
    messages()


if __name__ == "__main__":
    main()
