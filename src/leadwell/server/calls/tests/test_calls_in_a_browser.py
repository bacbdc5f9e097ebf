"""In a real browser, by the keyboard alone: the mission's first lead from arrival to its completed intake, a stop, a
wrong number and a callback on a call. (promises D22, D23, E27)
"""

from __future__ import annotations

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import orjson
import pytest
from django.urls import reverse
from django.utils import timezone

from leadwell.server.calls.models import Attempt
from leadwell.server.conftest import Clinic
from leadwell.server.consent.models import Suppression
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.draining import drain
from leadwell.server.leads.models import Lead, Verified
from leadwell.server.outcomes.models import Outcome
from leadwell.server.tests.chromium import MARKS, opens
from leadwell.server.tests.eyes import Eyes

sync = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = [*MARKS, pytest.mark.usefixtures("from_noon_on")]

FIRST = {
    "full_name": "Sample Person",
    "phone": "312-555-0147",
    "email": "sample@example.com",
    "message": "I am 61 and both my knees are bone on bone. Dr. Sample sent me to have the right one replaced. "
    "Evanston would be easiest. I would like to be seen in the next two weeks. What happens next?",
}
_FOCUSED = "document.activeElement.textContent.trim()"


def _arrived(clinic: Clinic) -> Lead:
    accept(clinic.number, clinic.source, [Delivery(orjson.dumps(FIRST))])
    drain()
    return Lead.objects.of(clinic.number).get()


def _press(eyes: Eyes, *keys: str) -> None:
    """The last of them opens another page."""
    *before, last = keys
    for key in before:
        eyes.page.keyboard.press(key)
    with opens(eyes.page):
        eyes.page.keyboard.press(last)


def _tab_to(eyes: Eyes, text: str) -> None:
    for _ in range(60):
        eyes.page.keyboard.press("Tab")
        if eyes.page.evaluate(_FOCUSED) == text:
            return
    raise AssertionError(f"{text} cannot be reached by Tab")


def _called(eyes: Eyes, lead: Lead) -> None:
    eyes.open(reverse("lead", args=[lead.pk]))
    _press(eyes, "Enter")
    sync.expect(eyes.page.get_by_text("On the call")).to_be_visible()


def test_the_first_lead_of_the_mission_by_the_keyboard_alone(eyes: Eyes, lakeside: Clinic) -> None:
    lead, page = _arrived(lakeside), eyes.page
    assert (lead.grade, lead.disposition) == ("A", "verify")
    eyes.open(reverse("leads"))
    _tab_to(eyes, "Sample Person")
    _press(eyes, "Enter")
    _press(eyes, "Enter")  # calls
    sync.expect(page.locator("#timer")).to_have_text(re.compile(r"^0:\d\d$"))
    eyes.judge("on the call")
    for _ in range(2):
        if "ZIP" in page.locator("#q1").inner_text():
            page.keyboard.press("1")
            page.keyboard.type("60201")
            sync.expect(page.locator("#path")).to_contain_text(re.compile("Verify|Schedule"))
        else:
            page.keyboard.press("1")
            sync.expect(page.locator("#path")).to_contain_text(re.compile("Verify|Schedule"))
        _press(eyes, "Enter")
        sync.expect(page.get_by_role("status").first).to_be_visible()
    sync.expect(page.get_by_text("Nothing is left to ask").first).to_be_visible()
    eyes.judge("nothing is left to ask")
    _press(eyes, "r")
    for key, became in (("2", "Booked"), ("3", "Attended"), ("4", "Completed intake")):
        _press(eyes, "f", key)
        sync.expect(page.get_by_text(f"{became}: noted.")).to_be_visible()
    eyes.judge("completed")
    lead.refresh_from_db()
    assert lead.disposition == "schedule"
    assert sorted(Verified.objects.values_list("column", flat=True)) == ["payer", "zip"]
    assert set(Verified.objects.values_list("call", flat=True)) == {Attempt.objects.get().pk}
    assert list(Outcome.objects.order_by("noted_at").values_list("became", flat=True)) == [
        "booked", "attended", "completed",
    ]  # fmt: skip


def test_one_who_asks_to_stop_on_the_call_is_stopped_by_one_key(eyes: Eyes, lakeside: Clinic) -> None:
    lead, page = _arrived(lakeside), eyes.page
    _called(eyes, lead)
    page.keyboard.press("c")
    page.keyboard.type("Please never call me again, r v a w s")
    _press(eyes, "Escape", "s")
    sync.expect(page.get_by_text("No call: ")).to_be_visible()
    eyes.judge("after a stop")
    assert Suppression.objects.filter(person=lead.person_id, way="voice").count() == 2
    assert (Attempt.objects.get().result, bool(bytes(Attempt.objects.get().sealed))) == ("asked-to-stop", True)


def test_a_wrong_number_is_asked_about_and_undone(eyes: Eyes, lakeside: Clinic) -> None:
    lead, page = _arrived(lakeside), eyes.page
    _called(eyes, lead)
    _press(eyes, "w")
    sync.expect(page.get_by_text("no telephone number that can be called").first).to_be_visible()
    eyes.judge("after a wrong number")
    _press(eyes, "u")
    sync.expect(page.get_by_text("On the call")).to_be_visible()
    sync.expect(page.get_by_role("link", name="Dial 312-555-0147")).to_be_visible()


def test_the_number_that_they_gave_instead_is_confirmed_and_called(eyes: Eyes, lakeside: Clinic) -> None:
    lead, page = _arrived(lakeside), eyes.page
    _called(eyes, lead)
    _press(eyes, "w")
    eyes.open(reverse("lead", args=[lead.pk]))
    correct = page.locator("details.fix", has=page.locator("#answer-phone"))
    correct.locator("summary").click()
    page.locator("#answer-phone").fill("(312) 555-0182")
    with opens(page):
        correct.get_by_role("button").click()
    sync.expect(page.get_by_text("What was confirmed with them").first).to_be_visible()
    eyes.judge("another number is confirmed")
    _press(eyes, "Enter")  # calls
    sync.expect(page.get_by_role("link", name="Dial 312-555-0182")).to_be_visible()
    assert Attempt.objects.filter(result="", undone_at=None).count() == 1


def test_a_callback_in_words_is_shown_before_it_is_saved(eyes: Eyes, lakeside: Clinic) -> None:
    lead, page = _arrived(lakeside), eyes.page
    _called(eyes, lead)
    page.keyboard.press("p")
    page.keyboard.type("tomorrow after 3")
    _press(eyes, "Enter")
    button = page.get_by_role("button", name=re.compile("Call back 3:00 pm tomorrow"))
    sync.expect(button).to_be_focused()
    eyes.judge("a callback is shown back")
    _press(eyes, "Enter")
    there = Attempt.objects.get().callback_at
    assert there is not None
    assert f"{there.astimezone(ZoneInfo('America/Chicago')):%H:%M}" == "15:00"
    assert there > timezone.now() + timedelta(hours=12)
