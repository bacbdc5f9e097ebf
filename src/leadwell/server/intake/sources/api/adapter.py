"""What does a JSON object of a lead's columns say? A flat object, one lead.

A name that is no column of ours is understood as a header of a list is; what is not understood is carried as `extra.`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import orjson

from leadwell import contract
from leadwell.formats.meaning import map_headers
from leadwell.server.intake.opening import Sent
from leadwell.server.intake.sources import Reading

MOST_COLUMNS: Final = 500
_KNOWN: Final = frozenset(contract.INCOMING)
_PREFIXES: Final = (contract.ANSWER_PREFIX, contract.EXTRA_PREFIX)


def read(sent: Sent, settings: Mapping[str, Any]) -> Reading:
    try:
        value = orjson.loads(sent.body)
    except orjson.JSONDecodeError as error:
        return Reading(problem=not_json(error))
    return lead(value)


def not_json(error: orjson.JSONDecodeError) -> str:
    """Where, and never what: the error's own words may quote."""
    return f"not JSON, at line {error.lineno}, column {error.colno}"


def lead(value: Any) -> Reading:
    """One JSON value as a lead."""
    if not isinstance(value, dict):
        return Reading(problem="not a JSON object: one object is one lead")
    if len(value) > MOST_COLUMNS:
        return Reading(problem=f"{len(value)} columns; at most {MOST_COLUMNS} are read")
    columns: dict[str, str] = {}
    for number, (name, given) in enumerate(value.items(), 1):
        if given is None:
            continue
        text = _text(given)
        if text is None:
            return Reading(problem=f"column {number} is nested; a column holds text, a number, yes or no, or a list")
        columns[name] = text
    columns = _under_our_names(columns)
    if not any(name in _KNOWN and text.strip() for name, text in columns.items()):
        return Reading(problem="none of its columns is one of a lead's (docs/lead.md)")
    return Reading(leads=(columns,))


def _under_our_names(given: Mapping[str, str]) -> dict[str, str]:
    """A column of ours stays what it is; a header's guess never takes its place."""
    ours = {name: text for name, text in given.items() if name in _KNOWN or name.startswith(_PREFIXES)}
    if len(ours) == len(given):
        return ours
    headers = [name for name in given if not name.startswith(_PREFIXES)]
    meant = map_headers(headers, samples={name: [given[name]] for name in headers})
    for name, one in zip(headers, meant, strict=True):
        column = one.column if one.column not in ours else contract.EXTRA_PREFIX + name
        ours.setdefault(name if name in ours else column, given[name])
    return ours


def _text(value: Any) -> str | None:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return orjson.dumps(value).decode()
    if isinstance(value, list) and all(isinstance(part, str | int | float) for part in value):
        return "; ".join(str(part) for part in value)
    return None
