"""How good is it, in points? Points per finding, added up in the open and clamped to 0–100 (promise 17).

A line counts only where its condition is TRUE; where it is unknown it is listed as unknown. The score helps and never
rules: no disposition depends on it.

Adds: `points:<i>` for each line (whether it counts, NULL where unknown); score (0-100) and grade (A … D), never NULL.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import polars as pl

from leadwell.assessing.longtable import Choice, chosen
from leadwell.playbook.model import Playbook

NEEDS: Final = ()  # the facts and findings that the score's conditions name
ADDS: Final = ("score", "grade")
PREFIX: Final = "points:"
POINT: Final = pl.Struct({"add": pl.Int32, "because": pl.String})


def columns(playbook: Playbook) -> dict[str, pl.Expr]:
    lines = playbook.score.points
    earned = [
        pl.when(pl.col(f"{PREFIX}{i}")).then(pl.lit(line.add, dtype=pl.Int32)).otherwise(0)
        for i, line in enumerate(lines)
    ]
    total = pl.sum_horizontal(earned) if earned else pl.lit(0, dtype=pl.Int32)
    grade = pl.lit("D")
    for letter, least in sorted(playbook.score.grades.items(), key=lambda g: g[1]):
        grade = pl.when(pl.col("score") >= least).then(pl.lit(letter)).otherwise(grade)
    counted = {f"{PREFIX}{i}": line.when.expr for i, line in enumerate(lines)}
    return counted | {"score": total.clip(0, 100).cast(pl.Int32), "grade": grade}


def points(frame: pl.DataFrame, playbook: Playbook) -> pl.Series:
    """For each lead, the lines that counted: list of {add, because}."""
    masks = [pl.col(f"{PREFIX}{i}").fill_null(False) for i in range(len(playbook.score.points))]
    return chosen(frame.select(masks), _points(playbook))


def unknown_points(frame: pl.DataFrame, playbook: Playbook) -> pl.Series:
    """For each lead, what the lines say whose condition is unknown: list of text."""
    masks = [pl.col(f"{PREFIX}{i}").is_null() for i in range(len(playbook.score.points))]
    return chosen(frame.select(masks), _unknown_points(playbook))


@lru_cache(maxsize=64)
def _points(playbook: Playbook) -> Choice:
    return Choice.of([{"add": line.add, "because": line.because} for line in playbook.score.points], POINT)


@lru_cache(maxsize=64)
def _unknown_points(playbook: Playbook) -> Choice:
    return Choice.of([line.because for line in playbook.score.points], pl.String())
