"""How is the filter of `leadwell/reading/unease.py` trained, and what does it add on texts it was not trained on?

`python -m benchmarks.right.unease [--write]`. Positives: texts of danger written for it (`unease/*.csv`, each by one
hand) and our own lists. Negatives: ordinary texts of the same hands, our own and public ones. By fold: what the rules
miss and the filter has a person look at, and how many ordinary texts it holds up. A fold leaves out whole hands, so
that no writer's manner is judged by what the same writer taught.
"""

from __future__ import annotations

import json
import sys
import tomllib
import zlib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from benchmarks.right.safety import DATA, MIXED, PLAYBOOKS, ROOT, TRUTH, said
from leadwell.reading.fold import fold
from leadwell.reading.unease import _FEWEST, BEGINNING, KINDS, grams

_LISTS: Final = ("safety-seen", "safety-unseen", "safety-fresh", "cases", "examples")
FOLDS: Final = (
    ("second",),
    ("third",),
    ("first", "fourth", "fifth", "sixth"),
    ("seventh", "eighth", "eleventh"),
    ("ninth", "tenth"),
    ("voices-seen", "voices-unseen"),
    _LISTS,
)
_KEPT: Final = 16000
_REAL: Final = ("sgd", "sms")  # what nobody wrote for us
_STEPS: Final = 250
_HELD_UP: Final = 0.021  # of these, by fold
_READING: Final = ROOT / "src" / "leadwell" / "reading"
_OUT: Final = _READING / "unease.csv"
Array = npt.NDArray[Any]


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
        add(file.stem, written.filter(pl.col("danger") == "yes")["text"].to_list(), True)
        add(file.stem, written.filter(pl.col("danger") == "no")["text"].to_list(), False)
    add("intent", _column(TRUTH / "intent-seen.csv", "text").to_list(), False, 4.0)
    for name in PLAYBOOKS:
        danger, ordinary = _playbook(name)
        add("playbooks", danger, True)
        add("playbooks", ordinary, False, 4.0)
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


def _numbered(folded: pl.Series) -> tuple[Array, Array, Array, Array]:
    """Each gram of each text once a time: its distinct key's number, its text, its value; and the keys."""
    kinds, size = grams(folded)
    keys, at = np.concatenate([k for k, _ in kinds]), np.concatenate([t for _, t in kinds])
    distinct, number = np.unique(keys, return_inverse=True)
    return number, at, 1 / np.sqrt(np.maximum(size, _FEWEST))[at], distinct


def _train(grams_of: tuple[Array, Array, Array], right: Array, *, weight: Array, width: int) -> tuple[Array, float]:
    """Logistic regression with a quadratic price on weights, by Adam, in full batches."""
    number, at, value = grams_of
    many, w = len(right), np.zeros(width + 1)
    first, second = np.zeros(width + 1), np.zeros(width + 1)
    price = 0.15
    for step in range(1, _STEPS + 1):
        score = np.bincount(at, value * w[number], minlength=many) + w[-1]
        error = weight * (1 / (1 + np.exp(-np.clip(score, -30, 30))) - right)
        slope = np.append(np.bincount(number, value * error[at], minlength=width), error.sum())
        slope[:-1] += price * w[:-1]
        first, second = 0.9 * first + 0.1 * slope, 0.99 * second + 0.01 * slope**2
        w -= 0.05 * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.99**step)) + 1e-9)
    return w[:-1], float(w[-1])


