"""Does this mail say that somebody calls ours unwanted? (the abuse reporting format, RFC 5965)"""

from __future__ import annotations

from email.message import EmailMessage
from typing import Final

from leadwell.formats import mime
from leadwell.formats.bounces.report import ADDRESS, Told
from leadwell.formats.bounces.values import NotReturned

REPORT: Final = "message/feedback-report"
_UNWANTED: Final = frozenset({"abuse", "opt-out", "opt-out-list", "fraud", "virus", "other", "miscategorized", ""})


def told(parts: list[EmailMessage]) -> Told | None:
    """None where there is no such report. Raises NotReturned for one that says that it was no spam after all."""
    found = next((part for part in parts if part.get_content_type() == REPORT), None)
    if found is None:
        return None
    fields = mime.parsed(_fields(found) + b"\n\n")
    kind = mime.header(fields, "Feedback-Type").strip().lower()
    if kind not in _UNWANTED:
        raise NotReturned("a report that is no complaint")
    said = mime.header(fields, "Original-Rcpt-To") or mime.header(fields, "Removal-Recipient")
    address = ADDRESS.search(said)
    return Told("complaint", "", address[0].lower() if address else "")


def _fields(part: EmailMessage) -> bytes:
    """Python takes what is called message/* for a mail inside: its headers are the report's fields."""
    inner = mime.parts_of(part)
    return inner[0].as_bytes() if inner else mime.content(part)
