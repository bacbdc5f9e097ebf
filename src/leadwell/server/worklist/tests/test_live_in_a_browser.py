"""A worklist that stands open keeps up with what others do, and takes the focus from nobody. (promise D21)"""

from __future__ import annotations

import pytest

from leadwell.server.conftest import Clinic, member
from leadwell.server.leads.models import Lead
from leadwell.server.tests.chromium import MARKS
from leadwell.server.tests.eyes import Eyes
from leadwell.server.worklist.actions import give_back, take
from leadwell.server.worklist.tests.conftest import KNEE, came

sync = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = MARKS

LOOK = "document.dispatchEvent(new Event('visibilitychange'))"
FOCUSED = "document.activeElement.textContent.trim()"


def _stand(eyes: Eyes, clinic: Clinic) -> Lead:
    """Two wait, and the page is open; the one that stands in the list."""
    came(clinic, KNEE, KNEE + " please")
    eyes.page.goto(eyes.url + "/worklist?lane=to-do")
    return Lead.objects.get(pk=eyes.page.locator("#rows tr").first.get_attribute("data-lead"))


def _looks(eyes: Eyes) -> None:
    with eyes.page.expect_response(lambda answer: "/worklist" in answer.url and answer.status == 200):
        eyes.page.evaluate(LOOK)


def test_the_row_with_the_focus_says_that_a_colleague_took_it(eyes: Eyes, lakeside: Clinic) -> None:
    lead, colleague = _stand(eyes, lakeside), member(lakeside.organization, "manager")
    row = eyes.page.locator(f"#rows tr[data-lead='{lead.pk}']")
    row.locator("a.open").focus()
    name = eyes.page.evaluate(FOCUSED)
    assert take(colleague, lead.pk)
    _looks(eyes)
    whose = colleague.user.get_full_name()
    row.locator(".owner", has_text=whose).wait_for()
    assert not row.get_by_role("button").count()
    assert eyes.page.evaluate(FOCUSED) == name
    assert eyes.page.locator("#news").inner_text() == f"It waits with {whose} now."


def test_a_button_that_has_the_focus_is_not_taken_away_but_says_that_it_no_longer_acts(
    eyes: Eyes, lakeside: Clinic
) -> None:
    lead, colleague = _stand(eyes, lakeside), member(lakeside.organization, "manager")
    row = eyes.page.locator(f"#rows tr[data-lead='{lead.pk}']")
    row.get_by_role("button").focus()
    assert take(colleague, lead.pk)
    _looks(eyes)
    row.locator(".owner", has_text=colleague.user.get_full_name()).wait_for()
    assert row.locator("button:focus").get_attribute("aria-disabled") == "true"
    assert give_back(colleague, lead.pk)
    _looks(eyes)
    row.locator(".owner span", has_text="Surgical navigators").wait_for()
    assert row.locator("button:focus").get_attribute("aria-disabled") is None


def test_how_many_wait_is_kept_up_to_date_at_the_head(eyes: Eyes, lakeside: Clinic) -> None:
    _stand(eyes, lakeside)
    assert "2 wait." in eyes.page.locator("#as-of").inner_text()
    came(lakeside, KNEE + " soon")
    _looks(eyes)
    eyes.page.locator("#as-of", has_text="3 wait.").wait_for()
