"""How is a rule about texts run? Of a long list by Polars over columns, of a few rows by Python over `few.Few`.

A rule is a function of columns that gives columns, written once for both. Here is what chooses, and what rules need
beside the methods of a column.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Final, Protocol, TypeVar

import numpy as np
import numpy.typing as npt
import polars as pl

from leadwell.identity.few import Few

MOST: Final = 256  # rows; of some 700 a frame is cheaper
Texts = pl.Series | Few
Columns = TypeVar("Columns", pl.Expr, Few)


class Fold(Protocol):
    """A rule of one text."""

    def __call__(self, text: Columns, /) -> Columns: ...


def applied(fold: Fold, texts: Texts) -> Texts:
    """What a rule makes of some texts, each by itself."""
    if isinstance(texts, Few):
        return fold(texts)
    return texts.to_frame("text").select(fold(pl.col("text"))).to_series()


def worked_out(rule: Callable[..., Any], **columns: Texts) -> dict[str, Texts]:
    """The columns, by name, that a rule makes of these."""
    if all(isinstance(one, Few) for one in columns.values()):
        return dict(rule(**columns))
    frame = pl.DataFrame(columns)
    return dict(frame.select(**rule(**{name: pl.col(name) for name in columns})).to_dict())


def few_or_many(column: Texts, *, rows: int | None = None) -> Texts:
    """`rows`: of the list that this is of, where it has not one for each."""
    if isinstance(column, Few):
        return column
    return Few(column.to_list()) if (len(column) if rows is None else rows) <= MOST else column


def is_ascii(texts: Texts) -> bool:
    if isinstance(texts, Few):
        return all(text is None or text.isascii() for text in texts.values)
    return bool((texts.str.len_bytes() == texts.str.len_chars()).all())


def stacked(*several: Texts) -> Texts:
    if isinstance(several[0], Few):
        return Few([value for one in several for value in one.to_list()])
    return pl.concat([one for one in several if isinstance(one, pl.Series)])


def lists(several: Sequence[Texts]) -> Texts:
    """Of each row a list of what these columns tell."""
    if isinstance(several[0], Few):
        return Few([list(row) for row in zip(*(one.to_list() for one in several), strict=True)])
    columns = {str(at): one for at, one in enumerate(several)}
    return pl.DataFrame(columns).select(pl.concat_list(list(columns))).to_series()


def series(texts: Texts, dtype: pl.DataType) -> pl.Series:
    if not isinstance(texts, Few):
        return texts
    untold = len(texts) <= MOST and texts.null_count() == len(texts)
    return _untold(len(texts), dtype) if untold else pl.Series(texts.values, dtype=dtype)


@lru_cache(maxsize=512)
def _untold(rows: int, dtype: pl.DataType) -> pl.Series:
    return pl.Series([None], dtype=dtype).new_from_index(0, rows)


def only(which: Texts, texts: Texts, fold: Fold) -> Texts:
    """The texts, with what a rule makes of those."""
    if isinstance(texts, Few):
        assert isinstance(which, Few)
        three = zip(which.values, fold(texts).values, texts.values, strict=True)
        return Few([one if is_so else other for is_so, one, other in three])
    assert isinstance(which, pl.Series)
    at = which.arg_true()
    if at.is_empty():
        return texts
    made = applied(fold, texts[at])
    assert isinstance(made, pl.Series)
    return texts.scatter(at, made)


def flags(column: Texts) -> npt.NDArray[np.bool_]:
    """Unknown is no."""
    return np.asarray(column.fill_null(False).to_numpy(), dtype=np.bool_)


def gather(texts: Texts, at: npt.NDArray[Any]) -> Texts:
    return texts.gather(at) if isinstance(texts, Few) else texts.gather(pl.Series(at))


def when(flag: Columns, then: Columns, otherwise: Columns | None = None) -> Columns:
    if isinstance(flag, pl.Expr):
        return pl.when(flag).then(then).otherwise(otherwise)
    others = [None] * len(flag) if otherwise is None else otherwise.values
    return Few([one if is_so else other for is_so, one, other in zip(flag.values, then.values, others, strict=True)])


def first_told(one: Columns, other: Columns) -> Columns:
    return pl.coalesce(one, other) if isinstance(one, pl.Expr) else when(one.is_not_null(), one, other)


def any_told(*several: Columns) -> Columns:
    if isinstance(several[0], pl.Expr):
        return pl.any_horizontal(one.is_not_null() for one in several)
    return Few([any(one is not None for one in row) for row in _rows(several)])


def framed(before: str, text: Columns, after: str = "") -> Columns:
    if isinstance(text, pl.Expr):
        return pl.concat_str(pl.lit(before), text, pl.lit(after)) if after else pl.concat_str(pl.lit(before), text)
    return Few([None if one is None else before + one + after for one in text.values])


def lines(first: str, parts: Sequence[Columns]) -> Columns:
    """The first and these, each on a line of its own; nothing where any is untold."""
    if isinstance(parts[0], pl.Expr):
        return pl.concat_str(pl.lit(first), *parts, separator="\n")
    return Few([_line(first, row) for row in _rows(parts)])


def words_of(*parts: Columns) -> Columns:
    """Those that are told, a blank between; nothing where none is."""
    if isinstance(parts[0], pl.Expr):
        return pl.concat_str(parts, separator=" ", ignore_nulls=True)
    return Few([" ".join(part for part in row if part is not None) for row in _rows(parts)])


def number_of(text: Columns) -> Columns:
    if isinstance(text, pl.Expr):
        return text.cast(pl.Float64, strict=False)
    if text.null_count() == len(text):
        return text
    return Few(pl.Series(text.values, dtype=pl.String).cast(pl.Float64, strict=False).to_list())


def whole(number: Columns) -> Columns:
    """A number without a fraction, as such."""
    if isinstance(number, pl.Expr):
        return number.cast(pl.Int32)
    return Few([None if one is None else int(one) for one in number.values])


def shorter(one: Columns, other: Columns) -> Columns:
    """The lower of two numbers, or the one that is told."""
    if isinstance(one, pl.Expr):
        return pl.min_horizontal(one, other)
    return when(one.is_not_null() & (other.is_not_null().not_() | (one <= other)), one, other)


def share_a_word(one: Columns, other: Columns, *, least: int) -> Columns:
    """Of so many letters at least."""
    if isinstance(one, pl.Expr):
        words = one.str.split(" ").list.set_intersection(other.str.split(" "))
        return words.list.eval(pl.element().filter(pl.element().str.len_chars() >= least)).list.len() > 0
    return one._with(
        other, lambda a, b: any(len(word) >= least for word in set(a.split(" ")).intersection(b.split(" ")))
    )


def _rows(several: Sequence[Few]) -> list[tuple[Any, ...]]:
    return list(zip(*(one.values for one in several), strict=True))


def _line(first: str, row: tuple[str | None, ...]) -> str | None:
    told = [one for one in row if one is not None]
    return "\n".join((first, *told)) if len(told) == len(row) else None
