"""The pages of leads: which there are, and of one: what do I do now, and why? (promise C)"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from leadwell import contract
from leadwell.server.access.needs import needs
from leadwell.server.access.requests import MemberRequest
from leadwell.server.access.roles import May
from leadwell.server.base.pages import Pager, Tab, asked_page, paged, show
from leadwell.server.base.requests import looks_again
from leadwell.server.leads import names
from leadwell.server.leads.beside import Part
from leadwell.server.leads.happenings import Happening, happenings
from leadwell.server.leads.page import KINDS, back_of, query_of, told_of
from leadwell.server.leads.queries import (
    DANGER,
    ERASED,
    counts,
    current_assessment,
    current_assessments,
    lead_of,
    leads,
)
from leadwell.server.leads.rows import Row, columns_if_open, erased_row, row_of, title, why
from leadwell.server.leads.showing import Clash, Wrong
from leadwell.server.leads.since import Mark, mark_of, shown_in, since
from leadwell.server.leads.taken_back import taken_back
from leadwell.server.people.queries import open_emergencies, sees
from leadwell.server.playbooks.queries import policy_now
from leadwell.server.privacy.erased import erased_at
from leadwell.server.privacy.sealing import Unopenable
from leadwell.server.privacy.trail import record, record_list

_TABS: Final = (DANGER, *contract.DISPOSITIONS, ERASED)
_ORDERS: Final = {"": "danger first, then the newest", ERASED: "the newest first"}


@dataclass(frozen=True)
class Leads:
    """`hidden`: whether names are hidden for this role. `kinds`: types, each with the query that shows it alone, and
    whether it does; `kind`: that which it does. `here`: this list in an address, for the way back to it."""

    rows: tuple[Row, ...]
    tabs: tuple[Tab, ...]
    kinds: tuple[tuple[str, str, bool], ...]
    kind: str
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


@needs(May.SEE_LEADS)
@require_safe
def all_leads(request: MemberRequest) -> HttpResponse:
    ours, visible = request.member.organization_id, request.member.may(May.SEE_IDENTITIES)
    tab, queue, kind = (request.GET.get(name, "") for name in ("tab", "queue", "type"))
    counted = counts(ours, queue=queue, kind=kind)
    if (tab and tab not in _TABS) or (queue and queue not in counted.queues) or (kind and kind not in KINDS):
        raise Http404
    query, total = query_of(tab=tab, queue=queue, type=kind), counted.tabs.get(tab, 0)
    which, those = f"{query}&" if query else "", leads(ours, tab=tab, queue=queue, kind=kind)
    found, pager = paged(those, asked_page(request), query=which, total=total)
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
            row_of(
                lead,
                playbook,
                columns_if_open(lead) if lead in named else None,
                why(lead, playbook, told.get(lead.pk), back.get(lead.pk)),
            )
            if lead.sealed
            else erased_row(lead, gone.get(lead.pk))
            for lead in found
        ),
        tabs=_tabs(counted.tabs, tab, queue, kind),
        kinds=tuple((word, query_of(tab=tab, queue=queue, type=one), one == kind) for one, word in KINDS.items()),
        kind=kind,
        queues=tuple((one, title(one)) for one in counted.queues),
        queue=queue,
        tab=tab,
        order=_ORDERS.get(tab, "by grade, then whoever waits longest"),
        here=query_of(tab=tab, queue=queue, type=kind, page=str(pager.number) if pager.number > 1 else ""),
        pager=pager,
        hidden=not visible,
    )
    return show(request, "leads/leads.html", page)


def _tabs(counted: Mapping[str, int], here: str, queue: str, kind: str) -> tuple[Tab, ...]:
    """That of the erased only where there are any."""
    shown = [tab for tab in ("", *_TABS) if tab != ERASED or counted[ERASED] or here == ERASED]
    return tuple(
        Tab(
            tab.capitalize() or "All",
            f"?{query_of(tab=tab, queue=queue, type=kind)}",
            counted.get(tab, 0),
            tab == here,
            tab == DANGER and counted[DANGER] > 0,
        )
        for tab in shown
    )


@needs(May.SEE_LEADS)
@require_safe
def one_lead(request: MemberRequest, number: UUID) -> HttpResponse:
    return _news(request, number) if looks_again(request) else lead_page(request, number)


def _news(request: MemberRequest, number: UUID) -> HttpResponse:
    """What an open page does not show yet; nothing where it shows all, and words where it has not been told them."""
    lead = lead_of(request.member.organization_id, number)
    if lead is None or not lead.sealed:
        raise Http404
    given, now = request.GET, mark_of(lead.organization_id, number)
    shown = Mark(shown_in(given), shown_in(given, "done"))
    visible = sees(request.member, lead.person_id)
    told = since(lead, shown, by=request.member.user_id, visible=visible)
    if told is None or (shown_in(given, "told"), shown_in(given, "noted")) == (now.said, now.done):
        return HttpResponse(status=204)
    if told.words:
        record(lead.organization_id, request.member.actor, "lead.viewed", f"lead/{number}", {"names": True})
    return show(request, "leads/news_since.html", told)


def to_lead(request: MemberRequest, number: UUID) -> HttpResponse:
    """To its page, after something was noted on a page of it: with what came meanwhile, where that did not show it."""
    lead, said = lead_of(request.member.organization_id, number), shown_in(request.POST)
    if lead is None or mark_of(lead.organization_id, number).said <= said:
        return HttpResponseRedirect(reverse("lead", args=[number]))
    return HttpResponseRedirect(f"{reverse('lead', args=[number])}?said={said}")


def lead_page(  # noqa: PLR0913  what is asked or refused on it
    request: MemberRequest,
    number: UUID,
    *,
    wrong: Wrong | None = None,
    clash: Clash | None = None,
    asks: Part | None = None,
    status: int = 200,
) -> HttpResponse:
    ours = request.member.organization_id
    mark, lead = mark_of(ours, number), lead_of(ours, number)  # in this order
    if lead is not None and not lead.sealed:
        return show(request, "leads/erased.html", Erased(names.code(number)), status=404)
    try:
        said = current_assessment(ours, number)
    except Unopenable:
        return _damaged(request, number)
    if lead is None or lead.current is None or said is None:
        raise Http404
    page = told_of(request, lead, said, mark=mark, wrong=wrong, clash=clash, asks=asks)
    record(ours, request.member.actor, "lead.viewed", f"lead/{number}", {"names": bool(page.known) or page.damaged})
    return show(request, "leads/lead.html", page, status=status)


def _damaged(request: MemberRequest, number: UUID) -> HttpResponse:
    ours, lead = request.member.organization_id, lead_of(request.member.organization_id, number)
    if lead is None:
        raise Http404
    record(ours, request.member.actor, "lead.viewed", f"lead/{number}", {"names": False})
    may = request.member.may(May.SEE_INBOX)
    told = Damaged(names.code(number), back_of(request.GET), lead.submission, may, happenings(ours, number))
    return show(request, "leads/damaged.html", told)
