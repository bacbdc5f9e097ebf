"""What is allowed in a playbook, yet worth a second look? Sentences; none keeps it from being used."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from leadwell.playbook.model import Playbook
from leadwell.playbook.vocabulary import BUILT_IN

_NUMBER: Final = re.compile(r"(?<![\w.,-])\d{1,3}(?:,\d{3})+(?![\w,])|(?<![\w.,-])\d+(?:\.\d+)?(?!\w)")


def notes(playbook: Playbook) -> list[str]:
    """In the order of the file's parts."""
    return [note for part in (_organization, _words, _criteria, _score, _levels) for note in part(playbook)]


def _organization(playbook: Playbook) -> Iterator[str]:
    if playbook.offers and not playbook.organization.postal_address:
        yield "organization.postal_address is missing: no business e-mail can go out without it"


def _words(playbook: Playbook) -> Iterator[str]:
    """The same words for two things leave open which is meant."""
    places: dict[str, list[str]] = defaultdict(list)
    for table in ("services", "elsewhere", "offers"):
        for key, entry in getattr(playbook, table).items():
            for phrase in entry.asks:
                places[phrase.casefold()].append(f"{table}.{key}")
    for phrase, named in places.items():
        if len(set(named)) > 1:
            yield f'"{phrase}" asks for {" and for ".join(named)}'
    for fact in playbook.own_facts.values():
        if fact.words and fact.type in ("number", "date"):
            yield f"facts.{fact.key}.words: a {fact.type} is not read from words"


def _criteria(playbook: Playbook) -> Iterator[str]:
    for key, one in playbook.criteria.items():
        named = one.when.names | (one.applies.names if one.applies else frozenset())
        settles = {fact for name in named for fact in (name, getattr(BUILT_IN.get(name), "asked_as", None)) if fact}
        asked = any(fact in playbook.facts and playbook.facts[fact].ask for fact in settles)
        if not one.asks and not asked:
            yield f"criteria.{key} has no question: where it is unknown, nobody knows what to ask"
        for fact in one.asks:
            if fact and fact not in settles | {"birth_date"}:
                yield f'criteria.{key} asks for "{fact}", which its condition does not name'
        yield from _numbers(key, one.says, one.when.text)


def _numbers(key: str, says: str, when: str) -> Iterator[str]:
    """A sentence that names a number which its condition does not hold, where that holds another."""
    holds = _found(re.sub(r"'[^']*'", "", when))
    strict = bool(re.search(r"[<>](?![=>])", when))  # "age > 17" is what "18 and over" says
    others = [n for n in _found(says) if n not in holds and not (strict and {n - 1, n + 1} & set(holds))]
    held = [n for n in holds if n not in _found(says)]
    if others and held:
        yield f"criteria.{key}: says {others[0]:g}, when {held[0]:g}"


def _found(text: str) -> list[float]:
    return [float(number.replace(",", "")) for number in _NUMBER.findall(text)]


def _score(playbook: Playbook) -> Iterator[str]:
    if playbook.score.learned == "blend":
        yield 'score.learned = "blend" counts as "advise" until it has been shown to predict better'
    best = sum(line.add for line in playbook.score.points if line.add > 0)
    for grade, least in playbook.score.grades.items():
        if best < least:
            yield f"score: no lead can reach grade {grade}, which begins at {least}; all points together are {best}"


def _levels(playbook: Playbook) -> Iterator[str]:
    for i, level in enumerate(playbook.service_levels[:-1], 1):
        if level.when is None:
            yield f"service_levels {i} is for all leads, so that those after it never apply"
            return
