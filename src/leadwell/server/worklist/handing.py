"""Give leads to people, and take them back for their teams: many at once, in a number of questions that does not grow.

In the caller's transaction, which holds the leads.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from leadwell.server.base import bulk
from leadwell.server.base.ids import new_id
from leadwell.server.leads.models import Event, Lead
from leadwell.server.privacy.trail import record_all, record_each
from leadwell.server.worklist.changing import changed
from leadwell.server.worklist.followed import all_responsible
from leadwell.server.worklist.models import Waiting

UNTOUCHED: Final = timedelta(minutes=15)  # then a lead that was taken goes back
_UNDATED: Final = timedelta(days=1)  # so long something of which nothing is due may lie with somebody
_TAKEN: Final = frozenset({"lead.taken", "lead.given"})
_FREE: Final = {"owner": None, "back_at": None, "given_at": None, "nobody": False}


@dataclass(frozen=True)
class By:
    """Who does it: as the trail has it, and the number of their user; None where a worker does."""

    actor: str = "worker"
    user: int | None = None


WORKER = By()


def give(given: Sequence[tuple[Lead, int, datetime]], at: datetime, by: By = WORKER) -> None:
    """Each lead to somebody, and when it is looked whether they have begun it."""
    if not given:
        return
    ours = given[0][0].organization_id
    for lead, user, _ in given:
        lead.owner_id = user
    bulk.update_values(Lead, ("owner",), [(lead.pk, user) for lead, user, _ in given])
    all_responsible([(lead, lead.queue, user) for lead, user, _ in given], at, by=by.user)
    rows = [(lead.pk, user, back, at, None, False) for lead, user, back in given]
    bulk.update_values(Waiting, ("owner", "back_at", "given_at", "give_at", "nobody"), rows)
    _happened("lead.given", [(lead, {"to": user}) for lead, user, _ in given], at, by)
    record_all(ours, by.actor, "lead.given", [(f"lead/{lead.pk}", {"to": f"user:{user}"}) for lead, user, _ in given])
    changed(ours)


def keep(kept: Sequence[tuple[Lead, int]], at: datetime) -> None:
    """Leads that are being written, each with whoever brought it and has begun it. It is in the trail that they did; in
    a transaction that writes leads nothing else is."""
    if not kept:
        return
    for lead, user in kept:
        lead.owner_id = user
    bulk.update_values(Lead, ("owner",), [(lead.pk, user) for lead, user in kept])
    all_responsible([(lead, lead.queue, user) for lead, user in kept], at)
    rows = [(lead.pk, user, at + UNTOUCHED, None, None, False) for lead, user in kept]
    bulk.update_values(Waiting, ("owner", "back_at", "given_at", "give_at", "nobody"), rows)
    for lead, user in kept:
        _happened("lead.taken", [(lead, {})], at, By(user=user))


def take_back(leads: Sequence[Lead], why: str, at: datetime, by: By = WORKER) -> None:
    """To their teams, which give them to somebody else. `why`: a code, '' for none."""
    if not leads:
        return
    ours, numbers = leads[0].organization_id, [lead.pk for lead in leads]
    Lead.objects.of(ours).filter(pk__in=numbers).update(owner=None)
    all_responsible([(lead, lead.queue, None) for lead in leads], at, by=by.user)
    codes = {"why": why} if why else {}
    _happened("lead.released", [(lead, codes) for lead in leads], at, by)
    record_each(ours, by.actor, "lead.released", [f"lead/{one}" for one in numbers], codes)
    Waiting.objects.of(ours).filter(lead__in=numbers).update(**_FREE, give_at=at)
    changed(ours)


def goes_back_at(lead: Lead, now: datetime) -> datetime:
    """When it goes back to its team where whoever it is given to has not begun it: once it is nearly late."""
    return max(now + UNTOUCHED, lead.warns_at or now + _UNDATED)


def touched(organization: int, owners: Mapping[UUID, int]) -> set[UUID]:
    """Of these leads with their owners: those with which the owner has done anything since they have it."""
    since: dict[UUID, datetime] = {}
    did: dict[UUID, list[datetime]] = defaultdict(list)
    told = Event.objects.of(organization).filter(lead__in=owners).order_by("at")
    for lead, name, at, by in told.values_list("lead", "name", "at", "by"):
        if name in _TAKEN:
            since[lead] = at
        elif by == owners[lead]:
            did[lead].append(at)
    return {lead for lead in owners if lead not in since or any(at >= since[lead] for at in did[lead])}


def held(organization: int, leads: Collection[UUID], *, owner: int) -> list[Lead]:
    """Those that `owner` has; nobody else changes them until the transaction ends."""
    ours = Lead.objects.of(organization).select_for_update().filter(pk__in=leads, owner=owner).defer("sealed")
    return list(ours.order_by("pk"))


def _happened(name: str, told: Sequence[tuple[Lead, Mapping[str, object]]], at: datetime, by: By) -> None:
    bulk.insert_values(
        Event,
        ("id", "organization", "lead", "name", "version", "at", "by", "codes"),
        [(new_id(), lead.organization_id, lead.pk, name, 1, at, by.user, codes) for lead, codes in told],
    )
