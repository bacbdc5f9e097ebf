"""How does a hospital's message reach us by HTTP, and what is it told? The answer is HL7's own: RRI or ACK. Of several
in one body, or of a batch, each is a submission and is answered."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from leadwell.formats import hl7v2
from leadwell.server.intake import referred
from leadwell.server.intake.accepting import Delivery, Receipt
from leadwell.server.intake.askers import asked_by
from leadwell.server.intake.bearing import lead_named
from leadwell.server.intake.models import Source
from leadwell.server.intake.numbered import meant
from leadwell.server.intake.sources.doors import Door, Posted
from leadwell.server.intake.sources.hl7v2.adapter import MEDIA_TYPE, name_of
from leadwell.server.intake.unread import waiting
from leadwell.server.leads.queries import lead_of

MOST_BYTES: Final = 5_000_000
_WITHOUT_END: Final = "its frame has no end"
ENVELOPE: Final = "batch"  # the header that holds what stood around a message
_LENGTH_OF_NUMBER: Final = 20  # of MSH-10 in 2.5.1
_ENDS: Final = re.compile(rb"[\r\n]+")
_LONGEST: Final = 2_000  # characters of such an envelope


class _Hl7(Door):
    most_bytes = MOST_BYTES

    def genuine(self, posted: Posted, settings: Mapping[str, Any]) -> bool:
        secrets = settings.get("secrets")
        return secrets is None or any(
            hmac.compare_digest(given_secret(posted.headers), one.encode()) for one in secrets if one
        )

    def deliveries(self, posted: Posted, settings: Mapping[str, Any]) -> Sequence[Delivery]:
        kept = super().delivery(posted, posted.body).headers
        return [replace(one, headers={**kept, **one.headers}) for one in deliveries(posted.body)]

    def delivery(self, posted: Posted, body: bytes) -> Delivery:
        made = delivery(body)
        return Delivery(made.body, made.media_type, made.key, super().delivery(posted, body).headers, says=made.says)

    def taken(
        self, request: HttpRequest, source: Source, settings: Mapping[str, Any], receipts: Sequence[Receipt]
    ) -> HttpResponse:
        told = answer(request.body, source, receipts)
        return HttpResponse(told, status=200 if told else 202, content_type=MEDIA_TYPE)


def deliveries(body: bytes) -> list[Delivery]:
    """Each message as its own bytes. What stood around them, as the header of their batch, is kept with each."""
    batch = hl7v2.batch_of(body)
    around = {ENVELOPE: batch.envelope[:_LONGEST]} if batch.envelope else {}
    return [replace(delivery(one), headers=around) for one in batch.messages] or [delivery(body)]


def delivery(body: bytes) -> Delivery:
    """The same again is what bears the same control id of the same sender and says the same, whenever it was written
    anew and however its lines end. Another message under a control id that was used before is another: none is lost."""
    told = hl7v2.read(body)
    says = _without_time(body)
    if not told.control_id:
        return Delivery(body, media_type=MEDIA_TYPE, says=says)
    key = f"{told.sender}/{told.control_id}/{hashlib.sha256(says).hexdigest()}"
    return Delivery(body, media_type=MEDIA_TYPE, key=key, says=says)


def without_end(body: bytes) -> Delivery:
    """One that broke off, or whose end was lost. It is never the same as the whole one, which may say no more."""
    made = delivery(body)
    key = f"{made.key}/without end" if made.key is not None else None
    return replace(made, key=key, says=(made.says or body) + b"\nwithout end", problem=_WITHOUT_END)


def _without_time(body: bytes) -> bytes:
    """Its lines, without MSH-7: when it was written, which a sender that repeats it writes anew."""
    lines = [line for line in _ENDS.split(body.strip(b"\x0b\x1c\r\n \t")) if line.strip()]
    sign = lines[0][3:4] if lines else b""
    if lines and sign and lines[0].startswith(b"MSH"):
        fields = lines[0].split(sign)
        lines[0] = sign.join([*fields[:6], *fields[7:]])
    return b"\r".join(lines)


def answer(body: bytes, source: Source, receipts: Sequence[Receipt]) -> bytes:
    """What the sender is told; b"" where it wants to be told nothing. The same for the same submissions: number and
    time are theirs."""
    batch = hl7v2.batch_of(body)
    told = [
        _answer(one, source, receipt, after={other.id for other in receipts[nth:] if other.id > receipt.id})
        for nth, (one, receipt) in enumerate(zip(batch.messages, receipts, strict=False))
    ]
    return hl7v2.answered(batch, told, number=_number(receipts[0]), at=_moment(receipts[0]))


def _answer(message: bytes, source: Source, receipt: Receipt, *, after: Collection[UUID]) -> bytes:
    """`after`: what came after it with the same post, which it asks nothing of."""
    told = hl7v2.read(message)
    status, says = _status(told, source, after) if told.change == "status" else (hl7v2.PENDING, "")
    return hl7v2.answer(told, number=_number(receipt), at=_moment(receipt), status=status, says=says)


def answer_without_end(message: bytes, receipt: Receipt) -> bytes:
    """What the sender is told of a message that came without its end."""
    told = hl7v2.read(message)
    told = replace(told, code="AE" if told.code == "AA" else told.code, change="", problem=told.problem or _WITHOUT_END)
    return hl7v2.answer(told, number=_number(receipt), at=_moment(receipt))


def _number(receipt: Receipt) -> str:
    return receipt.id.hex[-_LENGTH_OF_NUMBER:]


def _moment(receipt: Receipt) -> datetime:
    return datetime.fromtimestamp((receipt.id.int >> 80) / 1000, UTC)


def _status(told: hl7v2.Read, source: Source, after: Collection[UUID]) -> tuple[str, str]:
    """How the referral stands that is asked for, by all that came of it before, also where nobody has read that yet."""
    name = name_of(told, {"source": source.pk})
    number = lead_named(source.organization_id, [name])
    number = meant(source.organization_id, number, told.columns).lead if number else None
    lead = lead_of(source.organization_id, number) if number else None
    said = waiting(source, [name], told.columns, but=after) if name else []
    if lead is not None:
        stands: referred.Standing | None = referred.of_lead(lead, said, of=asked_by(lead, source, [name]))
    else:
        stands = referred.of_unread(said)
    if stands is None:
        return hl7v2.PENDING, "not known here of this patient"
    return stands.step.hl7, stands.step.display or stands.step.name


def given_secret(headers: Mapping[str, str]) -> bytes:
    """Of Authorization: the bearer, or the password of Basic; nothing where it is neither."""
    scheme, _, said = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return said.strip().encode()
    if scheme.lower() != "basic":
        return b""
    try:
        return base64.b64decode(said.strip(), validate=True).partition(b":")[2]
    except (binascii.Error, ValueError):
        return b""


DOOR: Final = _Hl7()
