"""The outbox: what waits, what was not sent and why, what needs somebody? (promise D23)"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.contrib import messages as toasts
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from leadwell.server.access.needs import needs
from leadwell.server.access.requests import MemberRequest
from leadwell.server.access.roles import May
from leadwell.server.base.pages import Badge, Pager, Tab, asked_page, paged, show, tabs_by_state
from leadwell.server.outreach import actions, saying
from leadwell.server.outreach.channels.email.settings import is_set
from leadwell.server.outreach.letters import Content, content_if_opens
from leadwell.server.outreach.models import WAITING, Message, State
from leadwell.server.outreach.queries import counts_by_state, message_of, messages, results_of
from leadwell.server.outreach.results import REASONS, is_closed

LOOKS: Final = {
    State.DEAD: ("warn", "alert", "Needs somebody"),
    State.QUEUED: ("", "clock", "Waits"),
    State.DEFERRED: ("", "again", "Put off"),
    State.SENDING: ("", "arrow", "Being sent"),
    State.SENT: ("ok", "check", "Sent"),
    State.BOUNCED: ("warn", "no", "Came back"),
    State.CANCELLED: ("", "no", "Not sent"),
}
_ALWAYS: Final = (State.DEAD, State.QUEUED, State.DEFERRED, State.SENT, State.CANCELLED)


_LATE: Final = Badge("warn", "ask", "May have left")


@dataclass(frozen=True)
class Item:
    id: UUID
    at: datetime
    what: str
    badge: Badge
    says: str


@dataclass(frozen=True)
class Outbox:
    """`dead`: how many need somebody; `is_set`: whether there is a mail server."""

    items: tuple[Item, ...]
    tabs: tuple[Tab, ...]
    pager: Pager
    dead: int
    state: str
    is_set: bool


@dataclass(frozen=True)
class Said:
    at: datetime
    says: str


@dataclass(frozen=True)
class One:
    """`content` is None where it was `erased`, or cannot be opened. `may_reopen`: its address is closed, for mail to it
    came back."""

    item: Item
    message: Message
    content: Content | None
    erased: bool
    results: tuple[Said, ...]
    may_retry: bool
    may_drop: bool
    may_reopen: bool
    reasons: Mapping[str, str]


@needs(May.SEE_OUTBOX)
@require_safe
def outbox(request: MemberRequest) -> HttpResponse:
    ours, state = request.member.organization_id, request.GET.get("state", "")
    if state and state not in State.values:
        raise Http404
    rows, pager = paged(messages(ours, state=state), asked_page(request), query=f"state={state}&" if state else "")
    counts = counts_by_state(ours)
    page = Outbox(
        items=tuple(map(_item, rows)),
        tabs=_tabs(counts, state),
        pager=pager,
        dead=counts.get(State.DEAD, 0),
        state=LOOKS[State(state)][2] if state else "",
        is_set=is_set(),
    )
    return show(request, "outreach/outbox.html", page)


def _tabs(counts: Mapping[str, int], here: str) -> tuple[Tab, ...]:
    kept = [state for state in LOOKS if state in _ALWAYS or counts.get(state) or state == here]
    return tabs_by_state({state: LOOKS[state][2] for state in kept}, counts, here)


def _item(row: Message) -> Item:
    late = row.unsure and row.state == State.CANCELLED
    return Item(
        row.pk, row.created_at, saying.what(row), _LATE if late else Badge(*LOOKS[State(row.state)]), saying.why(row)
    )


@needs(May.SEE_OUTBOX)
@require_safe
def message(request: MemberRequest, number: UUID) -> HttpResponse:
    """One message, with its words: a view that the trail has."""
    found = _found(request, number)
    actions.on_record(found, "message.viewed", actor=request.member.actor)
    content = content_if_opens(found)
    mend, closed = request.member.may(May.RETRY), is_closed(found.organization_id, bytes(found.token))
    page = One(
        item=_item(found),
        message=found,
        content=content,
        erased=not found.sealed,
        results=tuple(Said(one.at, saying.result(one)) for one in results_of(found.organization_id, found.pk)),
        may_retry=mend and found.state in actions.RETRYABLE and content is not None and not closed,
        may_drop=mend and (found.state == State.DEAD or found.state in WAITING),
        may_reopen=mend and closed,
        reasons=REASONS,
    )
    return show(request, "outreach/message.html", page)


@needs(May.RETRY)
@require_POST
def retry(request: MemberRequest, number: UUID) -> HttpResponse:
    found = _found(request, number)
    if actions.retry(found.organization_id, [number]):
        actions.on_record(found, "message.retried", actor=request.member.actor)
        toasts.success(request, "It is tried again now; the gate is asked as for any other.")
    else:
        toasts.error(request, "It no longer waits for anybody: look at what became of it.")
    return HttpResponseRedirect(reverse("message", args=[number]))


@needs(May.RETRY)
@require_POST
def reopen(request: MemberRequest, number: UUID) -> HttpResponse:
    found = _found(request, number)
    try:
        done = actions.reopen(
            found.organization_id, number, why=request.POST.get("why", ""), actor=request.member.actor
        )
    except actions.NoReason:
        toasts.error(request, "Choose why mail may go there again.")
    else:
        said = "Mail may go to this address again. What came back can be tried again now."
        toasts.success(request, said if done else "It is not closed: somebody else was first.")
    return HttpResponseRedirect(reverse("message", args=[number]))


@needs(May.RETRY)
@require_POST
def drop(request: MemberRequest, number: UUID) -> HttpResponse:
    found = _found(request, number)
    dropped = actions.drop(found.organization_id, [number])
    if dropped.count:
        actions.on_record(found, "message.dropped", actor=request.member.actor)
    if dropped.unsure:
        toasts.warning(request, "It is not tried again. It may have left before: nobody knows.")
    elif dropped.count:
        toasts.success(request, "It will not be sent.")
    else:
        toasts.error(request, "It has left, is leaving now, or somebody else was first: look at what became of it.")
    return HttpResponseRedirect(reverse("message", args=[number]))


def _found(request: MemberRequest, number: UUID) -> Message:
    found = message_of(request.member.organization_id, number)
    if found is None:
        raise Http404
    return found