def _fitted(grams_of: tuple[Array, Array, Array], right: Array, *, weight: Array, width: int) -> tuple[Array, float]:
    """Trained, all but the weightiest grams that stand in two texts left out, and trained again."""
    number, at, value = grams_of
    texts_with = np.bincount(np.unique(number * np.int64(len(right)) + at) // len(right), minlength=width)
    usable = (texts_with >= 2)[number] & (weight[at] > 0)
    w, _ = _train((number[usable], at[usable], value[usable]), right, weight=weight, width=width)
    kept = np.zeros(width, dtype=np.bool_)
    kept[np.argsort(-np.abs(w), kind="stable")[:_KEPT]] = True
    usable &= kept[number]
    return _train((number[usable], at[usable], value[usable]), right, weight=weight, width=width)


def _scores(grams_of: tuple[Array, Array, Array], w: Array, *, always: float, many: int) -> Array:
    number, at, value = grams_of
    return np.asarray(np.bincount(at, value * w[number], minlength=many) + always)


def _named(folded: pl.Series, wanted: set[int]) -> dict[int, tuple[str, str]]:
    """Keys -> kind and gram, as `unease.csv` has them."""
    named: dict[int, tuple[str, str]] = {}
    for text in folded:
        words = "".join(("0" if c.isdigit() else c) if c >= "'" else " " for c in text).split()
        short = [w[:BEGINNING] for w in words]
        said_so = (words, short, [f"{a} {b}" for a, b in pairwise(short)])
        apart = [f"{a} . {b}" for a, b in zip(short, short[2:], strict=False)]
        for kind, found, (keys, _) in zip(KINDS, (*said_so, apart), grams(pl.Series([text]))[0], strict=True):
            named |= {k: (kind, g) for k, g in zip(keys.tolist(), found, strict=True) if k in wanted}
    return named


def main() -> None:
    frame = texts()
    folded = fold(frame["text"])
    number, at, value, keys = _numbered(folded)
    right = frame["danger"].to_numpy().astype(np.float64)
    weight = frame["weight"].to_numpy() * np.where(right > 0, 4.0, 1.0)
    part = _folds(frame)
    unseen = np.zeros(frame.height)
    for one in range(len(FOLDS)):
        w, always = _fitted((number, at, value), right, weight=np.where(part == one, 0.0, weight), width=len(keys))
        unseen[part == one] = _scores((number, at, value), w, always=always, many=frame.height)[part == one]
    told = said(frame["text"])
    by_filter = (told["says"] == "doubt") & (told["words"] == told["text"])
    quiet = (told["says"].is_null() | by_filter.fill_null(False)).to_numpy()
    ordinary = ((right == 0) & quiet) & frame["source"].is_in(_REAL).to_numpy()
    enough = float(np.quantile(unseen[ordinary], 1 - _HELD_UP))
    print(f"enough {enough:.3f}; {len(frame)} texts, {int(right.sum())} of danger")
    for source in frame["source"].unique(maintain_order=True):
        of = (frame["source"] == source).to_numpy()
        for danger in (True, False):
            these = of & (right == danger) & quiet
            if (of & (right == danger)).any():
                held = int((unseen[these] >= enough).sum())
                print(
                    f"  {source} {'danger' if danger else 'ordinary'}: rules silent {these.sum()} of "
                    f"{(of & (right == danger)).sum()}, a person looks at {held}; all above "
                    f"{(unseen[of & (right == danger)] >= enough).mean():.3f}"
                )
    if "--held" in sys.argv:
        for i in np.flatnonzero(ordinary & (unseen >= enough)):
            print("   held up:", round(unseen[i], 2), frame["source"][int(i)], frame["text"][int(i)][:150])
    if "--write" not in sys.argv:
        return
    w, always = _fitted((number, at, value), right, weight=weight, width=len(keys))
    used = np.flatnonzero(np.abs(w) >= 0.02)
    named = _named(folded, set(keys[used].tolist()))
    rows = sorted((*named[k], round(float(w[i]), 2)) for i, k in zip(used, keys[used].tolist(), strict=True))
    out = pl.DataFrame(
        [("always", "", round(always - enough, 2)), *rows], schema=["kind", "gram", "weight"], orient="row"
    )
    out.write_csv(_OUT)
    print(f"{out.height} weights")


if __name__ == "__main__":
    main()
