"""Confirm or correct a fact of a lead, and take that back: in place, on its page. (promise D22)"""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from leadwell.server.access.needs import needs
from leadwell.server.access.requests import MemberRequest
from leadwell.server.access.roles import May
from leadwell.server.leads.asking import CannotBe
from leadwell.server.leads.queries import lead_of, verified_of
from leadwell.server.leads.showing import Clash, Wrong, clash
from leadwell.server.leads.verifying import Answer, Gone, SomebodyElse, take_back, verify
from leadwell.server.leads.views import lead_page
from leadwell.server.playbooks.queries import policy_now


@needs(May.VERIFY)
@require_POST
def verify_fact(request: MemberRequest, number: UUID) -> HttpResponse:
    """What is wrong with it is said at the field, and what was typed stays."""
    column, text = request.POST.get("column", "")[:100], request.POST.get("answer", "")[:2_000]
    try:
        seen = request.POST.get("seen")
        verify(request.member.organization_id, number, Answer(column, text), actor=request.member.actor, seen=seen)
    except Gone as error:
        raise Http404 from error
    except CannotBe as error:
        return lead_page(request, number, wrong=Wrong(column, text, str(error)), status=400)
    except SomebodyElse as error:
        return lead_page(request, number, clash=_clash(request, number, error, text), status=409)
    return HttpResponseRedirect(_back(request, number))


def _clash(request: MemberRequest, number: UUID, error: SomebodyElse, text: str) -> Clash | None:
    lead, playbook = lead_of(request.member.organization_id, number), policy_now(request.member.organization_id)
    return clash(lead, error.row, playbook, answer=text) if lead and error.row and playbook else None


@needs(May.VERIFY)
@require_POST
def take_back_fact(request: MemberRequest, number: UUID) -> HttpResponse:
    try:
        verified = UUID(request.POST.get("verified", "")[:36])
        done = take_back(request.member.organization_id, number, verified, actor=request.member.actor)
    except (Gone, ValueError) as error:
        raise Http404 from error
    ours = verified_of(request.member.organization_id, number)
    before = any(one.pk == verified and one.undone_at for one in ours)
    messages.success(request, "Taken back; the lead stands as it did." if done else not_taken_back(before=before))
    return HttpResponseRedirect(_back(request, number))


def not_taken_back(*, before: bool, mine: bool = True) -> str:
    """Why Undo did nothing. `before`: whether it is taken back already; `mine`: whether who asks has said it."""
    if not before and not mine:
        return "Somebody else noted that: only they can take it back. You can correct it."
    return "That was taken back before." if before else "That can only be corrected now: ten minutes are over."


def _back(request: MemberRequest, number: UUID) -> str:
    """The page on which it was said: Review, the call's, or the lead's."""
    to = request.POST.get("to")
    if to == "review":
        return f"{reverse('review')}?tab=conflicts"
    return reverse("call" if to == "call" else "lead", args=[number])
