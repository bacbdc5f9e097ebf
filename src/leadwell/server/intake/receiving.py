"""How do other systems and forms of other sites reach us? `POST /in/<handle>`: checked, kept, acknowledged.

The address is a secret of the organisation and its source: an unknown one is told nothing, and nothing is kept. A
wrong signature is answered with 401, and kept as refused, within limits of size and number. What is checked and what is
answered is the kind's (`sources/<kind>/door.py`).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.conf import settings as site
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from leadwell.server.base.problems import problem
from leadwell.server.base.requests import cut_short, said_size
from leadwell.server.intake import mentioning, sources
from leadwell.server.intake.accepting import accept, refuse
from leadwell.server.intake.heeding import heed
from leadwell.server.intake.models import Source, State, Submission
from leadwell.server.intake.queries import open_source, settings_of
from leadwell.server.intake.sources.doors import Door, Posted

REFUSED_BYTES: Final = 64_000
REFUSED_AN_HOUR: Final = 60


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def receive(request: HttpRequest, handle: str) -> HttpResponse:
    source = open_source(handle)
    door = sources.door(source.kind) if source and sources.KINDS[source.kind].under == "in" else None
    if request.method != "POST":
        return _greeted(request, source, door)
    if source is None or door is None:
        return problem(404, "There is nothing at this address.")
    if said_size(request) > door.most_bytes:
        return problem(413, f"At most {door.most_bytes:,} bytes are taken at once.")
    if cut_short(request):
        return problem(400, "The body ended before its length. Nothing was kept; send it again.")
    posted, settings = as_posted(request), settings_of(source)
    if not door.genuine(posted, settings):
        keep_refused(source, door, posted)
        return problem(401, "The signature does not fit. Check the secret and the signed header of this source.")
    deliveries = door.deliveries(posted, settings)
    receipts = accept(source.organization_id, source.pk, deliveries)
    if any(one.conflict for one in receipts):
        return problem(409, "This delivery id was used before for other content.")
    if door.brings_texts:
        heed(source, settings, deliveries, receipts)
    return door.taken(request, source, settings, receipts)


def as_posted(request: HttpRequest) -> Posted:
    headers = {name.lower(): value for name, value in request.headers.items()}
    return Posted(request.body, headers, f"{site.PUBLIC_URL}{request.get_full_path()}", timezone.now())


def _greeted(request: HttpRequest, source: Source | None, door: Door | None) -> HttpResponse:
    said = door.greeted(request.GET.dict(), settings_of(source)) if source and door else None
    return HttpResponseNotAllowed(["POST"]) if said is None else HttpResponse(said, content_type="text/plain")


def keep_refused(source: Source, door: Door, posted: Posted) -> None:
    hour = timezone.now() - timedelta(hours=1)
    ours = Submission.objects.of(source.organization_id)
    if ours.filter(source=source.pk, state=State.REFUSED, received_at__gt=hour).count() < REFUSED_AN_HOUR:
        kept = refuse(source.organization_id, source.pk, door.delivery(posted, posted.body[:REFUSED_BYTES]))
        mentioning.note(source.organization_id, [kept])
