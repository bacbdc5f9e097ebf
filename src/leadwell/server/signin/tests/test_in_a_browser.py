"""In a real browser: left alone and back again with what was typed; a passkey from its making to its end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from pytest_django import Settings

from leadwell.server.access.actions import add_member
from leadwell.server.conftest import Clinic
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.privacy.models import TrailEntry
from leadwell.server.signin.models import Draft
from leadwell.server.tests.chromium import MARKS, browser_page, violations

EMAIL, PASSWORD = "one@example.com", "quiet harbour window"
TYPED = "Sample words\nof a person, not sent"

sync = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = MARKS


@pytest.fixture
def page(live_server, monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    """A page of Chromium; whatever it writes to the console as wrong fails the test."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # playwright runs a loop in this thread
    wrong: list[str] = []
    with browser_page(base_url=_url(live_server), viewport={"width": 1280, "height": 844}) as shown:
        shown.on("console", lambda line: wrong.append(line.text) if line.type in ("error", "warning") else None)
        shown.on("pageerror", lambda error: wrong.append(str(error)))
        yield shown
    assert [line for line in wrong if "401" not in line] == []  # the answer that ends a session


def _url(live_server) -> str:
    """By name: a passkey belongs to a domain, and an address of numbers is none."""
    return f"http://localhost:{urlsplit(live_server.url).port}"


def _sign_in(page, email: str = EMAIL) -> None:
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_left_alone_and_back_again_with_what_was_typed(
    page, live_server, lakeside: Clinic, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.IDLE_END, settings.IDLE_WARN = timedelta(seconds=8), timedelta(seconds=4)
    monkeypatch.setattr("leadwell.server.access.needs.ONE_FACTOR_IS_ENOUGH", frozenset({"intake-lead"}))
    add_member("lakeside", EMAIL, role="intake-lead", name="Sample Lead", password=PASSWORD)
    (receipt,) = accept(lakeside.number, lakeside.source, [Delivery(b"{", problem="not JSON, at line 1")])
    there = reverse("submission", args=[receipt.id])
    page.goto(there)
    _sign_in(page)
    page.get_by_label("Correct it here").fill(TYPED)
    warning = page.get_by_role("alertdialog", name="Are you still there?")
    sync.expect(warning).to_be_visible()
    sync.expect(page.get_by_role("button", name="Stay signed in")).to_be_focused()
    assert violations(page) == []
    page.keyboard.press("x")
    sync.expect(warning).to_be_hidden()
    sync.expect(page.get_by_label("Correct it here")).to_have_value(TYPED)
    sync.expect(warning).to_be_visible()
    sync.expect(page).to_have_url(re.compile("/account/login/"))
    left = page.evaluate("[localStorage.length, sessionStorage.length, document.body.innerText.includes('Sample')]")
    assert left == [0, 0, False]
    _sign_in(page)
    sync.expect(page).to_have_url(re.compile(re.escape(there)))
    assert violations(page) == []
    page.get_by_role("button", name="Put it back").click()
    sync.expect(page.get_by_label("Correct it here")).to_have_value(TYPED)
    page.get_by_label("Correct it here").fill('{"full_name": "Sample", "phone": "312-555-0147"}')
    page.get_by_role("button", name="Save and play again").click()
    sync.expect(page.get_by_text("It is being judged now")).to_be_visible()
    assert not Draft.objects.exists()


def _authenticator(page) -> None:
    """A device that holds passkeys and always says that its owner is there."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_passkey_from_its_making_to_its_end(page, live_server, lakeside: Clinic) -> None:
    made = add_member("lakeside", EMAIL, role="manager", name="Sample Person", password=PASSWORD)
    _authenticator(page)
    page.goto("/")
    _sign_in(page)
    page.get_by_role("link", name="Use a passkey or security key").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.get_by_label("Name").fill("Work laptop")
    page.get_by_label("Passwordless").check()
    page.get_by_role("button", name="Add it").click()
    sync.expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    page.get_by_role("link", name="I have put them away").click()
    sync.expect(page).to_have_url(re.compile("/inbox$"))  # the second factor that a manager needs

    _sign_out(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    sync.expect(page).to_have_url(re.compile("/inbox$"))
    _sign_out(page)
    _sign_in(page)
    page.get_by_role("button", name="Use a passkey or security key").click()
    sync.expect(page).to_have_url(re.compile("/inbox$"))

    page.goto(reverse("mfa_list_webauthn"))
    sync.expect(page.get_by_role("rowheader", name="Work laptop")).to_be_visible()
    page.get_by_role("link", name="Remove").click()
    page.get_by_role("link", name="security key").click()
    page.get_by_role("button", name="Use your passkey or security key").click()
    page.get_by_role("button", name="Remove").click()
    page.goto("/")
    sync.expect(page.get_by_role("heading", name="Set up a second factor")).to_be_visible()
    did = TrailEntry.objects.of(lakeside.number).filter(actor=made.actor, codes__kind="passkey")
    assert list(did.order_by("number").values_list("action", flat=True)) == [
        "second-factor.added", "second-factor.used", "second-factor.used", "second-factor.used",
        "second-factor.removed",
    ]  # fmt: skip


def test_who_has_no_passkey_here_is_told_so(page, live_server, lakeside: Clinic) -> None:
    _authenticator(page)
    page.goto("/account/login/")
    assert violations(page) == []
    page.get_by_role("button", name="Sign in with a passkey").click()
    sync.expect(page.get_by_role("alert")).to_contain_text("No passkey was used")


def _sign_out(page) -> None:
    page.goto(reverse("me"))
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
