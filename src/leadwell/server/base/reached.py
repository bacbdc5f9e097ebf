"""Under which address is Leadwell reached? Where `LEADWELL_URL` is https, no answer leads back to http.

TLS ends at a proxy in front, so that requests arrive here without it. Whether a header says so is not asked: anybody
can send one.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse


class AsReached:
    """Before all others: addresses in answers, HSTS and the check of forms follow the scheme."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.PUBLIC_URL.startswith("https://"):
            request.META["wsgi.url_scheme"] = "https"
        return self.answer(request)
