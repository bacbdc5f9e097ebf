"""By which marks is somebody found again whose name is sealed? Each folded word of it, how it begins, how it sounds."""

from __future__ import annotations

from typing import Final

import polars as pl

from leadwell.identity.names import folded_name, sound
from leadwell.identity.rules import applied, few_or_many

START: Final = 3  # letters


def marks_of_names(names: set[str]) -> dict[str, list[tuple[str, str]]]:
    """Each name -> of each of its folded words: itself (name), its beginning (start), its sound (sound)."""
    listed = sorted(names)
    folded = applied(folded_name, few_or_many(pl.Series(listed, dtype=pl.String))).to_list()
    words = [(name, word) for name, whole in zip(listed, folded, strict=True) if whole for word in whole.split(" ")]
    heard = applied(sound, few_or_many(pl.Series([word for _, word in words], dtype=pl.String))).to_list()
    found: dict[str, list[tuple[str, str]]] = {}
    for (name, word), sounds in zip(words, heard, strict=True):
        found.setdefault(name, []).extend((("name", word), ("start", word[:START]), ("sound", sounds)))
    return found
