"""What do the answers in an ad's form say? Its usual questions are known by their ids, others by their text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from leadwell import contract
from leadwell.formats import WrongMapping
from leadwell.server.intake.sources import Reading
from leadwell.server.intake.sources.fields import TooMuch, flattened, understood


@dataclass(frozen=True)
class Answer:
    """`id`: the vendor's name of a usual question; `question`: as people read it."""

    id: str
    question: str
    text: str


def reading(  # noqa: PLR0913, PLR0917  what an ad's form sends, and how its vendor names it
    answers: Iterable[Answer],
    usual: Mapping[str, tuple[str, ...]],
    settings: Mapping[str, Any],
    told: Mapping[str, Any],
    about: Callable[[Mapping[str, str]], Mapping[str, str | None]],
    field: str,
) -> Reading:
    """One lead. `settings["mapping"]`: question or id -> column. `told`: what the vendor tells besides; `about`: that,
    flattened, under our columns. `field`: where the answers stand."""
    try:
        columns = answered(answers, usual, settings.get("mapping") or {})
        more = flattened(told)
    except TooMuch as error:
        return Reading(problem=str(error))
    except WrongMapping:
        return Reading(problem="its mapping no longer fits")
    if not columns:
        return Reading(problem=f"none of its answers ({field}) says anything")
    return Reading(leads=(carried(columns, about(more)),))


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


def carried(columns: Mapping[str, str], more: Mapping[str, str | None]) -> dict[str, str]:
    """With what else is told, under columns of ours or `extra.`; what an answer says stays."""
    told = {name: text for name, text in more.items() if text and text.strip()}
    return told | dict(columns)


def _another(question: str, there: Mapping[str, str]) -> str:
    name, number = question, 2
    while name in there:
        name, number = f"{question} ({number})", number + 1
    return name
