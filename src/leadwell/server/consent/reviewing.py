"""Who may be one person, and nobody has said? A list to work through; what is said is not asked again. (promise A8)"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from leadwell.server.access.needs import needs
from leadwell.server.access.requests import MemberRequest
from leadwell.server.access.roles import May
from leadwell.server.base.pages import Pager, asked_page, show
from leadwell.server.consent.joining import somebody_was_first
from leadwell.server.consent.likely import Somebody, everybody
from leadwell.server.consent.of_two import say_of_two
from leadwell.server.consent.views import must_know
from leadwell.server.people.models import Doubt
from leadwell.server.people.reviewing import Waiting, waiting_page
from leadwell.server.privacy.trail import record_list

SAYS: Final = {
    Doubt.Said.TWO: "They are two. It will not be asked again.",
    Doubt.Said.HOUSEHOLD: "They are two of one household. It will not be asked again.",
}


@dataclass(frozen=True)
class Pair:
    one: Somebody
    other: Somebody
    agrees: str
    at: datetime


@dataclass(frozen=True)
class Doubts:
    pairs: tuple[Pair, ...]
    pager: Pager


@needs(May.LINK_PEOPLE)
@require_safe
def doubts(request: MemberRequest) -> HttpResponse:
    ours = request.member.organization_id
    found, pager = waiting_page(ours, asked_page(request))
    who = everybody(ours, {number for one in found for number in (one.one, one.other)})
    page = Doubts(tuple(_pair(who, one) for one in found), pager)
    seen = sorted({f"person/{who.number}" for pair in page.pairs for who in (pair.one, pair.other)})
    record_list(ours, request.member.actor, "person.compared", seen)
    return show(request, "consent/unsure.html", page)


def _pair(who: Mapping[UUID, Somebody], one: Waiting) -> Pair:
    agrees = ", ".join(code.replace("~", "nearly the ").replace("_", " ") for code in one.codes.split("+") if code)
    return Pair(who[one.one], who[one.other], agrees, one.at)


@needs(May.LINK_PEOPLE)
@require_POST
def say_what_they_are(request: MemberRequest, number: UUID) -> HttpResponse:
    """They are two, or two of one household. (One person: `joining.link_person`.)"""
    ours, said = request.member.organization_id, request.POST.get("said", "")
    must_know(ours, number)
    try:
        other = UUID(request.POST.get("other", "")[:36])
    except ValueError as error:
        raise Http404 from error
    must_know(ours, other)
    if said not in SAYS or other == number:
        raise Http404
    seen = request.POST.get("seen", "")
    if say_of_two(ours, (number, other), said, seen=seen, actor=request.member.actor) is None:
        messages.warning(request, somebody_was_first(ours, (number, other)))
    else:
        messages.success(request, SAYS[Doubt.Said(said)])
    return HttpResponseRedirect(reverse("doubts"))
