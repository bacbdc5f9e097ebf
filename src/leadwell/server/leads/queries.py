"""Read leads, always of one organisation."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Max, QuerySet

from leadwell.server.base import bulk
from leadwell.server.base.tallies import tallied
from leadwell.server.leads.combining import gives, together
from leadwell.server.leads.models import Assessment, ByGrade, Event, InDanger, Joined, Lead, LeadTally, Verified
from leadwell.server.privacy.sealing import if_opens, unseal_json

DANGER: Final = "danger"
ERASED: Final = "erased"
UNSEEN: Final = "danger.unseen"  # what they wrote was not on the page of whoever noted something after it
_DANGER_FIRST: Final = "-safety"  # emergency, crisis, none
_BY_GRADE: Final = ByGrade("grade")


def current_assessment(organization: int, lead: UUID) -> dict[str, Any] | None:
    """The contract (docs/assessment.md) of a lead's current assessment; None where there is no such lead."""
    current = Lead.objects.of(organization).filter(pk=lead).values_list("current_id", flat=True).first()
    found = Assessment.objects.of(organization).filter(pk=current).first() if current else None
    return _told(found) if found and found.sealed else None


def current_assessments(organization: int, leads: Collection[Lead]) -> dict[UUID, dict[str, Any]]:
    """Lead -> the contract of its current assessment; without those that were erased or are damaged."""
    found = Assessment.objects.of(organization).filter(pk__in=[one.current_id for one in leads if one.current_id])
    return {one.lead_id: told for one in found if one.sealed and (told := if_opens(_told, one))}


def _told(one: Assessment) -> dict[str, Any]:
    told: dict[str, Any] = unseal_json(one.organization_id, one.sealed, place=f"leads.assessment/{one.pk}")
    return told


def leads(organization: int, *, tab: str = "", queue: str = "", kind: str = "") -> QuerySet[Lead]:
    """Danger first. Of all ('') then the newest; of one disposition by grade, then whoever waits longest.

    `kind`: of one type alone. `tab`: a disposition, DANGER, or ERASED, of which nobody is left to work for; the
    others are without those.
    """
    ours = Lead.objects.of(organization).filter(person__isnull=tab == ERASED)
    ours = ours.filter(queue=queue) if queue else ours
    ours = ours.filter(type=kind) if kind else ours
    if tab in ("", ERASED):
        return ours.order_by(_DANGER_FIRST, "-received_at", "-pk")
    ours = ours.filter(InDanger("safety")) if tab == DANGER else ours.filter(disposition=tab)
    return ours.order_by(_DANGER_FIRST, _BY_GRADE, "received_at", "pk")


@dataclass(frozen=True)
class Counts:
    """How many leads stand in each tab of the list; '' counts all that are not erased. `queues`: those in which any
    wait."""

    tabs: Mapping[str, int]
    queues: tuple[str, ...]


def counts(organization: int, *, queue: str = "", kind: str = "") -> Counts:
    """Of all, or of one queue, or of one type."""
    told = tallied(LeadTally, organization, "disposition", "safety", "queue", "type", "erased")
    tabs = {"": 0, DANGER: 0, ERASED: 0}
    for (disposition, safety, where, type_, erased), number in told.items():
        if queue in ("", where) and kind in ("", type_):
            for tab in (ERASED,) if erased else ("", disposition, *([DANGER] if safety else [])):
                tabs[tab] = tabs.get(tab, 0) + number
    return Counts(tabs, tuple(sorted({where for _, _, where, _, erased in told if where and not erased})))


def lead_of(organization: int, number: UUID) -> Lead | None:
    return Lead.objects.of(organization).select_related("current", "owner").filter(pk=number).first()


def columns_of(lead: Lead, *, but: UUID | None = None) -> dict[str, str]:
    """What is known of a lead, under our column names, opened: what it said, with what joined it, and what was verified
    over both. `but`: without that. Raises Unopenable."""
    return with_joined(lead, own_columns(lead), but=but)


def with_joined(
    lead: Lead,
    own: Mapping[str, str],
    *,
    but: UUID | None = None,
    instead: Mapping[UUID, Mapping[str, str]] | None = None,
) -> dict[str, str]:
    """The same, of what its own submission says. `instead`: what one that joined it says. Raises Unopenable."""
    rows = joined_to(lead) if lead.joined else []
    later = [(one.received_at, (instead or {}).get(one.pk) or joined_columns(one)) for one in rows]
    said = together(own, [columns for _, columns in later])
    return over(said, _theirs(confirmed(lead, but=but), said, later)) if lead.verified else said


def _theirs(
    verified: Mapping[str, tuple[datetime, str]],
    said: Mapping[str, str],
    later: Sequence[tuple[datetime, Mapping[str, str]]],
) -> dict[str, str]:
    """Without a number that was found to be another's and that they have given again since."""

    def given_since(at: datetime, number: str) -> bool:
        return any(came > at and gives(columns, number) for came, columns in later)

    return {
        column: text for column, (at, text) in verified.items() if text or not given_since(at, said.get(column, ""))
    }


