"""What does a bounce say that is no report: the plain words of qmail, Exim, Exchange and many others?

Only of a mail that a server wrote: from nobody, from its own address, or with a header that none but servers set. What
a person wrote is never a bounce, whatever stands in it.
"""

from __future__ import annotations

import html
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
    r"mail delivery failed|could not be delivered|delivery incomplete|"
    r"no se ha podido entregar|no se pudo entregar|no entregado|rechazado"
)
_COPY: Final = re.compile(r"(?im)^-{3,}.*(?:copy|original|forwarded|returned).*$|^received:|^return-path:")
_WAITS: Final = re.compile(
    r"(?i)not yet been delivered|attempts will continue|will (?:keep|continue) (?:on )?trying|do not need to resend|"
    r"warning: (?:could not send|message .* delayed)|delivery (?:status notification \()?delay"
)


def words(parts: list[EmailMessage]) -> str:
    """The readable text, its beginning."""
    texts = [_text(part) for part in parts if part.get_content_type() in ("text/plain", "text/html")]
    return "\n".join(texts)[:_MOST]


def _text(part: EmailMessage) -> str:
    said = mime.text(part, _MOST)
    if part.get_content_type() != "text/html":
        return said
    return html.unescape(re.sub(r"<[^>]*>", "", re.sub(r"<(?:br|/p|/div|/tr)[^>]*>", "\n", said)))


def told(mail: EmailMessage, parts: list[EmailMessage]) -> Told:
    """Raises NotReturned."""
    failed, subject = mime.header(mail, "X-Failed-Recipients"), mime.header(mail, "Subject")
    if not failed and not _from_a_server(mail):
        raise NotReturned("a mail of somebody, or an automatic answer")
    own = _own(words(parts))
    if _WAITS.search(f"{subject}\n{own}"):
        raise NotReturned("a warning that it waits, and is still tried")
    for said in (reason(parts), subject):
        try:
            kind, status = class_of("", said)
        except LookupError:
            continue
        address = next((found for text in (failed, said, own) if (found := ADDRESS.search(text))), None)
        return Told(kind, status, address[0].strip(":;.()[]'").lower() if address else "")
    raise NotReturned("a server's mail that gives no reason")


def _from_a_server(mail: EmailMessage) -> bool:
    by_none = mail.get("Return-Path") is not None and mime.header(mail, "Return-Path").strip() in ("<>", "")
    says_so = bool(_FAILED.search(mime.header(mail, "Subject")))
    return bool(_SERVERS.search(mime.header(mail, "From"))) or (by_none and says_so)


def reason(parts: list[EmailMessage]) -> str:
    """What is said of the failure: the paragraphs that hold a code, all of it where none does."""
    own = _own(words(parts))
    return "\n".join(one for one in re.split(r"\n\s*\n", own) if ENHANCED.search(one)) or own


def _own(says: str) -> str:
    """Up to the copy of what was sent."""
    return _COPY.split(says, maxsplit=1)[0]
