"""What is each field of a submission taken for?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from leadwell.formats import WrongMapping
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
