"""One person's page: how much is held, who saw it, when it goes; given out and erased by the privacy officer. (F33)"""

import orjson
import pytest
from typer.testing import CliRunner

from leadwell.server.commands import privacy
from leadwell.server.conftest import Clinic, browser, member
from leadwell.server.leads.models import Lead
from leadwell.server.people.models import Person
from leadwell.server.people.tests.test_emergency import enquiry
from leadwell.server.privacy.models import TrailEntry
from leadwell.server.privacy.trail import record

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture(autouse=True)
def _own_folder(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    monkeypatch.setattr("leadwell.server.privacy.held.ERASED_FILE", str(tmp_path / "erased.jsonl"))


def test_it_counts_what_is_held_and_does_not_show_it(lakeside: Clinic) -> None:
    lead = enquiry(lakeside)
    answer = browser(lakeside.organization, "coordinator").get(f"/persons/{lead.person_id}")
    kept = {one.kind: one.count for one in answer.context["page"].kept}
    assert {kind: kept[kind] for kind in ("Who they are", "Enquiries", "Judgements", "What was sent")} == {
        "Who they are": 1, "Enquiries": 1, "Judgements": 1, "What was sent": 1,
    }  # fmt: skip
    page = answer.content.decode()
    assert "Name, telephone" in page
    assert "555-0147" not in page
    assert "Quillfeather" not in page.partition("</title>")[0]


def test_it_says_when_it_goes_and_why(lakeside: Clinic) -> None:
    lead = enquiry(lakeside)
    Lead.objects.update(disposition="decline")
    page = browser(lakeside.organization, "coordinator").get(f"/persons/{lead.person_id}").content.decode()
    assert "The policy keeps declined leads for 1 year" in page


def test_the_receipt_names_colleagues_to_the_privacy_officer_and_roles_to_others(lakeside: Clinic) -> None:
    lead = enquiry(lakeside)
    browser(lakeside.organization, "manager").get(f"/leads/{lead.pk}")
    browser(lakeside.organization, "marketing").get(f"/leads/{lead.pk}")
    record(lakeside.number, "key:ab12", "submission.read", f"submission/{lead.submission}")
    officer = browser(lakeside.organization, "privacy-officer").get(f"/persons/{lead.person_id}").content.decode()
    assert "Sample manager" in officer
    assert "Opened the enquiry, without names" in officer
    assert "A program, with the key ab12" in officer
    other = browser(lakeside.organization, "coordinator").get(f"/persons/{lead.person_id}").content.decode()
    assert ("Manager" in other, "Sample manager" in other) == (True, False)


def test_what_a_colleague_did_again_on_a_day_is_one_line(lakeside: Clinic) -> None:
    lead = enquiry(lakeside)
    client = browser(lakeside.organization, "manager")
    for _ in range(3):
        client.get("/leads")
    client.get(f"/leads/{lead.pk}")
    answer = browser(lakeside.organization, "privacy-officer").get(f"/persons/{lead.person_id}")
    uses = [(one.who, one.did, one.times) for one in answer.context["page"].uses if one.who == "Sample manager"]
    assert uses == [("Sample manager", "Opened the enquiry", 1), ("Sample manager", "Saw it in a list", 3)]
    assert "3 times that day" in answer.content.decode()
    said = CliRunner().invoke(privacy.receipt, ["person", str(lead.person_id)]).output
    assert said.count("saw it in a list") == 1
    assert f"(lead/{lead.pk}, 3 times that day)" in said


@pytest.mark.parametrize("role", ["coordinator", "intake-lead", "manager"])
def test_others_are_offered_neither_a_file_nor_an_erasure(lakeside: Clinic, role: str) -> None:
    lead = enquiry(lakeside)
    page = browser(lakeside.organization, role).get(f"/persons/{lead.person_id}").content.decode()
    assert not any(words in page for words in ("Download the file", "Erase for good"))


def test_the_privacy_officer_downloads_everything_and_it_goes_on_record(lakeside: Clinic) -> None:
    lead = enquiry(lakeside)
    answer = browser(lakeside.organization, "privacy-officer").post(f"/persons/{lead.person_id}/export")
    given = orjson.loads(answer.content)
    assert given["person"]["full_name"] == "Anabel Quillfeather"
    assert [(one["as"], one["says"]) for one in given["receipt"]] == [
        ("Privacy officer", "Gave out everything that is held")
    ]
    assert "attachment" in answer["Content-Disposition"]
    assert "Quillfeather" not in answer["Content-Disposition"]


def letters(lead: Lead) -> str:
    return lead.person_id.hex[-4:].upper()


def test_the_privacy_officer_erases_after_typing_the_letters_with_a_reason(lakeside: Clinic) -> None:
    lead, officer = enquiry(lakeside), member(lakeside.organization, "privacy-officer")
    client = browser(lakeside.organization, "privacy-officer")
    answer = client.post(f"/persons/{lead.person_id}/erase", {"reason": "asked", "typed": letters(lead).lower()})
    assert answer.status_code == 302
    assert not Person.objects.of(lakeside.number).exists()
    entry = TrailEntry.objects.of(lakeside.number).get(action="person.erased")
    assert (entry.actor, entry.codes) == (officer.actor, {"reason": "asked"})
    assert client.get(f"/persons/{lead.person_id}").status_code == 404


@pytest.mark.parametrize(
    ("reason", "typed"), [("", None), ("curiosity", None), ("asked", ""), ("asked", "0"), ("asked", "erase")]
)
def test_without_the_letters_or_a_reason_nothing_is_erased(lakeside: Clinic, reason: str, typed: str | None) -> None:
    lead = enquiry(lakeside)
    said = {"reason": reason, "typed": letters(lead) if typed is None else typed}
    answer = browser(lakeside.organization, "privacy-officer").post(f"/persons/{lead.person_id}/erase", said)
    assert answer.status_code == 400
    assert "not right" in answer.content.decode()
    assert Person.objects.of(lakeside.number).exists()


def test_others_of_the_same_telephone_are_shown_and_each_is_erased_for_itself(lakeside: Clinic, harbor: Clinic) -> None:
    first, second = enquiry(lakeside), enquiry(lakeside, "Bruno Quillfeather")
    enquiry(harbor)
    client = browser(lakeside.organization, "privacy-officer")
    page = client.get(f"/persons/{first.person_id}")
    assert [(one.number, one.shares) for one in page.context["page"].others] == [(second.person_id, "telephone")]
    assert f"/persons/{second.person_id}" in page.content.decode()
    given = orjson.loads(client.post(f"/persons/{first.person_id}/export").content)
    assert given["shared_with"] == [{"person_id": str(second.person_id), "shares": ["telephone"]}]
    answer = client.post(f"/persons/{first.person_id}/erase", {"reason": "asked", "typed": letters(first)}, follow=True)
    assert answer.redirect_chain == [(f"/persons/{second.person_id}", 302)]
    assert "the same person once more?" in answer.content.decode()
    assert answer.context["page"].others == ()
    assert Person.objects.of(lakeside.number).filter(pk=second.person_id).exists()


def test_the_command_names_the_others_before_it_erases(lakeside: Clinic) -> None:
    first, second = enquiry(lakeside), enquiry(lakeside, "Bruno Quillfeather")
    said = CliRunner().invoke(privacy.erase, ["person", str(first.person_id)], input="n\n")
    assert f"{second.person_id}  same telephone" in said.output
    assert Person.objects.of(lakeside.number).count() == 2
    done = CliRunner().invoke(privacy.export, ["person", str(first.person_id)])
    assert str(second.person_id) in done.stderr
