"""The privacy officer reads the trail and has it checked. (promise F33)"""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from leadwell.server.conftest import Clinic, browser, member
from leadwell.server.privacy.models import TrailEntry
from leadwell.server.privacy.trail import record, record_each, record_list, verify

pytestmark = pytest.mark.django_db(databases="__all__")


def test_it_names_who_did_what_and_notes_that_it_was_read(lakeside: Clinic) -> None:
    one = member(lakeside.organization, "coordinator")
    record(lakeside.number, one.actor, "lead.viewed", "lead/1")
    page = browser(lakeside.organization, "privacy-officer").get("/trail").content.decode()
    assert "Sample coordinator" in page
    assert "Lead viewed" in page
    assert TrailEntry.objects.latest("number").action == "trail.viewed"


def test_it_is_read_of_one_subject_alone(lakeside: Clinic) -> None:
    record_each(lakeside.number, "worker", "lead.listed", ["lead/1", "lead/2"])
    page = browser(lakeside.organization, "privacy-officer").get("/trail", {"subject": "lead/2"}).context["page"]
    assert [row.subject.text for row in page.rows] == ["lead/2"]


def test_it_is_read_of_one_action_one_colleague_and_one_day(lakeside: Clinic) -> None:
    one, other = (member(lakeside.organization, role) for role in ("coordinator", "manager"))
    record(lakeside.number, one.actor, "lead.viewed", "lead/1")
    record(lakeside.number, one.actor, "person.viewed", "lead/1")
    record(lakeside.number, other.actor, "lead.viewed", "lead/1")
    officer = browser(lakeside.organization, "privacy-officer")
    today = timezone.localdate(timezone=ZoneInfo("America/Chicago"))

    def numbers(**asked: str) -> list[int]:
        return [row.number for row in officer.get("/trail", asked).context["page"].rows if row.number <= 3]

    assert numbers(action="lead.viewed") == [3, 1]
    assert numbers(actor=one.actor) == [2, 1]
    assert numbers(actor=one.actor, action="lead.viewed", day=today.isoformat()) == [1]
    assert numbers(day=(today - timedelta(days=1)).isoformat()) == []
    assert numbers(actor="nobody", action="nothing", day="never") == [3, 2, 1]
    page = officer.get("/trail", {"action": "lead.viewed"}).content.decode()
    assert '<option value="lead.viewed" selected>Lead viewed</option>' in page


def test_a_list_is_one_entry_that_opens_to_what_it_showed(lakeside: Clinic) -> None:
    record_list(lakeside.number, "worker", "lead.listed", ["lead/1", "lead/2", "Vera Twicer"], {"tab": "verify"})
    officer = browser(lakeside.organization, "privacy-officer")
    (row,) = officer.get("/trail").context["page"].rows
    assert ([one.word for one in row.shown], row.codes) == (["Lead 1", "Lead 2"], "tab verify")
    assert officer.get("/trail", {"subject": "lead/2"}).context["page"].rows[0].number == 1
    assert (verify(lakeside.number).entries, verify(lakeside.number).broken_at) == (3, None)


def test_a_list_of_people_leaves_an_entry_for_each_in_one_chain(lakeside: Clinic) -> None:
    record(lakeside.number, "worker", "a")
    record_each(lakeside.number, "worker", "lead.listed", ["lead/1", "lead/2", "lead/3"])
    record_each(lakeside.number, "worker", "lead.listed", [])
    record(lakeside.number, "worker", "b")
    assert (verify(lakeside.number).entries, verify(lakeside.number).broken_at) == (5, None)


def test_that_it_is_whole_is_checked_and_an_altered_entry_is_named(lakeside: Clinic) -> None:
    record_each(lakeside.number, "worker", "lead.listed", ["lead/1", "lead/2"])
    client = browser(lakeside.organization, "privacy-officer")
    assert "All 2 entries are whole." in client.post("/trail").content.decode()
    TrailEntry.objects.filter(number=2).update(actor="nobody")
    page = client.post("/trail").content.decode()
    assert "The trail was altered." in page
    assert "entry 2 was changed" in page


@pytest.mark.parametrize(
    "typed", ["Vera Twicer 312-555-0188", "person/vera-twicer", "user:vera", "source/3125550188", "lead/1234567"]
)
def test_words_that_are_looked_for_are_kept_nowhere(lakeside: Clinic, typed: str) -> None:
    assert browser(lakeside.organization, "privacy-officer").get("/trail", {"subject": typed}).status_code == 200
    assert TrailEntry.objects.get().subject == ""


def test_what_was_looked_for_by_its_id_stands_in_the_trail(lakeside: Clinic) -> None:
    record(lakeside.number, "worker", "lead.viewed", "lead/1")
    browser(lakeside.organization, "privacy-officer").get("/trail", {"subject": "lead/1"})
    assert TrailEntry.objects.latest("number").subject == "lead/1"


@pytest.mark.parametrize("subject", ["Vera Twicer", "person/vera", "lead/" + "1" * 40, "key/vera"])
def test_no_entry_is_about_words(lakeside: Clinic, subject: str) -> None:
    record(lakeside.number, "worker", "lead.viewed", subject)
    assert TrailEntry.objects.get().subject == ""


def test_another_organisations_entries_are_not_seen(lakeside: Clinic, harbor: Clinic) -> None:
    record(harbor.number, "worker", "lead.viewed", "lead/4711")
    assert "lead/4711" not in browser(lakeside.organization, "privacy-officer").get("/trail").content.decode()
