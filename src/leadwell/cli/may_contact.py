"""May these people be contacted? `leadwell may-contact CASES.jsonl`: one verdict a line, with no database."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO

import typer

from leadwell.cli.policy import found, loaded, refuse

if TYPE_CHECKING:
    from leadwell.permission import Verdict
    from leadwell.playbook import Playbook


def may_contact(
    cases: Annotated[
        str, typer.Argument(metavar="CASES", help='Questions as JSON Lines: a file, or "-" for standard input.')
    ],
    playbook: Annotated[
        str | None, typer.Option(help="A playbook whose stricter rules are added. Without it: the law alone.")
    ] = None,
) -> None:
    """Say of each case whether the person may be called, texted or e-mailed: yes, never, or not before when.

    Prints a line for each line. One that cannot be read as a case, an empty one too, gives {"error"}, the others their
    answers, and the exit status is 1.
    """
    policy = loaded(found(playbook)) if playbook is not None else None
    wrong = 0
    for line in _lines(cases):
        answer = _answer(line, policy)
        wrong += "error" in answer
        typer.echo(json.dumps(answer, ensure_ascii=False))
    if wrong:
        refuse(f"{wrong:,} {'line' if wrong == 1 else 'lines'} could not be read as a case.")


def _lines(source: str) -> Iterator[bytes]:
    if source == "-":
        yield from _stripped(sys.stdin.buffer)
        return
    try:
        with Path(source).open("rb") as file:
            yield from _stripped(file)
    except OSError as error:
        refuse(f"{source} cannot be read: {error.strerror}.")


def _stripped(file: BinaryIO) -> Iterator[bytes]:
    for line in file:
        yield line.removeprefix(b"\xef\xbb\xbf").strip()


def _answer(line: bytes, playbook: Playbook | None) -> dict[str, Any]:
    from leadwell.cli.cases import CaseError, read
    from leadwell.permission import may_contact as ask

    try:
        case = read(line)
        verdict = ask(case.known, channel=case.channel, purpose=case.purpose, at=case.at, playbook=playbook)
    except (CaseError, ValueError) as error:
        return {"error": str(error)}
    return _as_json(verdict)


def _as_json(verdict: Verdict) -> dict[str, Any]:
    first = verdict.not_before
    return {
        "answer": verdict.answer,
        "not_before": first.strftime("%Y-%m-%dT%H:%M:%SZ") if first else None,
        "rule": verdict.rule,
        "says": verdict.says,
    }
