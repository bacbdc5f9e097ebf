"""May this person do that? Decided in the view, before it does anything. (promise F32)

`@needs(May.SEE_INBOX)`: signed out goes to sign in; with several organisations, to choose one; with a password that
somebody else made, to choose one's own; without a second factor where the role demands one, to set it up; with a role
that may not, to a page that says which roles may.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, Final, ParamSpec

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from leadwell.server.access.models import Membership
from leadwell.server.access.requests import MemberRequest
from leadwell.server.access.roles import ALLOWED, May, Role
from leadwell.server.base.pages import show

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
MemberView = Callable[Concatenate[MemberRequest, P], HttpResponse]

# Whoever sees more than the leads in front of them signs in with two factors.
ONE_FACTOR_IS_ENOUGH: Final = frozenset({Role.COORDINATOR})


@dataclass(frozen=True)
class NotAllowed:
    """`what`: what was asked for; `yours`: the role of the one who asked; `may`: the roles that may."""

    what: str
    yours: str
    may: tuple[str, ...]


def needs(what: May | None = None) -> Callable[[MemberView[P]], View[P]]:
    """`what`: the permission; without it, any member may."""

    def decorated(view: MemberView[P]) -> View[P]:
        @wraps(view)
        def checked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            member: Membership | None = getattr(request, "member", None)
            if (elsewhere := _first(request, member)) is not None or member is None:
                return elsewhere or redirect_to_login(request.get_full_path())
            if what is not None and not member.may(what):
                return refused(request, member, what)
            return view(request, *args, **kwargs)  # type: ignore[arg-type]

        return checked

    return decorated


def refused(request: HttpRequest, member: Membership, what: May) -> HttpResponse:
    may = tuple(role.label for role in Role if what in ALLOWED[role])
    return show(request, "access/refused.html", NotAllowed(str(what), Role(member.role).label, may), status=403)


def second_factor_missing(member: Membership) -> bool:
    if member.role in ONE_FACTOR_IS_ENOUGH or member.second_factor_elsewhere:
        return False
    return not is_mfa_enabled(member.user)


def password_is_given(request: HttpRequest, member: Membership) -> bool:
    """Whether somebody came in with a password that another one made and knows. Who came by a passkey or single sign-on
    may never have been told it."""
    if not member.user.password_given:
        return False
    ways = {one["method"] for one in get_authentication_records(request, member.user)}
    return not ways or "password" in ways


def _first(request: HttpRequest, member: Membership | None) -> HttpResponse | None:
    """What must be done before any page is shown; None where nothing."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if member is None:
        return HttpResponseRedirect(reverse("organization"))
    if password_is_given(request, member):
        return HttpResponseRedirect(reverse("account_change_password"))
    if second_factor_missing(member):
        return HttpResponseRedirect(reverse("second_factor"))
    return None
