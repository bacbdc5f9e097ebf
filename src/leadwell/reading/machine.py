"""Which sentences speak to a program instead of the clinic? They are shown, never obeyed, and no fact comes of them.

Words: `machine.toml`. A blanked sentence keeps its length, so every offset stays right.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources

import polars as pl

from leadwell.reading.fold import SENTENCE


@cache
def _phrases() -> tuple[str, ...]:
    text = resources.files("leadwell.reading").joinpath("machine.toml").read_text(encoding="utf-8")
    return tuple(tomllib.loads(text)["phrases"])


@cache
def _said() -> re.Pattern[str]:
    """Any of the phrases, with whatever separates words between theirs, and up to three words for a `*`."""
    gap = r"[^a-z0-9']+"
    some = rf"{gap}(?:[a-z0-9']+{gap}){{0,3}}"
    phrases = (some.join(gap.join(map(re.escape, part.split())) for part in p.split(" * ")) for p in _phrases())
    return re.compile("|".join(phrases))


@cache
def _anchors() -> list[str]:
    """The longest word of each phrase: a text without any of them needs no closer look."""
    return sorted({max(phrase.split(), key=len) for phrase in _phrases()})


def without_orders(folded: pl.Series) -> pl.Series:
    """Folded texts, with the sentences blanked that speak to a program."""
    suspects = folded.str.contains_any(_anchors()).arg_true()
    if suspects.is_empty():
        return folded
    return folded.clone().scatter(suspects, [_blanked(text) for text in folded[suspects]])


def _blanked(text: str) -> str:
    sentences = re.findall(rf"[^{SENTENCE}]*{SENTENCE}?", text)
    return "".join(" " * len(s) if _said().search(s) else s for s in sentences)