def over(said: Mapping[str, str], verified: Mapping[str, str]) -> dict[str, str]:
    """What they said, with what was verified in its place; "verified" names those columns to the engine."""
    names = [*filter(None, said.get("verified", "").split(";")), *(name for name, text in verified.items() if text)]
    told = {"verified": ";".join(dict.fromkeys(name.strip() for name in names))} if names else {}
    return {**said, **verified, **told}


def confirmed(lead: Lead, *, but: UUID | None = None) -> dict[str, tuple[datetime, str]]:
    """Column -> what was verified of it and stands, and when. Raises Unopenable."""
    last: dict[str, Verified] = {}
    for one in verified_of(lead.organization_id, lead.pk):
        if one.undone_at is None and one.pk != but:
            last.setdefault(one.column, one)
    return {column: (one.at, verified_text(one)) for column, one in last.items() if one.known and one.sealed}


def asked_again(organization: int, leads: Collection[UUID]) -> dict[UUID, datetime]:
    """Lead -> when they last said something new of it, in a submission of its own, or answered us with more than
    thanks; without those that said all at once."""
    later = Joined.objects.of(organization).filter(lead__in=leads, parted_at=None, new=True)
    wrote = Event.objects.of(organization).filter(lead__in=leads, codes__asks="yes")
    found = dict(later.order_by().values_list("lead").annotate(Max("received_at")))
    for lead, at in wrote.order_by().values_list("lead").annotate(Max("at")):
        found[lead] = max(at, found.get(lead, at))
    return found


def words_since(organization: int, wrote: Mapping[UUID, datetime]) -> dict[UUID, str]:
    """What they said at these moments (`asked_again`); without what is damaged, erased, or said without words."""
    joined = Joined.objects.of(organization).filter(lead__in=wrote, parted_at=None, new=True).exclude(sealed=b"")
    wrote = said_when(organization, wrote)
    answers = Event.objects.of(organization).filter(lead__in=wrote, codes__asks="yes").exclude(sealed=None)
    rows = [(one.lead_id, if_opens(joined_columns, one)) for one in joined if one.received_at == wrote[one.lead_id]]
    rows += [(one.lead_id, if_opens(answer_of, one)) for one in answers if one.at == wrote[one.lead_id]]
    said = {lead: (columns or {}).get("message", "") for lead, columns in rows}
    return {lead: words for lead, words in said.items() if words}


def said_when(organization: int, wrote: Mapping[UUID, datetime]) -> dict[UUID, datetime]:
    """Of these (`asked_again`), when they said it: what nobody had seen waits from a later moment on."""
    told = Event.objects.of(organization).filter(lead__in=wrote, name=UNSEEN)
    unseen = {
        one.lead_id: datetime.fromisoformat(one.codes["wrote"])
        for one in told
        if one.at == wrote[one.lead_id] and "wrote" in one.codes
    }
    return {**wrote, **unseen}


def answer_of(one: Event) -> dict[str, str]:
    """Raises Unopenable."""
    found: dict[str, str] = unseal_json(one.organization_id, bytes(one.sealed or b""), place=f"leads.event/{one.pk}")
    return found


def call_began(event: Event, columns: Mapping[str, str]) -> datetime:
    """When what is told of a call (`event`) was first told of that call, in its lead or in what joined it."""
    call = columns.get("id")
    lead = Lead.objects.of(event.organization_id).filter(pk=event.lead_id).exclude(sealed=b"").first()
    if not call or lead is None:
        return event.at
    if (if_opens(own_columns, lead) or {}).get("id") == call:
        return lead.received_at
    for one in joined_to(lead):
        if (if_opens(joined_columns, one) or {}).get("id") == call:
            return one.received_at
    told = Event.objects.of(event.organization_id).filter(lead=event.lead_id, name=event.name).exclude(sealed=None)
    same = (one.at for one in told.order_by("at") if (if_opens(answer_of, one) or {}).get("id") == call)
    return next(same, event.at)


def verified_of(organization: int, lead: UUID) -> list[Verified]:
    """All that was ever verified of a lead, the newest first."""
    return list(Verified.objects.of(organization).filter(lead=lead).order_by("-at", "-pk"))


def last_of(lead: Lead, column: str) -> Verified | None:
    """What of a column stands confirmed: also that they do not know."""
    ours = Verified.objects.of(lead.organization_id).filter(lead=lead.pk, column=column, undone_at=None)
    return ours.order_by("-at", "-pk").first()


def verified_text(one: Verified) -> str:
    """Raises Unopenable."""
    text: str = unseal_json(one.organization_id, one.sealed, place=f"leads.verified/{one.pk}")
    return text


def known_of(lead: Lead) -> dict[str, str]:
    """What is known of who asked it, in the engine's columns (`contract.LINK`)."""
    known = {"possible_duplicate_of": lead.may_repeat, "same_person_as": lead.same_person_as}
    return {name: str(number) for name, number in known.items() if number}


def own_columns(lead: Lead) -> dict[str, str]:
    """What its own submission said. Raises Unopenable."""
    found: dict[str, str] = unseal_json(lead.organization_id, lead.sealed, place=f"leads.lead/{lead.pk}")
    return found


