"""Acknowledge danger, say what two are, take that back. Of two people who decide at once one wins, and the other is
told. (promises A8, C18)"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from leadwell.server.consent.actions import join, join_again, part_these
from leadwell.server.consent.settling import settle
from leadwell.server.leads.models import Lead
from leadwell.server.leads.noting import note
from leadwell.server.leads.since import said_so_far
from leadwell.server.people.models import Doubt
from leadwell.server.people.reviewing import decide, reopen
from leadwell.server.privacy.trail import record


def acknowledge(organization: int, number: UUID, *, actor: str, said: int | None = None) -> bool:
    """False where somebody has, or nothing sounds like danger. `said`: what of theirs the page showed on which it is
    said (`leads.since`): what came later nobody has seen yet."""
    now = timezone.now()
    with transaction.atomic():
        ours = Lead.objects.of(organization).filter(pk=number, person__isnull=False, acknowledged_at=None)
        lead = ours.exclude(safety="").select_for_update(of=("self",)).first()
        if lead is None:
            return False
        codes = {"safety": lead.safety}
        if said is not None and said_so_far(organization, [number]).get(number, 0) > said:
            codes["why"] = "earlier"
        else:
            ours.update(acknowledged_at=now, acknowledged_by=actor)
        note(lead, "danger.acknowledged", actor=actor, at=now, codes=codes)
        record(organization, actor, "danger.acknowledged", f"lead/{number}")
    return True


def say(organization: int, doubt: Doubt, said: str, *, actor: str) -> int | None:
    """How many messages will not be sent because of it; None where somebody was first. Raises CannotLink."""
    cancelled = 0
    with transaction.atomic():
        if not decide(organization, doubt.pk, said, actor=actor):
            return None
        if said == Doubt.Said.SAME:
            cancelled = join(organization, doubt.one, doubt.other, actor=actor)
        else:
            part_these(organization, doubt.one, doubt.other, actor=actor)
    settle(organization, (doubt.one, doubt.other))
    return cancelled


def ask_again(organization: int, number: UUID, *, actor: str) -> bool:
    """What was said of two is taken back, with what that did to their link. False where nothing is said of them any
    more."""
    with transaction.atomic():
        was = reopen(organization, number, actor=actor)
        if was is None:
            return False
        if was.said == Doubt.Said.SAME:
            part_these(organization, was.one, was.other, actor=actor)
        else:
            join_again(organization, was, actor=actor)
    settle(organization, (was.one, was.other))
    return True
