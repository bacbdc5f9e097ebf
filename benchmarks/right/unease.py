"""How is the filter of `leadwell/reading/unease.py` trained, and what does it add on texts it was not trained on?

`python -m benchmarks.right.unease [--write]`. Positives: texts of danger written for it (`unease/*.csv`, each by one
hand; `danger` is no, yes, or the kind of danger) and our own lists. Negatives: ordinary texts of the same hands, our
own and public ones. By fold: what the rules miss and the filter has a person look at or alarms at, and how many
ordinary texts it holds up. A fold leaves out whole hands, so that no writer's manner is judged by what the same writer
taught.
"""

from __future__ import annotations

import json
import sys
import tomllib
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

import leadwell
from benchmarks.right._ears import Array, fitted, numbered, scores, write
from benchmarks.right.safety import DATA, MIXED, PLAYBOOKS, ROOT, TRUTH, said
from leadwell.reading.fold import fold
from leadwell.reading.unease import FEWEST, PLAIN, words

_LISTS: Final = ("safety-seen", "safety-unseen", "safety-fresh", "cases", "examples")
FOLDS: Final = (
    ("second",),
    ("third",),
    ("first", "fourth", "fifth", "sixth"),
    ("seventh", "eighth", "eleventh"),
    ("ninth", "tenth"),
    ("twelfth", "thirteenth"),
    ("voices-seen", "voices-unseen"),
    _LISTS,
)
_REAL: Final = ("sgd", "sms")  # what nobody wrote for us
_HELD_UP: Final = 0.021  # of these, by fold
_READING: Final = ROOT / "src" / "leadwell" / "reading"
_OUT: Final = _READING / "unease.csv"


def _column(path: Path, name: str) -> pl.Series:
    return pl.read_csv(path, infer_schema=False)[name].fill_null("")


def _examples(which: str) -> Iterator[str]:
    for danger in tomllib.loads((_READING / "dangers.toml").read_text(encoding="utf-8"))["danger"]:
        texts = danger.get(which, [])
        yield from [texts] if isinstance(texts, str) else texts


def _playbook(name: str) -> tuple[list[str], list[str]]:
    """Sample leads of a playbook: those expected to be dangers, and the others."""
    folder = ROOT / "src" / "leadwell" / "playbooks" / name
    lines = (folder / "expected.jsonl").read_text(encoding="utf-8").splitlines()
    expected = {one["id"]: one.get("safety") for one in map(json.loads, lines)}
    leads = pl.read_csv(folder / "leads.csv", infer_schema=False)
    words = pl.concat_str(pl.col("subject", "message", "referral_reason"), separator=". ", ignore_nulls=True)
    texts = leads.with_columns(words=words.fill_null(""), bad=pl.col("id").is_in([i for i, s in expected.items() if s]))
    return texts.filter("bad")["words"].to_list(), texts.filter(~pl.col("bad"))["words"].to_list()


def _clinics() -> Iterator[str]:
    """Sample leads of the examiners' clinics, the seen halves, at which nobody has to look."""
    for folder in sorted((TRUTH / "clinics").iterdir()):
        lines = (folder / "seen-expected.jsonl").read_text(encoding="utf-8").splitlines()
        looked = [
            one["id"] for one in map(json.loads, lines) if one.get("safety") or one.get("disposition") == "review"
        ]
        leads = leadwell.read(folder / "seen-leads.csv", leadwell.load_playbook(folder / "playbook.toml"))
        yield from leads.filter(~pl.col("id").is_in(looked))["message"].drop_nulls()


