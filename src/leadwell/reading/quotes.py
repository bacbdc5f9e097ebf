"""Where in a mail do the lines of another stand: quoted, or the mail that is answered below? (promise 18)

A mail that is passed on is what its sender has to say, and nothing is quoted where nothing else is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import numpy as np

from leadwell.reading.grouped import Ints

_WROTE: Final = rb"(?:On|El|Em) [^\n\x1f]{6,200}(?:\n[^\n\x1f]{0,120})?\b(?:wrote|escribio):"
_MAIL: Final = (
    rb"(?:-{2,} ?(?:Original Message|Mensaje original) ?-{2,}|"
    rb"\*?(?:From|De):[^\n\x1f]{1,200}\n(?:[^\n\x1f]{0,200}\n){0,5}?\*?(?:Subject|Asunto):)"
)
_LINE: Final = rb"\n[ \t]*"
_LIKELY: Final = re.compile(rb"\n[ \t]*(?:>|-{2,} ?[OM]|\*?From:|\*?De:|(?:On|El|Em) [^\n\x1f]{6,200}[:\n])")
_ANSWERED: Final = re.compile(_LINE + b"(?:" + _WROTE + b"|" + _MAIL + b")")
_QUOTED: Final = re.compile(rb"(?:^|\n)[ \t]*>(?! ?[0-9])[^\n]*")  # "> 6 months" is more than that
_PASSED_ON: Final = re.compile(
    rb"\b(?:forward(?:ed|ing)?|fwd?|fyi|see (?:below|attached)|below|reenvi[a-z]+|abajo)\b", re.IGNORECASE
)
_WORD: Final = re.compile(rb"[A-Za-z]{2}")
_LONGEST: Final = 100_000  # characters of one text that are looked through


def quotes(plain: bytes) -> Ints:
    """From where to where such lines run in texts in plain letters (`fold`), not yet folded: a row each."""
    begins = _begins(plain) if b"\n" in plain else []
    found = [(begin + start, begin + end) for begin in begins for start, end in _quoted(_text(plain, begin))]
    return np.array(found, dtype=np.int64).reshape(-1, 2)


def _begins(plain: bytes) -> list[int]:
    """Where texts begin that may have some."""
    likely = [found.start() for found in _LIKELY.finditer(plain)]
    if plain.startswith(b">") or b"\x1f>" in plain:
        likely += [found.end() - 1 for found in re.finditer(rb"(?:^|\x1f)>", plain)]
    return sorted({plain.rfind(b"\x1f", 0, at) + 1 for at in likely})


def _text(plain: bytes, begin: int) -> bytes:
    return plain[begin : min(plain.index(b"\x1f", begin), begin + _LONGEST)]


def _quoted(text: bytes) -> list[tuple[int, int]]:
    found = sorted(_spans(text))
    own, at = b"", 0
    for start, end in found:
        own += text[at:start]
        at = max(at, end)
    own += text[at:]
    return found if _WORD.search(own) and not _PASSED_ON.search(own) else []


def _spans(text: bytes) -> Iterator[tuple[int, int]]:
    """Quoted lines; what names the mail that is answered, and all below, unless its lines are marked."""
    marked = [found.span() for found in _QUOTED.finditer(text)]
    yield from marked
    answered = _ANSWERED.search(text)
    if answered:
        below = any(start >= answered.end() for start, _ in marked)
        yield answered.start(), answered.end() if below else len(text)
