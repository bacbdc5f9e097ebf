"""Do these messages ask to be left alone? `leadwell is-stop MESSAGES`: a verdict a line, with its reason."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from difflib import get_close_matches
from itertools import islice
from pathlib import Path
from typing import Annotated, Any, BinaryIO, Final

import typer

from leadwell.cli.policy import refuse

_TOGETHER: Final = 20_000  # lines
_KEYS: Final = ("text", "after")
_SLIP: Final = 0.75  # so alike, an unknown key is taken for a slip of the pen
_LONGEST: Final = 1 << 20  # bytes of a line


class _BadLineError(ValueError):
    """What is wrong with a line, without what stands in it."""


def is_stop(
    messages: Annotated[
        str, typer.Argument(metavar="MESSAGES", help='A message a line, or {"text", "after"}; - for standard input.')
    ],
) -> None:
    """Say of each message whether it asks to be left alone: stop, not, or ask-a-person.

    A line is a message, or JSON: {"text": the message, "after": what it answers}. Prints JSON, a line for each line.
    """
    bad = False
    with _opened(messages) as file:
        while lines := list(islice(file, _TOGETHER)):
            for verdict in _verdicts(lines):
                bad |= "error" in verdict
                sys.stdout.write(json.dumps(verdict, ensure_ascii=False) + "\n")
            sys.stdout.flush()
    if bad:
        raise typer.Exit(1)


@contextmanager
def _opened(name: str) -> Iterator[BinaryIO]:
    if name == "-":
        yield sys.stdin.buffer
        return
    with ExitStack() as stack:
        try:
            file = stack.enter_context(Path(name).open("rb"))
        except OSError as error:
            refuse(f"{name} cannot be read: {error.strerror}.")
        yield file


def _verdicts(lines: list[bytes]) -> Iterator[dict[str, Any]]:
    import polars as pl

    from leadwell.permission.stops import are_stops

    read = [_read(line) for line in lines]
    right = [message for message in read if not isinstance(message, str)]
    told = are_stops(
        pl.Series([text for text, _ in right], dtype=pl.String),
        after=pl.Series([after for _, after in right], dtype=pl.String),
    ).iter_rows(named=True)
    for message in read:
        yield {"error": message} if isinstance(message, str) else _said(next(told))


def _said(told: dict[str, Any]) -> dict[str, Any]:
    """What there is to say: what is missing or false is left out."""
    return {key: value for key, value in told.items() if value not in (None, False)}


def _read(line: bytes) -> tuple[str, str | None] | str:
    """The message of a line and what it answers; or what is wrong with the line."""
    try:
        return _message(_decoded(line))
    except _BadLineError as error:
        return str(error)


def _decoded(line: bytes) -> str:
    if len(line) > _LONGEST:
        raise _BadLineError("The line is longer than 1 MB.")
    try:
        return line.decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError:
        raise _BadLineError("The line is not UTF-8.") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Which of two values was meant, nobody can say."""
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next((key for key in ("text", "after") if sum(key == one for one, _ in pairs) > 1), None)
        raise _BadLineError(f'"{twice}" stands there twice.' if twice else "A key stands there twice.")
    return found


def _message(line: str) -> tuple[str, str | None]:
    if not line.lstrip().startswith("{"):
        return line, None
    try:
        given = json.loads(line, object_pairs_hook=_once)
    except _BadLineError:
        raise
    except (ValueError, RecursionError):
        raise _BadLineError("The line begins like JSON and is none.") from None
    for key in given:
        if key not in _KEYS and (meant := get_close_matches(key.lower(), _KEYS, 1, _SLIP)):
            raise _BadLineError(f'A key is unknown; "{meant[0]}" may be meant.')
    text, after = given.get("text"), given.get("after")
    if not isinstance(text, str):
        raise _BadLineError('"text" is missing or no text.')
    if after is not None and not isinstance(after, str):
        raise _BadLineError('"after" is no text.')
    try:
        (text + (after or "")).encode()
    except UnicodeEncodeError:
        raise _BadLineError("The line holds half a character.") from None
    return text, after
