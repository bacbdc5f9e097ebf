"""Is somebody still there? A session that was left alone ends, and what it was about to send is kept as a draft."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url

from leadwell.server.access.idle import by_itself, left_alone

Answer = Callable[[HttpRequest], HttpResponse]
_FETCHED: Final = 401  # to a page's own script, which then goes to sign in


class LeftAlone:
    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        known = settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated
        if not known or not left_alone(request):
            return self.answer(request)
        request.left_alone = True  # type: ignore[attr-defined]  # the trail says why
        logout(request)
        return _sign_in(request)


def _sign_in(request: HttpRequest) -> HttpResponse:
    asked = {"left": "1"} | ({"next": request.get_full_path()} if request.method == "GET" else {})
    address = f"{resolve_url(settings.LOGIN_URL)}?{urlencode(asked)}"
    if by_itself(request):
        return HttpResponse(status=_FETCHED, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)
