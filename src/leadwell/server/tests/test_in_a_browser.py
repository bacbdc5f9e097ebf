"""In a real browser: sign in with two factors, mend what came broken, see it judged; on a desk and on a phone.

Nothing is asked of any other host, nothing is written to the console, and nothing scrolls sideways.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.contrib.sessions.models import Session
from django.urls import reverse

from leadwell.server.access.actions import add_member
from leadwell.server.access.idle import SEEN
from leadwell.server.conftest import Clinic
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.draining import drain
from leadwell.server.leads.models import Lead
from leadwell.server.signin.sessions import SessionStore
from leadwell.server.tests.chromium import MARKS, browser_page, fits, opens

PASSWORD = "quiet harbour window"
KNEE = '{"full_name": "Sample Person", "phone": "312-555-0147", "message": "knee replacement please"}'

sync = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = MARKS


@dataclass
class Seen:
    """`page`: what a person sees; `elsewhere`: requests of other hosts; `said`: errors of a script or on the console.
    Either fails the test."""

    page: object
    host: str
    elsewhere: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)


@pytest.fixture(params=[(1280, "light"), (390, "dark")], ids=["wide", "phone"])
def seen(request, live_server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Seen]:
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # playwright runs a loop in this thread
    width, scheme = request.param
    with browser_page(viewport={"width": width, "height": 844}, color_scheme=scheme) as page:
        one = Seen(page, urlsplit(live_server.url).netloc)
        page.on("request", lambda asked: one.elsewhere.append(asked.url) if one.host not in asked.url else None)
        page.on("console", lambda line: one.said.append(line.text) if line.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: one.said.append(str(error)))
        yield one
    assert (one.elsewhere, one.said) == ([], [])


def _sign_in(seen: Seen, url: str, role: str) -> None:
    secret = generate_totp_secret()
    member = add_member("lakeside", f"{role}@example.com", role=role, name="Sample Lead", password=PASSWORD)
    TOTP.activate(member.user, secret)
    page = seen.page
    page.goto(url)
    page.get_by_label("Email").fill(f"{role}@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_label("Code").fill(format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time()))))
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_what_came_broken_is_mended_and_judged(seen: Seen, live_server, lakeside: Clinic) -> None:
    accept(lakeside.number, lakeside.source, [Delivery(KNEE[:-1].encode(), problem="not JSON, at line 1")])
    _sign_in(seen, live_server.url, "intake-lead")
    page = seen.page
    sync.expect(page.get_by_role("heading", name="Worklist")).to_be_visible()
    with opens(page):
        page.get_by_role("link", name=re.compile("^Inbox")).click()
    sync.expect(page.get_by_text("waits for somebody to mend it")).to_be_visible()
    assert fits(page), page.url
    with opens(page):
        page.get_by_role("table").get_by_role("link").first.click()
    assert fits(page), page.url
    page.get_by_label("Correct it here").fill(KNEE)
    page.get_by_role("button", name="Save and play again").click()
    sync.expect(page.get_by_text("It is being judged now")).to_be_visible()
    drain()
    page.reload()
    page.get_by_role("link", name="Open the lead").click()
    sync.expect(page.get_by_role("heading", name="Sample Person")).to_be_visible()
    sync.expect(page.locator("mark").first).to_be_visible()
    assert fits(page), page.url


def test_every_place_fits_its_screen(seen: Seen, live_server, lakeside: Clinic) -> None:
    accept(lakeside.number, lakeside.source, [Delivery(KNEE.encode())])
    drain()
    _sign_in(seen, live_server.url, "manager")
    places = [
        "inbox",
        "alerts",
        "leads",
        "ledger",
        "sources",
        "new_source",
        "upload",
        "playbook",
        "me",
        "more",
        "mfa_index",
    ]
    lead = Lead.objects.of(lakeside.number).get()
    one = [("playbook_version", 1), ("lead", lead.pk), ("person", lead.person_id), ("submission", lead.submission)]
    for address in [*map(reverse, places), *(reverse(name, args=[number]) for name, number in one)]:
        seen.page.goto(live_server.url + address)
        sync.expect(seen.page.get_by_role("heading", level=1)).to_have_count(1)
        assert fits(seen.page), address


def _leave(seen: Seen, seconds: int) -> None:
    """The clock that is turned is the browser's: the server learns of it here."""
    for kept in Session.objects.all():
        session = SessionStore(kept.session_key)
        if SEEN in session:
            session[SEEN] -= seconds
            session.save()
    seen.page.context.clear_cookies(name=SEEN)


def test_a_screen_left_alone_warns_and_then_clears(seen: Seen, live_server, lakeside: Clinic) -> None:
    page = seen.page
    page.clock.install()
    _sign_in(seen, live_server.url, "manager")
    page.goto(live_server.url + reverse("me"))
    _leave(seen, seconds=13 * 60 + 1)
    page.clock.fast_forward(13 * 60 * 1000 + 1000)
    sync.expect(page.get_by_role("alertdialog")).to_contain_text("signed out in 2 minutes")
    page.get_by_role("button", name="Stay signed in").click()
    sync.expect(page.get_by_role("alertdialog")).to_be_hidden()
    _leave(seen, seconds=15 * 60 + 1)
    page.clock.fast_forward(15 * 60 * 1000 + 1000)
    sync.expect(page).to_have_url(re.compile("/account/login/"))
    seen.said[:] = [line for line in seen.said if "401" not in line]  # the answer that ends a session
