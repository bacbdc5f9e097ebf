"""How is a lead called on screen? By the name of who asks, where one may see it; else by four letters of its id."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

NAMELESS = "No name given"


def code(number: UUID) -> str:
    return f"Lead {number.hex[-4:].upper()}"


def name(columns: Mapping[str, str]) -> str:
    return (
        whole(columns, "")
        or columns.get("referrer_name")
        or whole(columns, "patient_")
        or columns.get("organization")
        or NAMELESS
    )


def own(columns: Mapping[str, str]) -> str:
    """The name under which they gave their own numbers; '' where they gave none of theirs."""
    return whole(columns, "")


def patient(columns: Mapping[str, str]) -> str:
    """The patient's own name, where somebody else asks; else ''."""
    own = whole(columns, "patient_")
    return own if own != name(columns) else ""


def whole(columns: Mapping[str, str], prefix: str) -> str:
    """Their name; `prefix`: of whom, 'patient_' or '' for who asks."""
    parts = (columns.get(f"{prefix}first_name"), columns.get(f"{prefix}last_name"))
    return " ".join(part for part in parts if part) or columns.get(f"{prefix}full_name") or ""
