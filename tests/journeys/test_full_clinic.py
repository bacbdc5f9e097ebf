"""A clinic is full: a manager says so, and the next lead hears where and when, goes to another clinic, and is booked.

By real processes and a real browser: the manager's page, a lead by the API, the coordinator's page, call and outcome.
(promise D19)
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
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
DESK = {"width": 1280, "height": 900}
LOOP, EVANSTON = ("Say when (Knee replacement, Chicago Loop,", "Say when (Knee replacement, Evanston,")
_APP = """
from leadwell.server.access.models import User
from leadwell.server.signin.factors import code_of, give_app
user = User.objects.get(email="dana@example.com")
if "new" in sys.argv: give_app(user)
else: print(code_of(user)[0])
"""
_LEAD = """
from leadwell.server.leads.models import Lead
from leadwell.server.leads.queries import current_assessment
one = Lead.objects.of(ours).first()
said = current_assessment(ours.pk, one.pk) if one else {}
told = {"disposition": said["disposition"], "criteria": said["criteria"], "score": said["score"]} if one else {}
print(orjson.dumps({"id": str(one.pk), "location": one.location, "goes_to": one.goes_to, "queue": one.queue,
                    "due": one.due_at, "said": told} if one else {}).decode())
"""


@pytest.fixture
def people(clinic: Installation) -> Iterator[tuple[Any, Any]]:
    """The pages of the manager and of a coordinator, both signed in."""
    account = ("--role", "coordinator", "--password", PASSWORD, "--name", "Nadia Brook")
    clinic.command("user", "new", "nadia@example.com", "--organization", "lakeside", *account)
    clinic.within(_APP, "new")
    clinic.start_web()
    clinic.start_worker()
    with sync.sync_playwright() as player:
        sync.expect.set_options(timeout=30_000)
        chromium = player.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        manager, coordinator = (chromium.new_context(viewport=DESK).new_page() for _ in range(2))
        _sign_in(manager, clinic, "dana", code=clinic.within(_APP))
        _sign_in(coordinator, clinic, "nadia")
        yield manager, coordinator
        chromium.close()


def _sign_in(page: Any, clinic: Installation, name: str, *, code: str = "") -> None:
    page.set_default_timeout(60_000)
    page.goto(clinic.url)
    page.get_by_label("Email").fill(f"{name}@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    if code:
        page.locator("input[name=code]").fill(code)
        page.keyboard.press("Enter")
    sync.expect(page.get_by_role("heading", level=1)).to_be_visible()


def _say(page: Any, clinic: Installation, which: str, on: date, button: str) -> None:
    """A day and a click."""
    page.goto(f"{clinic.url}/openings")
    row = page.locator("tr", has=page.get_by_text(which))
    row.locator("summary").click()
    row.get_by_label("Day", exact=True).fill(on.isoformat())
    row.get_by_role("button", name=button).click()
    sync.expect(page.get_by_text("As of just now").first).to_be_visible()


def _lead(clinic: Installation) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(clinic.within(_LEAD))
    return found


def _comes(clinic: Installation) -> dict[str, Any]:
    key = clinic.command("key", "new", "--organization", "lakeside", "--scope", "leads:write").split()[-1]
    lead = {
        "full_name": "Sample Person", "phone": "312-555-0147", "zip": "60606", "age": "63", "payer": "Medicare",
        "preferred_location": "Chicago Loop", "message": "I need a knee replacement in the next 4 weeks",
    }  # fmt: skip
    sent = httpx.post(f"{clinic.url}/api/v1/leads", json=lead, headers={"Authorization": f"Bearer {key}"})
    assert sent.status_code == 202
    found: dict[str, Any] = until(lambda: _lead(clinic), "the lead to be judged")
    return found


def _clean(page: Any) -> None:
    """At both widths."""
    assert violations(page) == []
    page.set_viewport_size(PHONE)
    assert fits(page)
    assert violations(page) == []
    page.set_viewport_size(DESK)


def test_a_full_clinic_changes_where_and_when_and_nothing_else(clinic: Installation, people: tuple[Any, Any]) -> None:
    manager, coordinator = people
    january, soon = date.today() + timedelta(days=46), date.today() + timedelta(days=6)
    _say(manager, clinic, LOOP, january, "Full until that day")
    _say(manager, clinic, EVANSTON, soon, "Next opening that day")
    _clean(manager)

    before = _comes(clinic)
    assert (before["location"], before["goes_to"], before["said"]["disposition"]) == ("loop", "loop", "schedule")
    assert before["queue"]
    assert before["due"]

    coordinator.goto(f"{clinic.url}/worklist?lane=to-do")
    sync.expect(coordinator.get_by_text("Chicago Loop is full until").first).to_be_visible()
    _clean(coordinator)

    coordinator.goto(f"{clinic.url}/leads/{before['id']}/call")
    sync.expect(coordinator.get_by_text("Our next opening for Knee replacement at Chicago Loop is")).to_be_visible()
    sync.expect(coordinator.get_by_text("Later than they need it.")).to_be_visible()
    sync.expect(coordinator.get_by_text("Evanston has one sooner")).to_be_visible()
    _clean(coordinator)

    coordinator.goto(f"{clinic.url}/leads/{before['id']}")
    sync.expect(coordinator.get_by_role("heading", name="Where and when")).to_be_visible()
    _clean(coordinator)
    coordinator.get_by_role("button", name="See them here (Evanston)").click()
    sync.expect(coordinator.get_by_text("They go to Evanston now.")).to_be_visible()
    sync.expect(coordinator.get_by_text("To be seen at Evanston (next opening")).to_be_visible()
    sync.expect(coordinator.get_by_text("Our next opening for Knee replacement at Evanston is")).to_be_visible()
    after = _lead(clinic)
    assert after == before | {"goes_to": "evanston"}  # judged as it was: only where it goes is another

    coordinator.keyboard.press("f")
    coordinator.get_by_role("button", name="Booked").click()
    sync.expect(coordinator.locator("#became")).to_have_text("Booked")
    assert _lead(clinic)["said"] == before["said"]

    manager.goto(f"{clinic.url}/openings")
    sync.expect(manager.get_by_text("1 of 14 a week booked here")).to_be_visible()


def test_a_program_says_it_too_and_of_two_the_last_is_right(clinic: Installation, people: tuple[Any, Any]) -> None:
    manager, _ = people
    manager.goto(f"{clinic.url}/openings")
    row = manager.locator("tr", has=manager.get_by_text(LOOP))
    row.locator("summary").click()
    row.get_by_label("Day", exact=True).fill((date.today() + timedelta(days=40)).isoformat())

    key = clinic.command("key", "new", "--organization", "lakeside", "--scope", "openings:write").split()[-1]
    opens = (date.today() + timedelta(days=4)).isoformat()
    said = {"openings": [{"service": "knee-replacement", "location": "loop", "opens_on": opens, "weeks": [2]}]}
    sent = httpx.post(f"{clinic.url}/api/v1/openings", json=said, headers={"Authorization": f"Bearer {key}"})
    assert (sent.status_code, sent.json()["openings"][0]["version"]) == (200, 1)

    row.get_by_role("button", name="Full until that day").click()
    sync.expect(manager.get_by_text("A program had said otherwise")).to_be_visible()
    sync.expect(manager.get_by_text("Yours stands now.")).to_be_visible()
    sync.expect(row.locator(".badge")).to_contain_text("Full until")
