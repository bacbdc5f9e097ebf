"""How may foreign text stand on a terminal? Without anything that could move the cursor, change direction or hide."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_HIDDEN: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_MOST: Final = 1_600


def shown(text: object) -> str:
    """One line of a person's text."""
    return re.sub(r"\s+", " ", _HIDDEN.sub("", str(text))).strip()


def marked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """`text` with the words of `spans` (start, end) in «marks». A very long text is cut off, and says so."""
    parts, at = [], 0
    for start, end in _merged(spans):
        if start >= _MOST:
            break
        parts += [text[at:start], "«", text[start:end], "»"]
        at = end
    parts.append(text[at : max(at, _MOST)])
    said = _HIDDEN.sub("", "".join(parts))
    more = len(text) - max(at, _MOST)
    return said + (f" … ({more:,} more characters)" if more > 0 else "")


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
