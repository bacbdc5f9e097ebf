"""An employer asks; whoever decides is named on the call, a meeting is agreed in words, held, and becomes an agreement:
in a real browser, by the keyboard wherever there is a key, on a desk and on a phone. (promises B15, D24)

Web server and worker are real. The law's hours are not passed over: the call itself is noted, for it may be night.
"""

from __future__ import annotations

from typing import Any

import httpx
import icalendar
import pytest
from tests.journeys.running import Installation, until

from leadwell.server.tests.chromium import CHROMIUM, violations

sync = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"there is no {CHROMIUM}"),
]

PHONE = {"width": 390, "height": 844}
ENQUIRY = {
    "full_name": "Sample Asker", "organization": "Bright Pallets, Inc.", "phone": "312-555-0112", "zip": "60606",
    "email": "sample.asker@brightpallets.example", "contact_role": "Receptionist",
    "message": "We have 200 employees and many workplace injuries. Is there a programme for employers?",
}  # fmt: skip
_LEAD = """
from leadwell.server.leads.models import Lead
one = Lead.objects.of(ours).first()
print(f"{one.pk} {one.type} {one.queue} {one.owner.name if one.owner else ''}" if one else "")
"""
_HOURS_LATER = """
from datetime import timedelta
from django.db import transaction
from django.utils import timezone
from leadwell.server.business.models import Meeting
from leadwell.server.leads.handing import worked_on
now = timezone.now()
with transaction.atomic():
    one = Meeting.objects.of(ours).get(result="", moved_to=None, undone_at=None)
    Meeting.objects.of(ours).filter(pk=one.pk).update(at=now - timedelta(hours=1), noted_at=now - timedelta(days=5))
    worked_on(ours.pk, one.lead_id, now)
"""


def _well(page: Any) -> None:
    """On a desk and a phone alike."""
    assert violations(page) == []
    wide = page.viewport_size
    page.set_viewport_size(PHONE)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.set_viewport_size(wide)


def _come(clinic: Installation) -> str:
    key = clinic.command("key", "new", "--organization", "lakeside", "--scope", "leads:write").split()[-1]
    sent = {"Authorization": f"Bearer {key}"}
    assert httpx.post(f"{clinic.url}/api/v1/leads", json=ENQUIRY, headers=sent).status_code == 202
    lead, kind, queue = until(lambda: clinic.within(_LEAD), "the lead").split()[:3]
    assert (kind, queue) == ("business", "partnerships")
    return str(lead)


def _type(page: Any, text: str) -> None:
    """Into whatever has the focus, then Enter."""
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def _name_who_decides(desk: Any) -> None:
    """On the page of the call."""
    for word in ("nsurance", "date of birth"):
        sync.expect(desk.get_by_text(word)).to_have_count(0)
    _well(desk)
    desk.keyboard.press("i")
    sync.expect(desk.get_by_role("heading", name="Who else at Bright Pallets, Inc.?")).to_be_visible()
    _well(desk)
    desk.keyboard.type("Ruth Sample")
    desk.keyboard.press("Tab")
    desk.keyboard.type("HR director")
    desk.keyboard.press("Tab")
    desk.keyboard.press("Space")  # they decide
    desk.keyboard.press("Tab")
    desk.keyboard.type("312-555-0177")
    desk.keyboard.press("Tab")
    desk.keyboard.press("Tab")
    desk.keyboard.type("Please call Ruth, she decides")
    desk.keyboard.press("Tab")
    desk.keyboard.press("Enter")
    sync.expect(desk.get_by_text("Somebody else: Ruth Sample, HR director")).to_be_visible()
    sync.expect(desk.get_by_text("is called")).to_be_visible()
    sync.expect(desk.get_by_text("does not decide")).to_be_visible()
    _well(desk)


def _agree_in_words(desk: Any) -> None:
    """By M, words, Enter and Enter; then the call is noted, and the meeting taken into a calendar."""
    desk.keyboard.press("m")
    sync.expect(desk.get_by_label("With whom")).to_have_value("Ruth Sample")
    _type(desk, "next Tuesday")
    sync.expect(desk.get_by_text("At what time that day?")).to_be_visible()
    _well(desk)
    desk.get_by_label("When").fill("")
    _type(desk, "in 3 hours")
    sync.expect(desk.get_by_role("button", name="Meet ")).to_be_focused()
    _well(desk)
    desk.keyboard.press("Enter")
    sync.expect(desk.get_by_role("heading", name="Meeting ", exact=False).first).to_be_visible()

    desk.keyboard.press("r")  # they were reached
    sync.expect(desk.get_by_text("Call: reached", exact=True)).to_be_visible()
    with desk.expect_download() as taken:
        desk.get_by_role("link", name="Into a calendar (.ics)").click()
    (event,) = icalendar.Calendar.from_ical(taken.value.path().read_bytes()).walk("VEVENT")
    assert str(event["SUMMARY"]) == "Meeting: Bright Pallets, Inc., Back-health programme for employers"


def _hold(desk: Any) -> None:
    """On the page of the lead, with a second thought."""
    desk.keyboard.press("h")
    sync.expect(desk.get_by_role("button", name="Undo: held")).to_be_visible()
    desk.keyboard.press("u")
    sync.expect(desk.get_by_role("button", name="It was held")).to_be_visible()
    desk.keyboard.press("h")
    sync.expect(desk.get_by_role("button", name="Undo: held")).to_be_visible()  # the page of after, not of before
    sync.expect(desk.get_by_text("Meeting held", exact=True)).to_be_visible()
    desk.keyboard.press("f")
    desk.keyboard.press("2")  # contacted, agreed, …
    sync.expect(desk.locator("#became")).to_have_text("Agreed")
    stages = desk.locator("ol.stages li.there span").all_inner_texts()
    assert stages == ["Received", "Contacted", "Decision maker known", "Meeting agreed", "Meeting held", "Agreed"]
    _well(desk)


def test_an_employer_is_met_and_agrees(clinic: Installation, desk: Any) -> None:
    lead = _come(clinic)

    desk.goto(f"{clinic.url}/worklist")
    desk.keyboard.press("t")  # whoever takes it owns it
    sync.expect(desk.get_by_text("Yours to answer now")).to_be_visible()
    assert clinic.within(_LEAD).endswith("Nadia Brook")
    desk.get_by_role("link", name="Open", exact=True).first.click()
    sync.expect(desk.get_by_text("Business lead of Bright Pallets, Inc.")).to_be_visible()
    sync.expect(desk.get_by_text("“Who decides on this at your organisation?”")).to_be_visible()
    _well(desk)

    desk.goto(f"{clinic.url}/leads/{lead}/call")
    _name_who_decides(desk)
    _agree_in_words(desk)

    desk.goto(f"{clinic.url}/worklist?lane=again&type=business")
    sync.expect(desk.locator("#rows").get_by_text("You meet them")).to_be_visible()
    clinic.within(_HOURS_LATER)
    desk.goto(f"{clinic.url}/worklist?lane=to-do&type=business")
    sync.expect(desk.locator("#rows").get_by_text("Say whether the meeting was held.")).to_be_visible()
    _well(desk)

    desk.goto(f"{clinic.url}/leads/{lead}")
    _hold(desk)
