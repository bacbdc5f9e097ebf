"""A page of a lead that stands open says what they have written since, and takes neither the focus nor what is typed.
(promise C18)"""

from __future__ import annotations

import orjson
import pytest
from django.urls import reverse

from leadwell.server.calls.models import Attempt
from leadwell.server.conftest import Clinic
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.draining import drain
from leadwell.server.leads.models import Lead
from leadwell.server.reviewing.queries import danger
from leadwell.server.tests.chromium import MARKS, opens
from leadwell.server.tests.eyes import Eyes

sync = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = [*MARKS, pytest.mark.usefixtures("from_noon_on")]

KNEE = {"full_name": "Sample Person", "phone": "312-555-0147", "email": "sample@example.com", "zip": "60601",
        "message": "I need a knee replacement in Evanston within two weeks"}  # fmt: skip
CHEST = "I have chest pain since an hour, and my knee"
LOOK = "document.dispatchEvent(new Event('visibilitychange'))"


def _wrote(clinic: Clinic, message: str = KNEE["message"]) -> Lead:
    accept(clinic.number, clinic.source, [Delivery(orjson.dumps(KNEE | {"message": message}))])
    drain()
    return Lead.objects.of(clinic.number).get()


def _looks(eyes: Eyes) -> None:
    with eyes.page.expect_response(lambda answer: "said=" in answer.url):
        eyes.page.evaluate(LOOK)


def test_an_open_lead_shows_the_words_that_came_and_two_keys_do_not_clear_them(eyes: Eyes, lakeside: Clinic) -> None:
    lead, page = _wrote(lakeside), eyes.page
    eyes.open(reverse("lead", args=[lead.pk]))
    _wrote(lakeside, CHEST)
    _looks(eyes)
    sync.expect(page.locator("#since")).to_contain_text(CHEST)
    eyes.judge("words came while the page was open")
    page.keyboard.press("f")
    with opens(page):
        page.keyboard.press("6")
    sync.expect(page.get_by_text("It sounds like danger, and waits still.")).to_be_visible()
    eyes.judge("after an outcome from an older page")
    assert danger(lakeside.number, seen=False).exists()


def test_on_a_call_they_are_shown_beside_what_is_typed_and_count_once_they_were_read(
    eyes: Eyes, lakeside: Clinic
) -> None:
    lead, page = _wrote(lakeside), eyes.page
    eyes.open(reverse("call", args=[lead.pk]))
    page.locator("#note").fill("She cannot talk long")
    _wrote(lakeside, CHEST)
    _looks(eyes)
    sync.expect(page.locator("#since")).to_contain_text(CHEST)
    assert page.evaluate("document.activeElement.id") == "note"
    assert page.locator("#note").input_value() == "She cannot talk long"
    page.evaluate("scrollTo(0, 0)")  # it stays in sight, over what one scrolls by
    eyes.judge("words came on the call")
    page.get_by_role("button", name="I have read it, go on here").click()
    sync.expect(page.locator("#since")).to_be_empty()
    with opens(page):
        page.locator("button[value=reached]").last.click()
    assert (Attempt.objects.get().result, danger(lakeside.number, seen=False).exists()) == ("reached", False)
