"""People and keys: who works here as what, and which programs may call? Every change is in the trail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from leadwell.server.access import actions
from leadwell.server.access.invitations import invite
from leadwell.server.access.invitations import withdraw as withdraw_invitation
from leadwell.server.access.keys import new_key
from leadwell.server.access.models import ApiKey, Membership
from leadwell.server.access.needs import needs
from leadwell.server.access.queries import (
    invitation_by_number,
    invitations,
    key_by_handle,
    keys,
    member_by_number,
    members,
    with_second_factor,
)
from leadwell.server.access.requests import MemberRequest
from leadwell.server.access.roles import May, Role
from leadwell.server.administration import forms
from leadwell.server.administration.factors import REASONS, second_factor_was_reset
from leadwell.server.administration.passwords import password_was_given
from leadwell.server.base.pages import show
from leadwell.server.privacy.trail import record

_TO_CHANGE: Final = ", and give it to them yourself. They choose their own when they sign in with it."
_TO_JOIN: Final = (
    ", and give it to them yourself. They open /join at this address and type it there; it holds for seven days."
)


@dataclass(frozen=True)
class Person:
    number: int
    name: str
    email: str
    role: str
    role_word: str
    second_factor: bool
    last_here: datetime | None
    you: bool


@dataclass(frozen=True)
class Secret:
    """Shown this once. `says`: what it is; `then`: what to do with it."""

    says: str
    of: str
    text: str
    then: str


@dataclass(frozen=True)
class Invited:
    number: int
    name: str
    email: str
    role_word: str
    until: datetime


@dataclass(frozen=True)
class People:
    people: tuple[Person, ...]
    invited: tuple[Invited, ...]
    roles: tuple[tuple[str, str], ...]
    reasons: tuple[tuple[str, str], ...]
    form: forms.NewMember
    secret: Secret | None


@dataclass(frozen=True)
class Key:
    handle: str
    name: str
    scopes: str
    created_at: datetime
    expires_at: datetime | None
    last_used_on: date | None
    holds: bool
    revoked: bool


@dataclass(frozen=True)
class Keys:
    keys: tuple[Key, ...]
    form: forms.NewKey
    secret: Secret | None


@needs(May.MANAGE_PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: MemberRequest) -> HttpResponse:
    """Who works here and who is invited; invites somebody, with a code that is shown once."""
    if request.method != "POST":
        return _people(request, forms.NewMember())
    form = forms.NewMember(request.POST)
    if not form.is_valid():
        return _people(request, form, status=400)
    said, ours = form.cleaned_data, request.member.organization
    if said["email"].lower() in {member.user.email for member in members(ours.pk)}:
        form.add_error("email", "They work here already; change their role in the list.")
        return _people(request, form, status=400)
    made, code = invite(ours, said["email"], role=said["role"], name=said["name"])
    record(ours.pk, request.member.actor, "member.invited", f"invitation/{made.pk}", {"role": made.role})
    messages.success(request, "Invited. They work here once they have accepted it.")
    return _people(request, forms.NewMember(), Secret("The invitation of", made.name, code, _TO_JOIN))


@needs(May.MANAGE_PEOPLE)
@require_POST
def withdraw(request: MemberRequest, number: int) -> HttpResponse:
    """An invitation that nobody has accepted yet."""
    found = invitation_by_number(request.member.organization_id, number)
    if found is None:
        raise Http404
    withdraw_invitation(found)
    record(found.organization_id, request.member.actor, "invitation.withdrawn", f"invitation/{number}")
    messages.success(request, "Withdrawn. Its code opens nothing any more.")
    return HttpResponseRedirect(reverse("people"))


@needs(May.MANAGE_PEOPLE)
@require_POST
def change_role(request: MemberRequest, number: int) -> HttpResponse:
    role = request.POST.get("role", "")
    return _changed(request, number, lambda member: actions.change_role(member, role), "member.role-changed", role)


@needs(May.MANAGE_PEOPLE)
@require_POST
def remove(request: MemberRequest, number: int) -> HttpResponse:
    return _changed(request, number, actions.remove_member, "member.removed", "")


def _changed(
    request: MemberRequest, number: int, change: Callable[[Membership], None], action: str, role: str
) -> HttpResponse:
    found = _member(request, number)
    try:
        change(found)
    except actions.Refused as error:
        messages.error(request, str(error))
    else:
        _record(request, action, found, {"role": role} if role else {})
        messages.success(request, "Changed." if role else "They no longer work here.")
    return HttpResponseRedirect(reverse("people"))


@needs(May.MANAGE_PEOPLE)
@require_POST
def new_password(request: MemberRequest, number: int) -> HttpResponse:
    """For somebody who has forgotten theirs; shown once."""
    found = _member(request, number)
    try:
        password = actions.new_password(found)
    except actions.Refused as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(reverse("people"))
    password_was_given(found, by=request.member.actor)
    return _people(
        request, forms.NewMember(), Secret("The password of", found.user.get_full_name(), password, _TO_CHANGE)
    )


@needs(May.MANAGE_PEOPLE)
@require_POST
def reset_factor(request: MemberRequest, number: int) -> HttpResponse:
    """For somebody who has lost their phone or key."""
    found, reason = _member(request, number), request.POST.get("reason", "")
    try:
        if reason not in REASONS:
            raise actions.Refused("Say why their second factor is reset.")
        if found.pk == request.member.pk:
            raise actions.Refused("Your own you change under your account.")
        actions.reset_second_factor(found)
    except actions.Refused as error:
        messages.error(request, str(error))
    else:
        second_factor_was_reset(found, by=request.member.actor, reason=reason)
        messages.success(request, "Reset. They set up a new one when they sign in next; the privacy officer is told.")
    return HttpResponseRedirect(reverse("people"))


def _record(request: MemberRequest, action: str, member: Membership, codes: dict[str, str]) -> None:
    record(member.organization_id, request.member.actor, action, member.actor, codes)


def _member(request: MemberRequest, number: int) -> Membership:
    found = member_by_number(request.member.organization_id, number)
    if found is None:
        raise Http404
    return found


def _people(
    request: MemberRequest, form: forms.NewMember, secret: Secret | None = None, *, status: int = 200
) -> HttpResponse:
    ours = request.member.organization_id
    safe = with_second_factor(ours)
    listed = tuple(_person(member, request.member, second_factor=member.user_id in safe) for member in members(ours))
    roles = tuple((str(value), str(label)) for value, label in Role.choices)
    page = People(listed, _invited(ours), roles, tuple(REASONS.items()), form, secret)
    return show(request, "administration/people.html", page, status=status)


def _invited(organization: int) -> tuple[Invited, ...]:
    waiting = invitations(organization)
    return tuple(Invited(one.pk, one.name, one.email, Role(one.role).label, one.expires_at) for one in waiting)


def _person(member: Membership, you: Membership, *, second_factor: bool) -> Person:
    user = member.user
    return Person(
        number=member.pk,
        name=user.get_full_name(),
        email=user.email,
        role=member.role,
        role_word=Role(member.role).label,
        second_factor=second_factor,
        last_here=user.last_login if user.last_login and user.last_login >= member.created_at else None,
        you=member.pk == you.pk,
    )


@needs(May.MANAGE_KEYS)
@require_http_methods(["GET", "HEAD", "POST"])
def all_keys(request: MemberRequest) -> HttpResponse:
    """Which programs may call; makes a key, shown once."""
    if request.method != "POST":
        return _keys(request, forms.NewKey())
    form = forms.NewKey(request.POST)
    if not form.is_valid():
        return _keys(request, form, status=400)
    said, organization = form.cleaned_data, request.member.organization
    expires = timezone.now() + timedelta(days=said["days"]) if said["days"] else None
    text = new_key(organization, said["scopes"], name=said["name"], expires_at=expires)
    handle = text.split("_")[1]
    record(organization.pk, request.member.actor, "key.made", f"key/{handle}", {"scopes": said["scopes"]})
    return _keys(request, forms.NewKey(), Secret("The key for", said["name"], text, " into the program that needs it."))


@needs(May.MANAGE_KEYS)
@require_POST
def revoke(request: MemberRequest, handle: str) -> HttpResponse:
    found = key_by_handle(request.member.organization_id, handle)
    if found is None:
        raise Http404
    if found.revoked_at is None:
        actions.revoke(found)
        record(found.organization_id, request.member.actor, "key.revoked", f"key/{handle}")
    messages.success(request, "Revoked. It opens nothing any more.")
    return HttpResponseRedirect(reverse("keys"))


def _keys(
    request: MemberRequest, form: forms.NewKey, secret: Secret | None = None, *, status: int = 200
) -> HttpResponse:
    listed = tuple(_key(one) for one in keys(request.member.organization_id))
    return show(request, "administration/keys.html", Keys(listed, form, secret), status=status)


def _key(one: ApiKey) -> Key:
    return Key(
        handle=one.handle,
        name=one.name or "without a name",
        scopes=" and ".join(one.scopes),
        created_at=one.created_at,
        expires_at=one.expires_at,
        last_used_on=one.last_used_on,
        holds=one.holds,
        revoked=one.revoked_at is not None,
    )
