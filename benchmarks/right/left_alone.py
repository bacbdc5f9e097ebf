"""How is the filter of `leadwell/permission/stops/heard.py` trained, and what does it add on texts it never saw?

`python -m benchmarks.right.left_alone [--write]`. Wishes to be left alone, and what is none: our exams and sets, the
examples of the lexicon, messages written for it (`left_alone/*.csv`); none: ordinary texts, public and our own. A fold
leaves out a whole exam. By source: the wishes that the rules take for none and how many of them a person would look
at, and how many of what is none would newly be looked at.
"""

from __future__ import annotations

import json
import sys
import tomllib
import zlib
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl

from benchmarks.right._ears import Array, fitted, numbered, scores, write
from benchmarks.stops import DATA, HERE, ORDINARY
from leadwell.permission.stops import are_stops, found, heard, texts
from leadwell.permission.stops.lexicon import entries
from leadwell.reading.fold import fold

FOLDS: Final = (("stops-seen", "stops-unseen"), ("stops2-seen", "stops2-unseen"), ("sets", "lexicon"), ("written",))
WISHES: Final = ("stop", "stop.opening", "stop.whole", "word")
LOOKS: Final = ("ask", "ask.opening", "ask.whole", "ask.short", "ask.loose")
_HELD_UP: Final = 0.0028  # of public texts, by fold
_PERMISSION: Final = HERE / "tests" / "permission"
_READING: Final = HERE / "tests" / "engine" / "truth"
_OUT: Final = HERE / "src" / "leadwell" / "permission" / "stops" / "heard.csv"
_SCHEMA: Final = {"text": pl.String, "after": pl.String, "source": pl.String, "wish": pl.Boolean, "weight": pl.Float64}
Row = tuple[str, str | None, str, bool, float]


def _row(text: str, right: Any, *, source: str, after: str | None = None) -> Row:
    """A wish where a stop is right; where only a person's look is, half a one; none otherwise."""
    verdicts = [right] if isinstance(right, str) else right
    wish = "stop" in verdicts or verdicts == ["ask-a-person"]
    doubted = len(verdicts) > 1 or (wish and "stop" not in verdicts)
    return text, after, source, wish, 0.4 if doubted else 1.0


def _exams() -> list[Row]:
    rows = []
    for name in ("stops-seen", "stops-unseen", "stops2-seen", "stops2-unseen"):
        for line in (_PERMISSION / "truth" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            one = json.loads(line)
            rows.append(_row(one["text"], one.get("expect") or one["allowed"], source=name, after=one.get("after")))
    return rows


def _sets() -> list[Row]:
    return [
        _row(text, group["verdict"], source="sets", after=group.get("after"))
        for path in sorted(_PERMISSION.glob("stops_*.toml"))
        for group in tomllib.loads(path.read_text(encoding="utf-8"))["group"]
        for text in group["texts"]
    ]


def _lexicon() -> list[Row]:
    kinds = {**dict.fromkeys(WISHES, "stop"), **dict.fromkeys(LOOKS, "ask-a-person"), "harmless": "not"}
    return [
        _row(example.text, kinds[entry.kind], source="lexicon")
        for entry in entries()
        if entry.kind in kinds
        for example in entry.examples
        if example.finds is not None
    ]


def _written() -> list[Row]:
    files = sorted(Path(__file__).with_suffix("").glob("*.csv"))
    return [
        _row(one["text"], "stop" if one["wish"] == "yes" else "not", source="written")
        for file in files
        for one in pl.read_csv(file, infer_schema=False).iter_rows(named=True)
    ]


def _ordinary() -> list[Row]:
    rows: list[Row] = []
    for file, column in ORDINARY.values():
        frame = pl.read_csv(DATA / file, infer_schema=False)
        frame = frame.filter(pl.col("label") == "ham") if "label" in frame.columns else frame
        rows += [(text, None, "public", False, 1.0) for text in frame[column].drop_nulls()]
    for name in ("ordinary-seen", "ordinary-unseen", "intent-seen"):
        own = pl.read_csv(_READING / f"{name}.csv", infer_schema=False)["text"]
        rows += [(text, None, "ordinary", False, 1.0) for text in own.drop_nulls()]
    return rows


def messages() -> pl.DataFrame:
    """Each text once, with what it answers, its source, whether it is a wish, and its weight in training."""
    rows = [*_exams(), *_sets(), *_lexicon(), *_written(), *_ordinary()]
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row").unique("text", keep="first", maintain_order=True)


def _folds(frame: pl.DataFrame) -> Array:
    """The fold of each text: that of its source, by lot where it is in none."""
    of = {source: number for number, sources in enumerate(FOLDS) for source in sources}
    lots = (zlib.crc32(text.encode()) % len(FOLDS) for text in frame["text"])
    return np.array([of.get(source, lot) for source, lot in zip(frame["source"], lots, strict=True)])


def _report(frame: pl.DataFrame, *, silent: Array, asked: Array) -> None:
    wish = frame["wish"].to_numpy()
    for source in frame["source"].unique(maintain_order=True):
        of = (frame["source"] == source).to_numpy()
        for name, these in (("wishes", of & wish), ("others", of & ~wish)):
            if these.any():
                print(
                    f"  {source} {name}: {these.sum()}, taken for none {(these & silent).sum()}, of them a person "
                    f"looks at {(these & asked).sum()}"
                )
    if "--show" in sys.argv:
        for i in np.flatnonzero(silent & (frame["source"] != "written").to_numpy() & (asked | wish)):
            print("   ", *("wish" if wish[i] else "none", "asked" if asked[i] else "left"), frame["text"][int(i)][:150])


def main() -> None:
    frame = messages()
    own = texts.own(frame["text"])
    folded = fold(own)
    number, at, value, keys = numbered(folded)
    right = frame["wish"].to_numpy().astype(np.float64)
    known = ((frame["source"] == "sets") & ~frame["wish"]).to_numpy()  # what a test says is none stays none
    weight = frame["weight"].to_numpy() * np.where(right > 0, 4.0, np.where(known, 6.0, 1.0))
    part, unseen = _folds(frame), np.zeros(frame.height)
    for one in range(len(FOLDS)):
        w, always = fitted((number, at, value), right, weight=np.where(part == one, 0.0, weight), width=len(keys))
        unseen[part == one] = scores((number, at, value), w, always=always, many=frame.height)[part == one]
    told = are_stops(frame["text"], after=frame["after"])
    silent = (told["verdict"].eq("not") | told["why"].eq(heard.WHY)).to_numpy()
    listens = silent & np.concatenate([some.unknown for some in found.told(own.to_list())])
    public = (frame["source"] == "public").to_numpy()
    enough = float(np.sort(unseen[public & listens])[-round(_HELD_UP * public.sum())])
    print(f"enough {enough:.3f}; {frame.height} texts, {int(right.sum())} wishes")
    _report(frame, silent=silent, asked=listens & (unseen >= enough))
    if "--write" in sys.argv:
        w, always = fitted((number, at, value), right, weight=weight, width=len(keys))
        print(write(_OUT, folded, w=w, keys=keys, always=always - enough), "weights")


if __name__ == "__main__":
    main()
