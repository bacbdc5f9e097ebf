"""What did a caller say, as somebody here typed it in while they were on the line? One call, one lead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import orjson

from leadwell.server.intake.opening import Sent
from leadwell.server.intake.sources import Reading
from leadwell.server.intake.sources.api.adapter import lead, not_json


def read(sent: Sent, settings: Mapping[str, Any]) -> Reading:
    """Under our own column names. Somebody who mends one by hand may use any that a list may have."""
    try:
        value = orjson.loads(sent.body)
    except orjson.JSONDecodeError as error:
        return Reading(problem=not_json(error))
    return replace(lead(value), spoken=True)
