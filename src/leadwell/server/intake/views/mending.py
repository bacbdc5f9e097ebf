"""What needs mending is mended: fields said, text corrected, played again, or put aside as no lead. (promise A2)"""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from leadwell.server.access.needs import needs
from leadwell.server.access.requests import MemberRequest
from leadwell.server.access.roles import May
from leadwell.server.intake import mending
from leadwell.server.intake.meant import said_in
from leadwell.server.intake.models import State
from leadwell.server.intake.opening import opened
from leadwell.server.intake.queries import settings_of, source_by_number, submissions
from leadwell.server.intake.views.submission import found_one, shown_one
from leadwell.server.intake.views.taken_for import header, said, twice
from leadwell.server.leads.telling import label
from leadwell.server.privacy.trail import record


@needs(May.MEND)
@require_POST
def mend(request: MemberRequest, number: UUID) -> HttpResponse:
    """Puts what was typed beside what was sent, and plays it."""
    found, typed = found_one(request, number), request.POST.get("body", "")
    try:
        mending.mend(request.member.organization_id, number, typed.encode())
    except mending.CannotMend as error:
        if found.state in mending.MENDABLE:
            return shown_one(request, found, typed=typed, wrong=str(error))
        messages.error(request, str(error))
    else:
        record(request.member.organization_id, request.member.actor, "submission.mended", f"submission/{number}")
        messages.success(request, "Mended. It is being judged now.")
    return HttpResponseRedirect(reverse("submission", args=[number]))


@needs(May.MEND)
@require_POST
def replay(request: MemberRequest, number: UUID) -> HttpResponse:
    """Plays one again, as after a mapping was corrected; a refused one is taken in after all."""
    ours, found = request.member.organization_id, found_one(request, number)
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


@needs(May.MEND)
@require_POST
def mean(request: MemberRequest, number: UUID) -> HttpResponse:
    """Says what its fields are taken for, and plays it. Of a webhook or form it holds for what comes after, too."""
    found = found_one(request, number)
    source = source_by_number(found.organization_id, found.source)
    if source is None or found.state not in mending.MENDABLE:
        messages.error(request, "It no longer waits for anybody: look at what became of it.")
        return HttpResponseRedirect(reverse("submission", args=[number]))
    fields = said_in(source.kind, opened(found), settings_of(source))
    headers = [header(place, one.name, one.column, one.why, ()) for place, one in enumerate(fields)]
    if column := twice(request.POST, headers):
        wrong = f"Two fields are both taken for {label(column).lower()}; leave one carried along."
        return shown_one(request, found, wrong=wrong)
    try:
        remembered = mending.mean(found, source, said(request.POST, headers))
    except mending.CannotMend as error:
        return shown_one(request, found, wrong=str(error))
    ours, actor = found.organization_id, request.member.actor
    record(ours, actor, "submission.mended", f"submission/{number}")
    if remembered:
        record(ours, actor, "source.changed", f"source/{source.pk}")
    messages.success(request, "Mended. It is being judged now.")
    return HttpResponseRedirect(reverse("submission", args=[number]))


@needs(May.MEND)
@require_POST
def no_lead(request: MemberRequest, number: UUID) -> HttpResponse:
    """Puts aside what is none, with the reason."""
    found, why = found_one(request, number), request.POST.get("why", "")
    if why not in mending.NO_LEAD:
        return shown_one(request, found, wrong="Say why it is no lead.")
    if mending.put_aside(found.organization_id, number, why):
        record(found.organization_id, request.member.actor, "submission.no-lead", f"submission/{number}", {"why": why})
        messages.success(request, "Put aside as no lead. It can be taken back for 90 days.")
    else:
        messages.error(request, "It no longer waits for anybody: look at what became of it.")
    return HttpResponseRedirect(reverse("submission", args=[number]))


@needs(May.MEND)
@require_POST
def take_back(request: MemberRequest, number: UUID) -> HttpResponse:
    """It is one after all: it needs mending again."""
    found = found_one(request, number)
    if mending.take_back(found):
        record(found.organization_id, request.member.actor, "submission.taken-back", f"submission/{number}")
        messages.success(request, "Taken back. It needs mending again.")
    else:
        messages.error(request, "It cannot be taken back: it was not put aside here, or is no longer kept.")
    return HttpResponseRedirect(reverse("submission", args=[number]))
