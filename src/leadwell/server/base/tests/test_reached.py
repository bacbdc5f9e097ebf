"""Behind a proxy that ends TLS, no answer leads a program or a browser back to http."""

import pytest
from django.conf import settings
from django.test import Client

from leadwell.server.conftest import Clinic

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.mark.parametrize(("url", "scheme"), [("https://leads.example.com", "https"), ("http://127.0.0.1:8000", "http")])
def test_an_address_in_an_answer_has_the_scheme_that_is_reached(
    client: Client, lakeside: Clinic, monkeypatch: pytest.MonkeyPatch, url: str, scheme: str
) -> None:
    monkeypatch.setattr(settings, "PUBLIC_URL", url)
    monkeypatch.setattr(settings, "SECURE_HSTS_SECONDS", 60)
    key = {"Authorization": f"Bearer {lakeside.key}", "Host": "testserver"}
    answer = client.post("/api/v1/leads", {"message": "knee"}, content_type="application/json", headers=key)
    assert answer.json()["status_url"].startswith(f"{scheme}://testserver/api/")
    assert ("Strict-Transport-Security" in Client().get("/healthz").headers) is (scheme == "https")
