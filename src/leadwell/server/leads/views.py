"""The pages of leads: which there are, and of one: what do I do now, and why? (promise C)"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from leadwell import contract
from leadwell.playbook import Playbook
from leadwell.routing.service_levels import Clock
from leadwell.server.access.needs import needs
from leadwell.server.access.requests import MemberRequest
from leadwell.server.access.roles import May
from leadwell.server.base.pages import Pager, Tab, asked_page, paged, show
from leadwell.server.base.templatetags.look import day_of
from leadwell.server.consent.forms import Stop
from leadwell.server.consent.telling import Gate, gate
from leadwell.server.leads import names, standing, telling
from leadwell.server.leads.beside import Part, Seen, parts
from leadwell.server.leads.clocks import clocks
from leadwell.server.leads.happenings import Happening, happenings
from leadwell.server.leads.models import Lead
from leadwell.server.leads.permitting import address_for, purpose_of
from leadwell.server.leads.queries import (
    DANGER,
    ERASED,
    columns_of,
    counts,
    current_assessment,
    current_assessments,
    joined_to,
    lead_of,
    leads,
    queues,
)
from leadwell.server.leads.showing import Changed, FactRow, Wrong, fact_rows, last_changed
from leadwell.server.leads.taken_back import TakenBack, taken_back
from leadwell.server.leads.words import Marked, Said
from leadwell.server.people.queries import open_emergencies, sees
from leadwell.server.playbooks.queries import loaded, policy_now
from leadwell.server.privacy.erased import erased_at
from leadwell.server.privacy.sealing import Unopenable, if_opens
from leadwell.server.privacy.trail import record, record_list

_ASKS: Final = ("verify", "schedule")  # a question is what to do next; in the others something comes before
_TABS: Final = (DANGER, *contract.DISPOSITIONS, ERASED)
_ORDERS: Final = {"": "danger first, then the newest", ERASED: "the newest first"}
_CAME_FROM: Final = ("source", "campaign", "page", "form")


@dataclass(frozen=True)
class Row:
    id: UUID
    name: str
    wants: str
    disposition: str
    grade: str
    score: int | None
    safety: str
    says: str
    queue: str
    clock: Clock | None
    received_at: datetime
    erased: bool


@dataclass(frozen=True)
class Leads:
    """`hidden`: whether names are hidden for this role. `here`: this list in an address, for the way back to it."""

    rows: tuple[Row, ...]
    tabs: tuple[Tab, ...]
    queues: tuple[tuple[str, str], ...]
    queue: str
    tab: str
    order: str
    here: str
    pager: Pager
    hidden: bool


@dataclass(frozen=True)
class Erased:
    code: str


@dataclass(frozen=True)
class Damaged:
    """A lead whose judgement cannot be opened."""

    code: str
    back: str
    submission: UUID
    may_see_submission: bool
    happenings: tuple[Happening, ...]


@dataclass(frozen=True)
class Known:
    """What only those see who may see identities."""

    said: tuple[Said, ...]
    facts: tuple[FactRow, ...]
    worked_out: tuple[telling.Fact, ...]
    reaches: tuple[telling.Reach, ...]
    came_from: tuple[tuple[str, str], ...]
    filled_in: tuple[tuple[str, str], ...]
    patient: str
    danger: tuple[telling.Reason, ...]
    conflicts: tuple[str, ...]
    prefers: str
    good_hours: str


@dataclass(frozen=True)
class Joining:
    """A later submission of the same request."""

    number: UUID
    submission: UUID
    code: str
    received_at: datetime
    new: bool


@dataclass(frozen=True)
class One:
    """A lead. `does`: what to do next, in a sentence; `first`: what to ask before anything else, `then` the others.
    `known` is None for a role that sees no identities, and where what they said is `damaged`; `stop_form` is None for
    one that may not record a stop. `gone`: what of it was taken back by the referrer, or whoever booked; `changed`:
    what the last answer moved; `wrong`: one that cannot be; `parts`: what other apps show, by place."""

    row: Row
    about: str
    does: str
    reasons: tuple[str, ...]
    send_to: str
    send_saying: str
    safety_says: str
    dimensions: tuple[telling.Dimension, ...]
    criteria: tuple[telling.Criterion, ...]
    first: telling.Question | None
    then: tuple[telling.Question, ...]
    points: tuple[telling.Point, ...]
    unknown_points: tuple[str, ...]
    playbook: str
    judged_at: datetime | None
    happenings: tuple[Happening, ...]
    resting: str
    owner: str
    mine: bool
    may_work: bool
    answered_at: datetime | None
    submission: UUID
    person: UUID | None
    may_see_submission: bool
    known: Known | None
    damaged: bool
    gate: Gate | None
    stop_form: Stop | None
    joined: tuple[Joining, ...]
    gone: TakenBack | None
    same_person_as: tuple[UUID, str] | None
    may_repeat: tuple[UUID, str] | None
    may_part: bool
    changed: Changed | None
    wrong: Wrong | None
    parts: Mapping[str, tuple[Part, ...]]
    back: str
    back_to: str
    listed: str  # the list from which one came, as a query


@needs(May.SEE_LEADS)
@require_safe
def all_leads(request: MemberRequest) -> HttpResponse:
    ours, visible = request.member.organization_id, request.member.may(May.SEE_IDENTITIES)
    tab, queue = request.GET.get("tab", ""), request.GET.get("queue", "")
    known_queues = queues(ours)
    if (tab and tab not in _TABS) or (queue and queue not in known_queues):
        raise Http404
    query = _query(tab=tab, queue=queue)
    found, pager = paged(leads(ours, tab=tab, queue=queue), asked_page(request), query=f"{query}&" if query else "")
    opened = frozenset() if visible else frozenset(one.person for one in open_emergencies(request.member))
    named = [lead for lead in found if lead.sealed and (visible or lead.person_id in opened)]
    if named:
        subjects = [f"lead/{lead.pk}" for lead in named]
        record_list(ours, request.member.actor, "lead.listed", subjects, {"tab": tab} if tab else {})
    playbook, gone = policy_now(ours), erased_at(ours, "leads", [lead.pk for lead in found if not lead.sealed])
    told = current_assessments(ours, named) if playbook else {}
    back = taken_back(ours, [lead.pk for lead in found if lead.sealed])
    page = Leads(
        rows=tuple(
            _row(
                lead,
                playbook,
                _columns(lead) if lead in named else None,
                _why(lead, playbook, told.get(lead.pk), back.get(lead.pk)),
            )
            if lead.sealed
            else _erased(lead, gone.get(lead.pk))
            for lead in found
        ),
        tabs=_tabs(counts(ours, queue=queue), tab, queue),
        queues=tuple((one, _title(one)) for one in known_queues),
        queue=queue,
        tab=tab,
        order=_ORDERS.get(tab, "by grade, then whoever waits longest"),
        here=_query(tab=tab, queue=queue, page=str(pager.number) if pager.number > 1 else ""),
        pager=pager,
        hidden=not visible,
    )
    return show(request, "leads/leads.html", page)


def _query(**asked: str) -> str:
    return urlencode({name: said for name, said in asked.items() if said})


def _back(asked: Mapping[str, str]) -> str:
    """The list from which one came, as the address of the lead says it."""
    query = _listed(asked)
    if asked.get("from") == "worklist":
        return reverse("worklist")
    return reverse("leads") + (f"?{query}" if query else "")


def _listed(asked: Mapping[str, str]) -> str:
    return _query(**{name: asked.get(name, "")[:100] for name in ("tab", "queue", "page")})


def _columns(lead: Lead) -> Mapping[str, str] | None:
    """What a lead said; None where it was erased, or is damaged: one such never holds up the list of the others."""
    return if_opens(columns_of, lead) if lead.sealed else None


def _tabs(counted: Mapping[str, int], here: str, queue: str) -> tuple[Tab, ...]:
    """That of the erased only where there are any."""
    shown = [tab for tab in ("", *_TABS) if tab != ERASED or counted[ERASED] or here == ERASED]
    return tuple(
        Tab(
            tab.capitalize() or "All",
            f"?{_query(tab=tab, queue=queue)}",
            counted.get(tab, 0),
            tab == here,
            tab == DANGER and counted[DANGER] > 0,
        )
        for tab in shown
    )


def _title(key: str) -> str:
    return key.replace("-", " ").capitalize()


def _row(lead: Lead, playbook: Playbook | None, columns: Mapping[str, str] | None, says: str = "") -> Row:
    return Row(
        id=lead.pk,
        name=names.name(columns) if columns is not None else names.code(lead.pk),
        wants=telling.wants(playbook, [lead.service] if lead.service else [], lead.location) if playbook else "",
        disposition=lead.disposition,
        grade=lead.grade,
        score=lead.score,
        safety=lead.safety,
        says=says,
        queue=_title(lead.queue),
        clock=clocks(playbook).clock(lead, timezone.now()) if playbook else None,
        received_at=lead.received_at,
        erased=False,
    )


def _erased(lead: Lead, gone: datetime | None) -> Row:
    """Of one that was erased nothing is said but that it came, and when it went."""
    says = f"Erased{f' on {day_of(gone)}' if gone else ''}: that it came is all that is kept."
    return Row(lead.pk, names.code(lead.pk), "", "", "", None, "", says, "", None, lead.received_at, erased=True)


def _why(lead: Lead, playbook: Playbook | None, told: Mapping[str, Any] | None, gone: TakenBack | None) -> str:
    """Why it stands where it stands; by its codes for who may not see what they said."""
    if gone and not lead.safety:
        return f"{gone.says} on {day_of(gone.at)}. {gone.does}."
    if told and playbook and (says := standing.why(told, playbook)):
        return says
    if lead.safety:
        return f"The words suggest {'an emergency' if lead.safety == 'emergency' else 'a crisis'}. Look at once."
    by_codes = standing.why_by_codes(lead.reason, lead.payer_kind, lead.urgency)
    return by_codes or f"{telling.DO_NEXT.get(lead.disposition, 'Not judged yet')}."


@needs(May.SEE_LEADS)
@require_safe
def one_lead(request: MemberRequest, number: UUID) -> HttpResponse:
    return lead_page(request, number)


def lead_page(request: MemberRequest, number: UUID, *, wrong: Wrong | None = None, status: int = 200) -> HttpResponse:
    ours, lead = request.member.organization_id, lead_of(request.member.organization_id, number)
    if lead is not None and not lead.sealed:
        return show(request, "leads/erased.html", Erased(names.code(number)), status=404)
    try:
        said = current_assessment(ours, number)
    except Unopenable:
        return _damaged(request, number)
    if lead is None or lead.current is None or said is None:
        raise Http404
    page = told_of(request, lead, said, wrong=wrong)
    record(ours, request.member.actor, "lead.viewed", f"lead/{number}", {"names": bool(page.known) or page.damaged})
    return show(request, "leads/lead.html", page, status=status)


def told_of(request: MemberRequest, lead: Lead, said: Mapping[str, Any], *, wrong: Wrong | None = None) -> One:
    """What its page says; of one with a judgement."""
    assert lead.current is not None
    number, visible = lead.pk, sees(request.member, lead.person_id)
    opened = _columns(lead) if visible else None
    columns = opened or {}
    playbook, marked = loaded(lead.current.playbook_id), Marked(columns, said)
    dimensions, questions = telling.dimensions(said, marked), telling.questions(said, playbook)
    if lead.safety:  # nobody in danger is asked for their insurance
        questions = ()
    gone, gate_of = taken_back(lead.organization_id, [number]).get(number), _gate(lead, said, visible=visible)
    asks = bool(questions) and lead.disposition in _ASKS and not gone
    facts = fact_rows(lead, said, playbook, may=request.member.may(May.VERIFY), wrong=wrong) if visible else ()
    return One(
        row=_row(lead, playbook, opened),
        about=_about(said, playbook, visible=visible),
        does=gone.does if gone and not lead.safety else telling.DO_NEXT.get(lead.disposition, ""),
        reasons=tuple(map(telling.reason, said.get("reasons") or ())),
        send_to=telling.somewhere((said.get("redirect") or {}).get("to") or ""),
        send_saying=(said.get("redirect") or {}).get("say") or "",
        safety_says=said.get("safety_says") or "",
        dimensions=dimensions if visible else tuple(telling.Dimension(d.name, d.finding, ()) for d in dimensions),
        criteria=telling.criteria(said, playbook),
        first=questions[0] if asks else None,
        then=questions[1:] if asks else questions,
        points=telling.points(said),
        unknown_points=tuple(said.get("unknown_points") or ()),
        playbook=said["playbook"],
        judged_at=lead.current.at,
        happenings=happenings(lead.organization_id, number),
        resting=lead.resting,
        owner=lead.owner.get_full_name() if lead.owner else "",
        mine=lead.owner_id == request.member.user_id,
        may_work=request.member.may(May.WORK_LEADS),
        answered_at=lead.answered_at,
        submission=lead.submission,
        person=lead.person_id,
        may_see_submission=request.member.may(May.SEE_INBOX),
        known=_known(said, columns, playbook, marked, facts) if opened is not None else None,
        damaged=visible and opened is None,
        gate=gate_of,
        stop_form=Stop() if visible and request.member.may(May.RECORD_CONSENT) else None,
        joined=tuple(
            Joining(one.pk, one.submission, one.submission.hex[-4:].upper(), one.received_at, one.new)
            for one in joined_to(lead)
        ),
        gone=gone,
        same_person_as=_other(lead.same_person_as),
        may_repeat=_other(lead.may_repeat),
        may_part=visible and request.member.may(May.LINK_PEOPLE),
        changed=last_changed(lead, playbook, by=request.member.actor) if visible else None,
        wrong=wrong,
        parts=parts(Seen(request.member, lead, said, playbook, gate_of, visible and opened is not None)),
        back=_back(request.GET),
        back_to="Worklist" if request.GET.get("from") == "worklist" else "Leads",
        listed=_listed(request.GET),
    )


def _other(lead: UUID | None) -> tuple[UUID, str] | None:
    return (lead, names.code(lead)) if lead else None


def _damaged(request: MemberRequest, number: UUID) -> HttpResponse:
    ours, lead = request.member.organization_id, lead_of(request.member.organization_id, number)
    if lead is None:
        raise Http404
    record(ours, request.member.actor, "lead.viewed", f"lead/{number}", {"names": False})
    may = request.member.may(May.SEE_INBOX)
    told = Damaged(names.code(number), _back(request.GET), lead.submission, may, happenings(ours, number))
    return show(request, "leads/damaged.html", told)


def _gate(lead: Lead, said: Mapping[str, Any], *, visible: bool) -> Gate | None:
    """None where whose it was is erased."""
    if lead.person_id is None:
        return None
    dials = address_for(said, "call")
    return gate(lead.organization_id, lead.person_id, purpose_of(lead), visible=visible, dials=dials)


def _about(said: Mapping[str, Any], playbook: Playbook, *, visible: bool) -> str:
    kind = "No enquiry for care" if said["type"] == "other" else f"{said['type'].capitalize()} lead"
    parts = [kind, telling.ASKS_FOR.get(said["asks_for"] or "", "") if visible else ""]
    wanted = telling.wants(playbook, said["services"], said["location"])
    return ", ".join(part for part in parts if part) + (f". {wanted}." if wanted else ".")


def _known(
    said: Mapping[str, Any], columns: Mapping[str, str], playbook: Playbook, marked: Marked, facts: tuple[FactRow, ...]
) -> Known:
    contact = said.get("contact") or {}
    shown = {*_CAME_FROM, *contract.WORDS}
    return Known(
        said=marked.said,
        facts=facts,
        worked_out=tuple(one for one in telling.facts(said, playbook) if one.provenance == "derived"),
        reaches=telling.reaches(said, columns),
        came_from=tuple((telling.label(name), columns[name]) for name in _CAME_FROM if columns.get(name)),
        filled_in=tuple((telling.label(name), text) for name, text in columns.items() if name not in shown),
        patient=names.patient(columns),
        danger=telling.danger(said, marked),
        conflicts=tuple(said.get("conflicts") or ()),
        prefers=contact.get("preferred") or "",
        good_hours=telling.hours(contact.get("good_hours") or ""),
    )
