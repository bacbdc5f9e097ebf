"""Does a policy do what its author expected? The leads kept beside it, what was expected of each, and what none tries.

`assess` is handed in: a playbook knows nobody who judges.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from leadwell.playbook.model import Playbook
from leadwell.playbook.shape import ENGINE_REASONS

Assess = Callable[[pl.DataFrame, Playbook], pl.DataFrame]
Assessment = Mapping[str, Any]
FINDINGS: Final = ("met", "not met", "unknown")
MOST_SAID: Final = 3  # sentences of one dimension, where the difference is not the dimension's own
ABSENT: Final = "(absent)"


@dataclass(frozen=True, slots=True)
class Difference:
    """One expected value that was not found. `because`: what the engine said of that part; `facts`: those it knew."""

    id: str
    path: str
    expected: Any
    found: Any
    because: tuple[str, ...] = ()
    facts: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the examples went. `untried`: what no lead ever exercised, as words."""

    tried: int
    differences: tuple[Difference, ...]
    untried: tuple[str, ...]
    complaints: tuple[str, ...] = ()

    @property
    def failed(self) -> int:
        """How many leads came out otherwise than expected."""
        return len({difference.id for difference in self.differences})

    @property
    def passed(self) -> bool:
        return bool(self.tried) and not self.differences and not self.complaints


def run(playbook: Playbook, leads: pl.DataFrame, expected: Sequence[Mapping[str, Any]], *, assess: Assess) -> Outcome:
    """Assess the leads and compare each with what is expected of it: only the keys present, nested ones key by key."""
    if leads.is_empty() or not expected:
        return Outcome(0, (), untried(playbook, []), ("nothing was tried: there are no leads with expectations",))
    found = assess(leads, playbook).to_dicts()
    by_id = {assessment["id"]: assessment for assessment in found}
    complaints = list(_complaints([entry.get("id") for entry in expected], by_id, len(found)))
    known = [entry for entry in expected if entry.get("id") in by_id]
    differences = [difference for entry in known for difference in differ(entry, by_id[entry["id"]], playbook)]
    if not known:
        complaints.append("nothing was tried: no expectation names a lead there is")
    return Outcome(len(known), tuple(differences), untried(playbook, found), tuple(complaints))


def _complaints(ids: list[Any], by_id: Mapping[str, Any], count: int) -> Iterable[str]:
    if len(by_id) < count:
        yield "two leads have the same id"
    for number, key in enumerate(ids, 1):
        if key is None:
            yield f"expectation {number} names no id"
        elif key not in by_id:
            yield f'expectation {number} is for "{key}", and there is no such lead'
        elif key in ids[: number - 1]:
            yield f'expectation {number} is the second one for "{key}"'


def differ(expected: Mapping[str, Any], found: Assessment, playbook: Playbook) -> list[Difference]:
    """What was found otherwise, each with its trace."""
    return [
        Difference(str(expected["id"]), path, wanted, got, *_trace(path, found, playbook))
        for path, wanted, got in _unequal(expected, found, "")
    ]


def _unequal(expected: Any, found: Any, path: str) -> Iterable[tuple[str, Any, Any]]:
    if isinstance(expected, Mapping):
        inside = found if isinstance(found, Mapping) else {}
        for key, value in expected.items():
            yield from _unequal(
                value, inside.get(key, None if value is None else ABSENT), f"{path}.{key}" if path else key
            )
    elif isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        for i, (wanted, got) in enumerate(zip(expected, found, strict=True)):
            yield from _unequal(wanted, got, f"{path}[{i}]")
    elif not _equal(expected, found):
        yield path, expected, found


def _equal(expected: Any, found: Any) -> bool:
    if isinstance(expected, bool) or isinstance(found, bool):
        return expected is found
    return bool(expected == found or (hasattr(found, "isoformat") and found.isoformat() == expected))


def _trace(path: str, found: Assessment, playbook: Playbook) -> tuple[tuple[str, ...], dict[str, Any]]:
    """What the engine said of this part of the assessment, and the facts it rested on."""
    part, _, rest = path.partition(".")
    subject = rest.split(".")[0]
    dimensions: Mapping[str, Any] = found.get("dimensions") or {}
    facts = {name: fact["value"] for name, fact in (found.get("facts") or {}).items() if fact}
    criterion = playbook.criteria.get(subject) if part == "criteria" else None
    if criterion:
        named = criterion.when.names | (criterion.applies.names if criterion.applies else frozenset())
        says = tuple(one for one in _says(dimensions.get("eligibility")) if criterion.says in one)
        return says, {name: value for name, value in facts.items() if name in named}
    if part == "dimensions":
        return _says(dimensions.get(subject)), facts
    # Anything else follows from the dimensions; those that are met explain little.
    open_ = {name: one for name, one in dimensions.items() if one and one.get("finding") != "met"}
    return tuple(f"{name}: {says}" for name, one in open_.items() for says in _says(one)[:MOST_SAID]), facts


def _says(dimension: Any) -> tuple[str, ...]:
    found = []
    for because in (dimension or {}).get("because") or []:
        evidence = because.get("evidence") or {}
        words = f" (“{evidence['text']}” in {evidence.get('field')})" if evidence.get("text") else ""
        if because.get("says"):
            found.append(f"{because['says']}{words}")
    return tuple(found)


def untried(playbook: Playbook, found: Iterable[Assessment]) -> tuple[str, ...]:
    """Criteria (by finding), conflicts, reasons and score lines that no assessed lead exercised."""
    seen: dict[str, set[str]] = defaultdict(set)
    for assessment in found:
        for key, state in (assessment.get("criteria") or {}).items():
            seen[f"criterion {key}"].add(state)
        seen["conflicts"].update(assessment.get("conflicts") or ())
        seen["reasons"].update(assessment.get("reasons") or ())
        seen["points"].update(line["because"] for line in assessment.get("points") or ())
    return (
        *(
            f"criterion {key}: never {' nor '.join(missing)}"
            for key in playbook.criteria
            if (missing := [state for state in FINDINGS if state not in seen[f"criterion {key}"]])
        ),
        *(f"conflict: {one.says}" for one in playbook.conflicts if one.says not in seen["conflicts"]),
        *(f"reason: {key}" for key in reachable(playbook) if key not in seen["reasons"]),
        *(f"score line: {line.because}" for line in playbook.score.points if line.because not in seen["points"]),
    )


def reachable(playbook: Playbook) -> list[str]:
    """Reasons that an assessment can give; the others end a lead later, when people have worked on it."""

    declines = [one for one in playbook.criteria.values() if not (one.obtainable or one.review)]
    own = {one.reason for one in declines}
    engine = {*ENGINE_REASONS} - ({"criteria-not-met"} if None not in own else set())
    return [key for key in playbook.reasons if key in own | engine]
