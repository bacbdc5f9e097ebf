"""Where in the file does a key or a value stand? Lines and columns, asked only where something is wrong."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

import tree_sitter_toml
from tree_sitter import Language, Node, Parser

from leadwell.playbook.problems import Path, Problem, Trouble

MOST_BROKEN: Final = 50
_KEYS: Final = ("bare_key", "quoted_key", "dotted_key")


@dataclass(frozen=True, slots=True)
class Spot:
    """Byte offsets of a key and of its value, and the value's text as written."""

    key: int
    value: int
    raw: bytes


@dataclass(frozen=True, slots=True)
class Places:
    """All spots of a file by path."""

    source: bytes
    spots: dict[Path, Spot] = field(default_factory=dict)
    starts: list[int] = field(default_factory=list)  # of lines, once asked for

    def problem(self, trouble: Trouble) -> Problem:
        line, column = self.of(trouble)
        return Problem(line, column, trouble.says, trouble.found, trouble.allowed, trouble.nearest)

    def of(self, trouble: Trouble) -> tuple[int, int]:
        path = trouble.path
        while path and path not in self.spots:
            path = path[:-1]
        spot = self.spots.get(path)
        if spot is None:
            return 1, 1
        if trouble.on_key or path != trouble.path:
            return self.at(spot.key)
        return self.at(spot.value + (0 if trouble.offset is None else _into(spot.raw, trouble.offset)))

    def at(self, byte: int) -> tuple[int, int]:
        if not self.starts:
            self.starts.extend([0, *(match.end() for match in re.finditer(rb"\n", self.source))])
        line = bisect_right(self.starts, byte)
        return line, len(self.source[self.starts[line - 1] : byte].decode("utf-8", "replace")) + 1


def places(text: str) -> Places:
    source = text.encode("utf-8", "replace")
    found = Places(source)
    counts: dict[Path, int] = {}
    for node in _parser().parse(source).root_node.children:
        if node.type == "pair":
            _pair(node, (), found.spots)
        elif node.type in ("table", "table_array_element"):
            _table(node, counts, found.spots)
    return found


def broken(text: str) -> list[Problem]:
    """What does not read as TOML, beyond the first thing that a parser stumbles over."""
    found = Places(text.encode("utf-8", "replace"))
    problems: list[Problem] = []
    waiting = [_parser().parse(found.source).root_node]
    while waiting and len(problems) < MOST_BROKEN:
        node = waiting.pop()
        if node.is_missing or node.type == "ERROR":
            line, column = found.at(node.start_byte)
            words = found.source[node.start_byte : node.end_byte].decode("utf-8", "replace").split("\n")[0][:40]
            shown = f': "{words}"' if words else ""
            says = f"cannot be read as TOML{shown}; look for a missing quote, bracket or comma"
            problems.append(Problem(line, column, says))
        elif node.has_error:
            waiting.extend(reversed(node.children))
    return problems


@lru_cache(maxsize=1)
def _parser() -> Parser:
    return Parser(Language(tree_sitter_toml.language()))


def _table(node: Node, counts: dict[Path, int], spots: dict[Path, Spot]) -> None:
    head = next((child for child in node.children if child.type in _KEYS), None)
    if head is None:
        return
    path = _numbered(_names(head), counts)
    if node.type == "table_array_element":
        counts[path] = counts.get(path, -1) + 1
        spots.setdefault(path, Spot(head.start_byte, head.start_byte, b""))
        path = (*path, counts[path])
    _ancestors(path, head, spots)
    spots[path] = Spot(_last(head).start_byte, _last(head).start_byte, b"")
    for child in node.children:
        if child.type == "pair":
            _pair(child, path, spots)


def _numbered(names: Path, counts: dict[Path, int]) -> Path:
    """A header goes on in the latest entry of every list of tables on its way."""
    path: Path = ()
    for name in names[:-1]:
        path = (*path, name)
        if path in counts:
            path = (*path, counts[path])
    return (*path, *names[-1:])


def _ancestors(path: Path, head: Node, spots: dict[Path, Spot]) -> None:
    for length in range(1, len(path)):
        spots.setdefault(path[:length], Spot(head.start_byte, head.start_byte, b""))


def _pair(node: Node, path: Path, spots: dict[Path, Spot]) -> None:
    if len(node.children) < 3:
        return
    key, value = node.children[0], node.children[2]
    path = (*path, *_names(key))
    _ancestors(path, key, spots)
    spots[path] = Spot(_last(key).start_byte, value.start_byte, value.text or b"")
    _value(value, path, spots)


def _value(node: Node, path: Path, spots: dict[Path, Spot]) -> None:
    if node.type == "inline_table":
        for child in node.children:
            if child.type == "pair":
                _pair(child, path, spots)
    elif node.type == "array":
        parts = [child for child in node.children if child.is_named and child.type != "comment"]
        for i, part in enumerate(parts):
            spots[(*path, i)] = Spot(part.start_byte, part.start_byte, part.text or b"")
            _value(part, (*path, i), spots)


def _last(key: Node) -> Node:
    """The last part of a dotted key."""
    parts = [child for child in key.children if child.type in _KEYS]
    return _last(parts[-1]) if parts else key


def _names(node: Node) -> Path:
    if node.type == "dotted_key":
        return tuple(name for child in node.children if child.type in _KEYS for name in _names(child))
    text = (node.text or b"").decode("utf-8", "replace")
    if node.type == "bare_key":
        return (text,)
    if text.startswith("'"):
        return (text[1:-1],)
    try:
        return (str(json.loads(text)),)
    except ValueError:
        return (text[1:-1],)


def _into(raw: bytes, offset: int) -> int:
    """How many bytes into a written string its character `offset` stands; the string's start where it has escapes."""
    quotes = re.match(rb"\"\"\"\r?\n?|'''\r?\n?|\"|'", raw)
    if not quotes or (raw.startswith(b'"') and b"\\" in raw):
        return 0
    inside = raw[quotes.end() :].decode("utf-8", "replace")
    return quotes.end() + len(inside[:offset].encode())
