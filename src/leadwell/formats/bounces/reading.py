"""Is this mail a bounce or a complaint, and what does it say? (RFC 3464, RFC 5965, and what servers write instead)

A report of either kind is looked for at any depth: providers wrap them, and people forward them. Without one, what a
server says in plain words is read. Whatever the bytes, there is a value or NotReturned.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import EmailMessage
from email.utils import getaddresses
from typing import Final

from leadwell.formats import mime
from leadwell.formats.bounces import complaint, report, spoken
from leadwell.formats.bounces.values import NotReturned, Returned

_MOST: Final = 25_000_000  # bytes
_CAME_TO: Final = ("Delivered-To", "X-Original-To", "Envelope-To", "To")
_ID: Final = re.compile(r"<[^<>@\s]{1,250}@[^<>@\s]{1,250}>")
_LINE: Final = re.compile(r"(?im)^[>\s]*message-id:\s*(<[^<>\s]{3,500}>)")
_MOST_IDS: Final = 20


def read(raw: bytes) -> Returned:
    """Raises NotReturned."""
    if len(raw) > _MOST:
        raise NotReturned("larger than any report is")
    try:
        mail = mime.parsed(raw)
        parts = list(_parts(mail))
    except mime.TooMuch as error:
        raise NotReturned(str(error)) from error
    told = complaint.told(parts) or report.told(parts, lambda: spoken.reason(parts)) or spoken.told(mail, parts)
    return Returned(told.kind, told.status, told.recipient, _message_ids(mail, parts, told.original), _came_to(mail))


def _parts(mail: EmailMessage) -> Iterator[EmailMessage]:
    """Every part, from the outside in, in the order of the mail."""
    waiting = [mail]
    while waiting:
        part = waiting.pop()
        yield part
        waiting += reversed([mime.opened(part)] if _is_packed_mail(part) else mime.parts_of(part))


def _is_packed_mail(part: EmailMessage) -> bool:
    return part.get_content_type() == "message/rfc822" and mime.is_packed(part)


def _message_ids(mail: EmailMessage, parts: list[EmailMessage], original: str) -> tuple[str, ...]:
    """Of what was sent: those of the mails inside, the innermost first; then what the outer one answers to."""
    inside = [mime.header(part, "Message-ID") for part in reversed(parts[1:])]
    copied = [mime.text(part, 20_000) for part in parts if part.get_content_type() == "text/rfc822-headers"]
    lines = [line for said in (*copied, spoken.words(parts)) for line in _LINE.findall(said)]
    answers = [mime.header(mail, name) for name in ("In-Reply-To", "References", "X-Original-Message-ID")]
    found = [one for said in (original, *inside, *lines, *answers) for one in _ID.findall(said)]
    own = mime.header(mail, "Message-ID").strip()
    return tuple(dict.fromkeys(one for one in found if one != own))[:_MOST_IDS]


def _came_to(mail: EmailMessage) -> tuple[str, ...]:
    said = [mime.header(mail, name) for name in _CAME_TO]
    return tuple(dict.fromkeys(address.lower() for _, address in getaddresses(said) if "@" in address))[:_MOST_IDS]
