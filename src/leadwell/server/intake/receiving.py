"""How do webhooks and forms of other sites reach us? `POST /in/<handle>`: checked, kept, acknowledged.

The address is a secret of the organisation and its source: an unknown one is told nothing, and nothing is kept. A
wrong signature is answered with 401, and kept as refused, within limits of size and number. A browser that posted a
form is sent on to the page that the organisation named, or thanked here; a program gets the id.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from leadwell.server.base.problems import problem
from leadwell.server.base.requests import cut_short, said_size
from leadwell.server.intake.accepting import Delivery, accept, refuse
from leadwell.server.intake.models import Source, State, Submission
from leadwell.server.intake.opening import Sent
from leadwell.server.intake.queries import open_source, settings_of
from leadwell.server.intake.sources.form.adapter import MULTIPART, URLENCODED
from leadwell.server.intake.sources.webhook.signature import signed
from leadwell.server.intake.thanking import thank, wants_page

MOST_BYTES: Final = 1_000_000
REFUSED_BYTES: Final = 64_000
REFUSED_AN_HOUR: Final = 60
_POSTED: Final = ("webhook", "form")
_KEPT_HEADERS: Final = ("user-agent", "referer", "origin", "webhook-id", "idempotency-key", "content-type")
_KEYS: Final = ("idempotency-key", "webhook-id")


@csrf_exempt
@require_POST
def receive(request: HttpRequest, handle: str) -> HttpResponse:
    source = open_source(handle)
    if source is None or source.kind not in _POSTED:
        return problem(404, "There is nothing at this address.")
    if said_size(request) > MOST_BYTES:
        return problem(413, f"At most {MOST_BYTES:,} bytes are taken at once.")
    if cut_short(request):
        return problem(400, "The body ended before its length. Nothing was kept; send it again.")
    headers = {name.lower(): value for name, value in request.headers.items()}
    body, settings = request.body, settings_of(source)
    if settings.get("secrets") and not signed(body, headers, settings):
        _keep_refused(source, body, headers)
        return problem(401, "The signature does not fit. Check the secret and the signed header of this source.")
    (receipt,) = accept(source.organization_id, source.pk, [_delivery(source, body, headers)])
    if receipt.conflict:
        return problem(409, "This delivery id was used before for other content.")
    if source.kind == "form" and (page := settings.get("thanks")):
        return HttpResponseRedirect(str(page), status=303)
    if source.kind == "form" and wants_page(request):
        return thank(request, source, Sent(body, _media_type(source, headers), {}))
    return JsonResponse({"id": str(receipt.id), "repeat": receipt.repeat}, status=202)


def _delivery(source: Source, body: bytes, headers: Mapping[str, str]) -> Delivery:
    key = next((headers[name] for name in _KEYS if headers.get(name)), None)
    kept = {name: headers[name][:500] for name in _KEPT_HEADERS if name in headers}
    media_type = _media_type(source, headers)
    return Delivery(body, media_type=media_type, key=key, headers=kept, says=_without_boundary(body, media_type))


def _without_boundary(body: bytes, media_type: str) -> bytes | None:
    """A browser draws a new boundary for each click, also for the second one on the same form."""
    boundary = media_type.partition("boundary=")[2].partition(";")[0].strip(' "').encode()
    return body.replace(boundary, b"") if boundary else None


def _media_type(source: Source, headers: Mapping[str, str]) -> str:
    given = headers.get("content-type", "")
    if source.kind == "form":
        return given if given.startswith(MULTIPART) else URLENCODED
    return "application/json"


def _keep_refused(source: Source, body: bytes, headers: Mapping[str, str]) -> None:
    hour = timezone.now() - timedelta(hours=1)
    recent = Submission.objects.of(source.organization_id).filter(
        source=source.pk, state=State.REFUSED, received_at__gt=hour
    )
    if recent.count() < REFUSED_AN_HOUR:
        refuse(source.organization_id, source.pk, _delivery(source, body[:REFUSED_BYTES], headers))