def texts() -> pl.DataFrame:
    """`text`, `source`, `danger`, `weight` (in training)."""
    cases = pl.read_csv(ROOT / "tests" / "engine" / "reading_dangers.csv", infer_schema=False)
    rows: list[tuple[str, str, bool, float]] = []

    def add(source: str, found: list[str], danger: bool, weight: float = 1.0) -> None:
        rows.extend((t, source, danger, weight) for t in found if t)

    for name in ("seen", "unseen", "fresh"):
        add(f"safety-{name}", _column(TRUTH / f"safety-{name}.csv", "text").to_list(), True)
    for name in ("voices-seen", "voices-unseen"):
        voices = pl.read_csv(TRUTH / f"{name}.csv", infer_schema=False)
        add(name, voices.filter(pl.col("expect") != "none")["text"].to_list(), True)
        add(name, voices.filter(pl.col("expect") == "none")["text"].to_list(), False)
    for half in ("seen", "unseen"):
        add(f"ordinary-{half}", _column(TRUTH / f"ordinary-{half}.csv", "text").to_list(), False, 4.0)
    add("cases", cases.filter(pl.col("danger") == "yes")["text"].to_list(), True)
    add("cases", cases.filter(pl.col("danger") == "no")["text"].to_list(), False, 4.0)
    add("examples", list(_examples("example")), True)
    add("examples", list(_examples("not")), False)
    for file in sorted(Path(__file__).with_suffix("").glob("*.csv")):
        written = pl.read_csv(file, infer_schema=False)
        add(file.stem, written.filter(pl.col("danger") != "no")["text"].to_list(), True)
        add(file.stem, written.filter(pl.col("danger") == "no")["text"].to_list(), False)
    add("intent", _column(TRUTH / "intent-seen.csv", "text").to_list(), False, 4.0)
    for name in PLAYBOOKS:
        danger, ordinary = _playbook(name)
        add("playbooks", danger, True)
        add("playbooks", ordinary, False, 4.0)
    add("clinics", list(_clinics()), False, 4.0)
    for name in ("sgd_appointment_turns", "sgd_other_first_turns"):
        add("sgd", _column(DATA / f"{name}.csv", "text").to_list(), False)
    sms = pl.read_csv(DATA / "sms_spam.csv", infer_schema=False).filter(pl.col("label") == "ham")
    add("sms", sms["text"].to_list(), False)
    for name, column in MIXED.items():
        asked = _column(DATA / name, column)
        add("asked", asked.filter(said(asked)["says"].is_null() | (said(asked)["words"] == asked)).to_list(), False)
    frame = pl.DataFrame(rows, schema=["text", "source", "danger", "weight"], orient="row")
    return frame.unique("text", keep="first", maintain_order=True)


def _folds(frame: pl.DataFrame) -> Array:
    """The fold of each text: that of its source, by lot where the source is in none."""
    of = {source: number for number, sources in enumerate(FOLDS) for source in sources}
    lots = (zlib.crc32(text.encode()) % len(FOLDS) for text in frame["text"])
    return np.array([of.get(source, lot) for source, lot in zip(frame["source"], lots, strict=True)])


def main() -> None:
    frame = texts()
    folded = fold(frame["text"])
    number, at, value, keys = numbered(folded)
    right = frame["danger"].to_numpy().astype(np.float64)
    weight = frame["weight"].to_numpy() * np.where(right > 0, 4.0, 1.0)
    part = _folds(frame)
    unseen = np.zeros(frame.height)
    for one in range(len(FOLDS)):
        w, always = fitted((number, at, value), right, weight=np.where(part == one, 0.0, weight), width=len(keys))
        unseen[part == one] = scores((number, at, value), w, always=always, many=frame.height)[part == one]
    told = said(frame["text"])
    by_filter = told["words"] == told["text"]
    quiet = (told["says"].is_null() | by_filter.fill_null(False)).to_numpy()
    ordinary = ((right == 0) & quiet) & frame["source"].is_in(_REAL).to_numpy()
    enough = float(np.quantile(unseen[ordinary], 1 - _HELD_UP))
    plain = (unseen >= enough + PLAIN) & np.array([words(text) >= FEWEST for text in folded])
    print(f"enough {enough:.3f}; {len(frame)} texts, {int(right.sum())} of danger")
    for source in frame["source"].unique(maintain_order=True):
        of = (frame["source"] == source).to_numpy()
        for danger in (True, False):
            these = of & (right == danger) & quiet
            if (of & (right == danger)).any():
                held = int((unseen[these] >= enough).sum())
                print(
                    f"  {source} {'danger' if danger else 'ordinary'}: rules silent {these.sum()} of "
                    f"{(of & (right == danger)).sum()}, a person looks at {held}, "
                    f"alarms {int(plain[these].sum())}; all above "
                    f"{(unseen[of & (right == danger)] >= enough).mean():.3f}"
                )
    if "--held" in sys.argv:
        for i in np.flatnonzero(ordinary & (unseen >= enough)):
            print("   held up:", round(unseen[i], 2), frame["source"][int(i)], frame["text"][int(i)][:150])
    if "--write" not in sys.argv:
        return
    w, always = fitted((number, at, value), right, weight=weight, width=len(keys))
    print(write(_OUT, folded, w=w, keys=keys, always=always - enough), "weights")


if __name__ == "__main__":
    main()
