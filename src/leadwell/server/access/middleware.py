"""Who asks, and in which time zone do they work?"""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from leadwell.server.access.choosing import member_of

Answer = Callable[[HttpRequest], HttpResponse]


class Members:
    """Sets `request.member` (None where nobody is signed in or nothing is chosen)."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.member = None  # type: ignore[attr-defined]
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
            return self.answer(request)
        member = request.member = member_of(request)  # type: ignore[attr-defined]
        if member is None:
            return self.answer(request)
        with timezone.override(ZoneInfo(member.organization.time_zone)):
            answer = self.answer(request)
        answer.setdefault("Cache-Control", "no-store")  # nobody else at this computer may page back to it
        return answer
