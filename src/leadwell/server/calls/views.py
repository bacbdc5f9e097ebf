"""On the call: what do I ask now, what would the answer change, and how did it end? (promises D22, D23)"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from leadwell.playbook import Playbook
from leadwell.server.access.needs import needs
from leadwell.server.access.requests import MemberRequest
from leadwell.server.access.roles import May
from leadwell.server.base.pages import show
from leadwell.server.calls import actions, forms
from leadwell.server.calls.clocks import Clock, clock_of, guessed, not_allowed, said_back
from leadwell.server.calls.ending import Ended
from leadwell.server.calls.models import Attempt, Result
from leadwell.server.calls.queries import attempt_of, under_way
from leadwell.server.calls.script import OTHER, UNKNOWN, Effect, Script, script, would_change
from leadwell.server.calls.showing import Bar, bar
from leadwell.server.consent.queries import known
from leadwell.server.consent.telling import on_a_clock, zone_of
from leadwell.server.leads.asking import CannotBe, asked, checked
from leadwell.server.leads.beside import Seen
from leadwell.server.leads.correcting import not_taken_back
from leadwell.server.leads.models import Lead
from leadwell.server.leads.page import One, told_of
from leadwell.server.leads.queries import columns_of, current_assessment, lead_of
from leadwell.server.leads.showing import Clash, clash
from leadwell.server.leads.since import mark_of, shown_in
from leadwell.server.leads.verifying import Answer, Gone, SomebodyElse, verify
from leadwell.server.leads.views import to_lead
from leadwell.server.playbooks.queries import loaded
from leadwell.server.privacy.sealing import if_opens
from leadwell.server.privacy.trail import record

_MOST_LATER: Final = 500  # characters of the facts that are put off


@dataclass(frozen=True)
class Proposed:
    """An answer that is not saved: what was chosen or typed, and what it would change, or why it cannot be."""

    choice: str
    typed: str
    effect: Effect | None = None
    wrong: str = ""


@dataclass(frozen=True)
class Call:
    """`lead`: the page of the lead; `later`: the facts that are put off, as an address says them; `ended`: how it
    ended, as far as it was typed, with the moments that a callback may mean, each with how it is said, of an hour at
    which no call may be lawful, that, and where it is a guess whose hour that is, that."""

    lead: One
    bar: Bar
    script: Script
    later: str
    proposed: Proposed
    ended: forms.Typed | None
    moments: tuple[tuple[str, str, str, str], ...]


@needs(May.CALL)
@require_safe
def call(request: MemberRequest, number: UUID) -> HttpResponse:
    return _page(request, number)


def _page(
    request: MemberRequest,
    number: UUID,
    *,
    proposed: Proposed | None = None,
    ended: forms.Typed | None = None,
    clash: Clash | None = None,
) -> HttpResponse:
    mark = mark_of(request.member.organization_id, number)  # before the lead
    lead, said, playbook = _open(request, number)
    page = told_of(request, lead, said, mark=mark, clash=clash)
    record(lead.organization_id, request.member.actor, "lead.viewed", f"lead/{number}", {"names": True})
    seen = Seen(request.member, lead, said, playbook, page.gate, visible=page.known is not None)
    later = _later(request)
    told = Call(
        lead=page,
        bar=bar(seen),
        script=script(lead, said, playbook, later=later),
        later=urlencode([("later", one) for one in later]),
        proposed=proposed or Proposed("", ""),
        ended=ended,
        moments=_moments(ended.when) if ended and ended.when else (),
    )
    wrong = (proposed is not None and proposed.wrong) or (ended is not None and ended.wrong)
    return show(request, "calls/call.html", told, status=400 if wrong else 409 if clash else 200)


def _moments(meant: forms.When) -> tuple[tuple[str, str, str, str], ...]:
    found, clock = (meant.at,) if meant.at else meant.perhaps, meant.clock
    ahead = (one for one in found if one > timezone.now())
    return tuple(
        (one.isoformat(), said_back(one, clock), not_allowed(one, clock), guessed(one, clock)) for one in ahead
    )


def _open(request: MemberRequest, number: UUID) -> tuple[Lead, Mapping[str, Any], Playbook]:
    """Of one that is erased, or cannot be opened, there is nobody to call."""
    ours = request.member.organization_id
    lead = lead_of(ours, number)
    said = if_opens(current_assessment, ours, number) if lead and lead.sealed and lead.person_id else None
    if lead is None or lead.current is None or said is None or if_opens(columns_of, lead) is None:
        raise Http404
    return lead, said, loaded(lead.current.playbook_id)


def _later(request: MemberRequest) -> list[str]:
    asked_later = request.GET.getlist("later") or request.POST.getlist("later")
    return [one for one in dict.fromkeys(asked_later) if one.replace("_", "").isalnum()][: _MOST_LATER // 10]


def _to_call(number: UUID, later: list[str]) -> HttpResponse:
    query = urlencode([("later", one) for one in later])
    return HttpResponseRedirect(reverse("call", args=[number]) + (f"?{query}" if query else ""))


@needs(May.CALL)
@require_POST
def begin_call(request: MemberRequest, number: UUID) -> HttpResponse:
    """Whether we may, and that we do, in one step."""
    lead, _, _ = _open(request, number)
    try:
        begun = actions.begin(lead.organization_id, number, actor=request.member.actor)
    except Gone as error:
        raise Http404 from error
    except actions.CannotCall as error:
        messages.error(request, str(error))
    else:
        if begun.attempt is None and begun.verdict is not None:
            at = begun.verdict.not_before
            from_when = f" From {on_a_clock(at, timezone.now(), None)}." if at else ""
            messages.error(request, f"Nobody was called. {begun.verdict.says}{from_when}")
    return _to_call(number, _later(request))


@needs(May.CALL)
@require_POST
def end_call(request: MemberRequest, number: UUID) -> HttpResponse:
    """How it ended: of the call that is under way; else of one that was made elsewhere, or by them."""
    lead, _, _ = _open(request, number)
    typed = forms.read(request.POST, _clock_of(lead))
    if typed.ended is None:
        return _page(request, number, ended=typed)
    done = _ended(request, lead, typed, replace(typed.ended, said=shown_in(request.POST)))
    if done is None:
        messages.success(request, "It was noted before already.")
    return to_lead(request, number)


def _clock_of(lead: Lead) -> Clock:
    assert lead.person_id is not None
    found = known(lead.organization_id, lead.person_id)
    perhaps = (place.zone for place in found.places if place.zone)
    return clock_of(lead.organization_id, zone_of(found), perhaps)


def _ended(request: MemberRequest, lead: Lead, typed: forms.Typed, ended: Ended) -> Attempt | None:
    actor, ours = request.member.actor, lead.organization_id
    try:
        if (attempt := _number(request.POST.get("attempt", ""))) is not None:
            return actions.end(ours, lead.pk, attempt, ended, actor=actor)
        if under_way(ours, lead.pk, by=actor) is not None:
            return None
        made = actions.Made(ended, direction=typed.direction, key=request.POST.get("key", "")[:64])
        one, new = actions.note_attempt(ours, lead.pk, made, actor=actor)
    except Gone as error:
        raise Http404 from error
    return one if new else None


@needs(May.CALL)
@require_POST
def answer(request: MemberRequest, number: UUID) -> HttpResponse:
    """Saved as a verified fact; the next question is asked. What a colleague has said otherwise is shown before."""
    lead, _, playbook = _open(request, number)
    column, proposed = request.POST.get("column", "")[:100], _proposed(request)
    text = proposed.typed if proposed.choice in ("", OTHER) else proposed.choice
    given = Answer(column, text, known=proposed.choice != UNKNOWN, call=_number(request.POST.get("attempt", "")))
    try:
        seen = request.POST.get("seen")
        verify(lead.organization_id, number, given, actor=request.member.actor, seen=seen)
    except Gone as error:
        raise Http404 from error
    except CannotBe as error:
        return _page(request, number, proposed=Proposed(proposed.choice, proposed.typed, wrong=str(error)))
    except SomebodyElse as error:
        assert error.row is not None
        said = clash(lead, error.row, playbook, answer=text if given.known else "", choice=proposed.choice)
        return _page(request, number, clash=said)
    return _to_call(number, _later(request))


@needs(May.CALL)
@require_POST
def try_answer(request: MemberRequest, number: UUID) -> HttpResponse:
    """What an answer would change, before it is saved; alone, where the page asks for that part."""
    lead, said, playbook = _open(request, number)
    tried = _tried(lead, said, playbook, request)
    if request.headers.get("X-Part") == "path":
        return show(request, "calls/path.html", tried, status=400 if tried.wrong else 200)
    return _page(request, number, proposed=tried)


def _tried(lead: Lead, said: Mapping[str, Any], playbook: Playbook, request: MemberRequest) -> Proposed:
    column, proposed = request.POST.get("column", "")[:100], _proposed(request)
    text = proposed.typed if proposed.choice in ("", OTHER) else proposed.choice
    try:
        text = checked(asked(column, playbook, of=lead.type), text)
    except CannotBe as error:
        return Proposed(proposed.choice, proposed.typed, wrong=str(error))
    return Proposed(proposed.choice, proposed.typed, would_change(lead, said, column, text))


def _proposed(request: MemberRequest) -> Proposed:
    return Proposed(request.POST.get("choice", "")[:200], request.POST.get("answer", "")[:2_000])


@needs(May.CALL)
@require_POST
def never(request: MemberRequest, number: UUID) -> HttpResponse:
    lead, _, _ = _open(request, number)
    attempt = _number(request.POST.get("attempt", ""))
    if attempt is None:
        raise Http404
    done = actions.never_called(lead.organization_id, number, attempt, actor=request.member.actor)
    messages.success(request, "Nobody was called; it counts nowhere." if done else "That call has ended before.")
    return HttpResponseRedirect(reverse("lead", args=[number]))


@needs(May.CALL)
@require_POST
def take_back_call(request: MemberRequest, number: UUID) -> HttpResponse:
    lead, _, _ = _open(request, number)
    attempt = _number(request.POST.get("attempt", ""))
    if attempt is None:
        raise Http404
    try:
        done = actions.take_back(lead.organization_id, number, attempt, actor=request.member.actor)
    except Gone as error:
        raise Http404 from error
    if done is None:
        one = attempt_of(lead.organization_id, number, attempt)
        messages.success(request, not_taken_back(before=one is not None and one.undone_at is not None))
        return HttpResponseRedirect(reverse("lead", args=[number]))
    messages.success(request, "Taken back. Say again how it ended." if done.begun else "Taken back; there was none.")
    return HttpResponseRedirect(reverse("call" if done.begun else "lead", args=[number]))


@needs(May.CALL)
@require_POST
def correct_call(request: MemberRequest, number: UUID) -> HttpResponse:
    """It ended otherwise; what was noted first stays to be read."""
    lead, _, _ = _open(request, number)
    attempt, result = _number(request.POST.get("attempt", "")), request.POST.get("result", "")
    if attempt is None or result not in Result or result == Result.CALLBACK:
        raise Http404
    try:
        done = actions.correct(lead.organization_id, number, attempt, Ended(result), actor=request.member.actor)
    except Gone as error:
        raise Http404 from error
    messages.success(request, "Corrected." if done else "Somebody else has corrected that before.")
    return HttpResponseRedirect(reverse("lead", args=[number]))


def _number(text: str) -> UUID | None:
    try:
        return UUID(text[:36])
    except ValueError:
        return None
