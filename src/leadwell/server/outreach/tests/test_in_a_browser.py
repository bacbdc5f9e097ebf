"""In a real browser, on a desk and on a phone, light and dark: leaving in one press; the outbox and one message."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.urls import reverse

from leadwell.server.access.actions import add_member
from leadwell.server.conftest import Clinic
from leadwell.server.consent.models import Suppression
from leadwell.server.outreach import leaving
from leadwell.server.outreach.channels import Answer
from leadwell.server.outreach.tests.sent import FakeWay, by, queued, tick
from leadwell.server.tests.chromium import MARKS, browser_page, fits, opens, violations

PASSWORD = "quiet harbour window"

sync = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = MARKS


@pytest.fixture(params=[(1280, "light", "en-US"), (390, "dark", "es-MX")], ids=["wide", "phone"])
def page(request, live_server, monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    """A page of Chromium; whatever it writes to the console, or asks of another host, fails the test."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # playwright runs a loop in this thread
    (width, scheme, locale), wrong = request.param, []
    screen = {"width": width, "height": 844}
    with browser_page(base_url=live_server.url, viewport=screen, color_scheme=scheme, locale=locale) as shown:
        shown.on("console", lambda line: wrong.append(line.text) if line.type in ("error", "warning") else None)
        shown.on("request", lambda asked: wrong.append(asked.url) if live_server.url not in asked.url else None)
        yield shown
    assert wrong == []


def _is_well(page) -> None:
    """It fits, has one heading, and axe finds nothing."""
    assert fits(page), page.url
    sync.expect(page.get_by_role("heading", level=1)).to_have_count(1)
    assert violations(page) == []


def test_somebody_leaves_with_one_press_and_ends_everything_with_another(page, lakeside: Clinic, settings) -> None:
    settings.PUBLIC_URL, settings.PUBLIC_URL_IS_GIVEN = "https://clinic.example", True
    message = queued(lakeside, purpose="marketing")
    page.goto(reverse("unsubscribe", args=[leaving.token(lakeside.number, message.pk, bytes(message.token))]))
    _is_well(page)
    assert not Suppression.objects.exists()
    for said in (r"unsubscribed|baja", r"No more|más correos"):
        with opens(page):
            page.get_by_role("button").click()
        sync.expect(page.get_by_role("status")).to_contain_text(re.compile(said))
        _is_well(page)
    assert sorted(Suppression.objects.values_list("purpose", flat=True)) == ["", "business", "marketing"]
    assert page.context.cookies() == []


def test_the_outbox_and_a_message_fit_their_screen(page, lakeside: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("leadwell.server.access.needs.ONE_FACTOR_IS_ENOUGH", frozenset({"intake-lead"}))
    by(monkeypatch, FakeWay([Answer("refused", "ours", "5.7.1"), Answer("accepted")]))
    message = queued(lakeside)
    queued(lakeside, "other@elsewhere.example.org")
    tick()
    add_member("lakeside", "lead@example.com", role="intake-lead", name="Sample Lead", password=PASSWORD)
    page.goto(reverse("outbox"))
    page.get_by_label("Email").fill("lead@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    with opens(page):
        page.get_by_role("button", name="Sign in", exact=True).click()
    sync.expect(page.get_by_role("heading", name="Outbox")).to_be_visible()
    _is_well(page)
    page.goto(reverse("message", args=[message.pk]))
    _is_well(page)
    page.get_by_role("button", name="Try it again").click()
    sync.expect(page.get_by_text("It is tried again now")).to_be_visible()
