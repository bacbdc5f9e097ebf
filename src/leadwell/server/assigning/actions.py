"""Give the leads that wait for somebody of their team to whoever's turn it is: one decision for all of a round.

Whoever decides holds the leads first and then the turns of their teams, in the order of their names, so that of two
workers each counts what the other has given.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from leadwell.routing.assigning import Asked, Choice, Round, Why
from leadwell.server.assigning.crews import OPEN, Crew, crews, loads, with_one_more
from leadwell.server.assigning.licences import states
from leadwell.server.assigning.models import Decision, Turns
from leadwell.server.base import bulk
from leadwell.server.base.ids import new_id
from leadwell.server.leads.models import Lead
from leadwell.server.openings.queries import board
from leadwell.server.openings.saying import elsewhere
from leadwell.server.playbooks.queries import policy_now
from leadwell.server.worklist import handing
from leadwell.server.worklist.models import Lane, Responsible, Waiting

ROUND: Final = 200  # leads a transaction
_VAIN: Final = 2  # rounds
_AGAIN: Final = timedelta(minutes=5)  # where many wait, what was tried twice in vain lets others go before
_NEW: Final = {"nobody": False}
_CODES: Final = {why: why.name.lower() for why in Why}
_READ: Final = ("organization", "queue", "type", "service", "location", "chosen_location", "wanted_by", "disposition",
                "safety", "language", "received_at", "due_at", "warns_at", "current")  # fmt: skip
_TO_GIVE: Final = tuple(lane for lane in OPEN if lane != Lane.AGAIN)


@dataclass(frozen=True)
class _Given:
    """A lead and what was chosen for it; `instead`: as of a decision."""

    row: Waiting
    choice: Choice
    instead: Mapping[str, Any]

    @property
    def user(self) -> int | None:
        return int(self.choice.chosen) if self.choice.chosen else None


def give_out(organization: int, *, now: datetime | None = None, new: bool = False) -> int:
    """Returns how many were given. What nobody can take stays with its team, and is tried again; `new`: not now.

    What was never tried goes first. After two rounds in which nobody could take anything the others wait for the next
    pass: however many there are, they keep a worker from nothing else.
    """
    now = now or timezone.now()
    waits = Waiting.objects.of(organization).filter(give_at__lte=now, **_NEW if new else {})
    policy = policy_now(organization) if waits.exists() else None
    if policy is None:
        return 0
    there, given, vain = crews(organization, policy, now), 0, 0
    waits.exclude(lead__queue__in=list(there)).update(give_at=None, nobody=False)
    for crew in there.values():
        if crew.is_idle(now):
            waits.filter(lead__queue=crew.team, nobody=True).update(give_at=crew.next_try(now))
    while vain < _VAIN and (some := _round(waits, organization, there, now)) is not None:
        given += some
        vain = 0 if some else vain + 1
    return given


def asked_now(lead: Lead, now: datetime) -> Choice | None:
    """Who could take it now, and of everybody else why not; nothing is given. None where its team gives nothing."""
    ours = lead.organization_id
    policy = policy_now(ours)
    there = crews(ours, policy, now) if policy is not None else {}
    if lead.queue not in there:
        return None
    (made,) = _chosen(ours, [Waiting(lead=lead)], there, {lead.queue: Turns(team=lead.queue)}, now)
    return made.choice


def wake(organization: int, teams: Collection[str], *, now: datetime | None = None) -> None:
    """Somebody of these teams works again, or takes on more: what nobody has is tried anew."""
    free = Waiting.objects.of(organization).filter(lead__owner=None, lead__queue__in=teams, lane__in=_TO_GIVE)
    free.update(give_at=now or timezone.now())


def _round(waits: QuerySet[Waiting], organization: int, there: Mapping[str, Crew], now: datetime) -> int | None:
    """How many were given of the next few; None where none is left."""
    with transaction.atomic():
        rows = _held(waits, there)
        if not rows:
            return None
        turns = hold_turns(organization, {row.lead.queue for row in rows})
        made = _chosen(organization, rows, there, turns, now)
        given_by = {one.row.lead.queue for one in made if one.choice.chosen}
        bulk.update([turn for team, turn in turns.items() if team in given_by], ("owed",))
        _write(made, there, now)
    return sum(one.user is not None for one in made)


def _held(waits: QuerySet[Waiting], there: Mapping[str, Crew]) -> list[Waiting]:
    """Who costs most first. One that somebody is about to change is passed over.

    Whoever has none is excluded, not asked for: SQLite would otherwise begin with all leads that nobody has.
    """
    ours = waits.filter(lane__in=_TO_GIVE, lead__queue__in=list(there)).exclude(lead__owner__isnull=False)
    ours = ours.select_related("lead").only("nobody", *(f"lead__{name}" for name in _READ))
    return list(ours.select_for_update(of=("lead",), skip_locked=True).order_by("nobody", "-cost", "pk")[:ROUND])


def hold_turns(organization: int, teams: Collection[str]) -> dict[str, Turns]:
    """Until the caller's transaction ends nobody else chooses for these teams."""
    names = sorted(teams)
    ours = Turns.objects.of(organization).filter(team__in=names)
    missing = set(names) - set(ours.values_list("team", flat=True))
    new = [Turns(organization_id=organization, team=name) for name in names if name in missing]
    if new:
        Turns.objects.bulk_create(new, ignore_conflicts=True)
    return {one.team: one for one in ours.select_for_update().order_by("team")}


