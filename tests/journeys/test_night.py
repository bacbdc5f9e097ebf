"""An emergency at two in the morning: the team is closed, and it stands first all the same, whatever it scores; whoever
leads intake is told, sees what to say, and says that they have seen it. (promises C14, C18)

The night is real for the team: its hours are those of the other half of the day. Web server and worker are real.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from tests.journeys.running import Installation, until

from leadwell import playbook as policy
from leadwell.server.tests.chromium import CHROMIUM, fits, violations

sync = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"there is no {CHROMIUM}"),
]

PASSWORD = "a long enough password"
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
SAY = "If this is an emergency, call 911 or go to the nearest emergency department now."
EMERGENCY = {"full_name": "Sample Danger", "phone": "312-555-0141", "message": "chest pain and I can't breathe"}
BEST = {  # the highest grade there is, and asked before
    "full_name": "Sample Person", "phone": "312-555-0147", "zip": "60606", "age": "63", "payer": "Medicare",
    "message": "I need a knee replacement in the next 2 weeks, for my osteoarthritis of the knee",
}  # fmt: skip
_APP = """
from leadwell.server.access.models import User
from leadwell.server.signin.factors import code_of, give_app
user = User.objects.get(email="ines@example.com")
if "new" in sys.argv: give_app(user)
else: print(code_of(user)[0])
"""
_TOLD = """
from leadwell.server.leads.models import Lead
print(" ".join(f"{one.grade}:{one.safety}" for one in Lead.objects.of(ours).order_by("received_at")))
"""


@pytest.fixture
def desk(clinic: Installation) -> Iterator[Any]:
    """The page of whoever leads intake, signed in; every team is closed for the next nine hours."""
    clinic.command("publish", str(_closed(clinic)), "--organization", "lakeside")
    account = ("--role", "intake-lead", "--password", PASSWORD, "--name", "Ines Falk")
    clinic.command("user", "new", "ines@example.com", "--organization", "lakeside", *account)
    clinic.within(_APP, "new")
    clinic.start_web()
    clinic.start_worker()
    with sync.sync_playwright() as player:
        sync.expect.set_options(timeout=25_000)
        chromium = player.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = chromium.new_context(viewport=DESK).new_page()
        page.set_default_timeout(60_000)
        page.goto(clinic.url)
        page.get_by_label("Email").fill("ines@example.com")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.locator("input[name=code]").fill(clinic.within(_APP))
        page.keyboard.press("Enter")
        sync.expect(page.get_by_role("heading", level=1)).to_be_visible()
        yield page
        chromium.close()


def _closed(clinic: Installation) -> Any:
    """The sample's policy, of teams that work for an hour, half a day from now."""
    opens = datetime.now(ZoneInfo("America/Chicago")) + timedelta(hours=10)
    hours = f"Mon-Sun {opens.hour:02}:00-{opens.hour:02}:59"
    text = re.sub(
        r'(?m)^(\[teams\..*\n)hours = ".*"', rf'\g<1>hours = "{hours}"', policy.find("lakeside-orthopedics").decode()
    )
    made = clinic.home / "night.toml"
    made.write_text(text)
    return made


def _come(clinic: Installation) -> None:
    key = clinic.command("key", "new", "--organization", "lakeside", "--scope", "leads:write").split()[-1]
    for count, lead in enumerate((BEST, EMERGENCY), 1):
        sent = httpx.post(f"{clinic.url}/api/v1/leads", json=lead, headers={"Authorization": f"Bearer {key}"})
        assert sent.status_code == 202
        until(lambda count=count: len(clinic.within(_TOLD).split()) == count, "the lead to be judged")


def _well(page: Any) -> None:
    """On a desk and a phone alike."""
    assert violations(page) == []
    page.set_viewport_size(PHONE)
    assert fits(page)
    assert violations(page) == []
    page.set_viewport_size(DESK)


def test_an_emergency_at_night_stands_first_is_told_of_and_is_seen(clinic: Installation, desk: Any) -> None:
    _come(clinic)
    best, emergency = clinic.within(_TOLD).split()
    assert best == "A:"
    assert emergency in ("B:emergency", "C:emergency", "D:emergency")  # its score is low, and decides nothing

    desk.goto(f"{clinic.url}/worklist")
    sync.expect(desk.locator("#next-name")).to_contain_text("Sample Danger")
    sync.expect(desk.locator("#next-name")).to_contain_text("Emergency")
    sync.expect(desk.get_by_role("link", name="Safety 1")).to_be_visible()
    sync.expect(desk.get_by_text("opens", exact=False).first).to_be_visible()  # its team is closed
    _well(desk)

    def told() -> bool:
        desk.goto(f"{clinic.url}/alerts")
        return bool(desk.get_by_role("heading", name="Nobody has seen 1 lead that sounds like danger").count())

    until(told, "the alert")
    _well(desk)
    desk.get_by_role("link", name="Open what nobody has seen").click()
    _well(desk)
    desk.get_by_role("button", name="I have seen it").click()
    sync.expect(desk.get_by_text("No one unseen")).to_be_visible()
    desk.goto(f"{clinic.url}/review?tab=danger&show=done")
    sync.expect(desk.get_by_text("Ines Falk").first).to_be_visible()
    sync.expect(desk.get_by_text(re.compile(r"after (under )?\d+ min"))).to_be_visible()
    until(lambda: not told(), "the end of the alert")
    sync.expect(desk.get_by_text("It ended by itself.").first).to_be_visible()

    desk.goto(f"{clinic.url}/worklist?lane=safety")
    sync.expect(desk.locator("#next-name")).to_contain_text("Sample Danger")  # it waits for an answer still
    lead = desk.locator("section.next").get_attribute("data-lead")
    desk.get_by_role("button", name="Take it").click()
    sync.expect(desk.get_by_text("Yours to answer now")).to_be_visible()
    desk.goto(f"{clinic.url}/leads/{lead}")
    sync.expect(desk.get_by_role("heading", name=SAY)).to_be_visible()
    sync.expect(desk.get_by_text("Somebody has seen that their words sound like danger")).to_be_visible()
    for word in ("nsurance", "pay"):  # nobody in danger is asked for money
        sync.expect(desk.locator(".ask-now").get_by_text(word)).to_have_count(0)
    _well(desk)
    desk.get_by_role("link", name="What to ask, and note a call").click()
    sync.expect(desk.get_by_text("Say at once:")).to_be_visible()
    _well(desk)
    desk.get_by_role("button", name="Reached").click()
    sync.expect(desk.get_by_text("Call: reached", exact=True)).to_be_visible()
    desk.goto(f"{clinic.url}/worklist?lane=safety")
    sync.expect(desk.get_by_text("Nobody is in danger")).to_be_visible()
