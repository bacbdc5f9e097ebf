"""The pages about oneself: the first page, where one works, the second factor, everything else, staying signed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from leadwell.server.access.choosing import choose, memberships
from leadwell.server.access.models import Membership, User
from leadwell.server.access.needs import needs, second_factor_missing
from leadwell.server.access.requests import MemberRequest
from leadwell.server.access.roles import May, Role
from leadwell.server.base.pages import show
from leadwell.server.base.requests import number_said

# What somebody may do -> where their work begins: the first that they may.
_BEGINS: Final = (
    (May.MANAGE_PEOPLE, "people"),
    (May.SEE_TRAIL, "alerts"),
    (May.PUBLISH_PLAYBOOK, "inbox"),
    (May.WORK_LEADS, "worklist"),
    (May.SEE_IDENTITIES, "leads"),
    (May.SEE_SOURCES, "sources"),
    (May.SEE_LEDGER, "ledger"),
)


@dataclass(frozen=True)
class Me:
    name: str
    email: str
    role: str
    organization: str
    several: bool  # works for more than one organisation
    second_factor: bool


@dataclass(frozen=True)
class Workplace:
    number: int
    name: str
    role: str
    here: bool


@dataclass(frozen=True)
class Choice:
    places: tuple[Workplace, ...]


@dataclass(frozen=True)
class SecondFactor:
    role: str
    several: bool


@needs()
@require_safe
def home(request: MemberRequest) -> HttpResponse:
    """The page with which somebody's work begins."""
    first = next(page for may, page in _BEGINS if request.member.may(may))
    return HttpResponseRedirect(reverse(first))


@needs()
@require_safe
def more(request: MemberRequest) -> HttpResponse:
    """All places, for screens that show five."""
    return show(request, "access/more.html", None)


@needs()
@require_safe
def me(request: MemberRequest) -> HttpResponse:
    member, user = request.member, request.member.user
    several = len(memberships(user)) > 1
    page = Me(user.name, user.email, _role(member), member.organization.name, several, is_mfa_enabled(user))
    return show(request, "access/me.html", page)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def organization(request: HttpRequest) -> HttpResponse:
    """Choose where to work now."""
    if request.method == "POST":
        number = number_said(request.POST.get("organization", ""))
        if number is None or not choose(request, number):
            raise Http404
        return HttpResponseRedirect(reverse("home"))
    user, member = request.user, request.member  # type: ignore[attr-defined]
    here = member.organization_id if member else None
    ours = memberships(user) if isinstance(user, User) else []
    places = tuple(
        Workplace(one.organization_id, one.organization.name, _role(one), one.organization_id == here) for one in ours
    )
    return show(request, "access/organization.html", Choice(places))


@login_required
@require_safe
def second_factor(request: HttpRequest) -> HttpResponse:
    """Says that the role needs one, and how to set it up."""
    member: Membership | None = request.member  # type: ignore[attr-defined]
    if member is None or not second_factor_missing(member):
        return HttpResponseRedirect(reverse("home"))
    several = len(memberships(member.user)) > 1
    return show(request, "access/second_factor.html", SecondFactor(_role(member), several))


@login_required
@require_safe
def stay(request: HttpRequest) -> HttpResponse:
    """“I am still here”: asked for by the warning, which stays on its page; with a click, back to the first page."""
    if request.headers.get("X-Stay"):
        return HttpResponse(status=204)
    return HttpResponseRedirect(reverse("home"))


@require_safe
def closed(request: HttpRequest, **parts: str) -> HttpResponse:
    """Pages of allauth for which there is no use here: people are added and given passwords by an administrator."""
    raise Http404


def _role(member: Membership) -> str:
    return str(Role(member.role).label)
