"""Where in a text may a line begin a sentence of its own, though no sign says so? (promise 18)

Mail programs break lines anywhere, and who types on a telephone ends sentences with a new line. A line that is not said
to its end ("I do not have / chest pain"), or is taken up by the next ("no fever / or chest pain"), only wraps. Of any
other nobody knows: what it denies, tells as over or of somebody else is not so for what sounds like danger in the next.
Words: `lines.toml`.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources
from typing import Final

import numpy as np

from leadwell.reading.grouped import Ints

_SHORT: Final = 50  # characters of a line that no mail program has broken
_LONGEST: Final = 400  # of a line that are looked at
_NEXT: Final = re.compile(rb"\n[ \t]*([a-z][a-z']*)")
_LAST: Final = re.compile(rb"[A-Za-z0-9'\x80]+$")
_CLOSING: Final = b" \t\r)]!*\"'"  # what may stand behind the last word of a sentence
_ANSWER: Final = re.compile(rb"(?:^|[.?!:;])[ \t]*no$", re.IGNORECASE)
_NOW: Final = re.compile(rb"[^\n\x1f]*\b(?:now|help|ahora|ahorita|ayuda)\b", re.IGNORECASE)


@cache
def _words(kind: str) -> frozenset[bytes]:
    text = resources.files("leadwell.reading").joinpath("lines.toml").read_text(encoding="utf-8")
    return frozenset(word.encode() for word in tomllib.loads(text)[kind])


def breaks(plain: bytes) -> Ints:
    """The places of such new lines in texts in plain letters (`fold`), not yet folded."""
    found = (one for one in _NEXT.finditer(plain) if _may_begin(one)) if b"\n" in plain else ()
    return np.fromiter((one.start() for one in found), dtype=np.int64)


def _may_begin(found: re.Match[bytes]) -> bool:
    line, follows = _line(found.string, found.start()), found[1]
    said = line.rstrip(_CLOSING + b",")
    last = _LAST.search(said, max(0, len(said) - _SHORT))
    if last is None or follows in _words("follows"):
        return False
    if last[0].lower() in _words(
        "goes_on"
    ):  # "medicare: no / chest pain now" answers, "I have no / chest pain" goes on
        return _ANSWER.search(said) is not None or (last[0].lower() == b"no" and _is_now(found))
    if line.endswith(b","):  # a list goes on ("no fever, / chest pain"), and in none of them stands that it is now
        return _is_now(found)
    return len(said) < _SHORT or follows not in _words("may_follow")


def _is_now(found: re.Match[bytes]) -> bool:
    return _NOW.match(found.string, found.start(1)) is not None


def _line(plain: bytes, end: int) -> bytes:
    begin = max(plain.rfind(b"\n", 0, end), plain.rfind(b"\x1f", 0, end), end - _LONGEST - 1) + 1
    return plain[begin:end].strip(_CLOSING)
