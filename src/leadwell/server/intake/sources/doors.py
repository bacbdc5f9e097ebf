"""How does another system's post reach us: is it believed, by what is it known again, and what is it told?

A kind of source says only what it does otherwise. Whatever it answers, it answers once the submission is on disk.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import orjson
from django.http import HttpRequest, HttpResponse, JsonResponse

from leadwell.server.intake.accepting import Delivery, Receipt
from leadwell.server.intake.models import Source

_LONGEST: Final = 2_000  # characters of a header that is kept: a page's address may end with a click id


@dataclass(frozen=True)
class Posted:
    """What stands at the door. `headers`: by their names in small letters. `url`: under our public address, with its
    query, as the sender wrote it. `at`: now."""

    body: bytes
    headers: Mapping[str, str]
    url: str
    at: datetime


class Door:
    """What holds for every kind that does not say otherwise: JSON, believed by its secret address alone."""

    most_bytes: int = 1_000_000
    brings_texts: bool = False  # by which somebody may ask us to stop
    kept_headers: tuple[str, ...] = (
        "user-agent", "referer", "origin", "webhook-id", "idempotency-key", "content-type",
    )  # fmt: skip
    keys: tuple[str, ...] = ("idempotency-key", "webhook-id")

    def genuine(self, posted: Posted, settings: Mapping[str, Any]) -> bool:
        """Whether it was sent by whom it says."""
        return True

    def deliveries(self, posted: Posted, settings: Mapping[str, Any]) -> Sequence[Delivery]:
        """What is to be kept of it, each a submission: as a rule the whole."""
        return [self.delivery(posted, posted.body)]

    def delivery(self, posted: Posted, body: bytes) -> Delivery:
        kept = {name: posted.headers[name][:_LONGEST] for name in self.kept_headers if name in posted.headers}
        says = self.says(posted)
        return Delivery(body, media_type=self.media_type(posted), key=self.key(posted), headers=kept, says=says)

    def media_type(self, posted: Posted) -> str:
        return "application/json"

    def key(self, posted: Posted) -> str | None:
        """The sender's own name for this delivery: the same one again is the same submission."""
        return next((posted.headers[name] for name in self.keys if posted.headers.get(name)), None)

    def says(self, posted: Posted) -> bytes | None:
        """By what it is recognised when it comes again, where the bytes differ each time."""
        return None

    def taken(
        self, request: HttpRequest, source: Source, settings: Mapping[str, Any], receipts: Sequence[Receipt]
    ) -> HttpResponse:
        """What the sender is told once it is safe."""
        first = receipts[0]
        return JsonResponse({"id": str(first.id), "repeat": first.repeat}, status=202)

    def greeted(self, query: Mapping[str, str], settings: Mapping[str, Any]) -> str | None:
        """The answer to a GET by which a vendor makes sure that the address is ours; None where it gets none."""
        return None


class Vendor(Door):
    """A vendor that posts JSON and, where it hears no 200, the same again: known by what it says, and told the same."""

    kept_headers = ("user-agent", "content-type")

    def key(self, posted: Posted) -> str | None:
        return hashlib.sha256(self.says(posted) or posted.body).hexdigest()

    def says(self, posted: Posted) -> bytes | None:
        """Whatever the order of its fields."""
        try:
            return orjson.dumps(orjson.loads(posted.body), option=orjson.OPT_SORT_KEYS)
        except (orjson.JSONDecodeError, orjson.JSONEncodeError):
            return None

    def taken(
        self, request: HttpRequest, source: Source, settings: Mapping[str, Any], receipts: Sequence[Receipt]
    ) -> HttpResponse:
        return JsonResponse({"id": str(receipts[0].id)})
