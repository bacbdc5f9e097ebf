"""How is a rule about texts done to a few of them without the price of a frame? The same rule, by Python alone.

A rule is a function of columns (`pl.Expr`) that calls their methods. Preparing each costs Polars the same for one row
as for a million, so of a few rows the rule is given `Few` instead, which answers to the methods that such rules call.
Nothing of a rule stands here. ASCII is read by Python, whose answers are those of Polars there; all else by Polars.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache
from math import floor
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

_ASCII_OF: Final = {r"\p{M}": "", r"\p{Cf}": "", r"\p{L}": "a-zA-Z", r"\p{N}": "0-9"}
_OTHER: Final = object()
_BLANKS: Final = " \t\n\r\x0b\x0c"
_END: Final = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|\$")  # an escape or a class, of which '$' is no end

_Values = list[Any]


class Few:
    """A few values of one kind, or None. Equal to a column of them in whatever it answers to."""

    __hash__ = None  # type: ignore[assignment]
    __slots__ = ("values",)

    def __init__(self, values: Sequence[Any]) -> None:
        self.values = values

    @property
    def str(self) -> _Texts:
        return _Texts(self.values)

    @property
    def dt(self) -> _Days:
        return _Days(self.values)

    @property
    def list(self) -> _Lists:
        return _Lists(self.values)

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

    def __mul__(self, other: int) -> Few:
        return self._with(other, lambda a, b: a * b)

    def __sub__(self, other: Any) -> Few:
        return self._with(other, lambda a, b: a - b)

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
        return self.values.count(None)

    def min(self) -> Any:
        return min((one for one in self.values if one is not None), default=None)

    def max(self) -> Any:
        return max((one for one in self.values if one is not None), default=None)

    def gather(self, at: npt.NDArray[Any]) -> Few:
        return Few([self.values[place] for place in at.tolist()])

    def to_list(self) -> _Values:
        return list(self.values)

    def to_numpy(self) -> npt.NDArray[Any]:
        return np.array(self.values)

    def _with(self, other: Any, does: Callable[[Any, Any], Any]) -> Few:
        if isinstance(other, Few):
            both = zip(self.values, other.values, strict=True)
            return Few([None if a is None or b is None else does(a, b) for a, b in both])
        return Few([None if one is None else does(one, other) for one in self.values])


class _Days:
    """What is asked of days, as the name space `dt` of a column has it."""

    def __init__(self, values: Sequence[date | None]) -> None:
        self._values = values

    def year(self) -> Few:
        return Few([None if day is None else day.year for day in self._values])

    def month(self) -> Few:
        return Few([None if day is None else day.month for day in self._values])

    def day(self) -> Few:
        return Few([None if day is None else day.day for day in self._values])

    def offset_by(self, years: str) -> Few:
        """By "18y", the one kind of step that is asked for: of a leap day to the end of February."""
        later = int(years.removesuffix("y"))
        return Few([None if day is None else _years_later(day, later) for day in self._values])


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
        if self._untold():
            return Few(self._values)
        return Few([None if text is None else does(text) for text in self._values])

    def _plainly(self, does: Callable[[str], Any], column: Callable[[pl.Series], pl.Series]) -> Few:
        """`does` to those in ASCII, `column` to the others."""
        if self._untold():
            return Few(self._values)
        found = [None if text is None else does(text) if text.isascii() else _OTHER for text in self._values]
        if _OTHER in found:
            others = [at for at, one in enumerate(found) if one is _OTHER]
            told = column(pl.Series([self._values[at] for at in others], dtype=pl.String)).to_list()
            for at, one in zip(others, told, strict=True):
                found[at] = one
        return Few(found)

    def _untold(self) -> bool:
        """Most columns of most people: nothing that is asked of them says anything."""
        return self._values.count(None) == len(self._values)


class _Lists:
    """What is asked of lists of texts, as the name space `list` of a column has it."""

    def __init__(self, values: Sequence[Sequence[str | None] | None]) -> None:
        self._values = values

    def len(self) -> Few:
        return Few([None if one is None else len(one) for one in self._values])

    def unique(self) -> Few:
        return Few([None if one is None else [*dict.fromkeys(one)] for one in self._values])

    def drop_nulls(self) -> Few:
        return Few([None if one is None else [text for text in one if text is not None] for one in self._values])

    def sort(self) -> Few:
        """What is missing stands first."""
        return Few([None if one is None else sorted(one, key=_missing_first) for one in self._values])

    def get(self, at: int, *, null_on_oob: bool) -> Few:
        """Nothing beyond the end, as `null_on_oob` asks for."""
        return Few([one[at] if one is not None and at < len(one) else None for one in self._values])

    def explode(self) -> Few:
        return Few([value for one in self._values for value in (one or (None,))])


def _missing_first(text: str | None) -> tuple[bool, str]:
    return text is not None, text or ""


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


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
