"""Whose fault is it? A code, or words where a server says none, -> a class. (docs/outbox.md, rule 2.6)

The table is `classes.toml`. A code decides; words are asked where the code says nothing in particular, and first where
the table says that they outrank it: some large providers use a code in a sense of their own.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any, Final

from leadwell.formats.bounces.values import Class

ENHANCED: Final = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_REPLY: Final = re.compile(r"(?<![\d.])([45][0-5]\d)(?=[\s-]|$)")
_SAYS_NOTHING: Final = re.compile(r"[45]\.\d{1,3}\.0|5\.5\.\d{1,3}")


@dataclass(frozen=True)
class _Words:
    text: str
    kind: Class
    code: re.Pattern[str] | None  # only beside such a code, and before it


@dataclass(frozen=True)
class _Table:
    status: dict[str, Class]
    replies: dict[str, Class]
    words: tuple[_Words, ...]


def class_of(status: str, says: str) -> tuple[Class, str]:
    """The class, and the code that decided ('' where only words did). `status`: what a report's field says, or ''.
    `says`: the words of the server. Raises LookupError where neither says anything."""
    table, said = _table(), re.sub(r"\s+", " ", says).lower()
    code = _code(table, status, says)
    for words in table.words:
        if words.code is not None and words.text in said and words.code.fullmatch(code):
            return words.kind, code
    if code and not _vague(table, code):
        return _of_code(table, code), code
    code = code or _reply(says)
    for words in table.words:
        lasting = words.kind == "mailbox-full" or not code.startswith("4")
        if words.code is None and words.text in said and lasting:
            return words.kind, code
    if not code:
        raise LookupError("no code, and no words that are known")
    return _of_code(table, code), code


def _vague(table: _Table, code: str) -> bool:
    return code not in table.status and bool(_SAYS_NOTHING.fullmatch(code))


def _code(table: _Table, status: str, says: str) -> str:
    """The report's own; the one in the words where it has none, or one that says nothing."""
    own = found[1] if (found := ENHANCED.search(status)) and found[1][0] in "45" else ""
    told = next((one for one in ENHANCED.findall(says) if one[0] in "45"), "")
    return told if not own or (_vague(table, own) and told[:1] == own[0]) else own


def _reply(says: str) -> str:
    return found[1] if (found := _REPLY.search(says)) else ""


def _of_code(table: _Table, code: str) -> Class:
    """A code that is not in the table blames nobody: later again where it is 4, ours where it is 5."""
    known = table.status if "." in code else table.replies
    return known.get(code) or ("transient" if code.startswith("4") else "ours")


@lru_cache(maxsize=1)
def entries() -> dict[str, list[dict[str, Any]]]:
    """The table as it is written, each entry with its source and example."""
    text = resources.files("leadwell.formats.bounces").joinpath("classes.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@lru_cache(maxsize=1)
def _table() -> _Table:
    read = entries()
    words = [_words(one, text) for one in read["words"] for text in one["says"]]
    return _Table(
        {code: one["class"] for one in read["status"] for code in one["codes"]},
        {code: one["class"] for one in read["reply"] for code in one["codes"]},
        tuple(words),
    )


def _words(one: dict[str, Any], text: str) -> _Words:
    return _Words(text.lower(), one["class"], re.compile(one["beside"]) if "beside" in one else None)
