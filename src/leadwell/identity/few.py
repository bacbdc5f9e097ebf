"""How is a rule about texts done to a few of them without the price of a frame? The same rule, by Python alone.

A rule is a function of columns (`pl.Expr`) that calls their methods. Preparing each costs Polars the same for one row
as for a million, so of a few rows the rule is given `Few` instead, which answers to the methods that such rules call.
Nothing of a rule stands here. ASCII is read by Python, whose answers are those of Polars there; all else by Polars.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from math import floor
from typing import Any, Final, Protocol, TypeVar

import numpy as np
import numpy.typing as npt
import polars as pl

MOST: Final = 64  # rows; of more a frame is cheaper
_ASCII_OF: Final = {r"\p{M}": "", r"\p{Cf}": "", r"\p{L}": "a-zA-Z", r"\p{N}": "0-9"}
_BLANKS: Final = " \t\n\r\x0b\x0c"
_END: Final = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|\$")  # an escape or a class, of which '$' is no end


class Few:
    """A few values of one kind, or None. Equal to a column of them in whatever it answers to."""

    __hash__ = None  # type: ignore[assignment]
    __slots__ = ("values",)

    def __init__(self, values: Sequence[Any]) -> None:
        self.values = values

    @property
    def str(self) -> _Texts:
        return _Texts(self.values)

    def __len__(self) -> int:
        return len(self.values)

    def __eq__(self, other: object) -> Few:  # type: ignore[override]
        return self._with(other, lambda a, b: a == b)

    def __ne__(self, other: object) -> Few:  # type: ignore[override]
        return self._with(other, lambda a, b: a != b)

    def __lt__(self, other: Any) -> Few:
        return self._with(other, lambda a, b: a < b)

    def __ge__(self, other: Any) -> Few:
        return self._with(other, lambda a, b: a >= b)

    def __gt__(self, other: Any) -> Few:
        return self._with(other, lambda a, b: a > b)

    def __add__(self, other: Any) -> Few:
        return self._with(other, lambda a, b: a + b)

    def __and__(self, other: Few) -> Few:
        return Few([_and(a, b) for a, b in zip(self.values, other.values, strict=True)])

    def __or__(self, other: Few) -> Few:
        return Few([_or(a, b) for a, b in zip(self.values, other.values, strict=True)])

    def __invert__(self) -> Few:
        return self.not_()

    def not_(self) -> Few:
        return Few([None if one is None else not one for one in self.values])

    def __le__(self, other: Any) -> Few:
        return self._with(other, lambda a, b: a <= b)

    def __floordiv__(self, other: int) -> Few:
        return self._with(other, lambda a, b: a // b)

    def ne_missing(self, other: Few) -> Few:
        return Few([a != b for a, b in zip(self.values, other.values, strict=True)])

    def is_in(self, among: Sequence[Any]) -> Few:
        return Few([None if one is None else one in among for one in self.values])

    def is_not_null(self) -> Few:
        return Few([one is not None for one in self.values])

    def floor(self) -> Few:
        return Few([None if one is None else float(floor(one)) for one in self.values])

    def is_between(self, least: float, most: float) -> Few:
        return Few([None if one is None else least <= one <= most for one in self.values])

    def fill_null(self, value: Any) -> Few:
        return Few([value if one is None else one for one in self.values])

    def replace_strict(self, known: Mapping[Any, Any], *, default: Any, return_dtype: Any = None) -> Few:
        return Few([known.get(one, default) for one in self.values])

    def hash(self) -> Few:
        """Equal for equal ones; other numbers than Polars would give."""
        return Few([hash(one) & 0xFFFFFFFFFFFFFFFF for one in self.values])

    def null_count(self) -> int:
        return sum(one is None for one in self.values)

    def gather(self, at: npt.NDArray[Any]) -> Few:
        return Few([self.values[place] for place in at.tolist()])

    def to_list(self) -> list[Any]:
        return list(self.values)

    def to_numpy(self) -> npt.NDArray[Any]:
        return np.array(self.values)

    def _with(self, other: Any, does: Callable[[Any, Any], Any]) -> Few:
        if isinstance(other, Few):
            both = zip(self.values, other.values, strict=True)
            return Few([None if a is None or b is None else does(a, b) for a, b in both])
        return Few([None if one is None else does(one, other) for one in self.values])


class _Texts:
    """What is asked of texts, as the name space `str` of a column has it."""

    def __init__(self, values: Sequence[str | None]) -> None:
        self._values = values

    def replace_all(self, pattern: str, value: str, *, literal: bool = False) -> Few:
        if literal:
            return self._each(lambda text: text.replace(pattern, value))
        substitute, put = _compiled(pattern).sub, _template(value)
        return self._plainly(lambda text: substitute(put, text), lambda texts: texts.str.replace_all(pattern, value))

    def replace(self, pattern: str, value: str) -> Few:
        substitute, put = _compiled(pattern).sub, _template(value)
        return self._plainly(
            lambda text: substitute(put, text, count=1), lambda texts: texts.str.replace(pattern, value)
        )

    def extract(self, pattern: str, group: int = 1) -> Few:
        search = _compiled(pattern).search

        def found(text: str) -> str | None:
            match = search(text)
            return match[group] if match else None

        return self._plainly(found, lambda texts: texts.str.extract(pattern, group))

    def contains(self, pattern: str | Few, *, literal: bool = False) -> Few:
        if isinstance(pattern, Few):
            return Few(self._values)._with(pattern, lambda text, part: part in text)
        if literal:
            return self._each(lambda text: pattern in text)
        search = _compiled(pattern).search
        return self._plainly(lambda text: search(text) is not None, lambda texts: texts.str.contains(pattern))

    def contains_any(self, parts: Sequence[str]) -> Few:
        return self._each(lambda text: any(part in text for part in parts))

    def replace_many(self, old: Sequence[str], new: Sequence[str]) -> Few:
        substitute, put = _any_of(tuple(old)).sub, dict(zip(old, new, strict=True))
        return self._each(lambda text: substitute(lambda match: put[match[0]], text))

    def normalize(self, form: Any) -> Few:
        return self._plainly(lambda text: text, lambda texts: texts.str.normalize(form))

    def to_lowercase(self) -> Few:
        return self._plainly(lambda text: text.lower(), lambda texts: texts.str.to_lowercase())

    def strip_chars(self, characters: str | None = None) -> Few:
        if characters is not None:
            return self._each(lambda text: text.strip(characters))
        return self._plainly(lambda text: text.strip(_BLANKS), lambda texts: texts.str.strip_chars())

    def strip_suffix(self, suffix: str) -> Few:
        return self._each(lambda text: text.removesuffix(suffix))

    def slice(self, offset: int, length: int | Few | None = None) -> Few:
        if isinstance(length, Few):
            both = zip(self._values, length.values, strict=True)
            return Few([text and text[offset : None if most is None else offset + most] for text, most in both])
        end = None if length is None else offset + length
        return self._each(lambda text: text[offset:end])

    def find(self, part: str, *, literal: bool) -> Few:
        found = self._each(lambda text: text.find(part))
        return Few([None if at is None or at < 0 else at for at in found.values])

    def len_chars(self) -> Few:
        return self._each(len)

    def len_bytes(self) -> Few:
        return self._each(lambda text: len(text.encode()))

    def starts_with(self, other: Few) -> Few:
        return Few(self._values)._with(other, lambda text, part: text.startswith(part))

    def ends_with(self, other: Few) -> Few:
        return Few(self._values)._with(other, lambda text, part: text.endswith(part))

    def _each(self, does: Callable[[str], Any]) -> Few:
        return Few([None if text is None else does(text) for text in self._values])

    def _plainly(self, does: Callable[[str], Any], column: Callable[[pl.Series], pl.Series]) -> Few:
        """`does` to those in ASCII, `column` to the others."""
        others = [at for at, text in enumerate(self._values) if text is not None and not text.isascii()]
        if not others:
            return self._each(does)
        told = column(pl.Series([self._values[at] for at in others], dtype=pl.String)).to_list()
        found = [None if text is None or not text.isascii() else does(text) for text in self._values]
        for at, one in zip(others, told, strict=True):
            found[at] = one
        return Few(found)


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


def few_or_many(column: pl.Series, *, rows: int | None = None) -> Texts:
    """`rows`: of the list that this is of, where it has not one for each."""
    return Few(column.to_list()) if (len(column) if rows is None else rows) <= MOST else column


def is_ascii(texts: Texts) -> bool:
    if isinstance(texts, Few):
        return all(text is None or text.isascii() for text in texts.values)
    return bool((texts.str.len_bytes() == texts.str.len_chars()).all())


def stacked(one: Texts, other: Texts) -> Texts:
    if isinstance(one, Few) and isinstance(other, Few):
        return Few([*one.values, *other.values])
    assert isinstance(one, pl.Series)
    assert isinstance(other, pl.Series)
    return pl.concat([one, other])


def series(texts: Texts, dtype: pl.DataType) -> pl.Series:
    return pl.Series(texts.values, dtype=dtype) if isinstance(texts, Few) else texts


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
    return Few(pl.Series(text.values, dtype=pl.String).cast(pl.Float64, strict=False).to_list())


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


def _and(a: bool | None, b: bool | None) -> bool | None:
    return False if a is False or b is False else None if a is None or b is None else True


def _or(a: bool | None, b: bool | None) -> bool | None:
    return True if a is True or b is True else None if a is None or b is None else False


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """For ASCII texts, the same as Polars' pattern: its '$' is the very end, its classes of letters what ASCII has."""
    for wide, plain in _ASCII_OF.items():
        pattern = pattern.replace(wide, plain)
    return re.compile(_END.sub(lambda part: r"\Z" if part[0] == "$" else part[0], pattern), re.ASCII)


@cache
def _any_of(texts: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, texts)))


@cache
def _template(value: str) -> str:
    return re.sub(r"\$(\d)", r"\\\1", value)
