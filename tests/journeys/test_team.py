"""Two people are ill: a manager re-plans in a real browser, and no lead is left with whoever is away. (promise D19)

Who works in which team is said on the page; a worker gives the leads out as they come. Web server and worker are real.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import httpx
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
PEOPLE = {"nadia": "Nadia Brook", "omar": "Omar Haddad", "priya": "Priya Raman"}
_APP = """
from leadwell.server.access.models import User
from leadwell.server.signin.factors import code_of, give_app
user = User.objects.get(email="dana@example.com")
if "new" in sys.argv: give_app(user)
else: print(code_of(user)[0])
"""
_OWNERS = """
from leadwell.server.leads.models import Lead
print(orjson.dumps({str(one.pk): one.owner.name if one.owner else "" for one in Lead.objects.of(ours)}).decode())
"""
_TRIED = """
from leadwell.server.access.models import User
from leadwell.server.calls.actions import Made, note_attempt
from leadwell.server.calls.ending import Ended
from leadwell.server.leads.models import Lead
user = User.objects.get(email="nadia@example.com")
one = Lead.objects.of(ours).filter(owner=user).order_by("pk").first()
note_attempt(ours.pk, one.pk, Made(Ended("no-answer")), actor=f"user:{user.pk}")
print(one.pk)
"""


@pytest.fixture
def desk(clinic: Installation) -> Iterator[Any]:
    """The manager's page, signed in; three coordinators work here, and nobody has said in which team."""
    for name, whole in PEOPLE.items():
        account = ("--role", "coordinator", "--password", PASSWORD, "--name", whole)
        clinic.command("user", "new", f"{name}@example.com", "--organization", "lakeside", *account)
    clinic.within(_APP, "new")
    clinic.start_web()
    clinic.start_worker()
    with sync.sync_playwright() as player:
        sync.expect.set_options(timeout=30_000)
        chromium = player.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = chromium.new_context().new_page()
        _sign_in(page, clinic, "dana", code=clinic.within(_APP))
        yield page
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


def _come(clinic: Installation, count: int) -> None:
    key = clinic.command("key", "new", "--organization", "lakeside", "--scope", "leads:write").split()[-1]
    for n in range(count):
        lead = {"full_name": f"Sample Person{'abcdefghi'[n]}", "phone": f"312-555-01{n}7", "zip": "60606"}
        lead["message"] = f"I need a knee replacement, {n} times"
        sent = {"Authorization": f"Bearer {key}"}
        assert httpx.post(f"{clinic.url}/api/v1/leads", json=lead, headers=sent).status_code == 202


def _owners(clinic: Installation) -> dict[str, str]:
    found: dict[str, str] = json.loads(clinic.within(_OWNERS))
    return found


def _spread(clinic: Installation) -> Counter[str]:
    return Counter(_owners(clinic).values())


def _place(page: Any, clinic: Installation, name: str) -> None:
    """On the page Team: a navigator who works at any hour."""
    page.goto(f"{clinic.url}/team")
    page.get_by_role("link", name=name).click()
    page.get_by_label("Surgical navigators").check()
    page.get_by_label("Working hours").fill("24/7")
    page.get_by_role("button", name="Save").click()
    sync.expect(page.get_by_text("Saved. It holds from the next lead on.")).to_be_visible()


def test_a_manager_replans_when_two_people_are_ill(clinic: Installation, desk: Any) -> None:
    for name in PEOPLE.values():
        _place(desk, clinic, name)
    _come(clinic, 6)
    until(lambda: _spread(clinic) == dict.fromkeys(PEOPLE.values(), 2), "two leads with each")
    begun = clinic.within(_TRIED)

    desk.goto(f"{clinic.url}/team")
    assert violations(desk) == []
    for name in ("Nadia Brook", "Priya Raman"):
        desk.goto(f"{clinic.url}/team")
        desk.get_by_role("button", name=f"Out today ({name})").click()
        sync.expect(desk.get_by_text(f"{name} is away until")).to_be_visible()
    assert _spread(clinic) == {"Omar Haddad": 5, "Nadia Brook": 1}
    assert _owners(clinic)[begun] == "Nadia Brook"  # what she works on waits for a word of the manager's

    desk.goto(f"{clinic.url}/team")
    desk.get_by_role("link", name="Nadia Brook").click()
    sync.expect(desk.get_by_text("They work on these")).to_be_visible()
    assert violations(desk) == []
    desk.get_by_label("Hand the ticked ones to").select_option(label="Omar Haddad: 5 open, in now")
    desk.get_by_role("button", name="Hand over").click()
    sync.expect(desk.get_by_text("1 lead handed to Omar Haddad.")).to_be_visible()
    sync.expect(desk.get_by_text("Nothing waits with them")).to_be_visible()
    assert _spread(clinic) == {"Omar Haddad": 6}

    desk.goto(f"{clinic.url}/leads/{next(one for one in _owners(clinic) if one != begun)}")
    sync.expect(desk.get_by_role("heading", name="Why Omar?")).to_be_visible()
    desk.get_by_text("And why not the others").click()
    sync.expect(desk.locator("#why-them").locator("..").get_by_text("Priya Raman")).to_be_visible()
    assert violations(desk) == []

    desk.goto(f"{clinic.url}/team")
    desk.get_by_role("button", name="Back now (Nadia Brook)").click()
    sync.expect(desk.get_by_text("Nadia Brook is back, and is given leads again.")).to_be_visible()


def test_a_coordinator_finds_what_was_given_to_her_and_begins_it_with_one_key(clinic: Installation, desk: Any) -> None:
    _place(desk, clinic, "Nadia Brook")
    _come(clinic, 2)
    until(lambda: _spread(clinic) == {"Nadia Brook": 2}, "both with her")
    page = desk.context.browser.new_context().new_page()
    _sign_in(page, clinic, "nadia")
    page.goto(f"{clinic.url}/worklist")
    sync.expect(page.get_by_role("link", name="Mine 2")).to_be_visible()
    first = page.locator("section.next").get_attribute("data-lead")
    page.keyboard.press("t")
    sync.expect(page.get_by_text("Yours to answer now")).to_be_visible()
    assert page.locator("section.next").get_attribute("data-lead") == first
    page.get_by_role("link", name="Open", exact=True).first.click()
    sync.expect(page.get_by_text("Taken", exact=True)).to_be_visible()
    sync.expect(page.get_by_role("heading", name="Why Nadia?")).to_be_visible()
