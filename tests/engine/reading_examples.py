"""What do the tests of reading share? A playbook and one reading of many messages, each example a line of data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import polars as pl

from leadwell import playbook
from leadwell.playbook import Playbook
from leadwell.reading import read


@cache
def policy(name: str = "lakeside-orthopedics") -> Playbook:
    return playbook.load(playbook.find(name))


def told(messages: Sequence[str], *, by: Playbook | None = None) -> pl.DataFrame:
    """What `read` says of each message."""
    frame = pl.DataFrame({"message": messages}, schema={"message": pl.String})
    return read(frame.with_columns(received_date=pl.date(2026, 11, 18)), by or policy())


def wrong(fact: str, examples: Iterable[tuple[str, Any]]) -> list[tuple[str, Any, Any]]:
    """Examples (message, right) that read otherwise: message, right, what was said."""
    pairs = list(examples)
    said = told([message for message, _ in pairs])[f"read.{fact}"].to_list()
    return [(message, right, answer) for (message, right), answer in zip(pairs, said, strict=True) if answer != right]


def misquoted(fact: str, messages: Sequence[str]) -> list[tuple[str, Any]]:
    """Messages whose evidence is not in them where it says."""
    quotes = told(messages)[f"read.{fact}@"].to_list()
    return [(m, q) for m, q in zip(messages, quotes, strict=True) if q and m[q["start"] : q["end"]] != q["text"]]
