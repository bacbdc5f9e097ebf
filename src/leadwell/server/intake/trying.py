"""What would a sample become? Each of its fields, and what it is taken for; nothing is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from leadwell.formats import WrongMapping
from leadwell.server.intake import sources
from leadwell.server.intake.opening import Sent
from leadwell.server.intake.sources.fields import TooMuch, flattened, understood
from leadwell.server.intake.sources.form.adapter import MULTIPART, URLENCODED, fields_of


@dataclass(frozen=True)
class Field:
    """`column` is '' where it is carried along, but not judged."""

    name: str
    value: str
    column: str
    why: str


@dataclass(frozen=True)
class Tried:
    """`problem`: why it would need mending; `leads`: how many it would become."""

    fields: tuple[Field, ...]
    leads: int
    problem: str


def tried(kind: str, text: str, settings: Mapping[str, Any]) -> Tried:
    form = kind == "form" and not text.lstrip().startswith("{")
    sent = Sent(text.strip().encode(), URLENCODED if form else "application/json", {})
    reading = sources.reader("form" if form else "webhook" if kind == "form" else kind)(sent, settings)
    return Tried(said_in("form" if form else kind, sent, settings), len(reading.leads), reading.problem)


def said_in(kind: str, sent: Sent, settings: Mapping[str, Any]) -> tuple[Field, ...]:
    """The fields of what was sent; none where it is no object of fields, or of a kind that has none."""
    form = kind == "form" and sent.media_type.startswith((URLENCODED, MULTIPART))
    if kind not in ("api", "webhook", "form"):
        return ()
    try:
        named = fields_of(sent) if form else flattened(_first(orjson.loads(sent.body), settings))
        meant = understood(named, settings.get("mapping") or {})
    except (ValueError, TooMuch, WrongMapping):
        return ()
    return tuple(Field(m.header, named[m.header], m.column if m.understood else "", m.why or "") for m in meant)


def _first(value: Any, settings: Mapping[str, Any]) -> Any:
    """The lead that is looked at where there are several."""
    for part in str(settings.get("each") or "").split("."):
        value = value.get(part) if part and isinstance(value, dict) else value
    return value[0] if isinstance(value, list) and value else value
