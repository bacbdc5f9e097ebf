"""What is the least that any Django view does which inserts and commits one row a request?

`python -m benchmarks.intake.bare` makes its table; granian serves `benchmarks.intake.bare:application`. The database
comes from BARE_DATABASE: a file, or a PostgreSQL address.
"""

from __future__ import annotations

import os

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection, models
from django.http import HttpRequest, JsonResponse
from django.urls import path

from benchmarks.intake.databases import django_settings

settings.configure(
    DATABASES={"default": django_settings(os.environ["BARE_DATABASE"], synchronous="FULL")},
    ROOT_URLCONF=__name__,
    ALLOWED_HOSTS=["127.0.0.1"],
    USE_TZ=True,
)
django.setup()


class Row(models.Model):
    key = models.CharField(max_length=255, unique=True)
    body = models.BinaryField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "bare"


def post(request: HttpRequest) -> JsonResponse:
    row = Row(key=request.headers["Idempotency-Key"], body=request.body)
    row.save(force_insert=True)
    answer = JsonResponse({"id": row.pk}, status=202)
    answer["Content-Length"] = str(len(answer.content))
    return answer


urlpatterns = [path("api/v1/leads", post)]

if __name__ == "__main__":
    with connection.schema_editor() as editor:
        editor.create_model(Row)
else:
    application = get_wsgi_application()
