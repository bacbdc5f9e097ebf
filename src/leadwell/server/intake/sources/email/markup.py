"""What does the HTML of a mail say, without what it quotes? Its words, a line for each block.

Read once from front to back. Parsers that make a tree, and Python's own, take minutes for a page that is made for it;
we need no tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from html import unescape
from typing import Final

_HIDDEN: Final = frozenset({"script", "style", "head", "title"})
_LEFT_OUT: Final = _HIDDEN | {"blockquote"}
_QUOTES: Final = frozenset(
    {"gmail_quote", "moz-cite-prefix", "divrplyfwdmsg"}
)  # how mail programs mark what they quote
_EDGE, _ROW, _CELL = "\x1e", "\x1d", "\x1c"  # of a block; between two blocks there is one line end
_SIGNS: Final = str.maketrans(dict.fromkeys((_EDGE, _ROW, _CELL), " "))
_BLANK: Final = f" \t\r\n{_EDGE}"
_LONGEST_ASKED: Final = 60  # characters of a cell that another answers
_BLOCKS: Final = frozenset({"br", "p", "div", "li", "table", "ul", "ol", "h1", "h2", "h3"})
_VOID: Final = frozenset({"br", "hr", "img", "input", "meta", "link", "col", "wbr"})
_TAG: Final = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]{0,40})([^<>]*)>|<[!?/][^<>]*>")
_MARKED: Final = re.compile(r"""\b(?:class|id)\s*=\s*["']?([^"'>]*)""", re.IGNORECASE)
_LONGEST: Final = 2_000  # characters of a tag in which we look for a mark


def words(html: str, *, quoted: bool = False) -> str:
    """`quoted`: with what it quotes, as where it was forwarded."""
    said = "".join(_said(_without_comments(html.translate(_SIGNS)), _HIDDEN if quoted else _LEFT_OUT))
    with suppress(ValueError):  # a character by a number of thousands of digits
        said = unescape(said)
    said = _EDGE.join(map(_row, said.replace("\0", "").split(_ROW)))
    lines = re.sub(rf"{_EDGE}(?:\s*{_EDGE})*", "\n", said)
    return re.sub(r"\n[ \t\n]*\n", "\n\n", lines)


def _row(said: str) -> str:
    """Its cells are apart; of two the first is what was asked, as forms are mailed."""
    if _CELL not in said:
        return said
    before, *row = (cell.strip(_BLANK) for cell in said.split(_CELL))
    cells = [cell for cell in (before, *row) if cell]
    if len(cells) > 2 and not before:
        return "\t".join(row)  # an empty one has its place under its head
    if len(cells) == 2 and len(cells[0]) <= _LONGEST_ASKED and _EDGE not in cells[0]:
        return f"{cells[0].rstrip(':')}: {cells[1]}"
    return "\t".join(cells)


def _without_comments(html: str) -> str:
    first, *rest = html.split("<!--")
    return first + "".join(part.partition("-->")[2] for part in rest)


def _said(html: str, without: frozenset[str]) -> Iterator[str]:
    left_out, depth, at = "", 0, 0  # the element that is left out, and how many of its name are open within it
    quotes = "blockquote" not in without
    for match in _TAG.finditer(html):
        if not left_out:
            yield html[at : match.start()]
        at, name, closes = match.end(), (match[2] or "").lower(), bool(match[1])
        if left_out:
            depth += (name == left_out) * (-1 if closes else 1)
            left_out = left_out if depth else ""
        elif not closes and name not in _VOID and (name in without or (not quotes and _quotes(match[3]))):
            left_out, depth = name, 1
        elif name == "tr":
            yield _ROW
        elif name in {"td", "th"}:
            yield "" if closes else _CELL
        elif name in _BLOCKS:
            yield "\n" if name == "br" else _EDGE
    if not left_out:
        yield html[at:]


def _quotes(attributes: str | None) -> bool:
    marks = (mark for found in _MARKED.findall((attributes or "")[:_LONGEST]) for mark in found.lower().split())
    return any(mark in _QUOTES for mark in marks)
