"""What does a delivery status notification say of the one recipient that failed? (RFC 3464)"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Final

from leadwell.formats import mime
from leadwell.formats.bounces.classes import class_of
from leadwell.formats.bounces.values import Class, NotReturned

STATUS: Final = "message/delivery-status"
_ARRIVED: Final = frozenset({"delivered", "relayed", "expanded"})
_MOST: Final = 50  # recipients
ADDRESS: Final = re.compile(r"[^\s<>;,\"]{1,64}@[^\s<>;,\"]{1,255}")


@dataclass(frozen=True, slots=True)
class Told:
    """`original`: the id that the report itself names for what was sent, '' mostly."""

    kind: Class
    status: str
    recipient: str
    original: str = ""


def told(parts: list[EmailMessage]) -> Told | None:
    """Of the first recipient that failed, else that waits; None where there is no such report. Raises NotReturned where
    it says that all arrived."""
    blocks = [block for part in parts if part.get_content_type() == STATUS for block in _blocks(part)]
    if not blocks:
        return None
    original = next((said for one in blocks if (said := mime.header(one, "Original-Envelope-Id"))), "")
    recipients = [one for one in blocks if one.get("Final-Recipient") or one.get("Status") or one.get("Action")]
    recipients.sort(key=lambda one: _action(one) == "delayed")
    for one in recipients[:_MOST]:
        if _action(one) not in _ARRIVED and not mime.header(one, "Status").strip().startswith("2"):
            return _of(one, original)
    if recipients:
        raise NotReturned("a report that it has arrived")
    return None


def _blocks(part: EmailMessage) -> Iterator[EmailMessage]:
    """The fields of the message, then of each recipient; of a report that was encoded, decoded first."""
    inner = mime.parts_of(part)
    if any(one.get("Status") or one.get("Final-Recipient") for one in inner):
        yield from inner
        return
    encoded = mime.content(part) or b"".join(mime.content(one) for one in inner)
    for block in re.split(rb"\r?\n\r?\n", encoded)[:_MOST]:
        yield mime.parsed(block + b"\n\n")


def _action(block: EmailMessage) -> str:
    return mime.header(block, "Action").strip().lower()


def _of(block: EmailMessage, original: str) -> Told:
    says = mime.header(block, "Diagnostic-Code")
    try:
        kind, status = class_of(mime.header(block, "Status"), says)
    except LookupError as error:
        if _action(block) == "delayed":
            return Told("transient", "", recipient_of(block), original)
        raise NotReturned("a report that gives no reason") from error
    if _action(block) == "delayed" and kind != "mailbox-full":
        kind = "transient"
    return Told(kind, status, recipient_of(block), original)


def recipient_of(block: EmailMessage) -> str:
    """As we wrote it where that is said, else where it ended."""
    for name in ("Original-Recipient", "Final-Recipient"):
        said = mime.header(block, name).partition(";")[2] or mime.header(block, name)
        if found := ADDRESS.search(said):
            return found[0].strip("<>").lower()
    return ""