def _chosen(
    organization: int, rows: Sequence[Waiting], there: Mapping[str, Crew], turns: Mapping[str, Turns], now: datetime
) -> list[_Given]:
    users = {int(one.key) for crew in there.values() for one in crew.people}
    have, had = loads(organization, users), _had(organization, [row.pk for row in rows])
    licensed = states(organization, [row.lead for row in rows if there[row.lead.queue].asks_for_licences])
    policy = policy_now(organization)
    known = board(organization, policy, now) if policy is not None else None
    seed, made = str(organization), []
    rounds = {team: Round(there[team].as_it_stands(have, turn.owed, seed), now) for team, turn in turns.items()}
    for row in rows:
        lead = row.lead
        instead = elsewhere(lead, known) if known is not None else {}
        asked = _asked(lead, had.get(lead.pk, ()), licensed.get(lead.pk, ""), instead.get("also", ()))
        choice = rounds[lead.queue].choose(asked)
        if choice.chosen:
            have[choice.chosen] = with_one_more(have[choice.chosen], due=lead.due_at is not None)
        made.append(_Given(row, choice, instead))
    for team, turn in turns.items():
        turn.owed = rounds[team].credit
    return made


def _asked(lead: Lead, had: Collection[str], state: str, also: Iterable[str]) -> Asked:
    return Asked(
        key=lead.pk.hex,
        type=lead.type,
        service=lead.service,
        location=lead.goes_to,
        also=frozenset(also),
        language=lead.language,
        state=state,
        needs_licence=bool(state),
        due=lead.due_at,
        had=frozenset(had),
    )


def _had(organization: int, leads: Collection[UUID]) -> dict[UUID, set[str]]:
    """Who had each of them before."""
    found: dict[UUID, set[str]] = defaultdict(set)
    before = Responsible.objects.of(organization).filter(lead__in=leads, user__isnull=False)
    for lead, user in before.values_list("lead", "user"):
        found[lead].add(str(user))
    return found


def _write(made: Sequence[_Given], there: Mapping[str, Crew], now: datetime) -> None:
    given = [(one.row.lead, one.user, handing.goes_back_at(one.row.lead, now)) for one in made if one.user is not None]
    handing.give(given, now)
    _keep([one for one in made if one.user is not None or not one.row.nobody], now)
    soon = {team: crew.next_try(now) for team, crew in there.items()}
    later = []
    for one in made:
        if one.user is None:
            others_wait = one.row.nobody and len(made) == ROUND
            again = soon[one.row.lead.queue]
            later.append((one.row.pk, True, max(again, now + _AGAIN) if others_wait else again))
    bulk.update_values(Waiting, ("nobody", "give_at"), later)


def _keep(made: Sequence[_Given], now: datetime) -> None:
    """With the reasons of everybody else."""
    rows = []
    for one in made:
        lead, passed = one.row.lead, {key: _CODES[why] for key, why in one.choice.passed.items()}
        rows.append((new_id(), lead.organization_id, lead.pk, now, lead.queue, one.user, passed, one.instead))
    bulk.insert_values(Decision, ("id", "organization", "lead", "at", "team", "chosen", "passed", "instead"), rows)
