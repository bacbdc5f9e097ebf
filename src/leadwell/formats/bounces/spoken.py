"""What does a bounce say that is no report: the plain words of qmail, Exim, Exchange and many others?

Only of a mail that a server wrote: from nobody, from its own address, or with a header that none but servers set. What
a person wrote is never a bounce, whatever stands in it.
"""

from __future__ import annotations

import re
from email.message import EmailMessage
from typing import Final

from leadwell.formats import mime
from leadwell.formats.bounces.classes import ENHANCED, class_of
from leadwell.formats.bounces.report import ADDRESS, Told
from leadwell.formats.bounces.values import NotReturned

_MOST: Final = 20_000  # characters looked at
_SERVERS: Final = re.compile(r"(?i)\b(?:mailer-daemon|postmaster|mail-daemon|mailerdaemon|microsoftexchange[0-9a-f]*)@")
_FAILED: Final = re.compile(
    r"(?i)undeliver|delivery (?:status|failure|has failed|notification)|failure notice|returned mail|"
    r"mail delivery failed|could not be delivered|delivery incomplete|no se ha podido entregar|no entregado|rechazado"
)
_ANSWERS: Final = re.compile(r"(?i)auto-replied")


def words(parts: list[EmailMessage]) -> str:
    """The readable text, its beginning."""
    texts = [mime.text(part, _MOST) for part in parts if part.get_content_type() in ("text/plain", "text/html")]
    return re.sub(r"<(?:br|/p|/div|/tr)[^>]*>", "\n", "\n".join(texts))[:_MOST]


def told(mail: EmailMessage, parts: list[EmailMessage]) -> Told:
    """Raises NotReturned."""
    failed = mime.header(mail, "X-Failed-Recipients")
    if not failed and not _from_a_server(mail):
        raise NotReturned("a mail of somebody, or an automatic answer")
    says = words(parts)
    said = _about(says)
    try:
        kind, status = class_of("", said)
    except LookupError as error:
        raise NotReturned("a server's mail that gives no reason") from error
    address = ADDRESS.search(failed) or ADDRESS.search(said)
    return Told(kind, status, address[0].strip(":;.()[]'").lower() if address else "")


def _from_a_server(mail: EmailMessage) -> bool:
    if _ANSWERS.search(mime.header(mail, "Auto-Submitted")):
        return False
    sent_by_none = mail.get("Return-Path") is not None and mime.header(mail, "Return-Path").strip() in ("<>", "")
    servers = bool(_SERVERS.search(mime.header(mail, "From")))
    return (servers or sent_by_none) and bool(servers or _FAILED.search(mime.header(mail, "Subject")))


def _about(says: str) -> str:
    """What is said of the failure: up to the copy of what was sent, from the paragraph that holds a code."""
    own = re.split(r"(?im)^-{3,}.*(?:copy|original|forwarded|returned).*$|^received:|^return-path:", says, maxsplit=1)[
        0
    ]
    paragraphs = [one for one in re.split(r"\n\s*\n", own) if ENHANCED.search(one)]
    return "\n".join(paragraphs) or own
