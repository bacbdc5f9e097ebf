"""What does another system's webhook say? Any JSON; its fields are understood by name, or mapped by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import orjson

from leadwell import contract
from leadwell.formats import WrongMapping
from leadwell.server.intake.opening import Sent
from leadwell.server.intake.sources import Reading
from leadwell.server.intake.sources.api.adapter import not_json
from leadwell.server.intake.sources.fields import TooMuch, flattened, lead
from leadwell.server.intake.sources.landing import landed

MOST_LEADS: Final = 500


def read(sent: Sent, settings: Mapping[str, Any]) -> Reading:
    """`settings["mapping"]`: field -> column; `settings["each"]`: the field that holds a list of leads, if it is not
    the whole that is one lead."""
    try:
        value = orjson.loads(sent.body)
    except orjson.JSONDecodeError as error:
        return Reading(problem=not_json(error))
    values = _each(value, str(settings.get("each") or ""))
    if values is None:
        return Reading(problem=f"it has no list “{settings.get('each')}”, which this source's settings name")
    if len(values) > MOST_LEADS:
        return Reading(problem=f"{len(values):,} leads in one delivery; at most {MOST_LEADS:,} are read")
    try:
        leads = [lead(flattened(one), settings.get("mapping") or {}) for one in values]
    except (TooMuch, WrongMapping) as error:
        return Reading(problem=str(error) if isinstance(error, TooMuch) else "its mapping no longer fits")
    if not leads or not all(_says_something(columns) for columns in leads):
        return Reading(problem="none of its fields is understood as a lead's; map them under Sources")
    return Reading(leads=tuple(landed(columns) for columns in leads))


def _each(value: Any, path: str) -> list[Any] | None:
    if not path:
        return value if isinstance(value, list) else [value]
    for part in path.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value if isinstance(value, list) else None


def _says_something(columns: Mapping[str, str]) -> bool:
    return any(name in contract.INCOMING or name.startswith(contract.ANSWER_PREFIX) for name in columns)
