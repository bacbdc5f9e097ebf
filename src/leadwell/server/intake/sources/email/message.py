"""What does a mail say itself, without what it quotes? And is it written by a person at all?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import getaddresses
from typing import Final

from leadwell.formats import mime
from leadwell.formats.invitations import Invitation, read_invitations
from leadwell.server.intake.sources.email.markup import words
from leadwell.server.intake.sources.email.quoting import forwarded, unquoted

MOST_TEXT: Final = 200_000  # characters of a mail that are read; all of it is kept
_BULK: Final = ("auto_reply", "bulk", "junk", "list")
_MOST_ANSWERED: Final = 50
_CALENDARS: Final = ("text/calendar", "application/ics")
_IDS: Final = re.compile(r"<[^<>\s]{1,500}>")


@dataclass(frozen=True)
class Attachment:
    """`mail`: the mail that hangs on it, where it is one."""

    name: str
    media_type: str
    body: bytes
    mail: EmailMessage | None = None


@dataclass(frozen=True)
class Mail:
    """`text`: what its writer wrote, without quotations; of a forwarded mail what was forwarded, and `sender` who wrote
    that. `answers`: the ids of the mails that it answers. `recipients`: the addresses to which it came;
    `author`: the one in its From, in small letters, which alone the mail servers on its way vouch for."""

    id: str
    sender: str
    name: str
    subject: str
    text: str
    answers: tuple[str, ...]
    attachments: tuple[Attachment, ...]
    automatic: str  # why no person wrote it ("bounce", "auto-reply"), or ""
    invitations: tuple[Invitation, ...] = ()
    recipients: tuple[str, ...] = ()
    author: str = ""


def read_mail(raw: bytes) -> Mail:
    """Raises mime.TooMuch."""
    return mail_of(mime.parsed(raw))


def mail_of(message: EmailMessage) -> Mail:
    name, sender = _sender(message)
    subject, text = mime.header(message, "subject"), _text(message)
    inner = forwarded(text)
    if inner:
        (name, sender), subject, text = inner.sender or (name, sender), inner.subject or subject, inner.text
    else:
        text = unquoted(text)
    invitations = _invitations(message)
    answered = _IDS.findall(f"{mime.header(message, 'in-reply-to')} {mime.header(message, 'references')}")
    return Mail(
        id=next(iter(_IDS.findall(mime.header(message, "message-id"))), ""),  # so that it is no name of another kind
        sender=sender,
        name=name,
        subject=_plain_subject(subject),
        text=text.strip(),
        answers=tuple(answered[:_MOST_ANSWERED]),
        attachments=tuple(_attachments(message, but=_CALENDARS if invitations else ())),
        automatic=_automatic(message, sender),
        invitations=invitations,
        recipients=tuple(_recipients(message)),
        author=_first(message, "from")[1].lower(),
    )


def _sender(message: EmailMessage) -> tuple[str, str]:
    """Reply-To outranks From: forms that mail to us put the visitor there."""
    return _first(message, "reply-to", "from")


def _first(message: EmailMessage, *headers: str) -> tuple[str, str]:
    for header in headers:
        found = [(n, a) for n, a in getaddresses([mime.header(message, header)]) if "@" in a]
        if found:
            return found[0]
    return "", ""


def _plain_subject(subject: str) -> str:
    return re.sub(r"^(?:(?:re|fw|fwd|rv|aw)\s*:\s*)+", "", subject.strip(), flags=re.IGNORECASE)


def _text(message: EmailMessage) -> str:
    part = message.get_body(preferencelist=("plain", "html"))
    if not isinstance(part, EmailMessage):
        return ""
    text = mime.text(part, MOST_TEXT).replace("\r\n", "\n").replace("\0", "")
    if part.get_content_type() != "text/html":
        return text
    whole = words(text, quoted=True)
    return whole if forwarded(whole) else words(text)


def _invitations(message: EmailMessage) -> tuple[Invitation, ...]:
    """Of the mail itself, and of none that hangs on it; it may stand beside its text, or as a file."""
    open_parts = [message]
    while open_parts:
        part = open_parts.pop(0)
        if part.get_content_type() in _CALENDARS or _file_name(part).lower().endswith(".ics"):
            found = read_invitations(mime.content(part), str(part.get_content_charset("")))
            if found and (found[0].kind or part.get_content_type() in _CALENDARS):
                return found
        elif part.get_content_type() != "message/rfc822":
            open_parts += mime.parts_of(part)
    return ()


def _recipients(message: EmailMessage) -> Iterator[str]:
    for header in ("to", "cc", "delivered-to", "x-original-to"):
        yield from (address for _, address in getaddresses([mime.header(message, header)]) if "@" in address)


def _attachments(message: EmailMessage, *, but: tuple[str, ...]) -> Iterator[Attachment]:
    """`but`: not those of these types."""
    for number, part in enumerate(message.iter_attachments(), 1):
        if but and (part.get_content_type() in but or _file_name(part).lower().endswith(".ics")):
            continue
        name = _file_name(part) or f"attachment {number}"
        inner = mime.parts_of(part)
        if part.get_content_type() == "message/rfc822" and inner:
            yield Attachment(name, "message/rfc822", b"", inner[0])
        elif raw := mime.content(part):
            yield Attachment(name, part.get_content_type(), raw)


def _file_name(part: EmailMessage) -> str:
    try:
        return mime.whole_characters(part.get_filename() or "")
    except (ValueError, LookupError, TypeError):  # as of a name in a charset that there is not
        return ""


def _automatic(message: EmailMessage, sender: str) -> str:
    """RFC 3834 and what mail systems do in practice."""
    if message.get_content_type() == "multipart/report" or mime.header(message, "return-path").strip() == "<>":
        return "bounce"
    if sender.lower().startswith(("mailer-daemon@", "postmaster@")):
        return "bounce"
    submitted = mime.header(message, "auto-submitted").lower().split(";")[0].strip()
    if submitted not in ("", "no") or "x-autoreply" in message or "x-autorespond" in message:
        return "auto-reply"
    if mime.header(message, "precedence").lower() in _BULK or "list-id" in message:
        return "bulk mail"
    return ""
