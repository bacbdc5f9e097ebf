"""The privacy officer reads the trail and has it checked. (promise F33)"""

import pytest

from leadwell.server.conftest import Clinic, browser, member
from leadwell.server.privacy.models import TrailEntry
from leadwell.server.privacy.trail import record, record_each, verify

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
    assert [row.subject for row in page.rows] == ["lead/2"]


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
