"""What is kept of a FHIR message, and by what is an order known again? Each order in it is a submission, bearing all
that came with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final
from urllib.parse import parse_qs
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse

from leadwell.formats import fhir
from leadwell.server.base.problems import FHIR_MEDIA_TYPE, outcome
from leadwell.server.intake.accepting import Delivery, Receipt
from leadwell.server.intake.models import Source
from leadwell.server.intake.opening import opened
from leadwell.server.intake.queries import sent_by
from leadwell.server.intake.sources.doors import Door, Posted
from leadwell.server.intake.sources.fhir import written
from leadwell.server.intake.sources.fhir.adapter import ABOUT, NTH, OURS, PLACED, nth_of
from leadwell.server.intake.sources.fhir.turns import Turn, idle, keep_in_turn
from leadwell.server.people.another import another
from leadwell.server.privacy.sealing import if_opens

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
        return [self._order(posted, message, nth) for nth in range(message.height)]

    def _order(self, posted: Posted, message: fhir.Message, nth: int) -> Delivery:
        plain = self.delivery(posted, posted.body)
        headers = {**plain.headers, NTH: str(nth + 1), OURS: f"ours {uuid4()}"}
        says = posted.body if message.height < 2 else posted.body + f"\n{nth}".encode()
        made = replace(plain, headers=headers, says=says)
        try:
            order = fhir.order_of(message, nth)
        except fhir.NotRead as error:
            return replace(made, problem=str(error))
        asked = message.rules[nth][1] if nth < len(message.rules) else ""
        if name := identifier_in(asked or posted.headers.get("if-none-exist", "")):
            made = replace(made, headers={**headers, PLACED: f"order {name}"})
        key = name_in(order, made.headers)
        return replace(made, key=idle(key) if order.idle and key else key)

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
    """As `accept` does; what says otherwise of an order that was sent before is kept too, and joins what came first. Of
    such a one the receipt is the first's of the same patient, and a repeat."""
    turns = keep_in_turn(source, deliveries)
    return [_receipt(source, one, turn) for one, turn in zip(deliveries, turns, strict=True)]


def _receipt(source: Source, delivery: Delivery, turn: Turn) -> Receipt:
    if not turn.before:
        return turn.receipt
    said = order_in(delivery.body, delivery.headers)
    number = first_made(source, turn.before, of=said.columns, withdrawn=said.withdrawn)
    return turn.receipt if number is None else Receipt(number, repeat=True)


def first_made(
    source: Source, numbers: Iterable[UUID], *, of: Mapping[str, str] | None = None, withdrawn: bool = True
) -> UUID | None:
    """Of what was sent under one name, and the patient (`of`), what first asked for it; where nothing did, and what is
    sought takes it back too (`withdrawn`), what first took it back."""
    took_back = None
    for number in numbers:
        first = sent_by(source, number)
        sent = if_opens(opened, first) if first is not None and first.sealed else None
        order = order_in(sent.body, sent.headers) if sent is not None else fhir.Order()
        if of is not None and sent is not None and another(of, [order.columns]):
            continue
        if not order.withdrawn:
            return number
        took_back = took_back or number
    return took_back if withdrawn else None


def order_in(body: bytes, headers: Mapping[str, str]) -> fhir.Order:
    """What a submission says; nothing where that cannot be understood."""
    try:
        return fhir.order_of(fhir.message_of(body), nth_of(headers))
    except fhir.NotRead:
        return fhir.Order()


def name_in(order: fhir.Order, headers: Mapping[str, str]) -> str | None:
    """By what its sender knows an order: as a condition says it, else its first identifier."""
    return headers.get(PLACED) or next(iter(order.names), None)


def spoken_of(body: bytes, *, about: str, key: str) -> Delivery:
    """What a sender says of an order that it made before."""
    headers = {"content-type": FHIR_MEDIA_TYPE, ABOUT: about}
    return Delivery(body, media_type=FHIR_MEDIA_TYPE, key=key, headers=headers)


DOOR: Final = _Fhir()
