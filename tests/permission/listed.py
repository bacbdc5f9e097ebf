"""The cases of `cases/*.jsonl`: one a line, named by a sentence, with what it must give.

What a case leaves out: it is a call about a care request, of somebody who gave a written consent in January 2025 to
what is asked. `says` is the whole sentence, where it stands. Consents are [channel, purpose, kind, at, until,
referred], stops [channel, at, purpose], contacts [channel, at].
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

OURS = ("name", "gives", "says")
HERE = Path(__file__).parent / "cases"
KEYS = {
    "consents": ("channel", "purpose", "kind", "at", "until", "referred"),
    "stops": ("channel", "at", "purpose"),
    "contacts": ("channel", "at"),
}


def listed(name: str = "*") -> list[dict[str, Any]]:
    """Each as `leadwell may-contact` reads it, with `name` and `gives`."""
    lines = [line for file in sorted(HERE.glob(f"{name}.jsonl")) for line in file.read_text("utf-8").splitlines()]
    return [whole(json.loads(line)) for line in lines]


def whole(short: dict[str, Any]) -> dict[str, Any]:
    case = {"channel": "call", "purpose": "care-request", **short}
    case.setdefault("consents", [[case["channel"], case["purpose"], "written", "2025-01-01T12:00:00Z"]])
    for key, names in KEYS.items():
        if key in case:
            case[key] = [dict(zip(names, one, strict=False)) for one in case[key]]
    return case


def question(case: dict[str, Any]) -> bytes:
    return json.dumps({key: value for key, value in case.items() if key not in OURS}).encode()


def gave(answer: str, rule: str, not_before: str | None) -> str:
    """As `gives` is written."""
    return " ".join(part for part in (answer, not_before, rule) if part) if answer != "yes" else "yes"
