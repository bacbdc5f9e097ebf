"""What do outcomes show on the page of a lead? How far it came, and the keys that say what became of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from leadwell.playbook import Playbook
from leadwell.server.access.queries import names_of_users
from leadwell.server.access.roles import May
from leadwell.server.leads import telling
from leadwell.server.leads.beside import Part, Seen
from leadwell.server.leads.models import Lead
from leadwell.server.leads.queries import asked_again
from leadwell.server.leads.verifying import UNDO_WITHIN
from leadwell.server.outcomes.actions import Became
from leadwell.server.outcomes.models import Ease, Outcome
from leadwell.server.outcomes.queries import outcomes_of, word_of
from leadwell.server.outcomes.stages import ENDS, Stage, because, says, stages, to_record, usual_reason, word
from leadwell.server.playbooks.queries import policy_now


@dataclass(frozen=True)
class Choice:
    """`reasons`: whether one must be chosen; else it has none, or the usual one."""

    value: str
    word: str
    key: str
    reasons: bool = False


@dataclass(frozen=True)
class Noted:
    number: UUID
    says: str
    at: datetime
    by: str
    ease: str
    word: str | None
    undone: bool
    corrects: bool


@dataclass(frozen=True)
class Shown:
    """By the policy in force, whichever judged the lead: what is offered is taken, by the same keys on every lead of a
    type. `now`: how it stands, `last`: what it became last, '' where nothing was noted; `undo`: that, while who looks
    can take it back; `seen`: what was noted last, also where it was taken back."""

    lead: UUID
    may: bool
    now: str
    last: str
    stages: tuple[Stage, ...]
    choices: tuple[Choice, ...]
    reasons: tuple[tuple[str, str], ...]
    eases: tuple[tuple[str, str], ...]
    noted: tuple[Noted, ...]
    undo: UUID | None
    undo_at: datetime | None
    seen: UUID | None


def parts(seen: Seen) -> Iterator[Part]:
    yield Part("now", "outcomes/card.html", shown(seen))


def shown(seen: Seen) -> Shown:
    lead, ours = seen.lead, seen.lead.organization_id
    rows, policy = outcomes_of(ours, lead.pk), policy_now(ours) or seen.playbook
    names = names_of_users(ours) if rows else {}
    last = next((one for one in rows if one.undone_at is None), None)
    mine = last is not None and last.by == seen.member.actor and last.noted_at >= timezone.now() - UNDO_WITHIN
    may = seen.member.may(May.RECORD_OUTCOME) and seen.visible
    return Shown(
        lead=lead.pk,
        may=may,
        now=_now(lead, last) if last else "",
        last=says(last) if last else "",
        stages=stages(lead, policy),
        choices=_choices(policy, lead.type) if may else (),
        reasons=tuple((one, because(one)) for one in policy.reasons),
        eases=tuple((str(one.value), str(one.label)) for one in Ease),
        noted=tuple(_noted(one, names.get(one.by, "A program"), visible=seen.visible) for one in rows),
        undo=last.pk if last and mine and may else None,
        undo_at=last.noted_at if last else None,
        seen=max(rows, key=lambda one: one.noted_at).pk if rows else None,
    )


@dataclass(frozen=True)
class Clash:
    """What somebody noted from a page that did not show what a colleague had noted. `yours`, `theirs`: in words;
    `said`: what would be noted."""

    lead: UUID
    by: str
    at: datetime
    theirs: str
    yours: str
    seen: UUID
    said: Became


def clash(one: Outcome, said: Became) -> Clash:
    by = names_of_users(one.organization_id).get(one.by, "A program")
    yours = f"{word(said.became)}{f': {telling.reason(said.reason)}' if said.reason else ''}"
    return Clash(one.lead_id, by, one.at, says(one), yours, one.pk, said)


def _choices(policy: Playbook, kind: str) -> tuple[Choice, ...]:
    keys = (str(number) for number in range(1, 10))
    found = [Choice(one, word(one), next(keys, "")) for one in to_record(policy, kind)]
    for one in ENDS:
        found.append(Choice(one, word(one), next(keys, ""), reasons=not usual_reason(one, policy)))
    return tuple(found)


def _now(lead: Lead, last: Outcome) -> str:
    """What it became; of one that they have opened again since, that it is open."""
    since = asked_again(lead.organization_id, [lead.pk]).get(lead.pk) if last.ends else None
    return f"Open again, after: {says(last)}" if since is not None and last.at < since else says(last)


def _noted(one: Outcome, by: str, *, visible: bool) -> Noted:
    ease = str(Ease(one.ease).label) if one.ease else ""
    said = word_of(one) if visible else ""
    return Noted(one.pk, says(one), one.at, by, ease, said, one.undone_at is not None, one.corrects is not None)
