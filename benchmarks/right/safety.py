"""Does every emergency and crisis reach a human, and does nothing ordinary alarm? (promise 18)

`python -m benchmarks.right safety [--misses] [--unseen]`. A miss is a text on which nothing is set. On ordinary texts
an alarm is an emergency or a crisis; a doubt, at which a person looks without alarm, is counted beside it. Where real
emergencies stand among real questions, the rate is printed without an aim.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import polars as pl

from leadwell import playbook
from leadwell.reading import mentions_in
from leadwell.reading.safety import safety

ROOT = Path(__file__).parents[2]
TRUTH = ROOT / "tests" / "engine" / "truth"
DATA = ROOT / ".." / "shared" / "data"
PLAYBOOKS = ("lakeside-orthopedics", "behavioral-health", "diagnostics-occupational")
ORDINARY = {"sgd_appointment_turns.csv": "text", "sgd_other_first_turns.csv": "text"}
MIXED = {
    "meqsum_questions.csv": "question",
    "medical_intent_utterances.csv": "phrase",
    "mtsamples_descriptions.csv": "description",
}
_SHOWN = 15


def said(texts: pl.Series) -> pl.DataFrame:
    """Texts -> `text`, what safety says of each (`says`), and the words."""
    frame = pl.DataFrame({"message": texts})
    policy = playbook.load(playbook.find(PLAYBOOKS[0]))
    told = safety(mentions_in(frame, policy), frame, policy)
    words = told["read.safety@"].struct.field("text")
    return pl.DataFrame({"text": texts, "says": told["read.safety"], "words": words})


def show(rows: pl.DataFrame, *, most: int = _SHOWN, text: bool = True) -> None:
    shown = rows if "--misses" in sys.argv else rows.head(most)
    for row in shown.iter_rows(named=True):
        place = f"row {row['row']}: " if "row" in row else ""
        print(f"    {place}{row['says'] or 'nothing'} [{row['words'] or ''}] {row['text'][:180] if text else ''}")
    if rows.height > shown.height:
        print(f"    ... {rows.height - shown.height} more (--misses)")


def dangers(name: str) -> None:
    truth = pl.read_csv(TRUTH / name, infer_schema=False)
    told = said(truth["text"]).with_columns(truth["expect"])
    missed = told.filter(pl.col("says").is_null())
    quiet = told.filter(pl.col("says") == "doubt")
    kind = (told["says"] == told["expect"]).sum()
    print(f"{name}: missed {missed.height} of {told.height} (aim 0)")
    show(missed, most=1000)
    print(f"{name}: only a doubt {quiet.height}; right kind {kind / told.height:.3f} (no aim)")
    show(quiet, most=1000)


def ordinary(name: str, texts: pl.Series, *, text: bool = True, aim: str = "aim <= 5") -> None:
    told = said(texts).with_row_index("row")
    alarms = told.filter(pl.col("says").is_in(["emergency", "crisis"]))
    doubts = told.filter(pl.col("says") == "doubt")
    print(
        f"{name}: alarms per 1,000 {1000 * alarms.height / told.height:.1f} ({aim}), {alarms.height} of {told.height}"
    )
    show(alarms, text=text)
    print(f"{name}: doubts per 1,000 {1000 * doubts.height / told.height:.1f} (no aim), {doubts.height}")
    show(doubts, text=text)


def samples(name: str) -> None:
    """The sample leads of a playbook: what is expected as an alarm, and alarms nobody expects."""
    folder = ROOT / "src" / "leadwell" / "playbooks" / name
    leads = pl.read_csv(folder / "leads.csv", infer_schema=False).with_row_index("row")
    lines = (folder / "expected.jsonl").read_text(encoding="utf-8").splitlines()
    expected = {one["id"]: one.get("safety") for one in map(json.loads, lines)}
    policy = playbook.load(playbook.find(name))
    told = safety(mentions_in(leads, policy), leads, policy)
    words = told["read.safety@"].struct.field("text")
    right = pl.Series([expected.get(i) for i in leads["id"]], dtype=pl.String)
    frame = leads.select("row", text=pl.col("message").fill_null("")).with_columns(
        right=right, says=told["read.safety"], words=words
    )
    missed = frame.filter(pl.col("right").is_not_null() & pl.col("says").is_null())
    more = frame.filter(pl.col("right").is_null() & pl.col("says").is_not_null())
    print(
        f"{name} leads.csv: missed {missed.height} of {right.count()} (aim 0); "
        f"other kind {(right != frame['says']).sum()}"
    )
    show(missed, most=1000)
    print(f"{name} leads.csv: said where nothing is expected {more.height} of {leads.height} (aim 0)")
    show(more, most=1000)


def main() -> None:
    dangers("safety-fresh.csv")
    half = "unseen" if "--unseen" in sys.argv else "seen"
    dangers(f"safety-{half}.csv")
    truth = pl.read_csv(TRUTH / f"ordinary-{half}.csv", infer_schema=False)
    ordinary(f"ordinary-{half}.csv", truth["text"], aim="denser in alarming words than real traffic; aim 0")
    for name in PLAYBOOKS:
        samples(name)
    if not DATA.exists():
        print("../shared/data: not there, the public texts are not measured")
        return
    for name, column in ORDINARY.items():
        ordinary(name, pl.read_csv(DATA / name, infer_schema=False)[column])
    messages = pl.read_csv(DATA / "sms_spam.csv", infer_schema=False).filter(pl.col("label") == "ham")
    ordinary("sms_spam.csv (not spam)", messages["text"])
    for name, column in MIXED.items():
        ordinary(name, pl.read_csv(DATA / name, infer_schema=False)[column], aim="no aim")


if __name__ == "__main__":
    main()
