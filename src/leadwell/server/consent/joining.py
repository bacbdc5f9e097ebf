"""Are these two one person? Who they are, what they stopped together, and what each permits alone; linked and undone.

(promises B13, D23) Who is looked for stands in no address; that somebody looked, and whom they saw, in the trail.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from leadwell.server.access.needs import needs
from leadwell.server.access.queries import names_of_users
from leadwell.server.access.requests import MemberRequest
from leadwell.server.access.roles import May
from leadwell.server.base.pages import show
from leadwell.server.consent import actions
from leadwell.server.consent.comparing import Compared, compared
from leadwell.server.consent.likely import Somebody, likely, somebody, sought
from leadwell.server.consent.of_two import Two, as_they_stand, said_last, say_of_two
from leadwell.server.consent.queries import stops_together
from leadwell.server.consent.settling import settle
from leadwell.server.consent.telling import Ended, ended
from leadwell.server.consent.views import must_know
from leadwell.server.people.finding import LONGEST
from leadwell.server.people.linking import CannotLink, linked, links_among
from leadwell.server.people.models import Doubt
from leadwell.server.people.recognising import weights_in_words
from leadwell.server.people.reviewing import answered, unsure_of, weighed
from leadwell.server.privacy.receipts import whose
from leadwell.server.privacy.trail import record_list


@dataclass(frozen=True)
class Joined:
    number: UUID
    between: tuple[Somebody, Somebody]
    at: datetime
    by: str
    why: tuple[str, ...]


@dataclass(frozen=True)
class Same:
    """`why`: of the two who are compared, the engine's weights in words; `links`: by which they are one with others
    now; `stops`: what holds for all of them; `likely`: who may be the same; `typed`, `unread`: of a search,
    shown in its box alone. `seen`: how the two who are compared stand, which what is said of them gives back."""

    person: Somebody
    links: tuple[Joined, ...]
    stops: tuple[Ended, ...]
    likely: tuple[Somebody, ...]
    compared: Compared | None
    why: tuple[str, ...]
    seen: str
    typed: str
    sought: bool
    unread: str


@needs(May.LINK_PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def same_person(request: MemberRequest, number: UUID) -> HttpResponse:
    """With `?other=` the two beside each other. What is posted is looked for."""
    ours = request.member.organization_id
    must_know(ours, number)
    typed = request.POST.get("sought", "")[:LONGEST].strip()
    group = linked(ours, [number])[number]
    people, unread = sought(ours, typed, actor=request.member.actor)
    pair = compared(ours, number, _other(request, ours, number, group), actor=request.member.actor)
    others = [one for one in people if one.number not in group] if typed or pair else likely(ours, number, group)
    everybody = {*group, *((pair.other.number,) if pair else ())}
    names, who = names_of_users(ours), cache(partial(somebody, ours))  # whom two links name is opened once
    page = Same(
        person=who(number),
        links=tuple(
            Joined(one.pk, (who(one.one), who(one.other)), one.linked_at,
                 whose(one.linked_by, names), weights_in_words(one)) for one in links_among(ours, group)
        ),
        stops=tuple(map(ended, stops_together(ours, sorted(everybody)))),
        likely=() if pair else tuple(others),
        compared=pair,
        why=weighed(ours, number, pair.other.number) if pair else (),
        seen=as_they_stand(ours, (number, pair.other.number)) if pair else "",
        typed=typed,
        sought=bool(typed),
        unread=unread,
    )  # fmt: skip
    seen = {*everybody, *(one.number for one in page.likely)}
    record_list(ours, request.member.actor, "person.compared", [f"person/{one}" for one in sorted(seen)])
    return show(request, "consent/same.html", page)


def _other(request: MemberRequest, organization: int, number: UUID, group: Iterable[UUID]) -> UUID | None:
    """Whom they are compared with; nobody whom they are one with already, unless that is unsure."""
    text = request.GET.get("other", "")
    if not text:
        return None
    other = _number(text)
    must_know(organization, other)
    if other not in group:
        return other
    return other if any({number, other} == set(two) for two in unsure_of(organization, (number, other))) else None


@needs(May.LINK_PEOPLE)
@require_POST
def link_person(request: MemberRequest, number: UUID) -> HttpResponse:
    """They are one person, somebody says."""
    ours = request.member.organization_id
    must_know(ours, number)
    two, seen = (number, _number(request.POST.get("other", ""))), request.POST.get("seen", "")
    try:
        cancelled = say_of_two(ours, two, Doubt.Said.SAME, seen=seen, actor=request.member.actor)
    except CannotLink as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(reverse("same_person", args=[number]))
    if cancelled is None:
        messages.warning(request, somebody_was_first(ours, two))
    else:
        more = f" {cancelled} that waited will not be sent." if cancelled else ""
        messages.success(request, f"They are one person now. What one of them stopped is stopped for both.{more}")
    return HttpResponseRedirect(reverse("same_person", args=[number]))


def somebody_was_first(organization: int, two: Two) -> str:
    by, what = said_last(organization, two)
    if not by:
        return "Somebody has just taken back what was said of these two. Look at them again."
    return f"{whose(by, names_of_users(organization))} was first: {what[:1].lower()}{what[1:]}."


@needs(May.LINK_PEOPLE)
@require_POST
def undo_link(request: MemberRequest, number: UUID) -> HttpResponse:
    """They are two after all."""
    ours = request.member.organization_id
    must_know(ours, number)
    chosen = _number(request.POST.get("link", ""))
    link = next((one for one in links_among(ours, linked(ours, [number])[number]) if one.pk == chosen), None)
    done = link is not None and actions.part(ours, chosen, actor=request.member.actor)
    if link is not None and done:
        answered(ours, link.one, link.other, said=Doubt.Said.TWO, actor=request.member.actor)
        settle(ours, (link.one, link.other))
    said = "They are two people again. Each has what they had themselves."
    messages.success(request, said if done else "Somebody else has undone that before.")
    return HttpResponseRedirect(reverse("same_person", args=[number]))


def _number(text: str) -> UUID:
    try:
        return UUID(text[:36])
    except ValueError as error:
        raise Http404 from error
