"""What pages ask by themselves: how long is left, and keep what is being typed."""

from __future__ import annotations

from typing import Final

import orjson
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import Resolver404, resolve
from django.views.decorators.http import require_POST, require_safe

from leadwell.server.access.idle import left
from leadwell.server.access.needs import needs
from leadwell.server.access.requests import MemberRequest
from leadwell.server.signin import actions

_LONGEST: Final = 200  # characters of an address
_NEVER: Final = (
    "/account/",
    "/join",
    "/api/",
    "/in/",
    "/fhir/",
)  # passwords and codes are typed there; programs call there


@require_safe
def idle(request: HttpRequest) -> HttpResponse:
    """Seconds until the session ends. To ask is not to be there."""
    if not request.user.is_authenticated:
        return HttpResponse(status=401)
    return JsonResponse({"left": round(left(request), 1)}, headers={"Cache-Control": "no-store"})


@needs()
@require_POST
def keep_draft(request: MemberRequest) -> HttpResponse:
    page, fields = request.POST.get("page", ""), _fields(request.POST.get("fields", ""))
    if not is_page(page) or fields is None:
        return HttpResponse(status=400)
    try:
        actions.keep(request.member, page, fields)
    except actions.TooLong:
        return HttpResponse(status=413)
    return HttpResponse(status=204)


@needs()
@require_POST
def throw_draft_away(request: MemberRequest) -> HttpResponse:
    page = request.POST.get("page", "")
    if not is_page(page):
        return HttpResponse(status=400)
    actions.throw_away(request.member, page)
    return HttpResponseRedirect(page)


def is_page(path: str) -> bool:
    """Whether somebody can be typing there."""
    if len(path) > _LONGEST or path.startswith(_NEVER):
        return False
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


def _fields(text: str) -> dict[str, str] | None:
    try:
        said = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(said, dict) or not all(isinstance(one, str) for one in said.values()):
        return None
    return said
