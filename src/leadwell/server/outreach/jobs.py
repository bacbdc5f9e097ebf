"""What outreach does every so often: read what came back, and tell of what needs somebody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.core.exceptions import ImproperlyConfigured
from django.db.models import Min
from django.utils import timezone

from leadwell.formats.bounces import CLASSES
from leadwell.server.access.models import Organization
from leadwell.server.alerts.actions import Cause, hold
from leadwell.server.base.imap import MOST_BYTES, Mail, Trouble, unseen
from leadwell.server.base.logs import log
from leadwell.server.outreach.channels.email.settings import bounce_mailbox
from leadwell.server.outreach.models import Message, State
from leadwell.server.outreach.returned import Unreadable, take

_LOG: Final = log("leadwell.outreach")


def read_bounces() -> int:
    """Takes what is new in the mailbox that mail comes back to; returns how many mails. Trouble with it is told, and
    how many mails there wait for a person."""
    try:
        given = bounce_mailbox()
        taken = 0
        if given["host"]:
            taken = _read(given)
        else:
            _told("unread-bounces", 0, {})
    except (Trouble, ImproperlyConfigured) as trouble:
        _LOG.error("the mailbox of bounces could not be read", trouble=str(trouble))
        _told("bounces", 1, {"trouble": str(trouble)})
        return 0
    _told("bounces", 0, {})
    return taken


def _read(given: Mapping[str, Any]) -> int:
    """Each of its mails by itself: what is wrong with one of them holds up no other."""
    taken = 0
    with unseen(given) as new:
        for mail in new:
            (mail.seen if _taken(mail) else mail.set_aside)()
            taken += 1
        aside = new.how_many_aside()
        _told("unread-bounces", aside, {"count": aside})
    return taken


def _taken(mail: Mail) -> bool:
    """Whether it was understood. Of one that is too large only the beginning is here: where that says nothing, the
    rest may."""
    try:
        told = take(mail.body)
    except Unreadable:
        return False
    return mail.size <= MOST_BYTES or told in CLASSES


def _told(kind: str, size: int, codes: Mapping[str, Any]) -> None:
    """One mailbox serves every organisation, so each is told; of nothing, where `size` is 0."""
    causes = [Cause("bounces", timezone.now(), size, codes)] if size else []
    for organization in Organization.objects.all():
        hold(organization.pk, kind, causes)


def watch_outboxes() -> None:
    """Tells of messages that a person must decide about."""
    for organization in Organization.objects.all():
        dead = Message.objects.of(organization).filter(state=State.DEAD)
        count = dead.count()
        since = dead.aggregate(first=Min("created_at"))["first"]
        hold(organization.pk, "outbox", [Cause("dead", since, count, {"count": count})] if count else [])
