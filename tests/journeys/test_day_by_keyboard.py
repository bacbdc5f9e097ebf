"""A coordinator's day with the keyboard alone: signs in, takes the next lead, calls, asks, notes how it ended, takes it
back, says what became of it, and takes a call down. No pointer is moved. (promises D21, D22, D24)

Web server and worker are real. The law's hours are not passed over: where the lead's page offers no call, because it is
night, the same keys note one that was made elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from tests.journeys.running import Installation, until

from leadwell.server.tests.chromium import CHROMIUM, settled, violations

sync = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"there is no {CHROMIUM}"),
]

PASSWORD = "a long enough password"
MOST_TABS = 80
LEAD = {
    "full_name": "Sample Person",
    "phone": "312-555-0147",
    "message": "I need a knee replacement in the next 2 weeks",
}
_WAITING = "from leadwell.server.worklist.models import Waiting; print(Waiting.objects.of(ours).count() or '')"
_STANDS = """
from leadwell.server.calls.models import Attempt
from leadwell.server.leads.models import Verified
from leadwell.server.outcomes.models import Outcome
tries = [one.result for one in Attempt.objects.of(ours).filter(undone_at=None).order_by("pk")]
facts = Verified.objects.of(ours).filter(undone_at=None).count()
became = [one.became for one in Outcome.objects.of(ours).filter(undone_at=None)]
print(facts, *tries, *became)
"""


@pytest.fixture
def desk(clinic: Installation) -> Iterator[Any]:
    """A page that shows the form to sign in; a lead waits."""
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
        page = chromium.new_context().new_page()
        page.goto(clinic.url)
        yield page
        chromium.close()


def _to(page: Any, wanted: Any) -> None:
    """By Tab, as often as it takes."""
    for _ in range(MOST_TABS):
        if wanted.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError("not reached by Tab")


def _type(page: Any, field: str, text: str) -> None:
    _to(page, page.get_by_label(field, exact=True))
    page.keyboard.type(text)


def _on_the_call(page: Any) -> None:
    """From the lead's page: by Enter where there is a button for it, else by the link beside the reason."""
    if page.locator(".callbar [data-key=enter]").count():
        page.keyboard.press("Enter")
    else:
        _to(page, page.get_by_role("link", name="What to ask, and note a call"))
        page.keyboard.press("Enter")
    sync.expect(page.get_by_text("Ask now")).to_be_visible()


def _sign_in(page: Any) -> None:
    _type(page, "Email", "nadia@example.com")
    _type(page, "Password", PASSWORD)
    page.keyboard.press("Enter")
    sync.expect(page.get_by_role("heading", name="Worklist", level=1)).to_be_visible()


def _take(page: Any) -> None:
    settled(page)
    page.keyboard.press("?")
    sync.expect(page.locator("#keys summary")).to_be_focused()
    sync.expect(page.get_by_text("take next", exact=False).last).to_be_visible()
    page.keyboard.press("?")
    page.keyboard.press("j")
    sync.expect(page.locator("#rows a.open").first).to_be_focused()
    page.keyboard.press("t")
    sync.expect(page.get_by_text("Yours to answer now")).to_be_visible()
    assert violations(page) == []


def _open(page: Any) -> None:
    page.keyboard.press("o")
    sync.expect(page.get_by_role("heading", name="Sample Person", level=1)).to_be_visible()
    settled(page)


def _answers(page: Any) -> None:
    """One that is saved, one that is put off; then nobody answers after all."""
    settled(page)
    asked = page.locator("#q1").inner_text()
    _type(page, "What they say", "63")
    page.keyboard.press("Enter")
    sync.expect(page.locator(".strip.ok").filter(has_text="63")).to_be_visible()
    sync.expect(page.locator("#q1")).not_to_have_text(asked)
    settled(page)
    asked = page.locator("#q1").inner_text()
    page.keyboard.press("l")
    sync.expect(page.locator("#q1")).not_to_have_text(asked)
    settled(page)
    page.keyboard.press("?")
    sync.expect(page.get_by_text("R V A Y W S how it ended")).to_be_visible()
    sync.expect(page.locator("summary").filter(has_text="Keys")).to_be_focused()
    assert violations(page) == []


def test_a_day_is_worked_with_the_keyboard_alone(clinic: Installation, desk: Any) -> None:
    _sign_in(desk)
    _take(desk)
    _open(desk)
    assert violations(desk) == []
    _on_the_call(desk)
    _answers(desk)

    desk.keyboard.press("a")  # no answer; and that was a slip
    until(lambda: clinic.within(_STANDS) == "1 no-answer", "the try")
    undo = desk.get_by_role("region", name="Call", exact=True).get_by_role("button", name="Undo")
    sync.expect(undo).to_be_visible()
    settled(desk)
    desk.keyboard.press("u")
    until(lambda: "no-answer" not in clinic.within(_STANDS), "the undo", patience=20)
    assert clinic.within(_STANDS).startswith("1")  # what they answered stands
    desk.goto(f"{clinic.url}/worklist?lane=mine")
    _open(desk)
    _on_the_call(desk)

    desk.keyboard.press("p")  # a callback, in words
    sync.expect(desk.get_by_label("Call back P")).to_be_focused()
    desk.keyboard.type("tomorrow at 3 pm")
    desk.keyboard.press("Enter")
    sync.expect(desk.get_by_role("button", name="Call back ").first).to_be_focused()
    assert violations(desk) == []
    desk.keyboard.press("Enter")
    until(lambda: "callback" in clinic.within(_STANDS), "the callback")

    desk.goto(f"{clinic.url}/worklist?lane=mine")
    _open(desk)
    _on_the_call(desk)
    desk.keyboard.press("r")
    sync.expect(desk.get_by_text("Call: reached", exact=True)).to_be_visible()
    settled(desk)
    desk.keyboard.press("f")
    sync.expect(desk.get_by_role("button", name="Contacted")).to_be_visible()
    desk.keyboard.press("2")
    sync.expect(desk.locator("#became")).to_have_text("Booked")
    assert violations(desk) == []

    desk.keyboard.press("n")
    sync.expect(desk.get_by_label("Number they call from")).to_be_focused()
    desk.keyboard.type("312-555-0152")
    _type(desk, "Name", "Sample Caller")
    _type(desk, "In their words", "I need an MRI of my back")
    desk.keyboard.press("Control+Enter")
    sync.expect(desk.get_by_text("They are on the line")).to_be_visible()
    settled(desk)
    desk.keyboard.press("r")
    sync.expect(desk.get_by_role("heading", name="Sample Caller", level=1)).to_be_visible()
