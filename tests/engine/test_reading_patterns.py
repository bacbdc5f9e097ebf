"""Patterns find the same in one lead's few words as in a column, wherever they are looked for."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from leadwell.reading import besttime, patterns, relations, whereabouts
from leadwell.reading.beside import sides
from leadwell.reading.fold import fold
from leadwell.reading.when import ages, context, stretches, timeline

HERE = Path(__file__).parent
LEADS = tomllib.loads((HERE / "reading_when_leads.toml").read_text("utf-8"))["lead"]
ODD = ["", "12/15", "in 3 weeks", "63m", "asap!", "call me after 5:30 or next tuesday", "43215", "may\tmay\n2 may"]
FOLDED = fold(pl.Series([lead["text"] for lead in LEADS] + ODD))
LOOKED_FOR = {
    "days": stretches.patterns()[1],
    "a day's anchors": stretches.patterns()[0],
    "ages": ages._stretch(),
    "haste": timeline._haste("soon", "opening"),
    "first person": relations._FIRST_PERSON,
    "best time": besttime._PATTERN,
    "five digits": whereabouts._FIVE,
    **{f"cue {kind}": context.cue(kind) for kind in ("event", "opens", "scale", "after")},
    **{name: side.pattern for name, side in sides().items()},
}


def both(ask: Callable[[], Any], monkeypatch: pytest.MonkeyPatch) -> tuple[Any, Any]:
    """What is found one by one, and what as a column."""
    monkeypatch.setattr(patterns, "_FEW", len(FOLDED))
    monkeypatch.setattr(patterns, "_SHORT", 1_000_000)
    one_by_one = ask()
    monkeypatch.setattr(patterns, "_FEW", -1)
    return one_by_one, ask()


@pytest.mark.parametrize("pattern", LOOKED_FOR.values(), ids=LOOKED_FOR)
def test_few_texts_are_searched_as_many(pattern: str, monkeypatch: pytest.MonkeyPatch) -> None:
    few, many = both(lambda: patterns.holds(FOLDED, pattern), monkeypatch)
    assert few.tolist() == many.tolist()
    few, many = both(lambda: patterns.places(FOLDED, pattern), monkeypatch)
    assert [part.tolist() for part in few] == [part.tolist() for part in many]
    few, many = both(lambda: patterns.count(FOLDED, pattern), monkeypatch)
    assert few.tolist() == many.tolist()
    few, many = both(lambda: patterns.group(FOLDED, pattern, 0), monkeypatch)
    assert few.to_list() == many.to_list()


def test_few_texts_are_spaced_as_many(monkeypatch: pytest.MonkeyPatch) -> None:
    for blank in (patterns.spaced, patterns.letters):
        few, many = both(lambda blank=blank: blank(FOLDED), monkeypatch)  # type: ignore[misc]
        assert few.to_list() == many.to_list()


def test_places_are_where_the_words_stand() -> None:
    found = patterns.places(FOLDED, "(?:week|day)s?")
    told = [FOLDED[at][start:end] for at, start, end in zip(*(part.tolist() for part in found), strict=True)]
    assert told == [word for text in FOLDED for word in re.findall("(?:week|day)s?", text)]


def test_only_texts_that_hold_what_they_must_are_searched() -> None:
    texts = pl.Series(["3 days", "3 weeks and 2 days"])
    assert patterns.places(texts, "[0-9]", "week").at.tolist() == [1, 1]


@pytest.mark.parametrize(
    ("pattern", "python"), [("a$", r"a\Z"), (r"a\$|[.$]b$", r"a\$|[.$]b\Z"), (r"(?-u:\b)a", r"(?a:\b)a")]
)
def test_an_end_is_the_end_of_the_text(pattern: str, python: str) -> None:
    assert patterns.compiled(pattern).pattern == python


def test_what_is_no_text_holds_nothing() -> None:
    assert patterns.holds(pl.Series([None, "a"], dtype=pl.String), "a").tolist() == [False, True]
