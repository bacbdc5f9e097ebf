"""How is a mailbox read? By IMAP over TLS: what is unseen is kept, then marked as seen.

A mail that could not be kept stays unseen and comes again; one that comes again is recognised by its content.
"""

from __future__ import annotations

import imaplib
import ssl
from collections.abc import Mapping
from typing import Any, Final

from leadwell.server.base.logs import log
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.models import Source
from leadwell.server.intake.sources.email.listener import MEDIA_TYPE, MOST_BYTES

_MOST: Final = 200
_TIMEOUT: Final = 30
_LOG: Final = log("leadwell.intake.imap")


def fetch(source: Source, settings: Mapping[str, Any]) -> int:
    """Takes what is new in the mailbox of `settings` (`host`, `port`, `user`, `password`, `folder`, `plain`); returns
    how many mails. Raises OSError or imaplib.IMAP4.error, which say nothing of a mail."""
    with _connection(settings) as box:
        box.login(str(settings["user"]), str(settings["password"]))
        box.select(str(settings.get("folder") or "INBOX"))
        _, (numbers,) = box.search(None, "UNSEEN")
        taken = [number for number in numbers.split()[:_MOST] if _take(box, number, source)]
    return len(taken)


def _connection(settings: Mapping[str, Any]) -> imaplib.IMAP4:
    host, port = str(settings["host"]), int(settings.get("port") or 0)
    if settings.get("plain"):  # on this machine alone
        return imaplib.IMAP4(host, port or 143, timeout=_TIMEOUT)
    return imaplib.IMAP4_SSL(host, port or 993, ssl_context=ssl.create_default_context(), timeout=_TIMEOUT)


def _take(box: imaplib.IMAP4, number: bytes, source: Source) -> bool:
    _, found = box.fetch(number.decode(), "(BODY.PEEK[])")
    body = next((part[1] for part in found if isinstance(part, tuple)), b"")
    if not body or len(body) > MOST_BYTES:
        _LOG.warning("a mail was passed over", source=source.pk, size=len(body))
        return False
    accept(source.organization_id, source.pk, [Delivery(bytes(body), media_type=MEDIA_TYPE, key=_key(box, number))])
    box.store(number.decode(), "+FLAGS", "\\Seen")
    return True


def _key(box: imaplib.IMAP4, number: bytes) -> str:
    """A mail's place in its mailbox for ever: UIDVALIDITY and UID."""
    _, found = box.fetch(number.decode(), "(UID)")
    uid = found[0].split()[-1].rstrip(b")").decode() if found and isinstance(found[0], bytes) else number.decode()
    validity = box.response("UIDVALIDITY")[1][0]
    return f"imap/{validity.decode() if validity else ''}/{uid}"
