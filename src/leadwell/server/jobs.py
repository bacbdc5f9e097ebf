"""What does a worker do every so often, beside draining the inbox?"""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Final

from django.db import DatabaseError
from django.utils import timezone

from leadwell.server.access.models import Organization
from leadwell.server.alerts.actions import Cause, hold
from leadwell.server.assigning.actions import give_out
from leadwell.server.assigning.crediting import welcome_back
from leadwell.server.assigning.replanning import plan_absences
from leadwell.server.assigning.watching import watch_for_nobody
from leadwell.server.base.logs import log
from leadwell.server.base.recurring import MORE, Job
from leadwell.server.base.tallies import fold
from leadwell.server.consent import alarms as doubted
from leadwell.server.consent.actions import forget_late, forget_old_look_ups, forget_old_wrong, forget_unmended
from leadwell.server.intake import alarms
from leadwell.server.intake.asking import fetch_answers, look_through_forms
from leadwell.server.intake.jobs import forget_unread, read_mailboxes
from leadwell.server.intake.models import SubmissionTally
from leadwell.server.leads.models import LeadTally
from leadwell.server.leads.retention import retire
from leadwell.server.outreach.jobs import read_bounces, watch_outboxes
from leadwell.server.outreach.privacy import forget_nobodys
from leadwell.server.playbooks.queries import NoPlaybook, in_force, lately_in_force
from leadwell.server.privacy.anchors import anchor
from leadwell.server.privacy.trail import verify
from leadwell.server.reviewing.watching import watch_for_danger
from leadwell.server.signin.actions import throw_away_old
from leadwell.server.signin.sessions import SessionStore
from leadwell.server.typed_in.actions import put_all_through
from leadwell.server.worklist.answering import learn
from leadwell.server.worklist.lateness import watch_lateness
from leadwell.server.worklist.sweeping import PAGE, give_back_left, give_back_untouched, refresh

_LOG: Final = log("leadwell.jobs")
_A_MOMENT: Final = 0.2  # seconds
_REGRET: Final = timedelta(days=7)
_ALL_DAYS: Final = 35  # looked through once a day; `leadwell ledger` proves them all


def retire_old() -> None:
    """Erases what each organisation's policy keeps no longer, nor one that was in force within the last week: what was
    published by mistake can be taken back before it has erased anybody."""
    now = timezone.now()
    for organization in Organization.objects.all():
        try:
            _, playbook = in_force(organization)
        except NoPlaybook:
            continue
        retire(organization.pk, playbook, now=now, also=lately_in_force(organization, since=now - _REGRET))


def anchor_trails() -> None:
    for organization in Organization.objects.all():
        anchor(organization.pk)


def throw_away_old_drafts() -> None:
    for organization in Organization.objects.all():
        throw_away_old(organization)


def forget_sessions() -> None:
    """Those that have ended."""
    SessionStore.clear_expired()


def fold_tallies() -> None:
    for model in (LeadTally, SubmissionTally):
        fold(model)


def watch_inboxes() -> None:
    for organization in Organization.objects.all():
        alarms.watch_set_aside(organization)
        alarms.watch_troubles(organization)


def watch_doubts() -> None:
    for organization in Organization.objects.all():
        doubted.watch_doubts(organization)


def watch_sources() -> None:
    for organization in Organization.objects.all():
        alarms.watch_sources(organization)


def watch_ledgers() -> None:
    for organization in Organization.objects.all():
        alarms.watch_ledger(organization, alarms.latest_days(organization, 2))


def prove_ledgers() -> None:
    for organization in Organization.objects.all():
        alarms.watch_ledger(organization, alarms.latest_days(organization, _ALL_DAYS))


def prove_trails() -> None:
    """Reads every trail from its beginning, and tells of one that was altered."""
    for organization in Organization.objects.all():
        verdict = verify(organization.pk)
        codes = {"entry": verdict.broken_at, "says": verdict.says}
        broken = [] if verdict.broken_at is None else [Cause(f"trail/{verdict.broken_at}", timezone.now(), codes=codes)]
        hold(organization.pk, "trail", broken)


