"""The page of alerts says what is wrong to whom it concerns, and takes down who has dealt with it."""

import pytest

from leadwell.server.alerts.actions import tell
from leadwell.server.alerts.models import Alert
from leadwell.server.alerts.tests.test_telling import cause
from leadwell.server.conftest import Clinic, browser

pytestmark = pytest.mark.django_db(databases="__all__")


def test_it_says_what_is_wrong_and_what_to_do(lakeside: Clinic) -> None:
    tell(lakeside.number, "set-aside", cause(size=2))
    page = browser(lakeside.organization, "manager").get("/alerts").content.decode()
    assert "1 thing needs somebody now" in page
    assert "2 submissions were set aside" in page
    assert "play it again" in page


def test_the_inbox_and_the_navigation_say_it_to_whom_it_concerns_only(lakeside: Clinic) -> None:
    tell(lakeside.number, "set-aside", cause())
    assert "1 submission was set aside." in browser(lakeside.organization, "intake-lead").get("/inbox").content.decode()
    for role in ("coordinator", "privacy-officer"):
        assert "set aside." not in browser(lakeside.organization, role).get("/inbox").content.decode()


def test_it_is_dealt_with_in_words_and_stands_among_what_is_over(lakeside: Clinic) -> None:
    one = tell(lakeside.number, "set-aside", cause())
    client = browser(lakeside.organization, "manager")
    client.post(f"/alerts/{one.pk}/deal", {"why": "The form was mended."})
    page = client.get("/alerts").content.decode()
    assert "Nothing needs you now" in page
    assert "The form was mended." in page
    assert "Sample manager" in page


def test_without_a_reason_it_stays_open(lakeside: Clinic) -> None:
    one = tell(lakeside.number, "set-aside", cause())
    client = browser(lakeside.organization, "manager")
    assert "Say in a sentence" in client.post(f"/alerts/{one.pk}/deal", {"why": " "}, follow=True).content.decode()
    assert Alert.objects.get().open


def test_a_role_that_it_does_not_concern_cannot_deal_with_it(lakeside: Clinic, harbor: Clinic) -> None:
    one = tell(lakeside.number, "trail", cause("trail"))
    for client in (browser(lakeside.organization, "manager"), browser(harbor.organization, "privacy-officer")):
        assert client.post(f"/alerts/{one.pk}/deal", {"why": "It is mended."}).status_code == 404
    assert Alert.objects.get().open


def test_a_role_without_alerts_is_told_who_has_them(lakeside: Clinic) -> None:
    assert "No alerts are for your role" in browser(lakeside.organization, "marketing").get("/alerts").content.decode()
