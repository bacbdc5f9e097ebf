"""How good is it, in points? Points per finding, added up in the open and clamped to 0–100 (promise 17).

A line counts only where its condition is TRUE; where it is unknown it is listed as unknown. The score helps and never
rules: no disposition depends on it.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from leadwell.assessing.longtable import collect
from leadwell.playbook.model import Playbook

NEEDS: Final = ()  # the facts and findings that the score's conditions name
ADDS: Final = ("score", "grade")
PREFIX: Final = "points:"
POINT: Final = pl.Struct({"add": pl.Int32, "because": pl.String})


def add(frame: pl.DataFrame, playbook: Playbook) -> pl.DataFrame:
    lines = playbook.score.points
    frame = frame.with_columns(line.when.expr.alias(f"{PREFIX}{i}") for i, line in enumerate(lines))
    earned = [
        pl.when(pl.col(f"{PREFIX}{i}")).then(pl.lit(line.add, dtype=pl.Int32)).otherwise(0)
        for i, line in enumerate(lines)
    ]
    total = pl.sum_horizontal(earned) if earned else pl.lit(0, dtype=pl.Int32)
    frame = frame.with_columns(score=total.clip(0, 100).cast(pl.Int32))
    grade = pl.lit("D")
    for letter, least in sorted(playbook.score.grades.items(), key=lambda g: g[1]):
        grade = pl.when(pl.col("score") >= least).then(pl.lit(letter)).otherwise(grade)
    return frame.with_columns(grade=grade)


def points(frame: pl.DataFrame, playbook: Playbook) -> pl.Series:
    """For each lead, the lines that counted: list of {add, because}."""
    parts = [
        frame.filter(pl.col(f"{PREFIX}{i}")).select(
            "row", order=pl.lit(i), add=pl.lit(line.add, dtype=pl.Int32), because=pl.lit(line.because)
        )
        for i, line in enumerate(playbook.score.points)
    ]
    return collect(frame, parts, pl.struct("add", "because"), POINT)


def unknown_points(frame: pl.DataFrame, playbook: Playbook) -> pl.Series:
    """For each lead, what the lines say whose condition is unknown: list of text."""
    parts = [
        frame.filter(pl.col(f"{PREFIX}{i}").is_null()).select("row", order=pl.lit(i), says=pl.lit(line.because))
        for i, line in enumerate(playbook.score.points)
    ]
    return collect(frame, parts, pl.col("says"), pl.String())
