"""A submission that had joined a lead becomes a lead of its own after all; nothing of either is lost. (promise A8)

What its sender says of it later finds the new lead, and what was said of it before stands there.
"""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import F
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from leadwell.server.access.needs import needs
from leadwell.server.access.requests import MemberRequest
from leadwell.server.access.roles import May
from leadwell.server.intake.askers import names_of
from leadwell.server.intake.bearing import rename
from leadwell.server.intake.models import State, Submission
from leadwell.server.leads.actions import make_own
from leadwell.server.leads.models import Lead
from leadwell.server.leads.queries import joined_lead
from leadwell.server.leads.rejudging import rejudge_these
from leadwell.server.leads.taken_back import lay_to_rest, move
from leadwell.server.privacy.trail import record


def part_from_lead(organization: int, joined: UUID, *, actor: str) -> Lead | None:
    """The new lead; None where somebody has done so before, or what was sent is erased. The lead that it had joined is
    judged without it."""
    before = joined_lead(organization, joined)
    made = make_own(organization, joined) if before else None
    if made is None or before is None:
        return None
    ours = Submission.objects.of(organization).filter(pk=made.submission)
    ours.update(state=State.ASSESSED, leads=F("leads") + 1)
    if made.nth == 0:
        ours.update(lead=made.pk)
    record(organization, actor, "lead.parted", f"lead/{before}")
    _follow(organization, made, before)
    rejudge_these(organization, [before])
    lay_to_rest(organization, made.pk)
    return made


def _follow(organization: int, made: Lead, before: UUID) -> None:
    """All that bears the name of what was parted goes with it."""
    rename(organization, names_of(organization, made.source, made.submission, made.nth), before, made.pk)
    said = move(organization, made.submission, before, made.pk)
    Submission.objects.of(organization).filter(pk__in=said, lead=before).update(lead=made.pk)


@needs(May.LINK_PEOPLE)
@require_POST
def part_lead(request: MemberRequest, number: UUID) -> HttpResponse:
    """Somebody says that what joined this lead is another request."""
    ours, text = request.member.organization_id, request.POST.get("joined", "")[:36]
    try:
        joined = UUID(text)
    except ValueError as error:
        raise Http404 from error
    if joined_lead(ours, joined) != number:
        raise Http404
    made = part_from_lead(ours, joined, actor=request.member.actor)
    messages.success(request, "It is a lead of its own now." if made else "Somebody else has done that before.")
    return HttpResponseRedirect(reverse("lead", args=[made.pk if made else number]))
