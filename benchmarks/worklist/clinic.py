"""A clinic after two years: so many leads of which some are open, and fifty who work there. Made in columns, and kept.

The product itself writes a lead of each kind (`stories`), from its arrival to its end; the others are told after these
(`retelling`), and a hundred are compared with what the product wrote of the same people.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, Final

import numpy as np
import polars as pl

from benchmarks import writing
from benchmarks.people import people
from benchmarks.worklist.comparing import compare
from benchmarks.worklist.retelling import Frames, Told, retold
from benchmarks.worklist.stories import DANGER, MESSAGES, OFFER, ZIPS, Asker, Plot, models
from benchmarks.worklist.working import CLOSED, OPEN, really, stories

SLUG: Final = "clinic"
STAFF: Final = 50
PAGE: Final = 5_000
YEARS_DAYS: Final = 700
OPEN_DAYS: Final = 10
DOUBTS: Final = 120
_COMPARED: Final = 100
_OF_DANGER: Final = 0.1  # to one of another message
_OFFERS: Final = 0.06  # of the leads, which nobody works


@dataclass(frozen=True)
class Plan:
    """Of each lead, in the order in which they came: its story, who asks, when, and who worked it."""

    story: np.ndarray[Any, np.dtype[np.int64]]
    received: np.ndarray[Any, np.dtype[np.int64]]
    askers: pl.DataFrame

    def told(self, start: int, staff: Sequence[int], epoch: datetime) -> Iterator[Told]:
        page = slice(start, start + PAGE)
        each = zip(self.story[page].tolist(), self.received[page].tolist(), self.askers[page].iter_rows(), strict=True)
        for at, (story, seconds, asker) in enumerate(each, start):
            yield Told(story, at, Asker(*asker), epoch + timedelta(seconds=seconds), staff[at % len(staff)])


def plots() -> list[tuple[Plot, bool]]:
    """Every kind of lead, and whether it is open."""
    asks = [(message, ZIPS[at % len(ZIPS)]) for at, message in enumerate(MESSAGES)]
    found = [(Plot(*one, steps), open_) for one in asks for all_, open_ in _KINDS for steps in all_]
    return [*found, (Plot(OFFER, ZIPS[0], ()), False)]


_KINDS: Final = ((CLOSED, False), (OPEN, True))


def clinic(leads: int, open_: int, *, processes: int = 1) -> tuple[int, list[Any]]:
    """Its number and who works there. One that is there is taken as it is."""
    from leadwell.server.access.models import Membership, Organization
    from leadwell.server.leads.models import Lead

    there = Organization.objects.filter(slug=SLUG).first()
    if there is None:
        made = _founded()
        _fill(*made, leads, open_, processes)
        there = made[0]
    known = Lead.objects.of(there).count()
    assert known >= leads, f"{known:,} of {leads:,} leads are there: the making was broken off. Delete the folder."
    return there.pk, list(Membership.objects.of(there).select_related("user", "organization").order_by("pk"))


def _founded() -> tuple[Any, list[Any]]:
    from leadwell import playbook
    from leadwell.server.access.actions import add_organization
    from leadwell.server.access.models import Membership, User
    from leadwell.server.playbooks.actions import publish, upload

    organization = add_organization(SLUG)
    publish(upload(organization, playbook.find("lakeside-orthopedics")))
    users = [User.objects.create_user(f"staff{n}@example.com", None, name=f"Staff {n}") for n in range(STAFF)]
    return organization, [
        Membership.objects.create(organization=organization, user=u, role="coordinator") for u in users
    ]


def _fill(organization: Any, members: Sequence[Any], leads: int, open_: int, processes: int) -> None:
    from django.utils import timezone

    from leadwell.server.intake.queries import source_of_kind
    from leadwell.server.people.models import PersonToken

    now, kinds, ours = timezone.now().replace(microsecond=0), plots(), organization.pk
    source = source_of_kind(ours, "api")
    assert source is not None
    plan = _planned(leads, open_, [open_ for _, open_ in kinds], now.date())
    templates = [(plot, _template(at, now.date())) for at, (plot, _) in enumerate(kinds)]
    known = stories(ours, members[0], templates, really(ours, source, members[0], templates))
    some = list(_others(plan, kinds, now, members[0].user_id))
    again = really(ours, source, members[0], [(kinds[one.story][0], one.asker) for one in some])
    compare(ours, known, some, again.numbers)
    staff, epoch = [one.user_id for one in members], now - timedelta(days=YEARS_DAYS)
    pages = (list(plan.told(start, staff, epoch)) for start in range(0, leads, PAGE))
    with writing.at_once((*models(), PersonToken)):
        for frames in writing.made_by_many(partial(retold, ours, known), pages, processes=processes):
            _written(frames)
    _settle(ours, now)


def _planned(leads: int, open_: int, is_open: Sequence[bool], today: date) -> Plan:
    draw, span = np.random.default_rng(7), 86_400
    waits = np.zeros(leads, dtype=bool)
    waits[:open_] = True
    closed_at = draw.integers(0, (YEARS_DAYS - OPEN_DAYS) * span, leads)
    open_at = YEARS_DAYS * span - np.minimum(draw.exponential(1.2 * span, leads), OPEN_DAYS * span - 1).astype(np.int64)
    received = np.where(waits, open_at, closed_at)
    open_kinds = np.flatnonzero(is_open)
    closed_kinds = np.flatnonzero(~np.array(is_open))[:-1]  # but for the last, which nobody works
    offers = draw.random(leads) < _OFFERS
    closed = np.where(offers, len(is_open) - 1, draw.choice(closed_kinds, leads, p=_shares(closed_kinds)))
    story = np.where(waits, draw.choice(open_kinds, leads, p=_shares(open_kinds)), closed)
    order = np.argsort(received, kind="stable")
    return Plan(story[order], received[order], _askers(leads, story[order], today))


def _shares(kinds: Sequence[int] | np.ndarray[Any, np.dtype[np.int64]]) -> list[float]:
    """How many of each; of danger few."""
    weights = [_OF_DANGER if plots()[one][0].message == DANGER else 1.0 for one in kinds]
    return [one / sum(weights) for one in weights]


def _askers(count: int, story: np.ndarray[Any, np.dtype[np.int64]], today: date) -> pl.DataFrame:
    """The columns of `Asker`. Whoever has the same story has the same age."""
    draw = np.random.default_rng(8)
    days = pl.Series([(_oldest(age, today) - date(1970, 1, 1)).days for age in _ages(story)], dtype=pl.Int32)
    born = (days + pl.Series(draw.integers(0, 240, count), dtype=pl.Int32)).cast(pl.Date)
    names = people(count).select(pl.col("given", "family").fill_null("lee").str.to_titlecase())
    phones = pl.Series(draw.integers(312_600_0000, 312_900_0000, count)).cast(pl.String)
    number = pl.int_range(count, eager=True).cast(pl.String).str.zfill(8)
    email = pl.concat_str(pl.lit("asks"), number, pl.lit("@example.com"))
    told = names.with_columns(phones.alias("phone"), number.alias("number"), born.alias("born"))
    return told.select("given", "family", "phone", email.alias("email"), pl.col("born").dt.strftime("%Y-%m-%d"))


def _ages(story: Sequence[int] | np.ndarray[Any, np.dtype[np.int64]]) -> list[int]:
    return [18 + int(one) * 7 % 68 for one in story]


def _oldest(age: int, today: date) -> date:
    """For most of a year from this day on whoever was born is of this age."""
    return today - timedelta(days=int(age * 365.25) + 300)


def _template(story: int, today: date) -> Asker:
    """Somebody whose names stand in no other text."""
    draw = random.Random(story)
    first, last = (
        "".join(draw.choice("bdfgklmnprstvz") + draw.choice("aeiou") for _ in range(4)).title() for _ in "12"
    )
    born = _oldest(*_ages([story]), today) + timedelta(days=draw.randrange(240))
    phone = f"312{draw.randrange(200, 600)}{draw.randrange(2_000, 9_999)}"
    return Asker(first, last, phone, f"{draw.choice('qxyz') * 4}{story:08}@example.com", born.isoformat())


def _others(plan: Plan, kinds: Sequence[tuple[Plot, bool]], now: datetime, staff: int) -> Iterator[Told]:
    """Some of every kind, to be asked again by the product; later they are told apart by their numbers."""
    rows = list(plan.askers.head(_COMPARED).iter_rows())
    for at, (first, last, _, _, _) in enumerate(rows):
        story = at % len(kinds)
        like = _template(story + 1_000 * (1 + at // len(kinds)), now.date())
        born = _oldest(*_ages([story]), now.date()) + timedelta(days=at % 240)
        yield Told(story, at, Asker(first, last, like.phone, like.email, born.isoformat()), now, staff)


def _written(frames: Frames) -> None:
    for model, rows in frames:
        writing.write(model, rows)


def _settle(ours: int, now: datetime) -> None:
    """What depends on the hour: when each open lead is due, where it stands, and who may be one with whom."""
    from django.db import connections, router

    from leadwell.server.base import bulk
    from leadwell.server.base.tallies import recount
    from leadwell.server.intake import models as intake
    from leadwell.server.leads import models as lead_models
    from leadwell.server.leads.clocks import Turn, clocks
    from leadwell.server.leads.models import Lead
    from leadwell.server.playbooks.queries import in_force
    from leadwell.server.worklist.models import Lane, Waiting
    from leadwell.server.worklist.queries import LANES
    from leadwell.server.worklist.sweeping import refresh

    times = clocks(in_force(ours)[1])
    open_ = list(Lead.objects.of(ours).filter(waiting__lane__in=LANES).defer("sealed"))
    for lead in open_:
        lead.due_at, lead.warns_at = times.times(lead.level, [Turn(lead.queue, lead.received_at)])
    bulk.update(open_, ("due_at", "warns_at"))
    Waiting.objects.of(ours).filter(lane__in=LANES).update(holds_until=now)
    resting = Lead.objects.of(ours).filter(received_at__lt=now - timedelta(days=14)).values("pk")
    Waiting.objects.of(ours).filter(lane=Lane.RESTING, lead__in=resting).delete()
    refresh(ours)
    for counted, model in (
        (lead_models.COUNTED, Lead),
        (intake.COUNTED, intake.Submission),
    ):  # no trigger saw what came in columns
        recount(connections[router.db_for_write(model)], counted)
    _doubted(ours, now)


def _doubted(ours: int, now: datetime) -> None:
    """Some who came one after the other, of whom somebody has to say whether they are one."""
    from leadwell.server.base import bulk
    from leadwell.server.people.models import Doubt, Person
    from leadwell.server.privacy.sealing import seal_json

    newest = sorted(Person.objects.of(ours).order_by("-pk").values_list("pk", flat=True)[: 2 * DOUBTS])
    made = []
    for one, other in zip(newest[::2], newest[1::2], strict=True):
        doubt = Doubt(organization_id=ours, one=one, other=other, at=now, codes="~name+birth")
        told = {"weight": 4.2, "because": [_found("birth", "exact", 9.1), _found("given", "similar", -4.9)]}
        doubt.sealed = seal_json(ours, told, place=f"people.doubt/{doubt.pk}")
        made.append(doubt)
    bulk.insert(made)


def _found(comparison: str, level: str, weight: float) -> dict[str, Any]:
    return {"comparison": comparison, "level": level, "weight": weight}
