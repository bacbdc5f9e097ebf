"""How is a lead form of Google Ads believed? By the key in its body: Google signs nothing."""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from typing import Any, Final

import orjson
from django.http import HttpRequest, HttpResponse, JsonResponse

from leadwell.server.intake.accepting import Receipt
from leadwell.server.intake.models import Source
from leadwell.server.intake.sources.doors import Door, Posted


class _GoogleAds(Door):
    def genuine(self, posted: Posted, settings: Mapping[str, Any]) -> bool:
        given = _told(posted.body).get("google_key")
        if not isinstance(given, str) or not given:
            return False
        secrets = [str(one).encode() for one in settings.get("secrets", ()) if one]
        verdicts = [hmac.compare_digest(one, given.encode()) for one in secrets]
        return any(verdicts)

    def key(self, posted: Posted) -> str | None:
        said = _told(posted.body).get("lead_id")
        return str(said) if isinstance(said, str | int) and str(said) else None

    def says(self, posted: Posted) -> bytes | None:
        """A lead that comes again is the same, whatever is written otherwise."""
        key = self.key(posted)
        return key.encode() if key is not None else None

    def taken(
        self, request: HttpRequest, source: Source, settings: Mapping[str, Any], receipts: Sequence[Receipt]
    ) -> HttpResponse:
        return JsonResponse({})


def _told(body: bytes) -> Mapping[str, Any]:
    try:
        told = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return told if isinstance(told, dict) else {}


DOOR: Final = _GoogleAds()
