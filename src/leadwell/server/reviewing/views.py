"""Review: what were the rules unsure of, and what do I say? (promises A8, B7, C14, C17, C18)"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from leadwell.server.access.needs import needs
from leadwell.server.access.queries import names_of_users
from leadwell.server.access.requests import MemberRequest
from leadwell.server.access.roles import May
from leadwell.server.base.pages import Pager, Tab, asked_page, paged, show
from leadwell.server.base.requests import looks_again
from leadwell.server.leads.asking import CannotBe
from leadwell.server.leads.models import Lead
from leadwell.server.leads.queries import lead_of
from leadwell.server.leads.recovering import put_aside_again, recover
from leadwell.server.leads.showing import Changed, Wrong
from leadwell.server.leads.since import shown_in
from leadwell.server.leads.verifying import Answer, Gone, SomebodyElse, verify
from leadwell.server.leads.views import to_lead
from leadwell.server.people.linking import CannotLink
from leadwell.server.people.models import Doubt
from leadwell.server.people.reviewing import doubt, how_many_open, lately_decided, waiting_page
from leadwell.server.playbooks.queries import policy_now
from leadwell.server.privacy.trail import record_list
from leadwell.server.reviewing import actions, queries, sections

DANGER, CONFLICTS, PAIRS, SAMPLE, ASIDE = "danger", "conflicts", "duplicates", "low-scores", "set-aside"
_WORDS: Final = {
    DANGER: "Danger", CONFLICTS: "Contradictions", PAIRS: "One person?", SAMPLE: "Low scores, checked",
    ASIDE: "Set aside",
}  # fmt: skip
_DONE: Final = {DANGER: "Seen or answered", PAIRS: "Decided in two weeks", ASIDE: "Brought back"}
_OPEN: Final = {DANGER: "Nobody has seen them", PAIRS: "Wait", ASIDE: "Rest"}
_LATELY: Final = timedelta(days=14)
_SAID: Final = {
    Doubt.Said.SAME: "They are one person now. What one of them stopped is stopped for both.",
    Doubt.Said.TWO: "They are two. It will not be asked again.",
    Doubt.Said.HOUSEHOLD: "They are two of one household. It will not be asked again.",
}


@dataclass(frozen=True)
class Review:
    """`rows`: of the section `tab`; `done`: whether it shows what was decided. `opened`: the pair that is looked at;
    `changed`: what the last answer moved, of the lead `settled`; `share`: of low scores, that the policy names."""

    tab: str
    done: bool
    tabs: tuple[Tab, ...]
    filters: tuple[Tab, ...]
    rows: tuple[Any, ...]
    pager: Pager | None
    opened: sections.Opened | None
    changed: Changed | None
    settled: UUID | None
    share: int | None
    here: str


@needs(May.WORK_LEADS)
@require_safe
def review(request: MemberRequest) -> HttpResponse:
    return _page(request)


def _page(request: MemberRequest, *, wrong: tuple[UUID, Wrong] | None = None) -> HttpResponse:
    ours, counted = request.member.organization_id, _counts(request.member.organization_id)
    tab = CONFLICTS if wrong else request.GET.get("tab", "")
    tab = tab or next((one for one in (DANGER, CONFLICTS, PAIRS) if counted[one]), DANGER)
    if tab not in _WORDS:
        raise Http404
    done = tab in _DONE and request.GET.get("show") == "done"
    tabs = tuple(
        Tab(word, f"?tab={one}", counted[one], one == tab, one == DANGER and counted[one] > 0)
        for one, word in _WORDS.items()
    )
    if looks_again(request):
        return show(request, "reviewing/tabs.html", tabs)
    rows, pager, opened = _section(request, tab, wrong, done=done)
    last = _number(request.GET.get("settled", "")) if tab == CONFLICTS else None
    changed = sections.settled(ours, lead_of(ours, last), by=request.member.actor) if last else None
    playbook = policy_now(ours) if tab == SAMPLE else None
    page = Review(
        tab=tab,
        done=done,
        tabs=tabs,
        filters=_filters(ours, tab, counted[tab], done=done),
        rows=rows,
        pager=pager,
        opened=opened,
        changed=changed,
        settled=last,
        share=round(playbook.score.review_share * 100) if playbook else None,
        here=urlencode({"tab": tab} | ({"show": "done"} if done else {})),
    )
    return show(request, "reviewing/review.html", page, status=400 if wrong else 200)


def _counts(organization: int) -> dict[str, int]:
    return {
        DANGER: queries.danger(organization, seen=False).count(),
        CONFLICTS: queries.conflicts(organization).count(),
        PAIRS: how_many_open(organization),
        SAMPLE: queries.sampled(organization).count(),
        ASIDE: queries.set_aside(organization).count(),
    }


def _filters(organization: int, tab: str, count: int, *, done: bool) -> tuple[Tab, ...]:
    """What waits, and what was decided."""
    if tab not in _DONE:
        return ()
    if tab == PAIRS:
        over = len(lately_decided(organization, since=timezone.now() - _LATELY))
    else:
        over = _leads(organization, tab, done=True).count()
    first = Tab(_OPEN[tab], f"?tab={tab}", count, not done)
    return first, Tab(_DONE[tab], f"?tab={tab}&show=done", over, done)


def _leads(organization: int, tab: str, *, done: bool) -> QuerySet[Lead]:
    if tab == DANGER:
        return queries.danger(organization, seen=done)
    if tab == ASIDE:
        return queries.recovered(organization) if done else queries.set_aside(organization)
    return queries.conflicts(organization) if tab == CONFLICTS else queries.sampled(organization)


def _section(
    request: MemberRequest, tab: str, wrong: tuple[UUID, Wrong] | None, *, done: bool
) -> tuple[tuple[Any, ...], Pager | None, sections.Opened | None]:
    ours = request.member.organization_id
    if tab == PAIRS:
        return _pairs(request, done=done)
    query = urlencode({"tab": tab} | ({"show": "done"} if done else {}))
    leads, pager = paged(_leads(ours, tab, done=done), asked_page(request), query=f"{query}&")
    if leads:
        record_list(ours, request.member.actor, "lead.listed", [f"lead/{one.pk}" for one in leads], {"review": tab})
    if tab == CONFLICTS:
        return sections.conflicting(ours, leads, wrong), pager, None
    told = {DANGER: sections.dangers, SAMPLE: sections.checked, ASIDE: sections.asides}[tab](ours, leads)
    return told, pager, None


def _pairs(request: MemberRequest, *, done: bool) -> tuple[tuple[Any, ...], Pager | None, sections.Opened | None]:
    ours, actor = request.member.organization_id, request.member.actor
    if done:
        over = sections.decided(ours, lately_decided(ours, since=timezone.now() - _LATELY))
        _seen(request, (who.number for one in over for who in (one.one, one.other)))
        return over, None, None
    found, pager = waiting_page(ours, asked_page(request), query=f"tab={PAIRS}&")
    asked = _number(request.GET.get("pair", ""))
    chosen = next((one for one in found if one.number == asked), found[0] if found else None)
    opened = sections.opened(ours, chosen, actor=actor) if chosen else None
    pairs = tuple(sections.pair_of(ours, one) for one in found)
    others = opened.others if opened else ()
    _seen(request, (who.number for who in (*others, *(who for one in pairs for who in (one.one, one.other)))))
    return pairs, pager, opened


def _seen(request: MemberRequest, people: Iterable[UUID]) -> None:
    if subjects := sorted({f"person/{one}" for one in people}):
        record_list(request.member.organization_id, request.member.actor, "person.compared", subjects)


def _number(text: str) -> UUID | None:
    try:
        return UUID(text[:36])
    except ValueError:
        return None


def _to(tab: str, more: Mapping[str, str] | None = None) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('review')}?{urlencode({'tab': tab} | dict(more or {}))}")


def _must_have(request: MemberRequest, number: UUID) -> Lead:
    lead = lead_of(request.member.organization_id, number)
    if lead is None or lead.person_id is None:
        raise Http404
    return lead


def _who(request: MemberRequest, actor: str) -> str:
    return names_of_users(request.member.organization_id).get(actor, "Somebody else")


@needs(May.WORK_LEADS)
@require_POST
def acknowledge(request: MemberRequest, number: UUID) -> HttpResponse:
    lead = _must_have(request, number)
    if actions.acknowledge(lead.organization_id, number, actor=request.member.actor, said=shown_in(request.POST)):
        if _must_have(request, number).acknowledged_at is None:
            return to_lead(request, number)
        messages.success(request, "Acknowledged. It stays on the worklist until somebody has answered them.")
    else:
        lead = _must_have(request, number)
        was = f"{_who(request, lead.acknowledged_by)} was first: it is acknowledged." if lead.acknowledged_at else ""
        messages.warning(request, was or "Nothing of it sounds like danger any more.")
    return _to(DANGER)


@needs(May.VERIFY)
@require_POST
def settle_conflict(request: MemberRequest, number: UUID) -> HttpResponse:
    """One side is said otherwise: a verified fact, by which the lead is judged anew at once."""
    lead, stood = _must_have(request, number), request.POST.get("stood", "")
    column, text = request.POST.get("column", "")[:100], request.POST.get("answer", "")[:2_000]
    if not stood.isascii() or not stood.isdigit():
        raise Http404
    try:
        verify(lead.organization_id, number, Answer(column, text), actor=request.member.actor, stood=int(stood[:9]))
    except Gone as error:
        raise Http404 from error
    except CannotBe as error:
        return _page(request, wrong=(number, Wrong(column, text, str(error))))
    except SomebodyElse:
        messages.warning(request, "Somebody else has just confirmed something of this lead. Look at it again first.")
        return _to(CONFLICTS)
    return _to(CONFLICTS, {"settled": str(number)})


@needs(May.WORK_LEADS)
@require_POST
def recover_lead(request: MemberRequest, number: UUID) -> HttpResponse:
    lead = _must_have(request, number)
    if recover(lead.organization_id, number, actor=request.member.actor):
        messages.success(request, "Brought back. It waits on the worklist, with its team and its clock.")
    else:
        messages.warning(request, _not_recovered(request, _must_have(request, number)))
    return _to(ASIDE)


@needs(May.WORK_LEADS)
@require_POST
def put_aside(request: MemberRequest, number: UUID) -> HttpResponse:
    lead = _must_have(request, number)
    if put_aside_again(lead.organization_id, number, actor=request.member.actor):
        messages.success(request, "It stands as it was judged again.")
    else:
        before = queries.was_put_aside(lead.organization_id, number)
        nobody = "Nobody has brought it back, so there is nothing to put aside."
        messages.warning(request, "It was put aside again before." if before else nobody)
    return _to(ASIDE, {"show": "done"})


def _not_recovered(request: MemberRequest, lead: Lead) -> str:
    if lead.recovered_at is None:
        return "It does not rest, so there is nothing to bring back."
    who = "You were" if lead.recovered_by == request.member.actor else "Somebody else was"
    return f"{who} first: it does not rest any more."


@needs(May.LINK_PEOPLE)
@require_POST
def decide_pair(request: MemberRequest, number: UUID) -> HttpResponse:
    ours, said = request.member.organization_id, request.POST.get("said", "")
    found = doubt(ours, number)
    if found is None or said not in _SAID:
        raise Http404
    try:
        cancelled = actions.say(ours, found, said, actor=request.member.actor)
    except CannotLink as error:
        messages.error(request, str(error))
        return _to(PAIRS)
    if cancelled is None:
        was = doubt(ours, number)
        what = Doubt.Said(was.said).label.lower() if was and was.said else "it was decided"
        messages.warning(request, f"{_who(request, was.said_by if was else '')} was first: {what}.")
    else:
        more = f" {cancelled} that waited will not be sent." if cancelled else ""
        messages.success(request, f"{_SAID[Doubt.Said(said)]}{more}")
    return _to(PAIRS)


@needs(May.LINK_PEOPLE)
@require_POST
def reopen_pair(request: MemberRequest, number: UUID) -> HttpResponse:
    ours = request.member.organization_id
    if doubt(ours, number) is None:
        raise Http404
    if actions.ask_again(ours, number, actor=request.member.actor):
        messages.success(request, "Taken back. They wait for somebody to say, each with what they had.")
    else:
        messages.warning(request, "Somebody else has taken that back before.")
    return _to(PAIRS)
