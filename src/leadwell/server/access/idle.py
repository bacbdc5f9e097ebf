"""How long may a screen be left alone? Fifteen minutes, or as settings say; a warning stands on it for the last two.

Being there is opening a page, sending a form or asking to stay. What a page fetches by itself is not, or one that looks
for news every minute would never be left alone.
"""

from __future__ import annotations

import time
from typing import Final

from django.conf import settings
from django.http import HttpRequest

_SEEN: Final = "seen"
_EVERY: Final = 1.0  # seconds: so often is it written down that somebody is there
_SAFE: Final = ("GET", "HEAD")
STAYS: Final = "X-Stay"  # the header of “I am still here”


def end_after() -> float:
    """Seconds."""
    return float(settings.IDLE_END.total_seconds())


def warn_after() -> float:
    """Seconds."""
    return float(settings.IDLE_WARN.total_seconds())


def left(request: HttpRequest) -> float:
    """Seconds until the session ends, if nobody does anything."""
    seen = request.session.get(_SEEN)
    return end_after() if seen is None else end_after() - (time.time() - seen)


def left_alone(request: HttpRequest) -> bool:
    """Whether the session was idle for too long. Notes that somebody is there now, if somebody is."""
    now, seen = time.time(), request.session.get(_SEEN)
    if seen is not None and now - seen >= end_after():
        return True
    if seen is None or (now - seen >= _EVERY and not by_itself(request)):
        request.session[_SEEN] = now
    return False


def by_itself(request: HttpRequest) -> bool:
    """Whether a page fetched this, and nobody asked for it. Browsers say so (Fetch Metadata), and htmx does."""
    if request.method not in _SAFE or STAYS in request.headers:
        return False
    fetched = request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate"
    return fetched or ("HX-Request" in request.headers and "HX-Boosted" not in request.headers)
