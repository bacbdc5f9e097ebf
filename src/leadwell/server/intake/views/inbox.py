"""The inbox: what came in, and what became of it? (promise A2)"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from leadwell.server.access.needs import needs
from leadwell.server.access.queries import names_of_users
from leadwell.server.access.requests import MemberRequest
from leadwell.server.access.roles import May
from leadwell.server.alerts.kinds import concerning
from leadwell.server.alerts.queries import open_alerts
from leadwell.server.alerts.views import Open
from leadwell.server.alerts.views import opened as opened_alert
from leadwell.server.base.pages import Badge, Pager, Tab, asked_page, paged, show, tabs_by_state
from leadwell.server.intake import mending
from leadwell.server.intake.models import State, Submission
from leadwell.server.intake.queries import counts_by_state, source_names, submissions
from leadwell.server.leads.queries import became_of
from leadwell.server.privacy.trail import actors

LOOKS: Final = {
    State.RECEIVED: ("", "clock", "Waiting"),
    State.AWAITING: ("", "clock", "Awaits answers"),
    State.ASSESSED: ("ok", "check", "Assessed"),
    State.NEEDS_MENDING: ("warn", "pen", "Needs mending"),
    State.SET_ASIDE: ("warn", "alert", "Set aside"),
    State.NOT_TAKEN: ("", "list", "Not taken in yet"),
    State.REFUSED: ("", "no", "Refused"),
    State.JOINED: ("", "merge", "Joined a lead"),
    State.NOT_A_LEAD: ("", "folder", "Not a lead"),
    State.REPEAT: ("", "again", "Repeat"),
}
_ALWAYS: Final = (State.NEEDS_MENDING, State.SET_ASIDE, State.RECEIVED, State.ASSESSED)


@dataclass(frozen=True)
class Next:
    """The lead that it became, and what should happen with that."""

    id: UUID
    disposition: str
    safety: str


@dataclass(frozen=True)
class Item:
    """`lead`: None where it became none, or where they were erased."""

    id: UUID
    received_at: datetime
    source: str
    badge: Badge
    says: str
    lead: Next | None = None


@dataclass(frozen=True)
class Inbox:
    """`to_mend`: how many wait for a person, `not_taken`: how many lists; `may_mend`: whether this one may;
    `replayable`: of the state shown."""

    items: tuple[Item, ...]
    tabs: tuple[Tab, ...]
    pager: Pager
    to_mend: int
    not_taken: int
    state: str
    may_mend: bool
    replayable: int
    alerts: tuple[Open, ...]


@needs(May.SEE_INBOX)
@require_safe
def inbox(request: MemberRequest) -> HttpResponse:
    ours, state = request.member.organization_id, request.GET.get("state", "")
    if state and state not in State.values:
        raise Http404
    query, counts = f"state={state}&" if state else "", counts_by_state(ours)
    total = counts.get(state, 0) if state else sum(counts.values())
    rows, pager = paged(submissions(ours, state=state), asked_page(request), query=query, total=total)
    names, uploaders = source_names(ours), uploaders_of(ours, rows)
    became = became_of(ours, [row.pk for row in rows if row.state == State.ASSESSED])
    leads = {submission: Next(*told) for submission, told in became.items()}
    page = Inbox(
        items=tuple(replace(item(row, names, uploaders), lead=leads.get(row.pk)) for row in rows),
        tabs=_tabs(counts, state),
        pager=pager,
        to_mend=sum(counts.get(one, 0) for one in mending.MENDABLE),
        not_taken=counts.get(State.NOT_TAKEN, 0),
        state=LOOKS[State(state)][2] if state else "",
        may_mend=request.member.may(May.MEND),
        replayable=counts.get(state, 0) if state in mending.MENDABLE else 0,
        alerts=tuple(map(opened_alert, open_alerts(ours, concerning(request.member)))),
    )
    return show(request, "intake/inbox.html", page)


def _tabs(counts: Mapping[str, int], here: str) -> tuple[Tab, ...]:
    kept = [state for state in LOOKS if state in _ALWAYS or counts.get(state) or state == here]
    kept.sort(key=lambda state: _ALWAYS.index(state) if state in _ALWAYS else len(_ALWAYS))
    return tabs_by_state({state: LOOKS[state][2] for state in kept}, counts, here)


def item(row: Submission, names: Mapping[int, str], uploaders: Mapping[UUID, str]) -> Item:
    state = State(row.state)
    source = names.get(row.source, "a source that is gone")
    return Item(row.id, row.received_at, source, Badge(*LOOKS[state]), _says(row, state, uploaders))


def uploaders_of(organization: int, rows: Iterable[Submission]) -> dict[UUID, str]:
    """List that is not taken in yet -> who uploaded it."""
    lists = {f"submission/{row.pk}": row.pk for row in rows if row.state == State.NOT_TAKEN}
    if not lists:
        return {}
    names, did = names_of_users(organization), actors(organization, "list.uploaded", lists)
    return {lists[one]: names.get(actor, "somebody who no longer works here") for one, actor in did.items()}


def _says(row: Submission, state: State, uploaders: Mapping[UUID, str]) -> str:
    """What became of it, in a sentence."""
    if getattr(row, "emptied", False) and state in (State.ASSESSED, State.JOINED) and row.leads <= 1:
        return "Erased: that it came is all that is kept."
    problem = f"{row.problem[:1].upper()}{row.problem[1:]}."
    match state:
        case State.RECEIVED:
            return "Waits to be judged; that takes about a second."
        case State.AWAITING:
            return f"Waits for {row.problem}."
        case State.ASSESSED:
            return "Became a lead." if row.leads == 1 else f"Became {row.leads:,} leads."
        case State.NOT_TAKEN:
            return f"{uploaders.get(row.pk, 'Somebody')} uploaded it, and has not said yet what its headers mean."
        case State.SET_ASIDE:
            return f"Failed each time it was tried ({row.problem or 'no reason noted'})."
        case State.REFUSED:
            return "Its signature was wrong, so it was not taken in."
        case State.REPEAT:
            return "The same as one that came before."
        case State.JOINED:
            return "Belongs to a lead that was there."
    return problem
