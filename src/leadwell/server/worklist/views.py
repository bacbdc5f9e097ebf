"""The worklist: whom do I call now, and why, and may I? Take the next, take one, give back. (promise D21)"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseNotModified, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.http import require_POST, require_safe

from leadwell.server.access.needs import needs
from leadwell.server.access.requests import MemberRequest
from leadwell.server.access.roles import May
from leadwell.server.base.pages import Pager, Tab, asked_page, paged, show
from leadwell.server.base.requests import looks_again
from leadwell.server.consent.queries import known
from leadwell.server.consent.telling import Line, lines
from leadwell.server.leads import standing
from leadwell.server.leads.models import Lead
from leadwell.server.leads.next_step import ASKS
from leadwell.server.leads.page import KINDS
from leadwell.server.leads.permitting import purpose_of
from leadwell.server.leads.queries import current_assessment
from leadwell.server.leads.since import said_so_far, shown_in
from leadwell.server.leads.telling import questions
from leadwell.server.leads.views import to_lead
from leadwell.server.playbooks.queries import loaded
from leadwell.server.privacy.sealing import if_opens
from leadwell.server.privacy.trail import record_list
from leadwell.server.worklist import actions
from leadwell.server.worklist.changing import how_often
from leadwell.server.worklist.models import Lane, Waiting
from leadwell.server.worklist.queries import LANES, MINE, counts, lead_on, next_of, waiting
from leadwell.server.worklist.rows import Row, rows
from leadwell.server.worklist.shown import HEADER, shown, token

_TABS: Final = {
    Lane.DUE: "Due now", Lane.SAFETY: "Safety", Lane.TO_DO: "To do", Lane.AGAIN: "Call again", Lane.REVIEW: "Review",
    MINE: "Mine", Lane.RESTING: "Resting",
}  # fmt: skip
_ORDER: Final = "by what waiting costs"
_ORDERS: Final = {Lane.RESTING: "the newest first", Lane.AGAIN: "the soonest first"}
_EMPTY: Final = {
    Lane.DUE: ("Nothing is late, or about to be", "What is not due yet stands under To do."),
    Lane.SAFETY: ("Nobody is in danger", "Whoever writes of an emergency or a crisis stands here at once."),
    Lane.TO_DO: ("Nothing waits", "What comes in next stands here."),
    Lane.AGAIN: ("Nobody is to be called later", "Who was promised a call, or did not answer, waits here."),
    Lane.REVIEW: ("Nothing is unclear", "What the rules were unsure of waits here for a person to look."),
    MINE: ("You have none", "Take the next one, or one from a list."),
    Lane.RESTING: ("Nothing was set aside", "Spam, tests and repeats of the last two weeks stand here."),
}


@dataclass(frozen=True)
class Next:
    """Whom to call next, or who is yours to call. `words`: what they said, in a line; `ask`: the first question;
    `said`: how often they did (`leads.since`)."""

    row: Row
    gate: tuple[Line, ...]
    words: str
    ask: str
    settles: str
    said: int


@dataclass(frozen=True)
class Kind:
    """One type of leads, alone: `query` shows it."""

    word: str
    query: str
    here: bool


@dataclass(frozen=True)
class Worklist:
    """`live`: by which the page knows whether anything has changed; `token`: what it was shown (`shown`)."""

    lane: str
    now: datetime
    first: Next | None
    rows: tuple[Row, ...]
    tabs: tuple[Tab, ...]
    kinds: tuple[Kind, ...]
    total: int
    danger: int
    order: str
    empty: tuple[str, str]
    pager: Pager
    here: str
    live: str
    token: str


@needs(May.WORK_LEADS)
@require_safe
def worklist(request: MemberRequest) -> HttpResponse:
    member, now = request.member, timezone.now()
    ours, looks = member.organization_id, looks_again(request)
    state = f'"{how_often(ours)}-{int(now.timestamp()) // 60}-{member.user_id}"'
    if looks and request.headers.get("If-None-Match") == state:
        return HttpResponseNotModified(headers={"ETag": state})
    lane, kind = request.GET.get("lane", ""), request.GET.get("type", "")
    if (lane and lane not in _TABS) or kind not in KINDS:
        raise Http404
    counted = counts(ours, owner=member.user_id, kind=kind)
    lane = lane or (Lane.DUE if counted[Lane.DUE] else Lane.TO_DO)
    number = asked_page(request)
    of = {"type": kind} if kind else {}
    here = urlencode({"lane": lane} | of)
    found, pager = paged(waiting(ours, lane, owner=member.user_id, kind=kind), number, query=f"{here}&")
    first = _first(request)
    told = rows(member, [one for one in (first, *found) if one], now)
    _note(request, [row.id for row in told])
    page = Worklist(
        lane=lane,
        now=now,
        first=_next(ours, first, told[0], now) if first and told else None,
        rows=told[1:] if first else told,
        tabs=tuple(_tab(one, counted[one], lane, of) for one in _TABS),
        kinds=tuple(
            Kind(word, urlencode({"lane": lane} | ({"type": one} if one else {})), one == kind)
            for one, word in KINDS.items()
        ),
        total=sum(counted[one] for one in LANES if one != Lane.RESTING),
        danger=counted[Lane.SAFETY],
        order=_ORDERS.get(Lane(lane) if lane != MINE else Lane.TO_DO, _ORDER),
        empty=_EMPTY[Lane(lane) if lane != MINE else MINE],
        pager=pager,
        here=urlencode({"lane": lane} | of | ({"page": number} if number > 1 else {})),
        live=state,
        token=token(request, [row.id for row in told]),
    )
    answer = show(request, "worklist/looked.html" if looks else "worklist/worklist.html", page)
    answer["ETag"], answer[HEADER] = state, page.token
    return answer


def _first(request: MemberRequest) -> Waiting | None:
    """What they have begun, before what was given to them and what they might take."""
    ours, user = request.member.organization_id, request.member.user_id
    mine = waiting(ours, MINE, owner=user).filter(given_at=None).first()
    return mine or next_of(ours, user=user)


def _next(organization: int, one: Waiting, row: Row, now: datetime) -> Next:
    told = said_so_far(organization, [one.lead_id]).get(one.lead_id, 0) if row.mine else 0  # before what it shows
    said, gate = if_opens(current_assessment, organization, one.lead_id), _gate(one.lead, row.person, now)
    if not said or one.lead.current is None:
        return Next(row, gate, "", "", "", 0)
    policy = loaded(one.lead.current.playbook_id)
    asked = () if one.lead.safety else questions(said, policy)
    first = asked[0] if asked and one.lead.disposition in ASKS else None
    words = standing.danger(said) if said.get("safety") else standing.why(said, policy)
    return Next(row, gate, words, first.ask if first else "", first.why if first else "", told)


def _gate(lead: Lead, person: UUID | None, now: datetime) -> tuple[Line, ...]:
    """With its sentences, of whoever is called; none where whose it is was erased."""
    if person is None:
        return ()
    ours, purpose = lead.organization_id, purpose_of(lead)
    return lines(ours, known(ours, person, purpose=purpose, now=now), purpose, person=None, now=now)


def _note(request: MemberRequest, leads: list[UUID]) -> None:
    """In the trail: what a page shows that it has not been showing all the while."""
    if request.member.may(May.SEE_IDENTITIES) and (new := sorted(set(leads) - shown(request))):
        subjects = [f"lead/{one}" for one in new]
        record_list(request.member.organization_id, request.member.actor, "lead.listed", subjects)


def _tab(lane: str, count: int, here: str, of: dict[str, str]) -> Tab:
    return Tab(
        _TABS[lane], f"?{urlencode({'lane': lane} | of)}", count, lane == here, lane == Lane.SAFETY and count > 0
    )


@needs(May.WORK_LEADS)
@require_POST
def take_next(request: MemberRequest) -> HttpResponse:
    if actions.take_next(request.member) is None:
        messages.info(request, "Nobody waits whom nobody has. What is yours stands under Mine.")
    return HttpResponseRedirect(f"{reverse('worklist')}?lane={MINE}")


@needs(May.WORK_LEADS)
@require_POST
def take(request: MemberRequest, number: UUID) -> HttpResponse:
    if lead_on(request.member.organization_id, number) is None:
        raise Http404
    if not actions.take(request.member, number):
        lead = lead_on(request.member.organization_id, number)
        whose = lead.owner.get_full_name() if lead and lead.owner else "Somebody else"
        messages.warning(request, f"{whose} was first, and has it now.")
    return _back(request)


@needs(May.WORK_LEADS)
@require_POST
def give_back(request: MemberRequest, number: UUID) -> HttpResponse:
    if lead_on(request.member.organization_id, number) is None:
        raise Http404
    if actions.give_back(request.member, number):
        messages.success(request, "Given back. It waits for whoever takes the next.")
    else:
        messages.warning(request, "It is not yours any more.")
    return _back(request)


@needs(May.WORK_LEADS)
@require_POST
def answer(request: MemberRequest, number: UUID) -> HttpResponse:
    if lead_on(request.member.organization_id, number) is None:
        raise Http404
    if actions.answer(request.member, number, said=shown_in(request.POST)):
        lead = lead_on(request.member.organization_id, number)
        if lead is not None and lead.answered_at is None:
            return to_lead(request, number)
        messages.success(request, "Noted as answered. Its clock has stopped.")
    else:
        messages.warning(request, "Only its owner can say that it was answered, and only once.")
    return _back(request)


def _back(request: MemberRequest) -> HttpResponseRedirect:
    """To the page on which it was asked for, where that is one of ours."""
    back = request.POST.get("back", "")
    ours = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return HttpResponseRedirect(back if ours else reverse("worklist"))
