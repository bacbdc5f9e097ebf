"""The page Openings: when each clinic opens next, and who said so; and to which clinic a lead goes. (promise D19)"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from leadwell.playbook import Playbook
from leadwell.routing.openings import Board, Place, Slot, State, Stated, bounds, slots
from leadwell.server.access.needs import needs
from leadwell.server.access.queries import names_of_users
from leadwell.server.access.requests import MemberRequest
from leadwell.server.access.roles import May
from leadwell.server.base.pages import show
from leadwell.server.base.templatetags.look import ago
from leadwell.server.leads import telling
from leadwell.server.leads.verifying import Gone
from leadwell.server.openings import queries as read
from leadwell.server.openings import saying
from leadwell.server.openings.actions import CannotState, Said, SaidSince, Told, state
from leadwell.server.openings.forms import STILL, Says
from leadwell.server.openings.moving import CannotMove, move
from leadwell.server.playbooks.queries import policy_now
from leadwell.server.playbooks.requests import policy_needed

_LOOKS: Final = {State.OPEN: "ok", State.FULL: "stop"}


@dataclass(frozen=True)
class Typed:
    """What was typed of one of them, and why it cannot be."""

    slot: Slot
    on: str
    hour: str
    week: str
    wrong: str


@dataclass(frozen=True)
class Row:
    """`key`: by which a form names it; `number`: its place on the page; `still`: whether it can be said to be so still,
    in a click."""

    key: str
    number: int
    name: str
    visit: str
    stands: str
    age: str
    counts: str
    look: str
    version: int
    still: bool
    typed: Typed | None


@dataclass(frozen=True)
class Service:
    """`bound`: what the playbook says of how many, and how many of them are booked; '' where it says nothing."""

    name: str
    bound: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Openings:
    """`unknown`: of how many nothing is known."""

    services: tuple[Service, ...]
    unknown: int
    count: int
    may: bool
    today: str
    wrong: str
    wrong_at: int


@needs(May.WORK_LEADS)
@require_safe
def openings(request: MemberRequest) -> HttpResponse:
    return _page(request)


@needs(May.STATE_OPENINGS)
@require_POST
def say(request: MemberRequest) -> HttpResponse:
    ours, policy = request.member.organization_id, policy_needed(request)
    slot = _slot(request.POST.get("slot", ""), policy)
    form = Says(request.POST, zone=policy.organization.time_zone)
    still = request.POST.get("how") == STILL
    said = _still(request, slot) if still else form.said(slot) if form.is_valid() else None
    if said is None:
        return _page(request, typed=_typed(request, slot, form.wrong or "Nothing was said of it yet."))
    try:
        (told,) = state(ours, [said], actor=request.member.actor)
    except CannotState as error:
        return _page(request, typed=_typed(request, slot, str(error)))
    except SaidSince:
        _otherwise(request, policy, slot)
    else:
        _answer(request, policy, told)
    return HttpResponseRedirect(f"{reverse('openings')}#opening-{slots(policy).index(slot)}")


def _still(request: MemberRequest, slot: Slot) -> Said | None:
    """The same once more, as the page showed it."""
    one, seen = read.openings(request.member.organization_id).get(slot), request.POST.get("seen", "")[:9]
    version = int(seen) if seen.isascii() and seen.isdigit() else 0
    return Said(slot, one.on, one.hour, one.full, tuple(one.weeks), version=version) if one is not None else None


def _otherwise(request: MemberRequest, policy: Playbook, slot: Slot) -> None:
    """What stands is not what they saw, so that nothing was said of it."""
    ours = request.member.organization_id
    known = read.board(ours, policy, timezone.now())
    now = known.place(slot)
    who = names_of_users(ours).get(now.said.by, "A program") if now.said else "Somebody"
    when = ago(known.now - now.said.at) if now.said else ""
    messages.warning(
        request,
        f"{who} has said otherwise {when}, after your page was opened: {saying.stands(now, known)}. "
        "Nothing was said by you; press again if that is so.",
    )


def _answer(request: MemberRequest, policy: Playbook, told: Told) -> None:
    """What stands now; and what somebody else had said while this was being typed."""
    ours, before = request.member.organization_id, told.before
    known = read.board(ours, policy, timezone.now())
    slot = Slot(told.opening.service, told.opening.location, told.opening.visit)
    now = known.place(slot)
    whose = f"{telling.named(policy, 'service', slot.service)}, {saying.where(now, policy)}"
    messages.success(request, f"{whose}: {saying.stands(now, known)[:1].lower()}{saying.stands(now, known)[1:]}.")
    seen = request.POST.get("seen", "")
    if before is None or not told.new or seen == str(before.version) or before.by == request.member.actor:
        return
    who = names_of_users(ours).get(before.by, "A program")
    was = Board(policy, known.now, known.today, {slot: read.stated_of(before)}).place(slot)
    messages.warning(
        request,
        f"{who} had said otherwise {ago(known.now - before.as_of)}, while you were typing: "
        f"{saying.stands(was, known)}. Yours stands now.",
    )


@needs(May.WORK_LEADS)
@require_POST
def move_lead(request: MemberRequest, number: UUID) -> HttpResponse:
    location = request.POST.get("location", "")[:100]
    try:
        done = move(request.member.organization_id, number, location, actor=request.member.actor)
    except Gone as error:
        raise Http404 from error
    except CannotMove as error:
        messages.error(request, str(error))
    else:
        policy = policy_needed(request)
        name = telling.named(policy, "location", location) if location else "the clinic that they asked for"
        messages.success(request, f"They go to {name} now." if done else f"They go to {name} already.")
    to = "call" if request.POST.get("to") == "call" else "lead"
    return HttpResponseRedirect(reverse(to, args=[number]))


def _page(request: MemberRequest, *, typed: Typed | None = None) -> HttpResponse:
    ours, policy = request.member.organization_id, policy_now(request.member.organization_id)
    if policy is None:
        return show(request, "openings/openings.html", Openings((), 0, 0, may=False, today="", wrong="", wrong_at=0))
    known, names = read.board(ours, policy, timezone.now()), names_of_users(ours)
    versions = {slot: one.version for slot, one in read.openings(ours).items()}
    all_ = slots(policy)
    rows = {one: _row(known, one, n, versions.get(one, 0), names, typed) for n, one in enumerate(all_)}
    page = Openings(
        services=tuple(
            Service(telling.named(policy, "service", key), _bound(known, key), tuple(rows[one] for one in those))
            for key, those in groupby(all_, key=lambda one: one.service)
        ),
        unknown=sum(not known.place(one).is_known for one in all_),
        count=len(all_),
        may=request.member.may(May.STATE_OPENINGS),
        today=known.today.isoformat(),
        wrong=typed.wrong if typed else "",
        wrong_at=all_.index(typed.slot) if typed else 0,
    )
    answer = show(request, "openings/openings.html", page, status=400 if typed else 200)
    answer["ETag"] = f'"{"-".join(str(versions.get(one, 0)) for one in all_)}"'
    return answer


def _row(  # noqa: PLR0913, PLR0917  what a row is made of
    known: Board, slot: Slot, number: int, version: int, names: Mapping[str, str], typed: Typed | None
) -> Row:
    one = known.place(slot)
    name = saying.where(one, known.policy)
    return Row(
        key=_key(slot),
        number=number,
        name=f"{name[:1].upper()}{name[1:]}",
        visit=saying.visit(one, known.policy),
        stands=saying.stands(one, known),
        age=saying.age(one, known, names),
        counts=saying.counts(one),
        look=_LOOKS.get(one.state, ""),
        version=version,
        still=_can_be_still(one, known),
        typed=typed if typed and typed.slot == slot else None,
    )


def _can_be_still(one: Place, known: Board) -> bool:
    said: Stated | None = one.said
    return said is not None and one.booked is None and (said.on is None or said.on > known.today)


def _bound(known: Board, service: str) -> str:
    bound = bounds(known.policy).get(service)
    if bound is None:
        return ""
    return f"{known.booked.get(service, 0)} of {bound.most} a {bound.unit} booked here"


def _key(slot: Slot) -> str:
    return "|".join((slot.service, slot.location, slot.visit))


def _slot(key: str, policy: Playbook) -> Slot:
    found = next((one for one in slots(policy) if _key(one) == key), None)
    if found is None:
        raise Http404
    return found


def _typed(request: MemberRequest, slot: Slot, wrong: str) -> Typed:
    given = request.POST
    return Typed(slot, given.get("on", "")[:20], given.get("hour", "")[:10], given.get("week", "")[:10], wrong)
