"""In which organisation does somebody work right now? The only one, or the one chosen for this session."""

from __future__ import annotations

from typing import Final

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from leadwell.server.access.models import Membership, User

_CHOSEN: Final = "organization"
_SESSION: Final = "leadwell.access.session"
_ELSEWHERE: Final = "second_factor_elsewhere"


def memberships(user: User) -> list[Membership]:
    """Where somebody works, by name."""
    return list(user.membership_set.select_related("organization", "user").order_by("organization__name", "pk"))


def member_of(request: HttpRequest) -> Membership | None:
    """None where nobody is signed in, or nothing is chosen yet."""
    user = request.user
    if isinstance(user, AnonymousUser) or not isinstance(user, User):
        return None
    ours = memberships(user)
    if len(ours) == 1 and request.session.get(_CHOSEN) != ours[0].organization_id:
        request.session[_CHOSEN] = ours[0].organization_id  # whoever joins another stays where they are
    found = next((one for one in ours if one.organization_id == request.session.get(_CHOSEN)), None)
    if found is not None:
        found.second_factor_elsewhere = request.session.get(_ELSEWHERE) == user.pk
        found.session = salted_hmac(_SESSION, request.session.session_key or "", algorithm="sha256").hexdigest()
    return found


def second_factor_was_elsewhere(request: HttpRequest, user: User) -> None:
    """For this session: the provider of single sign-on has asked for it."""
    request.session[_ELSEWHERE] = user.pk


def choose(request: HttpRequest, organization: int) -> bool:
    """Keeps the choice; False where this person does not work there."""
    user = request.user
    if not isinstance(user, User) or all(one.organization_id != organization for one in memberships(user)):
        return False
    request.session[_CHOSEN] = organization
    return True
