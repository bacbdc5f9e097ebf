"""Remember leads that were judged: person, lead, assessment and event, in one transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final
from uuid import UUID

import orjson
from django.db import transaction
from django.utils import timezone

from leadwell.playbook import Playbook
from leadwell.server.base import bulk
from leadwell.server.base.alone import alone, one_writer
from leadwell.server.base.ids import new_id
from leadwell.server.consent.actions import asks_for_itself, obey_links
from leadwell.server.leads import following
from leadwell.server.leads.clocks import Turn, clocks
from leadwell.server.leads.judging import Arrived, Judged
from leadwell.server.leads.judging import judged as judge_these
from leadwell.server.leads.knowing import Known, knowing, said_columns
from leadwell.server.leads.models import Assessment, Event, Lead
from leadwell.server.leads.permitting import Heard, heard, permit
from leadwell.server.leads.queries import joined_columns, joined_rows, leads_made
from leadwell.server.leads.same_need import join_leads, part
from leadwell.server.leads.sampling import is_sampled
from leadwell.server.people.actions import Prepared, add_people, prepared_people
from leadwell.server.people.arriving import Arriving
from leadwell.server.people.models import Person
from leadwell.server.playbooks.queries import in_force, loaded
from leadwell.server.privacy.sealing import seal
from leadwell.server.privacy.tokens import Blind

IN_ONE_TRANSACTION: Final = 200
_RESTS: Final = {"discard": "discarded"}  # disposition -> why nobody waits for it
_MOST_CONFLICTS: Final = 1_000
_BANDS: Final = ((7, "within a week"), (30, "within a month"), (90, "within 3 months"))


@dataclass(frozen=True)
class _Rows:
    """`joins`: the earlier lead that it joins; None where it is one of its own."""

    judged: Judged
    heard: list[Heard]
    who: Prepared
    lead: Lead
    assessment: Assessment
    event: Event
    joins: UUID | None

    @property
    def asked_at(self) -> datetime:
        """When they asked us: a list may tell of days long ago, and of none to come."""
        return min(self.assessment.as_of, self.event.at)


@dataclass(frozen=True)
class Coming:
    """Leads that were judged together and are about to be written, some first: who asks was looked up for them all at
    once, for a look costs most by the call. `told`: of each what is known, what is heard in its words, and who it is
    of. `arriving`: None where there is no lead."""

    version: int
    now: datetime
    told: Sequence[tuple[Known, list[Heard], Prepared]]
    arriving: Arriving | None

    @property
    def join_each_other(self) -> frozenset[UUID]:
        """The submissions of which a row joins a lead of these."""
        numbers = {known.number for known, _, _ in self.told}
        return frozenset(known.judged.arrived.submission for known, _, _ in self.told if known.joins in numbers)


def coming(organization: int, version: int, judged: Sequence[Judged]) -> Coming:
    """What arrived and was judged, without what an earlier try has written already; nothing is written."""
    judged, now = _not_written(organization, judged), timezone.now()
    if not judged:
        return Coming(version, now, (), None)
    blind = Blind(organization)
    people = prepared_people(organization, [(j.arrived.columns, j.said) for j in judged], now, blind)
    arriving = Arriving(organization, people, blind)
    known = knowing(organization, version, judged, [one.patient.person.pk for one in people], arriving.recognised)
    return Coming(version, now, tuple(zip(known, heard(judged), people, strict=True)), arriving)


def remember(organization: int, coming: Coming, judged: Sequence[Judged]) -> None:
    """Writes these of them; what somebody asks again joins what they asked before.

    Everything is sealed before the first lock is taken; a transaction holds about two hundred leads.
    """
    these = {(one.arrived.submission, one.arrived.nth) for one in judged}
    make = partial(_rows, organization, coming.version, loaded(coming.version), coming.now)
    rows = [make(*one) for one in coming.told if _row_of(one[0]) in these]
    rows.sort(key=lambda row: row.joins is not None)
    for start in range(0, len(rows), IN_ONE_TRANSACTION):
        assert coming.arriving is not None
        _write(organization, rows[start : start + IN_ONE_TRANSACTION], coming.arriving)


def _row_of(known: Known) -> tuple[UUID, int]:
    return known.judged.arrived.submission, known.judged.arrived.nth


def _not_written(organization: int, judged: Sequence[Judged]) -> list[Judged]:
    rows = {(one.arrived.submission, one.arrived.nth): one for one in judged}
    there = leads_made(organization, rows.keys()) | joined_rows(organization, {one for one, _ in rows}).keys()
    return [one for row, one in rows.items() if row not in there]


def make_own(organization: int, number: UUID) -> Lead | None:
    """Makes a lead of its own of a submission that had joined another, as if it had never; None where somebody has done
    so before. The other is judged anew without it by the caller (`rejudging.rejudge_these`)."""
    now = timezone.now()
    version, playbook = in_force(organization)
    with transaction.atomic():
        one = part(organization, number, now)
        if one is None:
            return None
        arrived = Arrived(one.submission, one.nth, one.source, one.received_at, joined_columns(one))
        (told,) = judge_these([arrived], playbook)
        lead = _lead(organization, new_id(), told, one.person, playbook)
        assessment = assessment_of(organization, version, lead.pk, told, now)
        lead.current_id = assessment.pk
        codes = {"queue": told.queue}
        event = bulk.made(
            Event, organization_id=organization, lead_id=lead.pk, name="lead.received", at=now, codes=codes
        )
        for rows in ([lead], [assessment], [event]):
            bulk.insert(rows)
        following.arrived(organization, [lead])
        if one.person_id is not None:
            asks_for_itself(organization, one.person_id, joined=one.lead_id, lead=lead.pk)
    return lead


def still_held(organization: int, leads: Collection[UUID]) -> set[UUID]:
    """Those not erased meanwhile. Until the transaction ends, an erasure of them waits, and then finds what is written
    here."""
    ours = Lead.objects.of(organization).select_for_update().filter(pk__in=leads).exclude(sealed=b"")
    return set(ours.order_by("pk").values_list("pk", flat=True))


def happened(organization: int, name: str, *, person: UUID | None, lead: UUID | None, codes: Mapping[str, str]) -> int:
    """Notes on a lead, or on every lead of a person where none is named, what happened to them elsewhere; returns on
    how many. On one that was erased nothing is noted."""
    if lead is None and person is None:
        return 0
    ours, now = Lead.objects.of(organization).exclude(sealed=b""), timezone.now()
    theirs = ours.filter(pk=lead) if lead is not None else ours.filter(person=person)
    found = list(theirs.values_list("pk", flat=True))
    Event.objects.bulk_create(
        [Event(organization_id=organization, lead_id=one, name=name, at=now, codes=dict(codes)) for one in found]
    )
    return len(found)


def _write(organization: int, rows: list[_Rows], arriving: Arriving) -> None:
    with transaction.atomic():
        one_writer(organization)
        arriving.again()
        if arriving.recognised.found.links or any(one.heard for one in rows):
            alone(organization)  # before the leads that others join
        there = leads_made(organization, [(r.lead.submission, r.lead.nth) for r in rows])
        new = [r for r in rows if (r.lead.submission, r.lead.nth) not in there]
        held = still_held(organization, {r.joins for r in new if r.joins}) | {r.lead.pk for r in new if not r.joins}
        own = [r for r in new if r.joins not in held]
        add_people(organization, [r.who for r in new])
        links = arriving.write([r.who for r in new])
        bulk.insert([r.lead for r in own])
        bulk.insert([r.assessment for r in own])
        bulk.insert([r.event for r in own])
        following.arrived(organization, [r.lead for r in own])
        join_leads(organization, [(r.lead, r.joins, r.judged) for r in new if r.joins and r.joins in held])
        asked = [(r.who.patient.person.pk, r.joins if r.joins in held else r.lead.pk, r) for r in new]
        permit(organization, [(person, lead or r.lead.pk, r.asked_at, r.judged, r.heard) for person, lead, r in asked])
        obey_links(organization, links)


def _rows(  # noqa: PLR0913, PLR0917  all that makes a row of each
    organization: int, version: int, playbook: Playbook, now: datetime, known: Known, said: list[Heard], who: Prepared
) -> _Rows:
    one, number = known.judged, known.number
    assessment = assessment_of(organization, version, number, one, now)
    lead = _lead(organization, number, one, who.patient.person, playbook)
    lead.current_id, lead.may_repeat, lead.same_person_as = assessment.id, known.may_repeat, known.same_person_as
    codes = {"queue": one.queue} | ({"problem": one.problem} if one.problem else {})
    event = bulk.made(Event, organization_id=organization, lead_id=number, name="lead.received", at=now, codes=codes)
    return _Rows(one, said, who, lead, assessment, event, known.joins)


def assessment_of(organization: int, version: int, lead: UUID, one: Judged, now: datetime) -> Assessment:
    """What was said, sealed; not yet written."""
    made = bulk.made(
        Assessment,
        organization_id=organization,
        lead_id=lead,
        playbook_id=version,
        at=now,
        as_of=_instant(one.said["as_of"]),
        **_decided(one.said),
    )
    made.sealed = seal(organization, one.written, place=f"leads.assessment/{made.id}")
    return made


def _decided(said: Any) -> dict[str, Any]:
    return {"disposition": said["disposition"], "grade": said["grade"] or "", "score": said["score"]}


def _lead(organization: int, number: UUID, one: Judged, person: Person | None, playbook: Playbook) -> Lead:
    made = bulk.made(
        Lead,
        id=number,
        organization_id=organization,
        submission=one.arrived.submission,
        nth=one.arrived.nth,
        source=one.arrived.source,
        person=person,
        received_at=one.arrived.received_at,
        sealed=seal(organization, orjson.dumps(said_columns(one.arrived.columns)), place=f"leads.lead/{number}"),
        level=one.level,
        **open_columns(one),
    )
    made.due_at, made.warns_at = clocks(playbook).times(one.level, [Turn(made.queue, made.received_at)])
    made.sampled = is_sampled(organization, number, one.said, playbook.score.review_share)
    return made


OPEN_COLUMNS: Final = (
    "queue", "resting", "service", "payer_kind", "timeline_band", "language", "preferred_channel", "reason",
    "disposition", "grade", "score", "type", "other", "readiness", "urgency", "safety", "location",
    "time_zone", "wanted_by", "conflicts",
)  # fmt: skip


def open_columns(one: Judged) -> dict[str, Any]:
    """What of a judgement may stand open: OPEN_COLUMNS, each a code, a number, a day or ''."""
    said, facts = one.said, one.said["facts"]
    return {
        "queue": "" if said["disposition"] in _RESTS else one.queue,
        "resting": _RESTS.get(said["disposition"], ""),
        "service": next(iter(said["services"]), ""),
        "payer_kind": _value(facts, "plan_kind") or "",
        "timeline_band": _band(_value(facts, "timeline_days")),
        "language": said["contact"]["language"] or "",
        "preferred_channel": said["contact"]["preferred"] or "",
        "time_zone": said["contact"]["time_zone"] or "",
        "reason": next(iter(said["reasons"]), ""),
        "wanted_by": one.wanted_by,
        "conflicts": min(len(said["conflicts"] or ()), _MOST_CONFLICTS),
        **_decided(said),
        **{name: said[name] or "" for name in ("type", "other", "readiness", "urgency", "safety", "location")},
    }


def _value(facts: Any, name: str) -> Any:
    return (facts.get(name) or {}).get("value")


def _band(days: int | None) -> str:
    if days is None:
        return ""
    return next((band for most, band in _BANDS if days <= most), "later")


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
