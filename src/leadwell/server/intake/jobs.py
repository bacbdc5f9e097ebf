"""What intake does every so often: read the mailboxes, forget what never became a lead."""

from __future__ import annotations

import imaplib
from datetime import timedelta
from typing import Final

from django.utils import timezone

from leadwell.server.access.models import Organization
from leadwell.server.base.logs import log
from leadwell.server.intake.models import Source, State, Submission
from leadwell.server.intake.queries import settings_of
from leadwell.server.intake.sources.email.mailbox import fetch

# State -> how long it is kept sealed. What waits for a person waits a year; a lead is kept as the playbook says.
UNREAD_FOR: Final = {
    State.REFUSED: timedelta(days=30),
    State.NOT_A_LEAD: timedelta(days=90),
    State.NEEDS_MENDING: timedelta(days=365),
    State.SET_ASIDE: timedelta(days=365),
}
_LOG: Final = log("leadwell.intake")


def read_mailboxes() -> int:
    """Takes what is new in every mailbox; one that does not answer is said, and holds up no other."""
    taken = 0
    for organization in Organization.objects.all():
        for source in Source.objects.of(organization).filter(kind="email", closed_at=None):
            settings = settings_of(source)
            if settings.get("host"):
                taken += _read(source, settings)
    return taken


def _read(source: Source, settings: dict[str, object]) -> int:
    try:
        return fetch(source, settings)
    except (OSError, imaplib.IMAP4.error) as error:
        _LOG.error("a mailbox does not answer", source=source.pk, error=type(error).__name__)
        return 0


def forget_unread() -> int:
    """Empties what came long ago and never became a lead; that it came stays, so that the ledger still closes."""
    count = 0
    for organization in Organization.objects.all():
        for state, span in UNREAD_FOR.items():
            old = Submission.objects.of(organization).filter(state=state, received_at__lt=timezone.now() - span)
            count += old.exclude(sealed=b"").update(sealed=b"", mended=None)
    return count
