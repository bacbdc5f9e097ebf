"""Somebody calls: type what they say, and go on with the call as soon as it is judged. (promises A1, D22)"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

import orjson
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from leadwell.server.access.needs import needs
from leadwell.server.access.requests import MemberRequest
from leadwell.server.access.roles import May
from leadwell.server.base.pages import show
from leadwell.server.base.requests import looks_again
from leadwell.server.intake.models import State, Submission
from leadwell.server.intake.opening import opened
from leadwell.server.leads.finding import Somebody, somebodies
from leadwell.server.leads.queries import lead_of
from leadwell.server.leads.telling import label
from leadwell.server.people.finding import by_number_or_name
from leadwell.server.privacy.sealing import if_opens
from leadwell.server.privacy.trail import record, record_list
from leadwell.server.typed_in import actions
from leadwell.server.typed_in.forms import Call
from leadwell.server.typed_in.meanwhile import Known, known
from leadwell.server.typed_in.queries import typed, typed_submission

_PART: Final = "X-Part"
_ENDED: Final = (State.ASSESSED, State.JOINED)


@dataclass(frozen=True)
class Ours:
    """Who may be calling. `sought`: whether there was anything by which to look."""

    sought: bool = False
    people: tuple[Somebody, ...] = ()


@dataclass(frozen=True)
class New:
    form: Call
    ours: Ours
    closed: bool = False


@dataclass(frozen=True)
class Kept:
    """A call that is not judged yet. `said`: what was typed, with how pages call it; `stuck`: why it will not be by
    itself."""

    id: UUID
    said: tuple[tuple[str, str], ...]
    known: Known | None
    stuck: str


@needs(May.WORK_LEADS)
@require_http_methods(["GET", "HEAD", "POST"])
def new_call(request: MemberRequest) -> HttpResponse:
    if request.method != "POST":
        begun = {"key": uuid.uuid4().hex, "began": int(timezone.now().timestamp())}
        return show(request, "typed_in/new.html", New(Call(initial=begun), Ours()))
    form = Call(request.POST)
    if not form.is_valid():
        return show(request, "typed_in/new.html", New(form, Ours()), status=400)
    try:
        number = actions.take_down(
            request.member, form.columns(), key=form.cleaned_data["key"], began=_began(form.cleaned_data["began"])
        )
    except actions.Closed:
        return show(request, "typed_in/new.html", New(form, Ours(), closed=True), status=400)
    return HttpResponseRedirect(reverse("typed_call", args=[number]))


def _began(seconds: int | None) -> datetime | None:
    """None where that is no moment of these years."""
    now = timezone.now().timestamp()
    return datetime.fromtimestamp(seconds, UTC) if seconds and 0 < seconds <= now else None


@needs(May.WORK_LEADS)
@require_POST
def who_is_it(request: MemberRequest) -> HttpResponse:
    """Is this one of ours? By the whole number and the whole name alone; the page that was typed on, or that part."""
    member = request.member
    typed_by = {name: request.POST.get(name, "")[:200].strip() for name in ("phone", "full_name")}
    found = by_number_or_name(member.organization_id, typed_by["phone"], typed_by["full_name"])
    if found.kinds:
        subjects = [f"person/{one.person}" for one in found.people]
        codes = {"by": list(found.kinds), "found": len(subjects)}
        record_list(member.organization_id, member.actor, "person.searched", subjects, codes)
    ours = Ours(bool(found.kinds), somebodies(member.organization_id, found.people))
    if _PART in request.headers:
        return show(request, "typed_in/known.html", ours)
    return show(request, "typed_in/new.html", New(Call(initial=request.POST.dict()), ours))


@needs(May.WORK_LEADS)
@require_safe
def typed_call(request: MemberRequest, number: UUID) -> HttpResponse:
    """To the call with them as soon as it is a lead; until then, what was kept and what is known."""
    found = typed_submission(request.member.organization_id, number)
    if found is None:
        raise Http404
    where = _where(request, found) if found.state in _ENDED and found.lead else ""
    if looks_again(request):
        return JsonResponse({"go": where, "stuck": _stuck(found)}, headers={"Cache-Control": "no-store"})
    if where:
        return HttpResponseRedirect(where)
    return show(request, "typed_in/kept.html", _kept(request, found))


def _where(request: MemberRequest, found: Submission) -> str:
    """Who typed it is on the call with them; to anybody else it is a lead like others."""
    told, lead = typed(found), lead_of(found.organization_id, found.lead) if found.lead else None
    if lead is None or told is None or told.by != request.member.actor or not actions.put_through(found):
        return reverse("lead", args=[found.lead])
    if not looks_again(request) and found.state == State.JOINED:
        whose = f" {lead.owner.get_full_name()} has it." if lead.owner and lead.owner != request.user else ""
        messages.info(request, f"They have asked before: what you typed joined that lead.{whose}")
    return reverse("call", args=[found.lead])


def _kept(request: MemberRequest, found: Submission) -> Kept:
    sent = if_opens(opened, found) if found.sealed else None
    columns: Mapping[str, str] = orjson.loads(sent.body) if sent else {}
    record(found.organization_id, request.member.actor, "submission.viewed", f"submission/{found.pk}")
    said = tuple((label(name), text) for name, text in columns.items())
    return Kept(found.pk, said, known(found, columns) if columns else None, _stuck(found))


def _stuck(found: Submission) -> str:
    """Why nothing more happens by itself; '' where it waits for its turn."""
    if found.state in (State.RECEIVED, *_ENDED) and (found.lead or found.state == State.RECEIVED):
        return ""
    return "It could not be judged. It is kept, and stands in the inbox for an intake lead."
