"""Which number does a request say, how much does it announce that it carries, and where is its answer found?"""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.http import HttpRequest

_DIGITS: Final = 18  # of the largest number that a database counts to
_LIVE: Final = "X-Live"


def looks_again(request: HttpRequest) -> bool:
    """Whether an open page asks by itself what is new."""
    return _LIVE in request.headers


def number_said(text: str) -> int | None:
    """A number that is typed or sent; None where it is none, or one that nothing here has. (`isdigit` is true of ², and
    Python refuses to read thousands of digits.)"""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else None


def said_size(request: HttpRequest) -> int:
    """The length that the request announces, in bytes; 0 where it says none, or nonsense."""
    text = request.META.get("CONTENT_LENGTH") or ""
    return number_said(str(text)) or 0


def cut_short(request: HttpRequest) -> bool:
    """Whether the connection ended before the body that was announced."""
    return len(request.body) < said_size(request)


def address(request: HttpRequest, path: str) -> str:
    """The whole address of a path: as LEADWELL_URL says, since behind a proxy we see neither its name nor its TLS;
    where it is not given, as whoever asks has called us."""
    return settings.PUBLIC_URL + path if settings.PUBLIC_URL_IS_GIVEN else request.build_absolute_uri(path)
