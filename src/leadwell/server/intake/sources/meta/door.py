"""How is a notice of Meta's believed and split? By its signature; each lead that it names is a submission by itself.

What was signed is kept as it was, once: a notice of one lead as that lead's submission, one of several as a submission
of its own, to which those of its leads refer by its digest.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import orjson
from django.http import HttpRequest, HttpResponse

from leadwell.server.intake.accepting import Delivery, Receipt
from leadwell.server.intake.models import Source
from leadwell.server.intake.sources.doors import Door, Posted
from leadwell.server.intake.sources.meta.adapter import LEAD, changes, named_in
from leadwell.server.intake.sources.webhook.signature import signed

_SIGNATURE: Final = {"header": "x-hub-signature-256", "prefix": "sha256=", "digest": "sha256", "encoding": "hex"}
NOTICE: Final = "notice-sha256"  # the header by which a part refers to the whole


class _Meta(Door):
    keys = ()
    kept_headers = (*Door.kept_headers, "x-hub-signature-256")

    def genuine(self, posted: Posted, settings: Mapping[str, Any]) -> bool:
        return signed(posted.body, posted.headers, {**_SIGNATURE, "secrets": settings.get("secrets", ())})

    def deliveries(self, posted: Posted, settings: Mapping[str, Any]) -> Sequence[Delivery]:
        """One for each lead, known by its id, and the whole where it tells of several."""
        whole = self.delivery(posted, posted.body)
        try:
            told = orjson.loads(posted.body)
        except orjson.JSONDecodeError:
            return [whole]
        named = named_in(told)
        if len(named) < 2:
            return [of_lead(named[0], whole) if named and named[0] else whole]
        digest = hashlib.sha256(posted.body).hexdigest()
        notice = replace(whole, key=f"notice/{digest}", says=posted.body)
        try:
            parts = _parts(whole, digest, told)
        except orjson.JSONEncodeError:
            return [replace(whole, problem="nested too deep to be split into its leads")]
        return [notice, *parts]

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


def _parts(whole: Delivery, digest: str, told: dict[str, Any]) -> list[Delivery]:
    """The notice as it would be of each lead only; of all together that it does not name."""
    entries: dict[str, list[dict[str, Any]]] = {}
    for entry, change, number in changes(told):
        if change.get("field") == LEAD:
            entries.setdefault(number, []).append({**entry, "changes": [change]})
    headers = {name: text for name, text in whole.headers.items() if name != _SIGNATURE["header"]} | {NOTICE: digest}
    made = {
        number: replace(whole, body=orjson.dumps({**told, "entry": theirs}), headers=headers)
        for number, theirs in entries.items()
    }
    return [of_lead(number, one) if number else one for number, one in made.items()]


DOOR: Final = _Meta()
