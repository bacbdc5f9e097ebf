"""What does the page of one lead say: what do I do now, and why? (promise C)"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from leadwell import contract
from leadwell.playbook import Playbook
from leadwell.server.access.requests import MemberRequest
from leadwell.server.access.roles import May
from leadwell.server.consent.forms import Stop
from leadwell.server.consent.telling import Gate, gate
from leadwell.server.leads import names, telling
from leadwell.server.leads.askers import called
from leadwell.server.leads.asking_too import AskedToo, asked_too
from leadwell.server.leads.beside import Part, Seen, parts
from leadwell.server.leads.dealings import Called
from leadwell.server.leads.happenings import Happening, happenings
from leadwell.server.leads.models import Lead
from leadwell.server.leads.next_step import ASKS, Step, next_step, number_of, state_of
from leadwell.server.leads.numbers import others
from leadwell.server.leads.permitting import address_for, purpose_of
from leadwell.server.leads.queries import joined_to
from leadwell.server.leads.rows import Row, columns_if_open, row_of
from leadwell.server.leads.showing import Changed, Clash, FactRow, Wrong, fact_rows, last_changed, not_theirs
from leadwell.server.leads.since import Mark, Since, shown_in, since
from leadwell.server.leads.taken_back import TakenBack, taken_back
from leadwell.server.leads.words import Marked, Said
from leadwell.server.people.queries import sees
from leadwell.server.playbooks.queries import loaded, policy_now

KINDS: Final = {  # type of lead -> what a list of them is called
    "": "Everybody", "patient": "Patients", "referral": "Referrals", "business": "Business",
    "other": "No enquiry for care",
}  # fmt: skip
_CAME_FROM: Final = ("source", "campaign", "page", "form")


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
    """A lead. `step`: what to do now; `first`: what to ask before anything else, `then` the others.
    `known` is None for a role that sees no identities, and where what they said is `damaged`; `stop_form` is None for
    one that may not record a stop. `gone`: what of it was taken back by the referrer, or whoever booked; `numbered`:
    leads of other patients to whom its referrer gave its number too; `changed`: what the last answer moved; `wrong`:
    one that cannot be; `clash`: one that a colleague has said otherwise; `askers`: everybody who asked for it, of one
    that several asked for; `whose`: whose permission `gate` tells, where another is called than who asked first;
    `parts`: what other apps show, by place; `mark`: what of theirs it shows, `since`: what an older page that was acted
    on did not; `asks`: what another app asks before it writes anything."""

    row: Row
    about: str
    step: Step
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
    whose: str
    askers: tuple[AskedToo, ...]
    joined: tuple[Joining, ...]
    gone: TakenBack | None
    numbered: tuple[tuple[UUID, str], ...]
    same_person_as: tuple[UUID, str] | None
    may_repeat: tuple[UUID, str] | None
    may_part: bool
    changed: Changed | None
    wrong: Wrong | None
    clash: Clash | None
    parts: Mapping[str, tuple[Part, ...]]
    mark: Mark
    since: Since | None
    asks: Part | None
    back: str
    back_to: str
    listed: str  # the list from which one came, as a query


def told_of(  # noqa: PLR0913  what is asked or refused on it
    request: MemberRequest,
    lead: Lead,
    said: Mapping[str, Any],
    *,
    mark: Mark,
    wrong: Wrong | None = None,
    clash: Clash | None = None,
    asks: Part | None = None,
) -> One:
    """What its page says; of one with a judgement. `mark`: counted before the lead was read."""
    assert lead.current is not None
    number, visible = lead.pk, sees(request.member, lead.person_id)
    columns = columns_if_open(lead) if visible else None
    playbook, marked = loaded(lead.current.playbook_id), Marked(columns or {}, said)
    gone, other = taken_back(lead.organization_id, [number]).get(number), _called(lead)
    gate_of = _gate(lead, said, other, visible=visible)
    they = asked_too(lead, calls=gate_of.person if gate_of else None) if visible else ()
    facts = fact_rows(lead, said, playbook, may=request.member.may(May.VERIFY), wrong=wrong) if visible else ()
    state = state_of(lead, said, gate_of, gone, number=number_of(said, other, not_theirs(facts)))
    step = next_step(state, timezone.now())
    first, then = _to_ask(lead, telling.questions(said, playbook), step)
    return One(
        row=row_of(lead, policy_now(lead.organization_id), columns),
        about=_about(said, playbook, columns, visible=visible),
        step=step,
        reasons=tuple(map(telling.reason, said.get("reasons") or ())),
        send_to=telling.somewhere((said.get("redirect") or {}).get("to") or ""),
        send_saying=(said.get("redirect") or {}).get("say") or "",
        safety_says=(said.get("safety_says") or "") if state.danger else "",
        dimensions=_dimensions(said, marked, visible=visible),
        criteria=telling.criteria(said, playbook),
        first=first,
        then=then,
        points=telling.points(said),
        unknown_points=tuple(said.get("unknown_points") or ()),
        playbook=said["playbook"],
        judged_at=lead.current.at,
        happenings=happenings(lead.organization_id, number, named=_named(they)),
        resting=lead.resting,
        owner=lead.owner.get_full_name() if lead.owner else "",
        mine=lead.owner_id == request.member.user_id,
        may_work=request.member.may(May.WORK_LEADS),
        answered_at=lead.answered_at,
        submission=lead.submission,
        person=lead.person_id,
        may_see_submission=request.member.may(May.SEE_INBOX),
        known=_known(said, columns, playbook, marked, facts) if columns is not None else None,
        damaged=visible and columns is None,
        gate=gate_of,
        stop_form=Stop() if visible and request.member.may(May.RECORD_CONSENT) else None,
        whose=other.name if other and visible else "",
        askers=they,
        joined=_joined(lead),
        gone=gone,
        numbered=tuple((one, names.code(one)) for one in others(lead.organization_id, number)),
        same_person_as=_other(lead.same_person_as),
        may_repeat=_other(lead.may_repeat),
        may_part=visible and request.member.may(May.LINK_PEOPLE),
        changed=last_changed(lead, playbook, by=request.member.actor) if visible else None,
        wrong=wrong,
        clash=clash,
        parts=parts(Seen(request.member, lead, said, playbook, gate_of, columns is not None)),
        mark=mark,
        since=_since(request, lead, mark, visible=visible),
        asks=asks,
        back=back_of(request.GET),
        back_to="Worklist" if request.GET.get("from") == "worklist" else "Leads",
        listed=_listed(request.GET),
    )


def _since(request: MemberRequest, lead: Lead, mark: Mark, *, visible: bool) -> Since | None:
    """What came after the page on which something was just noted."""
    older = next((given for given in (request.GET, request.POST) if "said" in given), None)
    if older is None:
        return None
    shown = Mark(shown_in(older), shown_in(older, "done") if "done" in older else mark.done)
    return since(lead, shown, by=request.member.user_id, visible=visible)


def _to_ask(
    lead: Lead, questions: tuple[telling.Question, ...], step: Step
) -> tuple[telling.Question | None, tuple[telling.Question, ...]]:
    """What to ask before anything else, and the others."""
    if lead.safety or step.over:  # nobody in danger is asked for their insurance
        return None, ()
    asks = bool(questions) and lead.disposition in ASKS and step.speaks
    return (questions[0], questions[1:]) if asks else (None, questions)


def _dimensions(said: Mapping[str, Any], marked: Marked, *, visible: bool) -> tuple[telling.Dimension, ...]:
    told = telling.dimensions(said, marked)
    return told if visible else tuple(telling.Dimension(one.name, one.finding, ()) for one in told)


def _joined(lead: Lead) -> tuple[Joining, ...]:
    return tuple(
        Joining(one.pk, one.submission, one.submission.hex[-4:].upper(), one.received_at, one.new)
        for one in joined_to(lead)
    )


def _called(lead: Lead) -> Called | None:
    return called(lead.organization_id, [lead]).get(lead.pk) if lead.person_id else None


def _named(they: tuple[AskedToo, ...]) -> dict[str, str]:
    """Submission -> by whom it was sent, of all but whoever asked first."""
    return {str(one): asked.name for asked in they[1:] for one in asked.submissions}


def _gate(lead: Lead, said: Mapping[str, Any], other: Called | None, *, visible: bool) -> Gate | None:
    """Of whoever is called; None where whose it is was erased."""
    if lead.person_id is None:
        return None
    person, dials = (other.person, other.phone) if other else (lead.person_id, address_for(said, "call"))
    return gate(lead.organization_id, person, purpose_of(lead), visible=visible, dials=dials)


def _about(said: Mapping[str, Any], playbook: Playbook, columns: Mapping[str, str] | None, *, visible: bool) -> str:
    kind = "No enquiry for care" if said["type"] == "other" else f"{said['type'].capitalize()} lead"
    whom = said["asks_for"] or ""
    parts = [kind, telling.ASKS_FOR.get(whom, "") if visible else ""]
    if said["type"] == "business" and (firm := (columns or {}).get("organization")):
        parts = [f"{kind} of {firm}"]
    wanted = telling.wants(playbook, said["services"], said["location"])
    return ", ".join(part for part in parts if part) + (f". {wanted}." if wanted else ".")


def _known(
    said: Mapping[str, Any], columns: Mapping[str, str], playbook: Playbook, marked: Marked, facts: tuple[FactRow, ...]
) -> Known:
    contact = said.get("contact") or {}
    shown = {*_CAME_FROM, *contract.WORDS, *(one.field for one in marked.said)}
    return Known(
        said=marked.said,
        facts=facts,
        worked_out=tuple(one for one in telling.facts(said, playbook) if one.provenance == "derived"),
        reaches=telling.reaches(said, columns, not_theirs(facts)),
        came_from=tuple((telling.label(name), columns[name]) for name in _CAME_FROM if columns.get(name)),
        filled_in=tuple((telling.label(name), text) for name, text in columns.items() if name not in shown),
        patient=names.patient(columns),
        danger=telling.danger(said, marked),
        conflicts=tuple(said.get("conflicts") or ()),
        prefers=contact.get("preferred") or "",
        good_hours=telling.hours(contact.get("good_hours") or ""),
    )


def _other(lead: UUID | None) -> tuple[UUID, str] | None:
    return (lead, names.code(lead)) if lead else None


def query_of(**asked: str) -> str:
    return urlencode({name: said for name, said in asked.items() if said})


def _listed(asked: Mapping[str, str]) -> str:
    return query_of(**{name: asked.get(name, "")[:100] for name in ("tab", "queue", "type", "page")})


def back_of(asked: Mapping[str, str]) -> str:
    """The list from which one came, as the address of the lead says it."""
    query = _listed(asked)
    if asked.get("from") == "worklist":
        return reverse("worklist")
    return reverse("leads") + (f"?{query}" if query else "")
