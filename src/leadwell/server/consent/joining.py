"""Are these two one person? Who they are, what they stopped together, and what each permits alone; linked and undone.

(promises B13, D23) Who is looked for stands in no address; that somebody looked, and whom they saw, in the trail.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from leadwell.server.access.needs import needs
from leadwell.server.access.queries import names_of_users
from leadwell.server.access.requests import MemberRequest
from leadwell.server.access.roles import May
from leadwell.server.base.pages import show
from leadwell.server.consent import actions
from leadwell.server.consent.models import Way
from leadwell.server.consent.queries import Closes, closed_by_joining, stops_together
from leadwell.server.consent.telling import FOR, NAMES, scope_of
from leadwell.server.people.finding import LONGEST, found, understood
from leadwell.server.people.forms import short
from leadwell.server.people.linking import CannotLink, linked, links_among, undo
from leadwell.server.people.queries import identity, is_known, name_of, others_of
from leadwell.server.privacy.receipts import whose
from leadwell.server.privacy.trail import record_list

_SHOWN: Final = (
    ("Name", ()), ("Birth date", ("birth_date", "patient_birth_date")), ("Telephone", ("phone", "phone_2")),
    ("E-mail", ("email",)), ("Address", ("address", "city", "state", "zip")),
)  # fmt: skip
_MOST: Final = 20  # who may be the same, at once
_ANSWERS: Final = {"yes": "yes", "never": "no", "not_before": "later"}


@dataclass(frozen=True)
class Somebody:
    """`why`: what makes them likely; '' where somebody named them."""

    number: UUID
    code: str
    name: str
    why: str = ""


@dataclass(frozen=True)
class Link:
    number: UUID
    between: tuple[Somebody, Somebody]
    at: datetime
    by: str


@dataclass(frozen=True)
class Fact:
    """What both say of themselves; `same`: in the same letters."""

    name: str
    first: str
    second: str
    same: bool


@dataclass(frozen=True)
class Stop:
    says: str
    way: str
    at: datetime
    whose: str


@dataclass(frozen=True)
class Compared:
    """`closes`: what one of them permits now and not any more once they are one; `waiting`: how many messages would not
    be sent."""

    other: Somebody
    facts: tuple[Fact, ...]
    closes: tuple[str, ...]
    waiting: int


@dataclass(frozen=True)
class Same:
    """`links`: by which they are one with others now; `stops`: what holds for all of them; `likely`: who may be the
    same; `typed`, `unread`: of a search, shown in its box alone."""

    person: Somebody
    links: tuple[Link, ...]
    stops: tuple[Stop, ...]
    likely: tuple[Somebody, ...]
    compared: Compared | None
    typed: str
    sought: bool
    unread: str


@needs(May.LINK_PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def same_person(request: MemberRequest, number: UUID) -> HttpResponse:
    """With `?other=` the two beside each other. What is posted is looked for."""
    ours = request.member.organization_id
    _known(ours, number)
    typed = request.POST.get("sought", "")[:LONGEST].strip()
    group = linked(ours, [number])[number]
    sought, unread = _sought(ours, typed, actor=request.member.actor)
    compared = _compared(ours, number, _other(request, ours, group), actor=request.member.actor)
    likely = [one for one in sought if one.number not in group] if typed or compared else _likely(ours, number, group)
    everybody = {*group, *((compared.other.number,) if compared else ())}
    names = names_of_users(ours)
    page = Same(
        person=_somebody(ours, number),
        links=tuple(
            Link(one.pk, (_somebody(ours, one.one), _somebody(ours, one.other)), one.linked_at,
                 whose(one.linked_by, names)) for one in links_among(ours, group)
        ),
        stops=_stops(ours, everybody),
        likely=() if compared else tuple(likely),
        compared=compared,
        typed=typed,
        sought=bool(typed),
        unread=unread,
    )  # fmt: skip
    seen = {*everybody, *(one.number for one in page.likely)}
    record_list(ours, request.member.actor, "person.compared", [f"person/{one}" for one in sorted(seen)])
    return show(request, "consent/same.html", page)


def _known(organization: int, number: UUID) -> None:
    if not is_known(organization, number):
        raise Http404


def _other(request: MemberRequest, organization: int, group: Iterable[UUID]) -> UUID | None:
    """Whom they are compared with; nobody whom they are one with already."""
    text = request.GET.get("other", "")
    if not text:
        return None
    try:
        other = UUID(text[:36])
    except ValueError as error:
        raise Http404 from error
    _known(organization, other)
    return None if other in group else other


def _sought(organization: int, typed: str, *, actor: str) -> tuple[list[Somebody], str]:
    """By a whole id, or by what finds anybody; with what could not be used of it. That somebody looked goes on record,
    also where nobody was found."""
    try:
        number = UUID(typed)
    except ValueError:
        sought = understood(typed)
        by, unread = sought.kinds, sought.unread
        people = found(organization, sought).people
        some = [Somebody(one.person, short(one.person), name_of(one.known), one.how) for one in people]
    else:
        by, unread = ["id"], ""
        some = [_somebody(organization, number)] if is_known(organization, number) else []
    if by:
        codes = {"by": by, "found": len(some)}
        record_list(organization, actor, "person.searched", [f"person/{one.number}" for one in some], codes)
    return some, unread


def _likely(organization: int, number: UUID, group: Collection[UUID]) -> list[Somebody]:
    """The first of them who are not one with them yet: only who is shown is opened."""
    others = [one for one in others_of(organization, number) if one.person not in group][:_MOST]
    return [_somebody(organization, one.person, why=f"same {' and '.join(one.shares)}") for one in others]


def _somebody(organization: int, number: UUID, *, why: str = "") -> Somebody:
    known = identity(organization, number)
    return Somebody(number, short(number), "Erased" if known is None else name_of(known), why)


def _compared(organization: int, number: UUID, other: UUID | None, *, actor: str) -> Compared | None:
    if other is None:
        return None
    first, second = ({} if known is None else known for known in (identity(organization, n) for n in (number, other)))
    facts = tuple(one for name, keys in _SHOWN if (one := _fact(name, keys, first, second)) is not None)
    closes = closed_by_joining(organization, number, other, now=timezone.now())
    waiting = _waiting(organization, number, other, actor=actor)
    return Compared(_somebody(organization, other), facts, tuple(_closes(one) for one in closes), waiting)


def _waiting(organization: int, number: UUID, other: UUID, *, actor: str) -> int:
    try:
        return actions.would_cancel(organization, number, other, actor=actor)
    except CannotLink:
        return 0  # nothing is cancelled by it; whoever tries is told why


def _fact(name: str, keys: tuple[str, ...], first: Mapping[str, str], second: Mapping[str, str]) -> Fact | None:
    said = [", ".join(one[key] for key in keys if one.get(key)) if keys else name_of(one) for one in (first, second)]
    if not any(said):
        return None
    return Fact(name, said[0], said[1], said[0].casefold() == said[1].casefold())


def _closes(one: Closes) -> str:
    name = NAMES[one.channel]
    sent = f"{name} by a machine" if one.automated else name
    what = f"{sent} to {short(one.person)} about {FOR[one.purpose]}"
    return f"{what}: {_ANSWERS[one.now]} now, {_ANSWERS[one.then]} once they are one."


def _stops(organization: int, people: Iterable[UUID]) -> tuple[Stop, ...]:
    return tuple(
        Stop(scope_of(one.channel, one.purpose), str(Way(one.way).label), one.at,
             f"Person {short(one.person)}" if one.person else "of their address")
        for one in stops_together(organization, sorted(people))
    )  # fmt: skip


@needs(May.LINK_PEOPLE)
@require_POST
def link_person(request: MemberRequest, number: UUID) -> HttpResponse:
    """They are one person, somebody says."""
    ours = request.member.organization_id
    _known(ours, number)
    other = _posted(request, "other")
    try:
        cancelled = actions.join(ours, number, other, actor=request.member.actor)
    except CannotLink as error:
        messages.error(request, str(error))
    else:
        more = f" {cancelled} that waited will not be sent." if cancelled else ""
        messages.success(request, f"They are one person now. What one of them stopped is stopped for both.{more}")
    return HttpResponseRedirect(reverse("same_person", args=[number]))


@needs(May.LINK_PEOPLE)
@require_POST
def undo_link(request: MemberRequest, number: UUID) -> HttpResponse:
    """They are two after all."""
    ours = request.member.organization_id
    _known(ours, number)
    theirs = {one.pk for one in links_among(ours, linked(ours, [number])[number])}
    chosen = _posted(request, "link")
    done = chosen in theirs and undo(ours, chosen, actor=request.member.actor)
    said = "They are two people again. Each has what they had themselves."
    messages.success(request, said if done else "Somebody else has undone that before.")
    return HttpResponseRedirect(reverse("same_person", args=[number]))


def _posted(request: MemberRequest, name: str) -> UUID:
    try:
        return UUID(request.POST.get(name, "")[:36])
    except ValueError as error:
        raise Http404 from error
