"""The inbox: what came in, and what is wrong with it? Mended in place, played again. (promise A2)"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from leadwell.server.access.needs import needs
from leadwell.server.access.queries import names_of_users, who_may
from leadwell.server.access.requests import MemberRequest
from leadwell.server.access.roles import May
from leadwell.server.alerts.kinds import concerning
from leadwell.server.alerts.queries import open_alerts
from leadwell.server.alerts.views import Open
from leadwell.server.alerts.views import opened as opened_alert
from leadwell.server.base.pages import Pager, asked_page, paged, show
from leadwell.server.base.templatetags.look import day_of
from leadwell.server.intake import mending
from leadwell.server.intake.models import State, Submission
from leadwell.server.intake.opening import is_erased, opened
from leadwell.server.intake.queries import (
    counts_by_state,
    source_by_number,
    source_names,
    submission_of,
    submissions,
)
from leadwell.server.intake.rejected import Row, rejected_rows
from leadwell.server.intake.showing import Shown, shown
from leadwell.server.leads.queries import kept_of
from leadwell.server.privacy.erased import erased_at
from leadwell.server.privacy.sealing import Unopenable
from leadwell.server.privacy.trail import actors, record

LOOKS: Final = {
    State.RECEIVED: ("", "clock", "Waiting"),
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
class Badge:
    state: str
    icon: str
    word: str


@dataclass(frozen=True)
class Item:
    id: UUID
    received_at: datetime
    source: str
    badge: Badge
    says: str


@dataclass(frozen=True)
class Tab:
    word: str
    query: str
    count: int
    here: bool


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


@dataclass(frozen=True)
class One:
    """One submission. `first`: as it came, where somebody has mended it since."""

    item: Item
    kind: str
    media_type: str
    size: int
    tries: int
    headers: Mapping[str, str]
    sent: Shown | None
    first: Shown | None
    lead: UUID | None
    leads: int
    repeat_of: UUID | None
    rejected: tuple[Row, ...]
    mendable: bool
    refused: bool
    waiting: bool
    may_mend: bool
    look: bool  # a list that somebody should look at before it is taken in
    menders: tuple[str, ...]  # who may mend it, told to those who may not
    source_number: int | None  # for a role that may see the source
    erased: str  # the day, where nothing of it is left
    typed: str  # what was put in to correct it, where that is still wrong
    wrong: str


@needs(May.SEE_INBOX)
@require_safe
def inbox(request: MemberRequest) -> HttpResponse:
    ours, state = request.member.organization_id, request.GET.get("state", "")
    if state and state not in State.values:
        raise Http404
    rows, pager = paged(submissions(ours, state=state), asked_page(request), query=f"state={state}&" if state else "")
    names, counts, uploaders = source_names(ours), counts_by_state(ours), _uploaders(ours, rows)
    page = Inbox(
        items=tuple(_item(row, names, uploaders) for row in rows),
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
    tabs = [Tab(LOOKS[state][2], f"?state={state}", counts.get(state, 0), state == here) for state in kept]
    return (Tab("All", "?", sum(counts.values()), not here), *tabs)


def _item(row: Submission, names: Mapping[int, str], uploaders: Mapping[UUID, str]) -> Item:
    state = State(row.state)
    source = names.get(row.source, "a source that is gone")
    return Item(row.id, row.received_at, source, Badge(*LOOKS[state]), _says(row, state, uploaders))


def _uploaders(organization: int, rows: Iterable[Submission]) -> dict[UUID, str]:
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


@needs(May.SEE_INBOX)
@require_safe
def submission(request: MemberRequest, number: UUID) -> HttpResponse:
    return _show(request, _found(request, number))


def _show(request: MemberRequest, found: Submission, *, typed: str = "", wrong: str = "") -> HttpResponse:
    """`typed` and `wrong`: a correction that is none, and why."""
    member, ours = request.member, found.organization_id
    source = source_by_number(ours, found.source)
    sent, first, headers = _opened(found)
    record(ours, member.actor, "submission.viewed", f"submission/{found.pk}")
    page = One(
        item=_item(found, source_names(ours), _uploaders(ours, [found])),
        kind=source.kind if source else "",
        media_type=found.media_type.partition(";")[0],
        size=found.size,
        tries=found.tries,
        headers=headers,
        sent=sent,
        first=first,
        lead=next(iter(kept_of(ours, found.pk)), None) if found.state == State.ASSESSED else None,
        leads=found.leads,
        repeat_of=found.repeat_of,
        rejected=rejected_rows(found, source),
        mendable=found.state in mending.MENDABLE,
        refused=found.state == State.REFUSED,
        waiting=found.state == State.RECEIVED,
        may_mend=member.may(May.MEND),
        look=bool(source and source.kind == "file") and found.state in mending.TO_LOOK_AT and member.may(May.UPLOAD),
        menders=tuple(who_may(ours, May.MEND)) if not member.may(May.MEND) else (),
        source_number=source.pk if source and member.may(May.SEE_SOURCES) else None,
        erased=_erased(found),
        typed=typed,
        wrong=wrong,
    )
    return show(request, "intake/submission.html", page, status=400 if wrong else 200)


def _erased(found: Submission) -> str:
    """“Erased on 26 November 2026”; '' where what was sent is there, or never was."""
    if not is_erased(found):
        return ""
    gone = erased_at(found.organization_id, "submissions", [found.pk]).get(found.pk)
    return f"Erased on {day_of(gone)}" if gone else "Erased"


def _opened(found: Submission) -> tuple[Shown | None, Shown | None, Mapping[str, str]]:
    """What is read now; what came first, where somebody mended it; the headers. Of a repeat nothing was kept."""
    if found.state == State.REPEAT or is_erased(found):
        return Shown("", 0), None, {}
    try:
        sent = opened(found)
        first = opened(found, as_mended=False) if found.mended is not None else None
    except Unopenable:
        return None, None, {}
    return shown(sent), shown(first) if first else None, sent.headers


@needs(May.MEND)
@require_POST
def mend(request: MemberRequest, number: UUID) -> HttpResponse:
    """Puts what was typed beside what was sent, and plays it."""
    found, typed = _found(request, number), request.POST.get("body", "")
    try:
        mending.mend(request.member.organization_id, number, typed.encode())
    except mending.CannotMend as error:
        if found.state in mending.MENDABLE:
            return _show(request, found, typed=typed, wrong=str(error))
        messages.error(request, str(error))
    else:
        record(request.member.organization_id, request.member.actor, "submission.mended", f"submission/{number}")
        messages.success(request, "Mended. It is being judged now.")
    return HttpResponseRedirect(reverse("submission", args=[number]))


@needs(May.MEND)
@require_POST
def replay(request: MemberRequest, number: UUID) -> HttpResponse:
    """Plays one again, as after a mapping was corrected; a refused one is taken in after all."""
    ours, found = request.member.organization_id, _found(request, number)
    refused = found.state == State.REFUSED
    done = mending.accept_refused(ours, [number]) if refused else mending.replay(ours, [number])
    if done:
        action = "submission.accepted" if refused else "submission.replayed"
        record(ours, request.member.actor, action, f"submission/{number}")
        messages.success(request, "It is being judged now.")
    else:
        messages.error(request, "It no longer waits for anybody: look at what became of it.")
    return HttpResponseRedirect(reverse("submission", args=[number]))


@needs(May.MEND)
@require_POST
def replay_all(request: MemberRequest) -> HttpResponse:
    """Plays all of one state again."""
    ours, state = request.member.organization_id, request.POST.get("state", "")
    if state not in mending.MENDABLE:
        raise Http404
    numbers = list(submissions(ours, state=state).values_list("pk", flat=True))
    done = mending.replay(ours, numbers)
    record(ours, request.member.actor, "submissions.replayed", codes={"state": state, "count": done})
    messages.success(request, f"{done:,} are being judged now.")
    return HttpResponseRedirect(reverse("inbox"))


def _found(request: MemberRequest, number: UUID) -> Submission:
    found = submission_of(request.member.organization_id, number)
    if found is None:
        raise Http404
    return found
