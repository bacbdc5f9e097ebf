"""What stands in the file? Bytes -> values, within limits that are checked before any parser sees the text."""

from __future__ import annotations

import re
import tomllib
from typing import Any, Final

from leadwell.playbook.conditions.tokens import CURLY, CURLY_HINT
from leadwell.playbook.problems import Problem

LARGEST: Final = 2_000_000  # bytes
DEEPEST: Final = 12  # tables and lists in one another, and parts of a dotted key
EMPTY: Final = "this playbook is empty; `leadwell playbook new` starts one, or copy one of the examples"

# Strings and comments, so that brackets and dots in them do not count. Linear: no alternative overlaps another.
_HIDDEN: Final = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*+"""'
    r"|'''(?:[^']|'(?!''))*+'''"
    r'|"(?:[^"\\\n]|\\.)*+"'
    r"|'[^'\n]*+'|#[^\n]*+",
    re.DOTALL,
)
_PLACE: Final = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)$")


def text_of(source: bytes | str) -> str | Problem:
    """The text of a playbook, or why it cannot be looked at."""
    size = len(source) if isinstance(source, bytes) else len(source.encode("utf-8", "surrogatepass"))
    if size > LARGEST:
        return Problem(1, 1, f"the file is too large: {size:,} bytes; at most {LARGEST:,} are allowed")
    if isinstance(source, str):
        return source.removeprefix("\ufeff")
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = source[: error.start].decode("utf-8", "replace")
        line, column = _place(before, len(before))
        return Problem(line, column, "this character is not UTF-8; save the file as UTF-8 text")


def values_of(text: str) -> dict[str, Any] | list[Problem]:
    """The file's tables and values, or what is wrong with its syntax."""
    if problem := _too_deep(text):
        return [problem]
    try:
        return tomllib.loads(text) or [Problem(1, 1, EMPTY)]
    except tomllib.TOMLDecodeError as error:
        first = _said(error, text)
    except (ValueError, RecursionError):
        first = Problem(1, 1, "a value in this file is too large to be read")
    from leadwell.playbook.places import broken  # noqa: PLC0415  tree-sitter only where something is wrong

    others = [problem for problem in broken(text) if abs(problem.line - first.line) > 1]
    return sorted([first, *others], key=lambda problem: (problem.line, problem.column))


def _too_deep(text: str) -> Problem | None:
    skeleton = _HIDDEN.sub(lambda match: '"' + "\n" * match.group().count("\n") + '"', text)
    line, depth = 1, 0
    for sign in re.findall(r"[\[\]{}\n]", skeleton):
        line += sign == "\n"
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(sign, 0)
        if depth > DEEPEST:
            return Problem(line, 1, f"tables and lists stand in one another more than {DEEPEST} deep")
    for number, row in enumerate(skeleton.split("\n"), 1):
        if row.count(".") > DEEPEST and max(part.count(".") for part in re.split(r"[\[\]{}=,]", row)) > DEEPEST:
            return Problem(number, 1, f"a name has more than {DEEPEST} parts")
    return None


def _said(error: tomllib.TOMLDecodeError, text: str) -> Problem:
    message = str(error)
    place = _PLACE.search(message)
    says = _PLACE.sub("", message)
    if place and place[1]:
        line, column = int(place[1]), int(place[2])
    else:
        line, column = _place(text, len(text.rstrip()))
    if text.split("\n")[line - 1][column - 1 : column] in tuple(CURLY):
        return Problem(line, column, CURLY_HINT)
    return Problem(line, column, f"cannot be read as TOML: {_plain(says)}")


def _plain(says: str) -> str:
    """The parser's sentence in words that say what to do."""
    for start, plain in {
        "Cannot overwrite a value": "this key stands twice in the same table; keep one of them",
        "Cannot declare": "this table stands twice; keep one of them, or join them",
        "Expected '=' after a key": "a key is followed by = and its value",
        "Invalid value": "the value is missing or is written wrongly; text stands between quotes",
        "Unterminated string": "a quote is opened and never closed",
        "Illegal character": "a quote is not closed on this line",
        "Unclosed array": "a list is opened with [ and never closed with ]",
        "Unclosed inline table": "a table opened with { is not closed with } on the same line, or a comma is missing",
        "Invalid statement": "a line is a key with its value, a [table], or a comment after #",
    }.items():
        if says.startswith(start):
            return plain
    return says[:1].lower() + says[1:]


def _place(text: str, at: int) -> tuple[int, int]:
    before = text[:at]
    return before.count("\n") + 1, at - (before.rfind("\n") + 1) + 1
