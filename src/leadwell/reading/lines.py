"""Where in a text may a sentence of its own begin, though no sign says so? (promise 18)

Behind a line, a cell of a table, a dash, or a parenthesis that denies something. Mail programs break lines anywhere and
who types on a telephone ends sentences with a new line. A line that is not said to its end ("I do not have / chest
pain"), or is taken up by the next ("no fever / or chest pain"), only wraps. Of any other nobody knows: what it denies,
tells as over or of somebody else is not so for what sounds like danger in the next.
Words: `lines.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

import numpy as np

from leadwell.reading.grouped import Ints
from leadwell.reading.tables import read_table

_SHORT: Final = 50  # characters of a line that no mail program has broken
_LONGEST: Final = 400  # of a line that are looked at
_NEXT: Final = re.compile(rb"\n[ \t]*(?:\r?\n[ \t]*){0,2}([a-z][a-z']*)")
_CELL: Final = re.compile(rb"\t[ \t]*([A-Za-z][a-z']*)")
_DASHES: Final = (b" - ", b" -- ", b" -> ", b" => ")
_PARENTHESIS: Final = re.compile(
    rb"\((?:[^()\n\x1f]{0,60}[^A-Za-z()\n\x1f])?(?:no|not|never|[a-z]+n['\x80]?t|sin|nunca) [^()\n\x1f]{1,60}(\))"
    rb"[ \t]+[A-Za-z]",
    re.IGNORECASE,
)
_LAST: Final = re.compile(rb"[A-Za-z0-9'\x80]+$")
_LAST_OF_TEXT: Final = re.compile(r"[a-z']+(?=\s*$)", re.IGNORECASE)
_CLOSING: Final = b" \t\r)]!*\"'"  # what may stand behind the last word of a sentence
_ANSWER: Final = re.compile(rb"(?:^|[.?!:;])[ \t]*no$", re.IGNORECASE)
_NOW: Final = re.compile(rb"[^\n\x1f]*\b(?:now|help|ahora|ahorita|ayuda)\b", re.IGNORECASE)


@cache
def _words(kind: str) -> frozenset[bytes]:
    return frozenset(word.encode() for word in read_table("lines")[kind])


def breaks(plain: bytes) -> Ints:
    """The places behind which they begin, in texts in plain letters (`fold`), not yet folded."""
    return np.unique(np.fromiter(_breaks(plain), dtype=np.int64))


def unfinished(text: str) -> bool:
    """Whether it is not said to its end ("Is it normal that you don't")."""
    last = _LAST_OF_TEXT.search(text[-_SHORT:].replace("’", "'"))
    return last is not None and last[0].lower().encode() in _words("goes_on")


def _breaks(plain: bytes) -> Iterator[int]:
    yield from (one.start() for one in _NEXT.finditer(plain) if _may_begin(one))
    yield from (one.start() for one in _CELL.finditer(plain) if not _answers(one) and _may_begin(one))
    yield from (one.start(1) for one in _PARENTHESIS.finditer(plain))
    for dash in _DASHES:
        at = plain.find(dash)
        while at >= 0:
            if _is_now(plain, at + len(dash)):
                yield at
            at = plain.find(dash, at + 1)


def _answers(found: re.Match[bytes]) -> bool:
    return found[1].lower() in _words("answers")


def _may_begin(found: re.Match[bytes]) -> bool:
    line, follows = _line(found.string, found.start()), found[1].lower()
    said = line.rstrip(_CLOSING + b",")
    last = _LAST.search(said, max(0, len(said) - _SHORT))
    if last is None or follows in _words("follows"):
        return False
    if last[0].lower() in _words(
        "goes_on"
    ):  # "medicare: no / chest pain now" answers, "I have no / chest pain" goes on
        return _ANSWER.search(said) is not None or (last[0].lower() == b"no" and _is_now(found.string, found.start(1)))
    if line.endswith(b","):  # a list goes on ("no fever, / chest pain"), and in none of them stands that it is now
        return _is_now(found.string, found.start(1))
    return len(said) < _SHORT or follows not in _words("may_follow")


def _is_now(plain: bytes, begin: int) -> bool:
    return _NOW.match(plain, begin, begin + _LONGEST) is not None


def _line(plain: bytes, end: int) -> bytes:
    since = max(0, end - _LONGEST)
    begin = max(since, *(plain.rfind(sign, since, end) + 1 for sign in (b"\n", b"\x1f", b"\t")))
    return plain[begin:end].strip(_CLOSING)
