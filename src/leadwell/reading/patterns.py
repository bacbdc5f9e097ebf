"""Where does a pattern stand in folded texts? One question, of a whole column or of the few words of one lead.

Polars keeps few patterns compiled, on each thread its own: of a few texts that costs far more than the search does.
Those are searched one by one. In folded texts, ASCII without line ends, the two ways find the same.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache, partial
from typing import Final, NamedTuple

import numpy as np
import polars as pl

from leadwell.reading.fold import CLAUSE, CLOSING, COLON, SENTENCE, SPACE, TEXT_END
from leadwell.reading.grouped import Flags, Ints
from leadwell.reading.keeping import searched

EDGE: Final = r"(?-u:\b)"  # of a word
SIGN: Final = r"(?-u:[\x00-\x09\x0b-\x2f\x3a-\x60\x7b-\x7f])"  # whatever stands between words
_SPACED: Final = f"[{CLAUSE}{COLON}{CLOSING}@]"  # all others are spaces already
_END: Final = re.compile(r"(\\.|\[(?:\\.|[^\]\\])*\])|\$")  # of a text; neither escaped nor in a set
_NO_LETTER: Final = f"[0-9'{SENTENCE}{CLAUSE}{COLON}{CLOSING}@]"
_MARK: Final = "\x01"
_FEW: Final = 128
_LONG: Final = 10_000  # characters of a pattern
_SELDOM: Final = 10  # short lists of which a long pattern is asked
_SHORT: Final = 4000  # characters of all of them: one by one, some patterns take more than a text's length


_asked: Counter[str] = Counter()


class Places(NamedTuple):
    """Where a pattern was found, by text and place: `at` (which text), and from `start` to `end` in it."""

    at: Ints
    start: Ints
    end: Ints


def spaced(texts: pl.Series) -> pl.Series:
    """Folded texts with spaces for their signs, but for the end of a sentence."""
    return _blanked(texts, _SPACED)


def letters(texts: pl.Series) -> pl.Series:
    """Folded texts with spaces for whatever is no letter."""
    return _blanked(texts, _NO_LETTER)


def _blanked(texts: pl.Series, pattern: str) -> pl.Series:
    few = _few(texts)
    if few is None:
        return searched(texts, pattern, _all_replaced)
    return pl.Series([compiled(pattern).sub(SPACE, text) for text in few], dtype=pl.String)


def holds(texts: pl.Series, pattern: str, among: Flags | None = None) -> Flags:
    """In which texts the pattern stands, in none that is NULL; only `among` these is it looked for."""
    if among is not None:
        told, at = np.zeros(len(texts), dtype=np.bool_), np.flatnonzero(among)
        if len(at):
            told[at] = holds(texts[pl.Series(at)], pattern)
        return told
    few = _few(texts)
    if few is not None:
        search = compiled(pattern).search
        return np.array([search(text) is not None for text in few], dtype=np.bool_)
    found: Flags = searched(texts, pattern, _contained).to_numpy()
    return found


def count(texts: pl.Series, pattern: str) -> Ints:
    """How often the pattern stands in each text."""
    few = _few(texts)
    if few is not None:
        find = compiled(pattern).findall
        return np.array([len(find(text)) for text in few], dtype=np.int64)
    return searched(texts, pattern, _counted).to_numpy().astype(np.int64)


def group(texts: pl.Series, pattern: str, number: int = 1) -> pl.Series:
    """What stands in a group of the pattern where it stands first (0: in all of it); NULL where it does not."""
    few = _few(texts)
    if few is not None:
        found = map(compiled(pattern).search, few)
        return pl.Series([match and match[number] for match in found], dtype=pl.String)
    return searched(texts, pattern, partial(_extracted, number=number))


def places(texts: pl.Series, pattern: str, must: str | None = None, among: Flags | None = None) -> Places:
    """Every place where the pattern stands, none of which overlap, in texts that hold `must`, `among` these."""
    if among is not None and not among.all():
        some = np.flatnonzero(among)
        there = places(texts[pl.Series(some)], pattern, must)
        return there._replace(at=some[there.at])
    must = must or pattern
    few = _few(texts)
    if few is not None and _often(pattern):
        likely = [(at, text) for at, text in enumerate(few) if compiled(must).search(text)]
        found = [(at, *match.span()) for at, text in likely for match in compiled(pattern).finditer(text)]
        return Places(*np.array(found, dtype=np.int64).reshape(-1, 3).T)
    hit = searched(texts, must, _contained).arg_true()
    if hit.is_empty():
        return Places(*np.zeros((3, 0), dtype=np.int64))
    return _marked(hit.to_numpy().astype(np.int64), searched(texts[hit], pattern, _all_marked))


def _marked(number: Ints, texts: pl.Series) -> Places:
    """Texts in which a mark stands before and behind whatever was found -> where it stood without the marks."""
    octets = np.frombuffer(texts.str.join(TEXT_END).item().encode(), dtype=np.uint8)
    marks = np.flatnonzero(octets == ord(_MARK))
    begins = np.cumsum(texts.str.len_bytes().to_numpy().astype(np.int64) + 1)
    text = np.searchsorted(begins, marks, "right")
    before = np.arange(len(marks)) - np.searchsorted(text, np.arange(len(texts)))[text]  # marks of the same text
    place = marks - np.concatenate(([0], begins))[text] - before
    return Places(number[text[::2]], place[::2], place[1::2])


def _contained(texts: pl.Series, pattern: str) -> pl.Series:
    found = texts.str.contains(pattern)
    return found.fill_null(False) if found.null_count() else found


def _counted(texts: pl.Series, pattern: str) -> pl.Series:
    found = texts.str.count_matches(pattern)
    return found.fill_null(0) if found.null_count() else found


def _extracted(texts: pl.Series, pattern: str, number: int) -> pl.Series:
    return texts.str.extract(pattern, number)


def _all_replaced(texts: pl.Series, pattern: str) -> pl.Series:
    return texts.str.replace_all(pattern, SPACE)


def _all_marked(texts: pl.Series, pattern: str) -> pl.Series:
    return texts.str.replace_all(pattern, f"{_MARK}$0{_MARK}")


def _few(texts: pl.Series) -> list[str] | None:
    """The texts, where they are few and short."""
    if len(texts) > _FEW:
        return None
    few = [text or "" for text in texts.to_list()]
    return few if sum(map(len, few)) <= _SHORT else None


def _often(pattern: str) -> bool:
    """Whether a pattern is worth compiling: of a very long one that takes Python three times as long as Polars."""
    if len(pattern) < _LONG:
        return True
    _asked[pattern] += 1
    return _asked[pattern] > _SELDOM


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """The pattern as Python has it: its `$` also stands before a last line's end, that of Polars never."""
    ends = _END.sub(lambda match: match[1] or r"\Z", pattern)
    return re.compile(ends.replace("(?-u:", "(?a:"))
