"""How does mail of a mailbox come in? What is unseen is kept, then marked as seen.

A mail is known again by its very bytes, so that one which comes twice (the worker died before it was marked, the
mailbox was numbered anew) is a repeat and no second lead. A mailbox that does not answer is asked again later and
later, and its source says why.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from leadwell.server.base.imap import MOST_BYTES, Trouble, unseen
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.models import Source
from leadwell.server.intake.sources.email.listener import MEDIA_TYPE

__all__ = ["Trouble", "fetch"]


def fetch(source: Source, settings: Mapping[str, Any]) -> int:
    """Takes what is new in the mailbox of `settings`; returns how many mails. Raises Trouble."""
    count = 0
    with unseen(settings) as mails:
        for mail in mails:
            accept(source.organization_id, source.pk, [_delivery(mail.body, mail.size)])
            mail.seen()
            count += 1
    return count


def _delivery(body: bytes, size: int) -> Delivery:
    key = f"imap/{hashlib.sha256(body).hexdigest()}"
    problem = ""
    if size > MOST_BYTES:
        problem = f"a mail of {size:,} bytes; of more than {MOST_BYTES:,} only the beginning is kept: read it there"
    return Delivery(body, media_type=MEDIA_TYPE, key=key, problem=problem)
