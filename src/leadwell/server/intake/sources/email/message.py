"""What does a mail say itself, without what it quotes? And is it written by a person at all?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import getaddresses
from functools import cache
from typing import Any, Final

_FORWARDED: Final = re.compile(
    r"^[ >]*(?:-{2,}\s*(?:Forwarded message|Mensaje reenviado|Original Message|Mensaje original)\s*-{2,}"
    r"|Begin forwarded message:|Inicio del mensaje reenviado:)\s*$",
    re.IGNORECASE | re.MULTILINE,
)
_INNER: Final = re.compile(r"^[ >]*\*?(From|De|Subject|Asunto|Date|Fecha|Sent|Enviado|To|Para|Cc)\*?:\s*(.*)$", re.I)
_QUOTED: Final = re.compile(r"^\s*>")
_ATTRIBUTION: Final = re.compile(r"(?:wrote|escribió|escribio)\s*:\s*$", re.I)
_IDS: Final = re.compile(r"<[^<>\s]+>")


@dataclass(frozen=True)
class Attachment:
    name: str
    media_type: str
    body: bytes


@dataclass(frozen=True)
class Mail:
    """`text`: what its writer wrote, without quotations; of a forwarded mail what was forwarded, and `sender` who wrote
    that. `answers`: the ids of the mails that it answers."""

    id: str
    sender: str
    name: str
    subject: str
    text: str
    answers: tuple[str, ...]
    attachments: tuple[Attachment, ...]
    automatic: str  # why no person wrote it ("bounce", "auto-reply"), or ""


def read_mail(raw: bytes) -> Mail:
    message: Any = BytesParser(policy=policy.default).parsebytes(raw)
    name, sender = _sender(message)
    subject, text = str(message.get("subject", "")), _text(message)
    inner = _forwarded(text)
    if inner:
        (name, sender), subject, text = inner.sender or (name, sender), inner.subject or subject, inner.text
    else:
        text = unquoted(text)
    return Mail(
        id=str(message.get("message-id", "")).strip(),
        sender=sender,
        name=name,
        subject=_plain_subject(subject),
        text=text.strip(),
        answers=tuple(_IDS.findall(f"{message.get('in-reply-to', '')} {message.get('references', '')}")),
        attachments=tuple(_attachments(message)),
        automatic=_automatic(message, sender),
    )


def _sender(message: EmailMessage) -> tuple[str, str]:
    """Reply-To outranks From: forms that mail to us put the visitor there."""
    for header in ("reply-to", "from"):
        found = [(n, a) for n, a in getaddresses([str(message.get(header, ""))]) if "@" in a]
        if found:
            return found[0]
    return "", ""


def _plain_subject(subject: str) -> str:
    return re.sub(r"^(?:(?:re|fw|fwd|rv|aw)\s*:\s*)+", "", subject.strip(), flags=re.IGNORECASE)


def _text(message: EmailMessage) -> str:
    part = message.get_body(preferencelist=("plain", "html"))
    if part is None:
        return ""
    try:
        content = str(part.get_content())
    except (LookupError, UnicodeDecodeError, ValueError):  # an unknown charset
        raw = part.get_payload(decode=True)
        content = raw.decode("utf-8", errors="replace") if isinstance(raw, bytes) else ""
    return _of_html(content) if part.get_content_type() == "text/html" else content.replace("\r\n", "\n")


def _of_html(html: str) -> str:
    from bs4 import BeautifulSoup  # noqa: PLC0415  only where a mail has no plain text

    soup = BeautifulSoup(html, "html.parser")
    for part in soup(["script", "style", "head", "blockquote"]):
        part.decompose()
    for part in soup.select(".gmail_quote, #divRplyFwdMsg, .moz-cite-prefix"):
        part.decompose()
    for line_break in soup.find_all(["br", "p", "div", "tr", "li"]):
        line_break.append("\n")
    return re.sub(r"\n[ \t\n]*\n", "\n\n", soup.get_text())


@cache
def _replies() -> Any:
    from mailparser_reply import EmailReplyParser  # noqa: PLC0415  costs every worker else

    return EmailReplyParser(languages=["en", "es"])


def unquoted(text: str) -> str:
    """What is written above (or between) what is quoted."""
    latest = str(_replies().parse_reply(text) or "")
    lines = [line for line in latest.split("\n") if not _QUOTED.match(line)]
    while lines and (not lines[-1].strip() or _ATTRIBUTION.search(lines[-1])):
        lines.pop()
    return "\n".join(lines) or text


@dataclass(frozen=True)
class _Inner:
    sender: tuple[str, str] | None
    subject: str
    text: str


def _forwarded(text: str) -> _Inner | None:
    found = _FORWARDED.search(text)
    if not found:
        return None
    note, lines = text[: found.start()].strip(), text[found.end() :].strip("\n").split("\n")
    headers: dict[str, str] = {}
    while lines and (match := _INNER.match(lines[0])):
        headers[match[1].lower()] = match[2].strip()
        lines.pop(0)
    whom = [(n, a) for n, a in getaddresses([headers.get("from") or headers.get("de", "")]) if "@" in a]
    body = "\n".join(re.sub(r"^> ?", "", line) for line in lines)
    said = "\n\n".join(part for part in (body.strip(), note) if part)
    return _Inner(whom[0] if whom else None, headers.get("subject") or headers.get("asunto", ""), said)


def _attachments(message: EmailMessage) -> Iterator[Attachment]:
    for part in message.iter_attachments():
        if part.get_content_type() == "message/rfc822":
            inner = part.get_content()
            yield Attachment("mail.eml", "message/rfc822", bytes(inner))
            continue
        raw = part.get_payload(decode=True)
        if isinstance(raw, bytes) and raw:
            yield Attachment(part.get_filename() or "", part.get_content_type(), raw)


def _automatic(message: EmailMessage, sender: str) -> str:
    """RFC 3834 and what mail systems do in practice."""
    if message.get_content_type() == "multipart/report" or str(message.get("return-path", "")).strip() == "<>":
        return "bounce"
    if sender.lower().startswith(("mailer-daemon@", "postmaster@")):
        return "bounce"
    submitted = str(message.get("auto-submitted", "no")).lower().split(";")[0].strip()
    if submitted not in ("", "no") or message.get("x-autoreply") or message.get("x-autorespond"):
        return "auto-reply"
    if str(message.get("precedence", "")).lower() in ("auto_reply", "bulk", "junk", "list") or message.get("list-id"):
        return "bulk mail"
    return ""
