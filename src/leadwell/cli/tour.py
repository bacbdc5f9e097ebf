"""What does Leadwell do? Judges the sample leads of the example playbook and shows three of them. `leadwell tour`,
`make run`."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any, Final

import typer

from leadwell.cli import policy
from leadwell.cli.assess import sentences

_Pair = tuple[dict[str, Any], dict[str, Any]]


def tour() -> None:
    """See it at work on sample leads.

    Judges the sample leads of lakeside-orthopedics, shows the summary and three leads worth looking at.
    """
    from leadwell.cli import screen
    from leadwell.engines import run
    from leadwell.engines.inprocess import explain
    from leadwell.formats import Rejects, open_list, own_headers

    file = policy.found(policy.DEFAULT)
    playbook = policy.loaded(file)
    policy.ready(playbook, file)
    with sentences():
        opened = open_list(file.folder / "leads.csv", own=own_headers(playbook))
        rejects = Rejects(None, [])
        judged: list[_Pair] = []
        started = time.perf_counter()
        done = run(opened, playbook, rejects=rejects, seen=lambda leads, found: judged.extend(_pairs(leads, found)))
    typer.echo("The sample leads of Lakeside Orthopedics & Spine, judged by its playbook.\n")
    for line in screen.summary(done, playbook, rejects, seconds=time.perf_counter() - started):
        typer.echo(line)
    for title, (lead, assessment) in worth_looking_at(judged):
        typer.echo(f"\n{'=' * 78}\n{title}\n{'-' * 78}")
        typer.echo(explain(assessment, lead).rstrip())
    typer.echo(f"\n{'=' * 78}\nYour own list:  leadwell assess leads.csv --out assessed.xlsx")
    typer.echo("The policy:     leadwell playbook show lakeside-orthopedics")


def _pairs(leads: Any, assessments: Any) -> Iterator[_Pair]:
    return zip(leads.iter_rows(named=True), assessments.iter_rows(named=True), strict=True)


_TAKEN: Final = ("schedule", "verify")
_Like = Callable[[dict[str, Any], dict[str, Any]], bool]
_WORTH: Final[tuple[tuple[str, _Like], ...]] = (
    ("A good lead: what decides, in their own words",
     lambda lead, a: a["type"] == "patient" and a["disposition"] in _TAKEN),
    ("Wording that a person must see at once, whatever the score", lambda lead, a: bool(a["safety"])),
    ("A referral: another path, another question",
     lambda lead, a: a["type"] == "referral" and a["disposition"] in _TAKEN),
    ("Not ours, and not simply turned away", lambda lead, a: a["disposition"] == "redirect" and a["type"] == "patient"),
    ("Two things that cannot both be right", lambda lead, a: bool(a["conflicts"])),
)  # fmt: skip


def worth_looking_at(judged: list[_Pair], most: int = 3) -> Iterator[tuple[str, _Pair]]:
    """Up to `most` leads of different kinds, each with why it is shown: of its kind the one that says most."""
    told = 0
    for title, like in _WORTH:
        alike = [pair for pair in judged if like(*pair)]
        if alike and told < most:
            told += 1
            yield title, max(alike, key=lambda pair: (_said(pair[1]), -pair[1]["row"]))


def _said(assessment: dict[str, Any]) -> int:
    """How much there is to see: reasons with words, then points."""
    entries = [b for d in assessment["dimensions"].values() for b in d["because"] or ()]
    return 10 * sum(1 for b in entries if b["evidence"]) + (assessment["score"] or 0)
