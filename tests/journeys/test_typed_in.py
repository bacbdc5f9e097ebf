"""Somebody calls: a coordinator types what they say in a real browser, and is in call mode while they are on the line;
also where the worker is dead for a while. (promises A1, D22)

Web server and worker are real; pages are checked by axe-core as they come, also on a phone.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from tests.journeys.running import Installation, until

from leadwell.server.tests.chromium import CHROMIUM, violations

sync = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"there is no {CHROMIUM}"),
]

PASSWORD = "a long enough password"
WORDS = "I need a knee replacement before Christmas, I have Medicare"
_TRIES = """
from leadwell.server.calls.models import Attempt
from leadwell.server.leads.models import Lead
lead = Lead.objects.of(ours).select_related("owner").first()
tries = [(one.direction, one.result, one.ended_at is None) for one in Attempt.objects.of(ours)]
told = {"owner": lead and lead.owner and lead.owner.name, "answered": bool(lead and lead.answered_at), "tries": tries}
print(orjson.dumps(told).decode())
"""


@pytest.fixture
def desk(clinic: Installation) -> Iterator[Any]:
    """A coordinator's page, signed in."""
    account = ("--role", "coordinator", "--password", PASSWORD, "--name", "Nadia Brook")
    clinic.command("user", "new", "nadia@example.com", "--organization", "lakeside", *account)
    clinic.start_web()
    with sync.sync_playwright() as player:
        sync.expect.set_options(timeout=60_000)
        chromium = player.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = chromium.new_context().new_page()
        page.set_default_timeout(60_000)
        page.goto(clinic.url)
        page.get_by_label("Email").fill("nadia@example.com")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        sync.expect(page.get_by_role("heading", level=1)).to_be_visible()
        yield page
        chromium.close()


def _told(clinic: Installation) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(clinic.within(_TRIES))
    return found


def test_a_caller_is_a_lead_in_call_mode_while_they_are_on_the_line(clinic: Installation, desk: Any) -> None:
    clinic.start_worker()
    desk.goto(f"{clinic.url}/leads")
    desk.keyboard.press("n")  # from every page
    sync.expect(desk.get_by_role("heading", name="What do they say?")).to_be_visible()
    sync.expect(desk.get_by_label("Number they call from")).to_be_focused()
    assert violations(desk) == []
    desk.keyboard.type("312-555-0147")
    sync.expect(desk.get_by_text("Nobody here has this number or name.")).to_be_visible()
    desk.keyboard.press("Tab")
    desk.keyboard.type("Sample Caller")
    desk.get_by_label("In their words").fill(WORDS)
    desk.keyboard.press("Control+Enter")
    sync.expect(desk.get_by_text("They are on the line")).to_be_visible()
    assert desk.url.endswith("/call")
    assert violations(desk) == []
    assert _told(clinic) == {"owner": "Nadia Brook", "answered": True, "tries": [["in", "reached", True]]}
    desk.keyboard.press("r")
    sync.expect(desk.get_by_role("heading", name="Sample Caller")).to_be_visible()
    until(lambda: _told(clinic)["tries"] == [["in", "reached", False]], "the end of the call")

    desk.goto(f"{clinic.url}/calls/new")  # the same person once more, at phone width
    desk.set_viewport_size({"width": 390, "height": 844})
    desk.get_by_label("Number they call from").fill("(312) 555-0147")
    sync.expect(desk.get_by_text("1 person here has this number or name")).to_be_visible()
    assert violations(desk) == []
    assert desk.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_while_the_worker_is_dead_it_is_kept_and_goes_on_by_itself(clinic: Installation, desk: Any) -> None:
    desk.goto(f"{clinic.url}/calls/new")
    desk.get_by_label("Name").fill("Sample Caller")
    desk.get_by_label("In their words").fill("My chest hurts and my left arm is numb")
    desk.get_by_role("button", name="Go on with the call").click()
    sync.expect(desk.get_by_role("heading", name="Kept. It is being judged")).to_be_visible()
    sync.expect(desk.get_by_text("Say at once:")).to_be_visible()
    sync.expect(desk.get_by_text("It takes longer than usual.")).to_be_visible()
    sync.expect(desk.get_by_text("My chest hurts and my left arm is numb")).to_be_visible()
    assert violations(desk) == []
    clinic.start_worker()
    sync.expect(desk.get_by_text("They are on the line")).to_be_visible()
    sync.expect(desk.get_by_text("Say at once:")).to_be_visible()


def test_what_was_typed_is_kept_as_a_draft(clinic: Installation, desk: Any) -> None:
    desk.goto(f"{clinic.url}/calls/new")
    desk.get_by_label("In their words").fill(WORDS)
    time.sleep(2.5)  # drafts are kept after a pause
    desk.goto(f"{clinic.url}/worklist")
    desk.keyboard.press("n")
    sync.expect(desk.get_by_text("What you typed here was kept")).to_be_visible()
    desk.get_by_role("button", name="Put it back").click()
    sync.expect(desk.get_by_label("In their words")).to_have_value(WORDS)
