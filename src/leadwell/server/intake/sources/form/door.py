"""What is whoever sent a form told? A browser is sent on or thanked; a program gets the id."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from leadwell.server.intake.accepting import Receipt
from leadwell.server.intake.models import Source
from leadwell.server.intake.opening import Sent
from leadwell.server.intake.sources.doors import Door, Posted
from leadwell.server.intake.sources.form.adapter import MULTIPART, URLENCODED
from leadwell.server.intake.thanking import thank, wants_page


class _Form(Door):
    def media_type(self, posted: Posted) -> str:
        return _media_type(posted.headers.get("content-type", ""))

    def says(self, posted: Posted) -> bytes | None:
        """A browser draws a new boundary for each click, also for the second one on the same form."""
        boundary = self.media_type(posted).partition("boundary=")[2].partition(";")[0].strip(' "').encode()
        return posted.body.replace(boundary, b"") if boundary else None

    def taken(
        self, request: HttpRequest, source: Source, settings: Mapping[str, Any], receipts: Sequence[Receipt]
    ) -> HttpResponse:
        if page := settings.get("thanks"):
            return HttpResponseRedirect(str(page), status=303)
        if wants_page(request):
            return thank(request, source, Sent(request.body, _media_type(request.headers.get("content-type", "")), {}))
        return super().taken(request, source, settings, receipts)


def _media_type(given: str) -> str:
    return given if given.startswith(MULTIPART) else URLENCODED


DOOR: Final = _Form()
