"""A coordinator on a phone whose browser runs no script: worklist, lead, call, its result and what became of it, by
links and buttons alone. (promises D21, D22, D24)

Web server and worker are real. Without script axe-core cannot run: the same pages are checked by it at the same
width in a second browser that has scripts.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from tests.journeys.running import Installation, until

from leadwell.server.tests.chromium import CHROMIUM, fits, violations

sync = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"there is no {CHROMIUM}"),
]

PASSWORD = "a long enough password"
PHONE = {"width": 390, "height": 844}
LEAD = {
    "full_name": "Sample Person",
    "phone": "312-555-0147",
    "message": "I need a knee replacement in the next 2 weeks",
}
_WAITING = "from leadwell.server.worklist.models import Waiting; print(Waiting.objects.of(ours).count() or '')"
_STANDS = """
from leadwell.server.calls.models import Attempt
from leadwell.server.outcomes.models import Outcome
tries = [one.result for one in Attempt.objects.of(ours).filter(undone_at=None)]
became = [one.became for one in Outcome.objects.of(ours).filter(undone_at=None)]
print(*tries, *became)
"""


@pytest.fixture
def phones(clinic: Installation) -> Iterator[tuple[Any, Any]]:
    """Of one coordinator: a page without script, and one with it that looks at the same."""
    account = ("--role", "coordinator", "--password", PASSWORD, "--name", "Nadia Brook")
    clinic.command("user", "new", "nadia@example.com", "--organization", "lakeside", *account)
    clinic.start_web()
    clinic.start_worker()
    key = clinic.command("key", "new", "--organization", "lakeside", "--scope", "leads:write").split()[-1]
    sent = {"Authorization": f"Bearer {key}"}
    assert httpx.post(f"{clinic.url}/api/v1/leads", json=LEAD, headers=sent).status_code == 202
    until(lambda: clinic.within(_WAITING), "the lead to wait")
    with sync.sync_playwright() as player:
        sync.expect.set_options(timeout=30_000)
        chromium = player.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        plain = chromium.new_context(viewport=PHONE, java_script_enabled=False).new_page()
        plain.set_default_timeout(30_000)
        plain.goto(clinic.url)
        plain.get_by_label("Email").fill("nadia@example.com")
        plain.get_by_label("Password").fill(PASSWORD)
        plain.get_by_role("button", name="Sign in", exact=True).click()
        sync.expect(plain.get_by_role("heading", name="Worklist", level=1)).to_be_visible()
        looks = chromium.new_context(viewport=PHONE, storage_state=plain.context.storage_state()).new_page()
        yield plain, looks
        chromium.close()


def _well(plain: Any, looks: Any) -> None:
    """The page that is open fits a phone, and axe finds nothing in it."""
    looks.goto(plain.url)
    assert fits(looks)
    assert violations(looks) == []


def test_a_lead_is_taken_called_and_booked_without_script(clinic: Installation, phones: tuple[Any, Any]) -> None:
    plain, looks = phones
    _well(plain, looks)
    plain.get_by_role("button", name="Take next").click()
    sync.expect(plain.get_by_text("Yours to answer now")).to_be_visible()
    plain.locator("section.next").get_by_role("link", name="Open", exact=True).click()
    sync.expect(plain.get_by_role("heading", name="Sample Person", level=1)).to_be_visible()
    _well(plain, looks)

    plain.get_by_role("link", name="What to ask, and note a call").click()
    lead = plain.url.removesuffix("/call")
    sync.expect(plain.get_by_text("Ask now")).to_be_visible()
    _well(plain, looks)
    plain.get_by_label("What they say").fill("63")
    plain.get_by_role("button", name="What would it change?").click()
    sync.expect(plain.locator("#path")).to_contain_text("stays")
    plain.get_by_role("button", name="Save and ask next").click()
    sync.expect(plain.locator(".strip.ok").filter(has_text="63")).to_be_visible()
    _well(plain, looks)

    plain.get_by_label("Call back").fill("tomorrow at 3 pm")
    plain.get_by_role("button", name="Show when that is").click()
    sync.expect(plain.get_by_text("means:")).to_be_visible()
    plain.get_by_role("button", name="Call back").first.click()
    plain.get_by_role("region", name="Call", exact=True).get_by_role("button", name="Undo").click()
    plain.goto(f"{lead}/call")
    plain.locator("#note").fill("Asks for the morning")
    plain.get_by_role("button", name="Reached").click()
    sync.expect(plain.get_by_text("Call: reached", exact=True)).to_be_visible()

    plain.goto(lead)
    plain.get_by_text("Say what became of it").click()  # a <details> opens without script
    plain.get_by_role("button", name="Booked").click()
    sync.expect(plain.locator("#became")).to_have_text("Booked")
    _well(plain, looks)
    assert clinic.within(_STANDS) == "reached booked"
    plain.goto(f"{clinic.url}/worklist")
    sync.expect(plain.get_by_role("heading", name="Sample Person")).to_have_count(0)
    _well(plain, looks)
