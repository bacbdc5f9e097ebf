"""Note what became of a lead: one verb a function. An end always has a reason of the playbook. (promise E27)"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from leadwell.permission.stops import is_stop
from leadwell.playbook import Playbook
from leadwell.server.base.alone import alone
from leadwell.server.base.ids import new_id
from leadwell.server.consent.actions import SaidOtherwise, obey, stop
from leadwell.server.consent.models import Way
from leadwell.server.consent.saying import Saying
from leadwell.server.leads.actions import still_held
from leadwell.server.leads.handing import worked_on
from leadwell.server.leads.models import Lead
from leadwell.server.leads.noting import note
from leadwell.server.leads.queries import asked_again, lead_of
from leadwell.server.leads.since import unseen
from leadwell.server.leads.verifying import UNDO_WITHIN, Gone
from leadwell.server.outcomes.models import Ease, Outcome
from leadwell.server.outcomes.queries import outcome_of, outcomes_of, standing_of, word_of
from leadwell.server.outcomes.stages import ENDS, because, to_record, usual_reason, word
from leadwell.server.playbooks.queries import in_force
from leadwell.server.privacy.sealing import seal_json
from leadwell.server.privacy.tokens import Blind
from leadwell.server.privacy.trail import record

LONGEST_WORD = 500
OPTED_OUT: Final = "opted-out"  # the reason, by the name that every playbook gives it


class CannotBecome(ValueError):  # noqa: N818  says what happened
    """Its message is for the person who tried. `key`: the field at fault; `allowed`: what may stand there, by the
    playbook's names, and `asks`: the message without them; () and '' where it is no choice."""

    def __init__(self, key: str, says: str, allowed: Sequence[str] = (), *, named: Callable[[str], str] = str) -> None:
        super().__init__(f"{says}: {', '.join(map(named, allowed))}." if allowed else says)
        self.key, self.asks, self.allowed = key, says, tuple(allowed)


@dataclass(frozen=True)
class Became:
    """`became`: a stage, or an end with its `reason` ('' takes the usual one). `word`: what made it easy or hard. `at`:
    None for now. `key`: by which the same is said again, so that it counts once.

    `said`: what of theirs the page showed on which it is said (`leads.since`); `seen`: the outcome that was noted last
    when it was shown, by its id, '' for none, where nothing else must have been noted since. None where nobody looked.
    """

    became: str
    reason: str = ""
    ease: str = ""
    word: str = ""
    at: datetime | None = None
    key: str = ""
    said: int | None = None
    seen: str | None = None


class NotedOtherwise(Exception):  # noqa: N818  says what happened
    """Something else has become of it meanwhile: nothing was written. `one`: what was noted last."""

    def __init__(self, one: Outcome) -> None:
        super().__init__()
        self.one = one


def note_outcome(organization: int, number: UUID, said: Became, *, actor: str) -> tuple[Outcome, bool]:
    """The outcome, and whether it is new: a second click says nothing more. Raises Gone, CannotBecome,
    SaidOtherwise, NotedOtherwise."""
    lead, playbook = _held(organization, number)
    one = _row(lead, said, playbook, actor=actor)
    if said.key:
        one.pk = UUID(bytes=Blind(organization).token("outcome", f"{number}/{said.key}"))
    with transaction.atomic():
        alone(organization)  # a second click waits, and finds the first
        if (by_key := outcome_of(organization, number, one.pk)) is not None:
            return _same(by_key, one, said), False
        if (before := _said_before(one, said)) is not None:
            return before, False
        if said.seen is not None and (other := _otherwise(one, said.seen)) is not None:
            raise NotedOtherwise(other)
        _write(lead, one, said, "outcome.noted", actor)
    return one, True


def take_back(organization: int, number: UUID, outcome: UUID, *, actor: str) -> Outcome | None:
    """Whoever noted it undoes it within ten minutes; None where that is not possible. Raises Gone."""
    lead, _ = _held(organization, number)
    one = outcome_of(organization, number, outcome)
    now = timezone.now()
    if one is None or one.by != actor or one.noted_at < now - UNDO_WITHIN:
        return None
    with transaction.atomic():
        if not _mark_undone(one, actor, now):
            return None
        note(lead, "outcome.taken-back", actor=actor, at=now, codes=_codes(one))
        worked_on(organization, number, now)
        record(organization, actor, "outcome.taken-back", f"lead/{number}", _codes(one))
    return one


def correct(organization: int, number: UUID, outcome: UUID, said: Became, *, actor: str) -> Outcome | None:
    """It became something else, says somebody later; the first stays to be read. None where another stands in its place
    already. Raises Gone, CannotBecome."""
    lead, playbook = _held(organization, number)
    was = outcome_of(organization, number, outcome)
    if was is None or was.undone_at:
        return None
    one = _row(lead, said, playbook, actor=actor)
    one.at, one.corrects = said.at or was.at, was.pk
    with transaction.atomic():
        alone(organization)
        if not _mark_undone(was, actor, timezone.now()):
            return None
        _write(lead, one, said, "outcome.corrected", actor)
    return one


