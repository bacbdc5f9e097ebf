"""What is left of a name or a place as somebody typed it? One line, without signs that nobody sees or that turn text
round (U+202E)."""

from __future__ import annotations

import unicodedata


def one_line(text: str) -> str:
    seen = "".join(" " if sign.isspace() or _is(sign, "Cc") else "" if _is(sign, "Cf") else sign for sign in text)
    return " ".join(seen.split())


def _is(sign: str, category: str) -> bool:
    return unicodedata.category(sign) == category
