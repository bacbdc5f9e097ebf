"""What is kept of a FHIR message, and by what is an order known again? Each order in it is a submission, bearing all
that came with it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final
from urllib.parse import parse_qs
from uuid import uuid4

from django.http import HttpRequest, HttpResponse

from leadwell.formats import fhir
from leadwell.server.base.problems import FHIR_MEDIA_TYPE, outcome
from leadwell.server.intake.accepting import Delivery, Receipt, accept
from leadwell.server.intake.models import Source
from leadwell.server.intake.sources.doors import Door, Posted
from leadwell.server.intake.sources.fhir import written
from leadwell.server.intake.sources.fhir.adapter import ABOUT, NTH, OURS, PLACED

MOST_BYTES: Final = 5_000_000
NOT_JSON: Final = "it is not in JSON"


class _Fhir(Door):
    most_bytes = MOST_BYTES
    kept_headers = ("user-agent", "content-type")

    def media_type(self, posted: Posted) -> str:
        return posted.headers.get("content-type", FHIR_MEDIA_TYPE)

    def deliveries(self, posted: Posted, settings: Mapping[str, Any]) -> Sequence[Delivery]:
        """One for each order. What cannot be understood is kept whole, and says what is wrong with it."""
        try:
            message = fhir.message_of(posted.body)
        except fhir.NotRead as error:
            return [replace(self.delivery(posted, posted.body), problem=str(error))]
        return [self._order(posted, message, nth) for nth in range(max(1, len(message.requests)))]

    def _order(self, posted: Posted, message: fhir.Message, nth: int) -> Delivery:
        plain = self.delivery(posted, posted.body)
        headers = {**plain.headers, NTH: str(nth + 1), OURS: f"ours {uuid4()}"}
        says = posted.body if len(message.requests) < 2 else posted.body + f"\n{nth}".encode()
        made = replace(plain, headers=headers, says=says)
        try:
            order = fhir.order_of(message, nth)
        except fhir.NotRead as error:
            return replace(made, problem=str(error))
        asked = message.rules[nth][1] if message.rules else ""
        if name := identifier_in(asked or posted.headers.get("if-none-exist", "")):
            made = replace(made, key=f"order {name}", headers={**headers, PLACED: f"order {name}"})
        else:
            made = replace(made, key=next(iter(order.names), None))
        return replace(made, key=f"idle {made.key}") if order.idle and made.key else made

    def key(self, posted: Posted) -> str | None:
        return None

    def taken(
        self, request: HttpRequest, source: Source, settings: Mapping[str, Any], receipts: Sequence[Receipt]
    ) -> HttpResponse:
        """What is told of a sample that somebody tries: nothing of it is kept, so that it cannot be followed."""
        if refused := wrong(request.body, range(len(receipts))):
            return refused
        return written.answer(None, 201, Location=f"ServiceRequest/{receipts[0].id}")


def wrong(body: bytes, places: Iterable[int]) -> HttpResponse | None:
    """What is told where one of these orders cannot be understood, though it is kept."""
    try:
        message = fhir.message_of(body)
        for nth in places:
            fhir.order_of(message, nth)
    except fhir.NotRead as error:
        return outcome(400 if error.code == "structure" else 422, f"Kept, to be mended: {error}.", error.code)
    return None


def identifier_in(query: str) -> str:
    """`system|value` of a condition such as `identifier=http://a.example|17`."""
    try:
        return next(iter(parse_qs(query.lstrip("?")).get("identifier", [])), "")
    except ValueError:
        return ""


def keep(source: Source, deliveries: Sequence[Delivery]) -> list[Receipt]:
    """As `accept` does; what says otherwise under a name that was used before is kept too, and joins what came first.
    Of such a one the receipt is the first's, and a repeat."""
    receipts = accept(source.organization_id, source.pk, deliveries)
    later = [_later(d) for d, r in zip(deliveries, receipts, strict=True) if r.conflict]
    if later:
        accept(source.organization_id, source.pk, later)
    return [Receipt(r.id, repeat=r.repeat or r.conflict) for r in receipts]


def _later(delivery: Delivery) -> Delivery:
    said = delivery.says if delivery.says is not None else delivery.body
    return replace(delivery, key=f"{delivery.key}/{hashlib.sha256(said).hexdigest()}")


def spoken_of(body: bytes, *, about: str, key: str, says: bytes | None = None) -> Delivery:
    """What a sender says of an order that it made before."""
    headers = {"content-type": FHIR_MEDIA_TYPE, ABOUT: about}
    return Delivery(body, media_type=FHIR_MEDIA_TYPE, key=key, headers=headers, says=says)


DOOR: Final = _Fhir()
