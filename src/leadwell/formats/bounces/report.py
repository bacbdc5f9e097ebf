"""What does a delivery status notification say of the one recipient that failed? (RFC 3464)"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Final

from leadwell.formats import mime
from leadwell.formats.bounces.classes import class_of
from leadwell.formats.bounces.values import Class, NotReturned

STATUS: Final = "message/delivery-status"
_ARRIVED: Final = frozenset({"delivered", "relayed", "expanded"})
_WAITS: Final = frozenset({"delayed"})
_MOST: Final = 50  # recipients
ADDRESS: Final = re.compile(r"[^\s<>;,\"]{1,64}@[^\s<>;,\"]{1,255}")


@dataclass(frozen=True, slots=True)
class Told:
    """`original`: the id that the report itself names for what was sent, '' mostly."""

    kind: Class
    status: str
    recipient: str
    original: str = ""


def told(parts: list[EmailMessage], words: Callable[[], str]) -> Told | None:
    """Of the first recipient that failed; None where there is no such report. `words`: what its text says, for a report
    that gives no reason itself. Raises NotReturned where it says that all arrived, or only wait."""
    blocks = [block for part in parts if part.get_content_type() == STATUS for block in _blocks(part)]
    if not blocks:
        return None
    original = next((said for one in blocks if (said := mime.header(one, "Original-Envelope-Id"))), "")
    recipients = [one for one in blocks if one.get("Final-Recipient") or one.get("Status") or one.get("Action")]
    for one in recipients[:_MOST]:
        if _failed(one):
            return _of(one, original, words)
    if any(_action(one) in _WAITS for one in recipients):
        raise NotReturned("a report that it waits, and is still tried")
    if recipients:
        raise NotReturned("a report that it has arrived")
    return None


def _failed(block: EmailMessage) -> bool:
    arrived = mime.header(block, "Status").strip().startswith("2")
    return not arrived and _action(block) not in _ARRIVED | _WAITS


def _blocks(part: EmailMessage) -> Iterator[EmailMessage]:
    """The fields of the message, then of each recipient; of a report that was encoded, decoded first."""
    if not mime.is_packed(part):
        yield from mime.parts_of(part)
        return
    for block in re.split(rb"\r?\n\r?\n", mime.unpacked(part))[:_MOST]:
        yield mime.parsed(block + b"\n\n")


def _action(block: EmailMessage) -> str:
    return mime.header(block, "Action").strip().lower()


def _of(block: EmailMessage, original: str, words: Callable[[], str]) -> Told:
    status, says = mime.header(block, "Status"), mime.header(block, "Diagnostic-Code")
    for said in (says, words()):
        try:
            kind, code = class_of(status, said)
        except LookupError:
            continue
        return Told(kind, code, recipient_of(block), original)
    raise NotReturned("a report that gives no reason")


def recipient_of(block: EmailMessage) -> str:
    """As we wrote it where that is said, else where it ended."""
    if found := ADDRESS.search(_from_xtext(mime.header(block, "Original-Recipient").partition(";")[2])):
        return found[0].lower()
    said = mime.header(block, "Final-Recipient")
    found = ADDRESS.search(said.partition(";")[2] or said)
    return found[0].lower() if found else ""


def _from_xtext(said: str) -> str:
    """“lee+2Bclinic” -> “lee+clinic” (RFC 3461, 4)."""
    return re.sub(r"\+([0-9A-F]{2})", lambda found: chr(int(found[1], 16)), said)
