"""Does this mail say that somebody calls ours unwanted? (the abuse reporting format, RFC 5965)"""

from __future__ import annotations

from email.message import EmailMessage
from typing import Final

from leadwell.formats import mime
from leadwell.formats.bounces.report import ADDRESS, Told
from leadwell.formats.bounces.values import NotReturned

REPORT: Final = "message/feedback-report"
_HOTMAIL: Final = "X-HmXmrOriginalRecipient"
_KEPT_BACK: Final = frozenset({"redacted", "hidden", "unknown", "undisclosed", "privacy"})
_UNWANTED: Final = frozenset({"abuse", "opt-out", "opt-out-list", "fraud", "virus", "other", "miscategorized", ""})


def told(parts: list[EmailMessage]) -> Told | None:
    """None where there is no such report. Raises NotReturned for one that says that it was no spam after all."""
    found = next((part for part in parts if part.get_content_type() == REPORT), None)
    if found is None:
        return _of_hotmail(parts)
    fields = mime.parsed(_fields(found) + b"\n\n")
    kind = mime.header(fields, "Feedback-Type").strip().lower()
    if kind not in _UNWANTED:
        raise NotReturned("a report that is no complaint")
    return Told("complaint", "", _address(fields, "Original-Rcpt-To") or _address(fields, "Removal-Recipient"))


def _of_hotmail(parts: list[EmailMessage]) -> Told | None:
    """Its programme for senders (JMRP) attaches the mail, marked by a header, and no report."""
    marked = next((part for part in parts if part.get(_HOTMAIL)), None)
    return Told("complaint", "", _address(marked, _HOTMAIL)) if marked is not None else None


def _address(fields: EmailMessage, name: str) -> str:
    """'' also where the provider keeps it back and says something in its place."""
    found = ADDRESS.search(mime.header(fields, name))
    address = found[0].lower() if found else ""
    return "" if address.partition("@")[0] in _KEPT_BACK else address


def _fields(part: EmailMessage) -> bytes:
    """Python takes what is called message/* for a mail inside: its headers are the report's fields."""
    inner = mime.parts_of(part)
    return inner[0].as_bytes() if inner else mime.content(part)
