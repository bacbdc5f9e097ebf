"""How does an editor know a playbook's keys? JSON Schema, made of the same shape that reads the file."""

from __future__ import annotations

from typing import Any

from leadwell.playbook.shape import PLAYBOOK


def schema() -> dict[str, Any]:
    """JSON Schema (draft 7, which TOML editors read) of a playbook."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Leadwell playbook",
        "description": "An organisation's policy for its leads. Conditions are SQL predicates over facts.",
    } | PLAYBOOK.schema()
