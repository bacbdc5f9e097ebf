"""What does a worker do every so often, beside draining the inbox?"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.utils import timezone

from leadwell.server.access.models import Organization
from leadwell.server.base.recurring import Job
from leadwell.server.intake.jobs import forget_refused, read_mailboxes
from leadwell.server.leads.retention import retire
from leadwell.server.playbooks.queries import NoPlaybook, in_force
from leadwell.server.privacy.trail import anchor
from leadwell.server.signin.actions import throw_away_old
from leadwell.server.signin.sessions import SessionStore


def retire_old() -> None:
    """Erases what each organisation's policy keeps no longer."""
    for organization in Organization.objects.all():
        try:
            _, playbook = in_force(organization)
        except NoPlaybook:
            continue
        retire(organization.pk, playbook, now=timezone.now())


def anchor_trails() -> None:
    for organization in Organization.objects.all():
        anchor(organization.pk)


def throw_away_old_drafts() -> None:
    for organization in Organization.objects.all():
        throw_away_old(organization)


def forget_sessions() -> None:
    """Those that have ended."""
    SessionStore.clear_expired()


JOBS: Final = {
    "mailboxes": Job(timedelta(minutes=1), read_mailboxes),
    "refused": Job(timedelta(days=1), forget_refused),
    "retention": Job(timedelta(days=1), retire_old),
    "drafts": Job(timedelta(days=1), throw_away_old_drafts),
    "sessions": Job(timedelta(days=1), forget_sessions),
    "anchors": Job(timedelta(hours=1), anchor_trails),
}
