"""What the rules were unsure of, looked through in a real browser by two people: each section, by keys, on a phone.
(promises A8, B7, C14, C17, C18)

Web server and worker are real; pages are checked by axe-core as they come.
"""

from __future__ import annotations

import json
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
SECTIONS = ("danger", "conflicts", "duplicates", "low-scores", "set-aside")
KNEE = {"service": "Knee replacement", "zip": "60506"}
LEADS = (
    {"full_name": "Sample Danger", "phone": "312-555-0141", "message": "My chest hurts and my left arm is numb"},
    {"full_name": "Gerald Sample", "phone": "312-555-0121", "preferred_location": "Aurora", **KNEE},
    {
        "full_name": "Sample Sender",
        "email": "s@example.org",
        "message": "Claim your prize http://a.example http://b.example",
    },
    {"full_name": "Ruth Example", "phone": "312-555-0151", "message": "physical therapy for my shoulder"},
    {"full_name": "Rudy Example", "phone": "312-555-0152", "message": "an MRI of my back"},
)
# The engine links who surely is one and asks about who may be; that it was unsure of these two is said here.
_DOUBT = """
from django.utils import timezone
from leadwell.server.leads.models import Lead
from leadwell.server.leads.queries import columns_of
from leadwell.server.people.models import Doubt
people = [one.person_id for one in Lead.objects.of(ours) if columns_of(one)["full_name"].endswith("Example")]
one, other = sorted(people)
Doubt.objects.get_or_create(organization=ours, one=one, other=other, defaults={"at": timezone.now(), "sealed": b""})
"""
_TOLD = """
from leadwell.server.leads.models import Lead, Verified
from leadwell.server.people.models import Doubt
told = {
    "leads": Lead.objects.of(ours).count(),
    "seen": Lead.objects.of(ours).filter(acknowledged_at__isnull=False).count(),
    "conflicts": Lead.objects.of(ours).filter(conflicts__gt=0).count(),
    "resting": Lead.objects.of(ours).exclude(resting="").count(),
    "said": [one.said for one in Doubt.objects.of(ours)],
}
print(orjson.dumps(told).decode())
"""


@pytest.fixture
def desks(clinic: Installation) -> Iterator[tuple[Any, Any]]:
    """The pages of two coordinators, signed in; the leads have come, and are judged."""
    for name in ("Nadia Brook", "Omar Haddad"):
        email = f"{name.split()[0].lower()}@example.com"
        account = ("--role", "coordinator", "--password", PASSWORD, "--name", name)
        clinic.command("user", "new", email, "--organization", "lakeside", *account)
    clinic.start_web()
    clinic.start_worker()
    key = clinic.command("key", "new", "--organization", "lakeside", "--scope", "leads:write").split()[-1]
    for lead in LEADS:
        sent = {"Authorization": f"Bearer {key}"}
        assert httpx.post(f"{clinic.url}/api/v1/leads", json=lead, headers=sent).status_code == 202
    until(lambda: _told(clinic)["leads"] == len(LEADS), "all leads judged")
    clinic.within(_DOUBT)
    with sync.sync_playwright() as player:
        sync.expect.set_options(timeout=60_000)
        chromium = player.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield _signed_in(chromium, clinic, "nadia"), _signed_in(chromium, clinic, "omar")
        chromium.close()


def _signed_in(chromium: Any, clinic: Installation, name: str) -> Any:
    page = chromium.new_context().new_page()
    page.set_default_timeout(60_000)
    page.goto(clinic.url)
    page.get_by_label("Email").fill(f"{name}@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    sync.expect(page.get_by_role("heading", level=1)).to_be_visible()
    return page


def _told(clinic: Installation) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(clinic.within(_TOLD))
    return found


def test_two_coordinators_look_through_what_the_rules_were_unsure_of(
    clinic: Installation, desks: tuple[Any, Any]
) -> None:
    nadia, omar = desks
    for tab in SECTIONS:
        nadia.goto(f"{clinic.url}/review?tab={tab}")
        assert violations(nadia) == [], tab

    nadia.goto(f"{clinic.url}/review")
    omar.goto(f"{clinic.url}/review")
    nadia.get_by_role("button", name="I have seen it").click()
    sync.expect(nadia.get_by_text("No one unseen")).to_be_visible()
    omar.get_by_role("button", name="I have seen it").click()
    sync.expect(omar.get_by_text("Nadia Brook was first")).to_be_visible()

    nadia.goto(f"{clinic.url}/review?tab=conflicts")
    nadia.get_by_text("This side is wrong").first.click()
    nadia.get_by_label("What is right").first.select_option(label="Evanston")
    nadia.get_by_role("button", name="Save as confirmed").first.click()
    sync.expect(nadia.get_by_text("Nothing contradicts itself")).to_be_visible()
    assert violations(nadia) == []
    assert _told(clinic)["conflicts"] == 0

    nadia.goto(f"{clinic.url}/review?tab=duplicates")
    omar.goto(f"{clinic.url}/review?tab=duplicates")
    nadia.keyboard.press("2")
    sync.expect(nadia.get_by_text("They are two of one household.")).to_be_visible()
    omar.keyboard.press("1")
    sync.expect(omar.get_by_text("Nadia Brook was first: they are two of one household.")).to_be_visible()
    assert "household" in _told(clinic)["said"]
    omar.goto(f"{clinic.url}/review?tab=duplicates&show=done")
    assert violations(omar) == []
    omar.keyboard.press("u")
    sync.expect(omar.get_by_text("Taken back.")).to_be_visible()

    nadia.set_viewport_size({"width": 390, "height": 844})
    for tab in SECTIONS:
        nadia.goto(f"{clinic.url}/review?tab={tab}")
        assert nadia.evaluate("document.documentElement.scrollWidth <= innerWidth"), tab
        assert violations(nadia) == [], tab
    nadia.get_by_role("button", name="It is a lead (Sample Sender)").click()
    sync.expect(nadia.get_by_text("Brought back.")).to_be_visible()
    assert _told(clinic)["resting"] == 0
    nadia.goto(f"{clinic.url}/review?tab=set-aside&show=done")
    sync.expect(nadia.get_by_role("link", name="Sample Sender")).to_be_visible()
    assert violations(nadia) == []
