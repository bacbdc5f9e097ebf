"""Is the service up? `healthz`: the web server and its databases answer. `readyz`: a worker lives too."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db import DatabaseError, connections
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from leadwell.server.base.models import Heartbeat

ALIVE_WITHIN: Final = timedelta(seconds=30)


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    try:
        for connection in connections.all():
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "the database does not answer"}, status=503)
    return JsonResponse({"status": "ok"})


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    try:
        alive = Heartbeat.objects.filter(at__gte=timezone.now() - ALIVE_WITHIN).exists()
    except DatabaseError:
        return JsonResponse({"status": "the database does not answer"}, status=503)
    return JsonResponse({"status": "ok" if alive else "no worker is running"}, status=200 if alive else 503)
