"""What outreach does every so often: read what came back, and tell of what needs somebody."""

from __future__ import annotations

from typing import Final

from django.db.models import Min
from django.utils import timezone

from leadwell.server import environment
from leadwell.server.access.models import Organization
from leadwell.server.alerts.actions import Cause, hold
from leadwell.server.base.imap import MOST_BYTES, Trouble, unseen
from leadwell.server.base.logs import log
from leadwell.server.outreach.models import Message, State
from leadwell.server.outreach.returned import take

_LOG: Final = log("leadwell.outreach")


def read_bounces() -> int:
    """Takes what is new in the mailbox that mail comes back to; returns how many mails. Trouble with it is told."""
    given = mailbox()
    if not given["host"]:
        return 0
    taken = 0
    try:
        with unseen(given) as mails:
            for mail in mails:
                if mail.size <= MOST_BYTES:
                    take(mail.body)
                mail.seen()
                taken += 1
    except Trouble as trouble:
        _LOG.error("the mailbox of bounces could not be read", trouble=str(trouble))
        _told(str(trouble))
    else:
        _told("")
    return taken


def mailbox() -> dict[str, object]:
    """Where what comes back is read, as the environment says; `host` is '' where nowhere."""
    return {
        "host": environment.text("LEADWELL_BOUNCES_IMAP_HOST"),
        "port": environment.number("LEADWELL_BOUNCES_IMAP_PORT", 993, least=1, most=65535),
        "user": environment.text("LEADWELL_BOUNCES_IMAP_USER"),
        "password": environment.secret("LEADWELL_BOUNCES_IMAP_PASSWORD") or "",
        "folder": environment.text("LEADWELL_BOUNCES_IMAP_FOLDER", "INBOX"),
        "plain": environment.flag("LEADWELL_BOUNCES_IMAP_PLAIN"),
    }


def _told(trouble: str) -> None:
    """One mailbox serves every organisation, so each is told."""
    causes = [Cause("bounces", timezone.now(), codes={"trouble": trouble})] if trouble else []
    for organization in Organization.objects.all():
        hold(organization.pk, "bounces", causes)


def watch_outboxes() -> None:
    """Tells of messages that a person must decide about."""
    for organization in Organization.objects.all():
        dead = Message.objects.of(organization).filter(state=State.DEAD)
        count = dead.count()
        since = dead.aggregate(first=Min("created_at"))["first"]
        hold(organization.pk, "outbox", [Cause("dead", since, count, {"count": count})] if count else [])
