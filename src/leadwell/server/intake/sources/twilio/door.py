"""How is Twilio believed, and what is it told? By the signature of the account; with TwiML that says nothing.

What it sends again is known by its own content: one text by its id and what has become of it, a callback of a call by
all that it says.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import orjson
from django.http import HttpRequest, HttpResponse

from leadwell.server.intake.accepting import Delivery, Receipt
from leadwell.server.intake.models import Source
from leadwell.server.intake.sources.doors import Door, Posted
from leadwell.server.intake.sources.form.adapter import URLENCODED, pairs_of
from leadwell.server.intake.sources.twilio.signature import signed

_MOST_EVENTS: Final = 500
_NOTHING: Final = b'<?xml version="1.0" encoding="UTF-8"?><Response/>'


class _Twilio(Door):
    brings_texts = True
    kept_headers = ("user-agent", "content-type")

    def genuine(self, posted: Posted, settings: Mapping[str, Any]) -> bool:
        return signed(posted.body, posted.headers, posted.url, [str(one) for one in settings.get("secrets", ())])

    def deliveries(self, posted: Posted, settings: Mapping[str, Any]) -> Sequence[Delivery]:
        """Of a list of events each by itself."""
        if "json" not in self.media_type(posted).lower():
            return [self.delivery(posted, posted.body)]
        try:
            told = orjson.loads(posted.body)
        except orjson.JSONDecodeError:
            told = None
        if not isinstance(told, list) or not 1 < len(told) <= _MOST_EVENTS:
            return [self.delivery(posted, posted.body)]
        each = [orjson.dumps(one) for one in told]
        return [self.delivery(replace(posted, body=one), one) for one in dict.fromkeys(each)]

    def media_type(self, posted: Posted) -> str:
        given = posted.headers.get("content-type", "")
        return given if "json" in given.lower() else URLENCODED

    def key(self, posted: Posted) -> str | None:
        return hashlib.sha256(self.says(posted) or posted.body).hexdigest()

    def says(self, posted: Posted) -> bytes | None:
        if "json" in self.media_type(posted).lower():
            return None
        try:
            fields = sorted(set(pairs_of(posted.body)))
        except ValueError:
            return None
        known = dict(fields)
        if "CallSid" not in known and known.get("MessageSid") and known.get("SmsStatus") == "received":
            return f"received {known['MessageSid']}".encode()
        return "\n".join(f"{name}={value!r}" for name, value in fields).encode()

    def taken(
        self, request: HttpRequest, source: Source, settings: Mapping[str, Any], receipts: Sequence[Receipt]
    ) -> HttpResponse:
        return HttpResponse(_NOTHING, content_type="text/xml")


DOOR: Final = _Twilio()
