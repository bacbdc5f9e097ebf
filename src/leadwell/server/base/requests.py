"""How much does a request say that it carries, and at which address would its answer be found?"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def said_size(request: HttpRequest) -> int:
    """The length that the request announces, in bytes; 0 where it says none, or nonsense."""
    text = request.META.get("CONTENT_LENGTH") or ""
    return int(text) if str(text).isdecimal() else 0


def cut_short(request: HttpRequest) -> bool:
    """Whether the connection ended before the body that was announced."""
    return len(request.body) < said_size(request)


def address(request: HttpRequest, path: str) -> str:
    """The whole address of a path: as LEADWELL_URL says, since behind a proxy we see neither its name nor its TLS;
    where it is not given, as whoever asks has called us."""
    return settings.PUBLIC_URL + path if settings.PUBLIC_URL_IS_GIVEN else request.build_absolute_uri(path)
