"""Say on a lead's page what became of it, take it back, correct it. (promise E27)"""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from leadwell.server.access.needs import needs
from leadwell.server.access.requests import MemberRequest
from leadwell.server.access.roles import May
from leadwell.server.leads.beside import Part
from leadwell.server.leads.correcting import not_taken_back
from leadwell.server.leads.since import shown_in
from leadwell.server.leads.verifying import Gone
from leadwell.server.leads.views import lead_page, to_lead
from leadwell.server.outcomes import actions
from leadwell.server.outcomes.on_lead import clash
from leadwell.server.outcomes.queries import outcome_of
from leadwell.server.outcomes.stages import ENDS, usual_reason, word
from leadwell.server.playbooks.queries import policy_now


@needs(May.RECORD_OUTCOME)
@require_POST
def note_outcome(request: MemberRequest, number: UUID) -> HttpResponse:
    try:
        one, new = actions.note_outcome(
            request.member.organization_id, number, _said(request), actor=request.member.actor
        )
    except Gone as error:
        raise Http404 from error
    except actions.CannotBecome as error:
        messages.error(request, str(error))
    except actions.NotedOtherwise as error:
        told = Part("bar", "outcomes/clash.html", clash(error.one, _said(request)))
        return lead_page(request, number, asks=told, status=409)
    else:
        messages.success(request, f"{word(one.became)}: noted." if new else "It was noted before already.")
    return to_lead(request, number)


@needs(May.RECORD_OUTCOME)
@require_POST
def take_back_outcome(request: MemberRequest, number: UUID) -> HttpResponse:
    try:
        ours, outcome = request.member.organization_id, _number(request)
        done = actions.take_back(ours, number, outcome, actor=request.member.actor)
    except Gone as error:
        raise Http404 from error
    one = outcome_of(ours, number, outcome)
    before, mine = one is not None and one.undone_at is not None, one is None or one.by == request.member.actor
    messages.success(request, "Taken back." if done else not_taken_back(before=before, mine=mine))
    return HttpResponseRedirect(reverse("lead", args=[number]))


@needs(May.RECORD_OUTCOME)
@require_POST
def correct_outcome(request: MemberRequest, number: UUID) -> HttpResponse:
    try:
        done = actions.correct(
            request.member.organization_id, number, _number(request), _said(request), actor=request.member.actor
        )
    except Gone as error:
        raise Http404 from error
    except actions.CannotBecome as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Corrected." if done else "Somebody else has corrected that before.")
    return HttpResponseRedirect(reverse("lead", args=[number]))


def _said(request: MemberRequest) -> actions.Became:
    """The reason that was chosen counts for the end that needs one."""
    given, policy = request.POST, policy_now(request.member.organization_id)
    became = given.get("became", "")[:100]
    needs_one = became in ENDS and not (policy and usual_reason(became, policy))
    reason = given.get("reason", "")[:100] if needs_one else ""
    said = given.get("word", "").strip()[: actions.LONGEST_WORD + 1]
    shown, seen = shown_in(given), given.get("seen")
    return actions.Became(became, reason, given.get("ease", "")[:10], said, said=shown, seen=seen)


def _number(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("outcome", "")[:36])
    except ValueError as error:
        raise Http404 from error