def joined_columns(one: Joined) -> dict[str, str]:
    """Of an erased one nothing is left. Raises Unopenable."""
    if not one.sealed:
        return {}
    found: dict[str, str] = unseal_json(one.organization_id, one.sealed, place=f"leads.joined/{one.pk}")
    return found


def joined_to(lead: Lead) -> list[Joined]:
    """The submissions that joined a lead and were not parted from it, the first first."""
    ours = Joined.objects.of(lead.organization_id).filter(lead=lead.pk, parted_at=None)
    return list(ours.order_by("received_at", "submission", "nth"))


def joined_lead(organization: int, number: UUID) -> UUID | None:
    """The lead that a submission has joined, or had; None where there is no such joining."""
    ours = Joined.objects.of(organization).filter(pk=number)
    return ours.values_list("lead", flat=True).first()


def joined_rows(organization: int, submissions: Collection[UUID]) -> dict[tuple[UUID, int], UUID]:
    """Row of a submission -> the lead that it has joined."""
    names = ("submission", "nth", "lead", "parted_at")
    theirs = bulk.select(Joined, names, organization, ("submission",), list(submissions))
    return {(submission, nth): lead for submission, nth, lead, parted in theirs if parted is None}


def events_of(organization: int, lead: UUID) -> list[Event]:
    """What happened to a lead, the newest first."""
    return list(Event.objects.of(organization).filter(lead=lead).select_related("by").order_by("-at", "-pk"))


def assessments_of(organization: int, lead: UUID) -> list[Assessment]:
    """Every judgement of a lead, the newest first, without what it says in full."""
    ours = Assessment.objects.of(organization).filter(lead=lead).defer("sealed").select_related("playbook")
    return list(ours.order_by("-at", "-pk"))


def kept_of(organization: int, submission: UUID) -> list[UUID]:
    """The leads of a submission that nobody has erased, in its order."""
    ours = Lead.objects.of(organization).filter(submission=submission, person__isnull=False).order_by("nth")
    return list(ours.values_list("pk", flat=True))


def leads_made(organization: int, rows: Collection[tuple[UUID, int]]) -> frozenset[tuple[UUID, int]]:
    """Those of these rows of submissions of which there is a lead."""
    return frozenset((submission, nth) for submission, nth, _ in _made(organization, rows)) & {*rows}


def first_leads(organization: int, submissions: Collection[UUID]) -> dict[UUID, UUID]:
    """Submission -> the first lead that was made of it."""
    return {submission: lead for submission, _, lead in _made(organization, [(one, 0) for one in submissions])}


def _made(organization: int, rows: Collection[tuple[UUID, int]]) -> list[tuple[Any, ...]]:
    """The leads of these submissions, no others of a long list than those from the first to the last of the rows."""
    if not rows:
        return []
    submissions, nths = list({submission for submission, _ in rows}), {nth for _, nth in rows}
    names, within = ("submission", "nth", "id"), ("nth", min(nths), max(nths))
    return bulk.select(Lead, names, organization, ("submission",), submissions, within=within)


def person_of(organization: int, number: UUID) -> UUID | None:
    """Whom a lead is of; None once they were erased."""
    return Lead.objects.of(organization).filter(pk=number).values_list("person", flat=True).first()


def lead_at(organization: int, submission: UUID, nth: int) -> UUID | None:
    ours = Lead.objects.of(organization).filter(submission=submission, nth=nth)
    return ours.values_list("pk", flat=True).first()


def of_people(organization: int, people: Collection[UUID]) -> dict[UUID, list[Lead]]:
    """Person -> their leads, the newest first, without what they say."""
    found: dict[UUID, list[Lead]] = {}
    theirs = Lead.objects.of(organization).filter(person__in=people).defer("sealed").order_by("-received_at", "-pk")
    for lead in theirs:
        if lead.person_id:
            found.setdefault(lead.person_id, []).append(lead)
    return found


def asked_by(organization: int, people: Collection[UUID]) -> dict[UUID, list[Lead]]:
    """The same, with the leads that a request of theirs has joined."""
    found = of_people(organization, people)
    rows = Joined.objects.of(organization).filter(person__in=people, parted_at=None, lead__person__isnull=False)
    for one in rows.defer("sealed").select_related("lead").defer("lead__sealed").order_by("-received_at", "-pk"):
        theirs = found.setdefault(one.person_id, []) if one.person_id else []
        if one.lead_id not in {lead.pk for lead in theirs}:
            theirs.append(one.lead)
    return found


def became_of(organization: int, submissions: Collection[UUID]) -> dict[UUID, tuple[UUID, str, str]]:
    """Submission -> of its first lead that nobody has erased: its id, disposition and safety."""
    theirs = Lead.objects.of(organization).filter(submission__in=submissions, person__isnull=False).order_by("-nth")
    rows = theirs.values_list("submission", "pk", "disposition", "safety")
    return {submission: (lead, disposition, safety) for submission, lead, disposition, safety in rows}
