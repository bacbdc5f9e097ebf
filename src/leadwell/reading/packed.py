"""How is a compiled search put away as plain arrays, and made again of them?

Nothing of it can run, and nothing that was read in a lead is in it: the words that a search has learnt stay behind.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from typing import Any, get_origin, get_type_hints

import numpy as np
import numpy.typing as npt
import polars as pl

from leadwell.reading import lexicons
from leadwell.reading.misspelling import Speller
from leadwell.reading.search import Search

Arrays = Mapping[str, Any]  # name -> array


def pack(search: Search) -> Arrays:
    """Every part of a search under its dotted name."""
    return dict(_parts("search", search))


def unpack(arrays: Arrays) -> Search:
    """The search that was packed. Raises an error of some kind where these are no such arrays."""
    made = _made("search", Search, arrays)
    assert isinstance(made, Search)
    return made


def _parts(name: str, value: Any) -> list[tuple[str, npt.NDArray[Any]]]:
    if is_dataclass(value):
        return [part for n in _compiled(value) for part in _parts(f"{name}.{n}", getattr(value, n))]
    if isinstance(value, pl.DataFrame):
        return [(name, _bytes(value))]
    if isinstance(value, dict):
        return [(name, _bytes(pl.DataFrame({"word": list(value), "number": list(value.values())})))]
    if isinstance(value, Speller):
        return [(name, _bytes(pl.DataFrame({"word": value.targets})))]
    assert isinstance(value, np.ndarray), name
    return [(name, value)]


def _made(name: str, kind: Any, arrays: Arrays) -> Any:
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return kind(**{n: _made(f"{name}.{n}", hints[n], arrays) for n in _compiled(kind)})  # type: ignore[operator]
    if kind is pl.DataFrame:
        return _frame(arrays[name])
    if get_origin(kind) is dict:
        frame = _frame(arrays[name])
        return dict(zip(frame["word"].to_list(), frame["number"].to_list(), strict=True))
    if kind is Speller:
        return Speller(_frame(arrays[name])["word"].to_list(), lexicons.real_words())
    return arrays[name]


def _compiled(part: Any) -> list[str]:
    """The fields that compiling fills; those that begin empty are filled by reading."""
    return [f.name for f in fields(part) if f.default_factory is MISSING]


def _bytes(frame: pl.DataFrame) -> npt.NDArray[np.uint8]:
    out = io.BytesIO()
    frame.write_ipc(out)
    return np.frombuffer(out.getvalue(), dtype=np.uint8)


def _frame(array: npt.NDArray[Any]) -> pl.DataFrame:
    return pl.read_ipc(io.BytesIO(array.tobytes()))
