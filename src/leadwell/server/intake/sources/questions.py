"""What do the answers in an ad's form say? Its usual questions are known by their ids, others by their text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from leadwell import contract
from leadwell.server.intake.sources.fields import understood


@dataclass(frozen=True)
class Answer:
    """`id`: the vendor's name of a usual question; `question`: as people read it."""

    id: str
    question: str
    text: str


def answered(
    answers: Iterable[Answer], usual: Mapping[str, tuple[str, ...]], mapping: Mapping[str, str]
) -> dict[str, str]:
    """The answers under our columns. `usual`: id -> columns, the next where one is taken; `mapping`: question or id ->
    column, as somebody of the organisation said. What is understood by neither is carried under its question."""
    columns: dict[str, str] = {}
    own: dict[str, str] = {}
    for one in answers:
        if not one.text.strip():
            continue
        said = mapping.get(one.question) or mapping.get(one.id)
        free = [name for name in ((said,) if said else usual.get(one.id, ())) if name not in columns]
        if free:
            columns[free[0]] = one.text
        else:
            own[_another(one.question, own)] = one.text
    for meant in understood(own, {}, nested=False):
        column = meant.column if meant.column not in columns else contract.EXTRA_PREFIX + meant.header
        columns[column] = own[meant.header]
    return columns


def carried(columns: dict[str, str], more: Mapping[str, str | None]) -> dict[str, str]:
    """With what else is told, under columns of ours or `extra.`; what an answer says stays."""
    told = {name: text for name, text in more.items() if text and text.strip()}
    return told | columns


def _another(question: str, there: Mapping[str, str]) -> str:
    name, number = question, 2
    while name in there:
        name, number = f"{question} ({number})", number + 1
    return name
