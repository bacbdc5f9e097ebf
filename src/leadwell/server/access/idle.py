"""How long may a screen be left alone? Fifteen minutes; a warning stands on it for the last two."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Final

from django.http import HttpRequest

WARN_AFTER: Final = timedelta(minutes=13)
END_AFTER: Final = timedelta(minutes=15)
_SEEN: Final = "seen"
_EVERY: Final = 30.0  # seconds: so often is it written down that somebody is there


def left_alone(request: HttpRequest) -> bool:
    """Whether the session was idle for too long. Notes that somebody is there now."""
    now, seen = time.time(), request.session.get(_SEEN)
    if seen is not None and now - seen >= END_AFTER.total_seconds():
        return True
    if seen is None or now - seen >= _EVERY:
        request.session[_SEEN] = now
    return False
