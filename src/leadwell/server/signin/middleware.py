"""Is somebody still there? A session that was left alone ends, and what it was about to send is kept as a draft."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url

from leadwell.server.access.choosing import member_of
from leadwell.server.access.idle import by_itself, left, note
from leadwell.server.access.models import Membership
from leadwell.server.signin import actions
from leadwell.server.signin.views import is_page

Answer = Callable[[HttpRequest], HttpResponse]
_FETCHED: Final = 401  # to a page's own script, which then goes to sign in
_TAKEN: Final = (302, 404, 410)
_NOT_TYPED: Final = ("csrfmiddlewaretoken", "next", "page", "sought")  # whom somebody looks for is no draft


class LeftAlone:
    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
            return self.answer(request)
        if left(request) > 0:
            return self._answered(request)
        page = _typed_on(request)
        if page and (member := member_of(request)):
            _keep_posted(request, member, page)
        request.left_alone = True  # type: ignore[attr-defined]  # the trail says why
        back = page or _back(request)
        logout(request)
        return _sign_in(request, back)

    def _answered(self, request: HttpRequest) -> HttpResponse:
        """What a form was sent with is no draft any more, where the answer sends on to another page, or nobody is
        there any more of whom it was typed."""
        answer = self.answer(request)
        if request.user.is_authenticated and not by_itself(request):
            note(request, answer)
        member: Membership | None = getattr(request, "member", None)
        if member and answer.status_code in _TAKEN and (page := _typed_on(request)):
            actions.sent(member, page, request.path)
        return answer


def _typed_on(request: HttpRequest) -> str:
    """The page whose form was sent; '' where it was none of ours, or nothing was sent."""
    return _came_from(request) if request.method == "POST" else ""


def _back(request: HttpRequest) -> str:
    """Where to go on after signing in again; '' where that is nowhere in particular."""
    if by_itself(request):
        return _came_from(request)
    return request.get_full_path() if request.method == "GET" else ""


def _came_from(request: HttpRequest) -> str:
    """The page of ours on which this was asked for, or ''."""
    came = urlsplit(request.headers.get("Referer", ""))
    return came.path if came.netloc == request.get_host() and is_page(came.path) else ""


def _keep_posted(request: HttpRequest, member: Membership, page: str) -> None:
    typed = {f"{request.path}|{name}": text for name, text in request.POST.items() if name not in _NOT_TYPED}
    try:
        actions.keep(member, page, {name: str(text) for name, text in typed.items()})
    except actions.TooLong:
        return


def _sign_in(request: HttpRequest, back: str) -> HttpResponse:
    said = {"left": "1"} | ({"next": back} if back else {})
    address = f"{resolve_url(settings.LOGIN_URL)}?{urlencode(said)}"
    if by_itself(request):
        return HttpResponse(status=_FETCHED, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)
