"""How much does a request say that it carries?"""

from __future__ import annotations

from django.http import HttpRequest


def said_size(request: HttpRequest) -> int:
    """The length that the request announces, in bytes; 0 where it says none, or nonsense."""
    text = request.META.get("CONTENT_LENGTH") or ""
    return int(text) if str(text).isdecimal() else 0


def cut_short(request: HttpRequest) -> bool:
    """Whether the connection ended before the body that was announced."""
    return len(request.body) < said_size(request)
