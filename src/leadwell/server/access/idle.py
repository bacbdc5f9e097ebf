"""How long may a screen be left alone? Fifteen minutes, or as settings say; a warning stands on it for the last two.

Being there is opening a page, sending a form or asking to stay. What a page fetches by itself is not, or one that looks
for news every minute would never be left alone. When somebody was last there stands in a cookie, signed for the one
session: to write it into the session would make every page wait for whoever writes to the database.
"""

from __future__ import annotations

import time
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

SEEN: Final = "leadwell_seen"  # the cookie; in the session it is when the session began
STAYS: Final = "X-Stay"  # the header of “I am still here”
_SAFE: Final = ("GET", "HEAD")


def end_after() -> float:
    """Seconds."""
    return float(settings.IDLE_END.total_seconds())


def warn_after() -> float:
    """Seconds."""
    return float(settings.IDLE_WARN.total_seconds())


def left(request: HttpRequest) -> float:
    """Seconds until the session ends, if nobody does anything; not above 0 where it has ended."""
    return end_after() - (time.time() - _seen(request))


def note(request: HttpRequest, answer: HttpResponse) -> None:
    """Somebody is there now."""
    answer.set_signed_cookie(
        SEEN,
        str(time.time()),
        salt=str(request.session.session_key),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def by_itself(request: HttpRequest) -> bool:
    """Whether a page fetched this, and nobody asked for it. Browsers say so (Fetch Metadata), and htmx does."""
    if request.method not in _SAFE or STAYS in request.headers:
        return False
    fetched = request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate"
    return fetched or ("HX-Request" in request.headers and "HX-Boosted" not in request.headers)


def _seen(request: HttpRequest) -> float:
    """When somebody was last there: without a cookie that fits, when the session began."""
    began = float(request.session.setdefault(SEEN, time.time()))
    said = request.get_signed_cookie(SEEN, default="", salt=str(request.session.session_key))
    return max(began, float(said or 0))
