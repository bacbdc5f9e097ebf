"""By which address is a bounce known to be of one message? Its id stands in the address that it comes back to (VERP),
with a keyed mark, so that nobody makes one up."""

from __future__ import annotations

import hmac
import re
from typing import Final
from uuid import UUID

from leadwell.server.outreach.channels.email.settings import Settings
from leadwell.server.outreach.models import Message
from leadwell.server.privacy.tokens import Blind

_MARK: Final = 10  # hexadecimal digits
_OURS: Final = re.compile(r"\+([0-9a-f]{32})([0-9a-f]{10})@")
_ID: Final = re.compile(r"<([0-9a-f]{32})@")


def return_address(message: Message, settings: Settings) -> str:
    if not settings.bounces:
        return settings.sender
    name, _, domain = settings.bounces.rpartition("@")
    return f"{name}+{message.pk.hex}{_mark(message.organization_id, message.pk)}@{domain}"


def is_return_address(address: str, bounces: str) -> bool:
    """Whether it is the address that mail comes back to, or one of a message."""
    name, _, domain = bounces.lower().rpartition("@")
    local, _, host = address.lower().rpartition("@")
    return bool(bounces) and host == domain and (local == name or local.startswith(f"{name}+"))


def id_in_address(address: str) -> tuple[UUID, str] | None:
    """The message that an address names, and the mark that `is_ours` proves; None where it names none."""
    found = _OURS.search(address.lower())
    return (UUID(hex=found[1]), found[2]) if found else None


def id_in_message_id(text: str) -> UUID | None:
    found = _ID.fullmatch(text.partition("@")[0] + "@") or _ID.match(text)
    return UUID(hex=found[1]) if found else None


def is_ours(message: Message, mark: str) -> bool:
    return hmac.compare_digest(mark, _mark(message.organization_id, message.pk))


def _mark(organization: int, message: UUID) -> str:
    return Blind(organization).token("returns", message.bytes).hex()[:_MARK]