def _held(organization: int, number: UUID) -> tuple[Lead, Playbook]:
    lead = lead_of(organization, number)
    if lead is None or not lead.sealed:
        raise Gone
    return lead, in_force(organization)[1]


def _row(lead: Lead, said: Became, playbook: Playbook, *, actor: str) -> Outcome:
    """Checked against the playbook in force. Raises CannotBecome."""
    ends, known = said.became in ENDS, (*to_record(playbook, lead.type), *ENDS)
    if said.became not in known:
        raise CannotBecome("became", "Choose one of", known, named=word)
    usual = usual_reason(said.became, playbook) if ends else ""
    reason = (said.reason or usual) if ends else ""
    if ends and reason not in playbook.reasons:
        says = "Say why, by one of the playbook's reasons"
        raise CannotBecome("reason", says, tuple(playbook.reasons), named=because)
    if usual and reason != usual:
        raise CannotBecome("reason", f"{word(said.became)} has its own reason: leave it out.")
    if said.reason and not ends:
        raise CannotBecome("reason", f"{word(said.became)} needs no reason; only an end has one.")
    if said.ease and said.ease not in Ease:
        raise CannotBecome("ease", "Say easy or hard, or leave it open.")
    if len(said.word) > LONGEST_WORD:
        raise CannotBecome("word", f"Write at most {LONGEST_WORD} characters.")
    now = timezone.now()
    one = Outcome(id=new_id(), organization_id=lead.organization_id, lead=lead, became=said.became, ends=ends)
    one.reason, one.ease, one.by, one.noted_at, one.at = reason, said.ease, actor, now, min(said.at or now, now)
    return one


def _said_before(one: Outcome, said: Became) -> Outcome | None:
    """The same by the same a moment ago; not where they wrote since, and the page shows it."""
    last = next(iter(standing_of(one.organization_id, one.lead_id)), None)
    if last is None or (last.became, last.reason, last.ease, last.by) != (one.became, one.reason, one.ease, one.by):
        return None
    wrote = asked_again(one.organization_id, [one.lead_id]).get(one.lead_id)
    older = said.said is not None and unseen(one.lead, said.said)
    if wrote is not None and last.noted_at < wrote and not older:
        return None
    recent = last.noted_at >= one.noted_at - UNDO_WITHIN and said.at is None and not said.key
    return last if recent and word_of(last) == said.word else None


def _otherwise(one: Outcome, seen: str) -> Outcome | None:
    """What was noted since, stands, and is something else."""
    rows = outcomes_of(one.organization_id, one.lead_id)
    shown = next((row.noted_at for row in rows if str(row.pk) == seen), None)
    later = [row for row in rows if row.undone_at is None and (shown is None or row.noted_at > shown)]
    last = max(later, key=lambda row: row.noted_at, default=None)
    return last if last is not None and (last.became, last.reason) != (one.became, one.reason) else None


def _same(before: Outcome, one: Outcome, said: Became) -> Outcome:
    """What was noted by this key. Raises SaidOtherwise where that was something else."""
    if (before.became, before.reason, before.ease, word_of(before)) != (one.became, one.reason, one.ease, said.word):
        raise SaidOtherwise("This key was used before for another outcome.")
    return before


def _write(lead: Lead, one: Outcome, said: Became, name: str, actor: str) -> None:
    """Raises Gone."""
    alone(one.organization_id)  # first of all, for a stop may stand in it
    if not still_held(one.organization_id, [lead.pk]):
        raise Gone
    if said.word:
        one.sealed = seal_json(one.organization_id, said.word, place=f"outcomes.outcome/{one.pk}")
    one.save(force_insert=True)
    note(lead, name, actor=actor, at=one.noted_at, codes=_codes(one))
    worked_on(one.organization_id, lead.pk, one.noted_at, said=said.said)
    _stopped(lead, one, said)
    record(one.organization_id, actor, name, f"lead/{lead.pk}", _codes(one))


def _stopped(lead: Lead, one: Outcome, said: Became) -> None:
    """Who has opted out, or asks for it in what was noted, is stopped with the row that says so. Once that is taken
    back the stop is still in force, until they permit something again."""
    if lead.person_id is None:
        return
    saying = Saying(Way.STAFF, one.by, said.word, key=f"outcome/{one.pk}")
    if one.reason == OPTED_OUT:
        stop(one.organization_id, lead.person_id, saying)
    elif said.word:
        obey(one.organization_id, lead.person_id, saying, is_stop(said.word))


def _mark_undone(one: Outcome, actor: str, now: datetime) -> bool:
    ours = Outcome.objects.of(one.organization_id).filter(pk=one.pk, undone_at=None)
    return bool(ours.update(undone_at=now, undone_by=actor))


def _codes(one: Outcome) -> dict[str, str]:
    return {"became": one.became} | ({"reason": one.reason} if one.reason else {})