def order_worklists() -> object:
    """Places anew what stands otherwise by now, for a moment: at the full hour that may be every lead that is open, and
    what has just come does not wait for all of them."""
    until = time.monotonic() + _A_MOMENT
    for organization in Organization.objects.values_list("pk", flat=True):
        while refresh(organization, most=PAGE).more:
            if time.monotonic() > until:
                return MORE
    return None


def hand_on() -> None:
    """Gives back what was taken and left untouched, and gives out what waits for somebody."""
    put_calls_through()
    for organization in Organization.objects.values_list("pk", flat=True):
        give_back_untouched(organization)
        give_back_left(organization)
        welcome_back(organization)
        plan_absences(organization)
        give_out(organization)


def learn_hours() -> None:
    """At which hours people answer."""
    for organization in Organization.objects.values_list("pk", flat=True):
        learn(organization)


def put_calls_through() -> None:
    """What was typed in is a call with whoever typed it, though their page were closed. Where that fails they are put
    through by their page, or with the worklist."""
    for organization in Organization.objects.values_list("pk", flat=True):
        try:
            put_all_through(organization)
        except DatabaseError:
            raise
        except Exception as error:  # noqa: BLE001  tried again with the worklist
            _LOG.error("calls could not be put through", error=type(error).__name__, exc_info=error)


def give_out_leads() -> None:
    """What has just come. Where that fails the leads wait with their teams, and the worker goes on."""
    for organization in Organization.objects.values_list("pk", flat=True):
        try:
            give_out(organization, new=True)
        except DatabaseError:
            raise
        except Exception as error:  # noqa: BLE001  tried again with the worklist
            _LOG.error("leads could not be given out", error=type(error).__name__, exc_info=error)


def watch_clocks() -> None:
    for organization in Organization.objects.values_list("pk", flat=True):
        watch_lateness(organization)
        watch_for_nobody(organization)
        watch_for_danger(organization)


JOBS: Final = {
    "order": Job(timedelta(seconds=30), order_worklists),
    "worklist": Job(timedelta(seconds=30), hand_on),
    "hours": Job(timedelta(hours=1), learn_hours),
    "lateness": Job(timedelta(seconds=30), watch_clocks),
    "tallies": Job(timedelta(minutes=1), fold_tallies),
    "unread": Job(timedelta(days=1), forget_unread),
    "retention": Job(timedelta(days=1), retire_old),
    "drafts": Job(timedelta(days=1), throw_away_old_drafts),
    "sessions": Job(timedelta(days=1), forget_sessions),
    "anchors": Job(timedelta(hours=1), anchor_trails),
    "set-aside": Job(timedelta(minutes=1), watch_inboxes),
    "outboxes": Job(timedelta(minutes=1), watch_outboxes),
    "doubts": Job(timedelta(minutes=1), watch_doubts),
    "unmended": Job(timedelta(days=1), forget_unmended),
    "nobodys": Job(timedelta(days=1), forget_nobodys),
    "late": Job(timedelta(days=1), forget_late),
    "look-ups": Job(timedelta(days=1), forget_old_look_ups),
    "wrong": Job(timedelta(days=1), forget_old_wrong),
    "quiet": Job(timedelta(minutes=15), watch_sources),
    "ledger": Job(timedelta(minutes=5), watch_ledgers),
    "ledgers": Job(timedelta(days=1), prove_ledgers),
    "trails": Job(timedelta(hours=6), prove_trails),
}
# Others decide how long these take, so they have a turn of their own: nothing of JOBS waits for them, nor any lead.
ELSEWHERE: Final = {
    "mailboxes": Job(timedelta(minutes=1), read_mailboxes),
    "bounces": Job(timedelta(minutes=1), read_bounces),
    "answers": Job(timedelta(seconds=20), fetch_answers),
    "ad-forms": Job(timedelta(minutes=15), look_through_forms),
}
WATCHES: Final = (
    watch_clocks, watch_inboxes, watch_doubts, watch_outboxes, watch_sources, watch_ledgers, prove_ledgers,
    prove_trails,
)  # fmt: skip
