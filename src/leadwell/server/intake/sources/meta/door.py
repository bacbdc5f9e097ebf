"""How is a notice of Meta's believed and split? By its signature; each lead that it names is a submission by itself."""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import orjson
from django.http import HttpRequest, HttpResponse

from leadwell.server.intake.accepting import Delivery, Receipt
from leadwell.server.intake.models import Source
from leadwell.server.intake.sources.doors import Door, Posted
from leadwell.server.intake.sources.meta.adapter import changes
from leadwell.server.intake.sources.webhook.signature import signed

_SIGNATURE: Final = {"header": "x-hub-signature-256", "prefix": "sha256=", "digest": "sha256", "encoding": "hex"}


class _Meta(Door):
    keys = ()

    def genuine(self, posted: Posted, settings: Mapping[str, Any]) -> bool:
        return signed(posted.body, posted.headers, {**_SIGNATURE, "secrets": settings.get("secrets", ())})

    def deliveries(self, posted: Posted, settings: Mapping[str, Any]) -> Sequence[Delivery]:
        """One for each lead, known by its id; what else a notice tells of is kept together."""
        whole = self.delivery(posted, posted.body)
        try:
            told = orjson.loads(posted.body)
        except orjson.JSONDecodeError:
            return [whole]
        found = list(changes(told))
        if not any(number for _, _, number in found):
            return [whole]
        try:
            split = [(number, replace(whole, body=_alone(told, entry, change))) for entry, change, number in found]
        except orjson.JSONEncodeError:
            return [replace(whole, problem="nested too deep to be split into its leads")]
        leads = {number: of_lead(number, one) for number, one in split if number}
        return [*leads.values(), *(one for number, one in split if not number)]

    def taken(
        self, request: HttpRequest, source: Source, settings: Mapping[str, Any], receipts: Sequence[Receipt]
    ) -> HttpResponse:
        return HttpResponse("EVENT_RECEIVED", content_type="text/plain")

    def greeted(self, query: Mapping[str, str], settings: Mapping[str, Any]) -> str | None:
        ours, theirs = str(settings.get("verify_token") or ""), query.get("hub.verify_token", "")
        same = hmac.compare_digest(ours.encode(), theirs.encode())
        return query.get("hub.challenge") if ours and same and query.get("hub.mode") == "subscribe" else None


def of_lead(number: str, delivery: Delivery) -> Delivery:
    """Of a lead, however it comes to be known: told of, or found when its form was looked through."""
    return replace(delivery, key=f"leadgen/{number}", says=number.encode())


def _alone(told: dict[str, Any], entry: dict[str, Any], change: dict[str, Any]) -> bytes:
    """The notice as it would be of this change only."""
    return orjson.dumps({**told, "entry": [{**entry, "changes": [change]}]})


DOOR: Final = _Meta()
