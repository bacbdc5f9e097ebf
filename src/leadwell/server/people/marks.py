"""By which marks is somebody found again whose name is sealed? Each folded word of it, how it begins, how it sounds."""

from __future__ import annotations

from typing import Final

import polars as pl

from leadwell.identity.names import folded_name, sound

START: Final = 3  # letters


def marks_of_names(names: set[str]) -> dict[str, list[tuple[str, str]]]:
    """Each name -> of each of its folded words: itself (name), its beginning (start), its sound (sound)."""
    frame = pl.DataFrame({"name": sorted(names)}, schema={"name": pl.String})
    frame = frame.with_columns(word=folded_name(pl.col("name")).str.split(" ")).explode("word", empty_as_null=True)
    frame = frame.filter(pl.col("word").str.len_bytes() > 0).with_columns(sound=sound(pl.col("word")))
    found: dict[str, list[tuple[str, str]]] = {}
    for name, word, heard in frame.iter_rows():
        found.setdefault(name, []).extend((("name", word), ("start", word[:START]), ("sound", heard)))
    return found
