"""What may this playbook's conditions name? The built-in facts, closed by its services and clinics, and its own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from leadwell.playbook.conditions.tokens import KEYWORDS
from leadwell.playbook.conditions.types import UNSURE
from leadwell.playbook.problems import Path, Report
from leadwell.playbook.protected import says_who
from leadwell.playbook.regions import STATES
from leadwell.playbook.vocabulary import BUILT_IN, PROTECTED, PROTECTED_WORDS, Name

# More columns that state a protected attribute.
PROTECTED_FIELDS: Final = frozenset({"birth_date", "date_of_birth", "national_origin", "interpreter_needed"})


def names(values: Mapping[str, Any], report: Report) -> dict[str, Name]:
    """Every name with its type and closed values. Reports facts that cannot be."""
    own = {}
    for key, fact in (values.get("facts") or {}).items():
        if key in BUILT_IN:
            _question(key, fact or {}, report)
        elif fact is not None and _possible(key, fact, values["facts"], report):
            means = fact.get("ask") or key.replace("_", " ")
            own[key] = Name(key, fact["type"], means, tuple(fact.get("options") or ()), says_who=_says_who(key, fact))
        else:
            own[key] = Name(key, UNSURE, "")
    return _closed(values) | own


def _says_who(key: str, fact: Mapping[str, Any]) -> tuple[str, str] | None:
    """The protected attribute that a fact of the playbook's own is about, as its question, words or answers say."""
    options = fact.get("options") or {}
    answers = (text for option, words in options.items() for text in (option, *(words or ())))
    texts = (key, fact.get("ask"), *(fact.get("words") or ()), *answers)
    return next((found for text in texts if text and (found := says_who(text))), None)


def _closed(values: Mapping[str, Any]) -> dict[str, Name]:
    services, locations = tuple(values.get("services") or ()), tuple(values.get("locations") or ())
    options = {
        "service": services, "services": services, "referral_service": services,
        "location": locations, "preferred_location": locations,
        "state": STATES, "zip_state": STATES, "area_code_states": STATES,
    }  # fmt: skip
    return {key: replace(name, options=options[key]) if key in options else name for key, name in BUILT_IN.items()}


def _question(key: str, fact: Mapping[str, Any], report: Report) -> None:
    """A fact that is built in takes a question here, and nothing else."""
    path: Path = ("facts", key)
    if fact.get("type") is not None:
        says = f'"{key}" is built in and means "{BUILT_IN[key].means}"; give your own fact another name'
        report.add((*path, "type"), f"{says}, or leave out its type to give it a question")
        return
    for part in ("field", "words", "options"):
        if fact.get(part):
            report.add((*path, part), f'"{key}" is built in; only its question (ask, seconds) stands here', on_key=True)


def _possible(key: str, fact: Mapping[str, Any], facts: Mapping[str, Any], report: Report) -> bool:
    path: Path = ("facts", key)
    if key.upper() in KEYWORDS:
        report.add(path, f'"{key}" is a word of the conditions themselves; give the fact another name', on_key=True)
        return False
    if key in PROTECTED:
        report.add(path, f'"{key}" is a protected attribute and cannot become a fact', on_key=True)
        return False
    if fact.get("type") is None:
        if report.has((*path, "type")):
            return False
        says = 'has no "type" (yes-no, number, date, text or one-of), which a fact of your own needs'
        report.add(path, says, found=key, allowed=tuple(BUILT_IN), on_key=True)
        return False
    _field(path, fact.get("field"), facts, report)
    _answers(path, fact, report)
    return True


def _answers(path: Path, fact: Mapping[str, Any], report: Report) -> None:
    choice = fact["type"] == "one-of"
    if choice == bool(fact.get("options")) or report.has((*path, "options")):
        return
    wanted = 'needs its answers: options = ["one", "another"]' if choice else "is no one-of; leave out options"
    report.add(path, wanted, on_key=True)


def _states_protected(field: str) -> bool:
    """Whether a column states a protected attribute, however spelled: a fact of it would be it under another name."""
    words = re.findall(r"[^\W_]+", field.lower())
    named = says_who(field) is not None or bool(PROTECTED_WORDS.intersection(words))
    return named or any(f in "_".join(words) for f in PROTECTED_FIELDS)


def _field(path: Path, field: str | None, facts: Mapping[str, Any], report: Report) -> None:
    if field is None:
        return
    if _states_protected(field):
        report.add((*path, "field"), f'"{field}" states a protected attribute, which cannot become a fact')
    other = field.removeprefix("answer.")
    if other != field and other != path[-1] and other in facts:
        says = f'takes its answer from the fact "{other}"; a fact is stated by a column, not by another fact'
        report.add((*path, "field"), says)
