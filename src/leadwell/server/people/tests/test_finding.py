"""Somebody who calls is found by what they say of themselves, and what was typed is kept nowhere. (promise F33)"""

import orjson
import pytest
from django.urls import reverse
from typer.testing import CliRunner

from leadwell.server.access.roles import ALLOWED, May, Role
from leadwell.server.commands import finding
from leadwell.server.conftest import Clinic, browser
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.draining import drain
from leadwell.server.leads.models import Lead
from leadwell.server.people.finding import MOST, found, understood
from leadwell.server.people.models import Person
from leadwell.server.privacy.held import receipt, subject_of
from leadwell.server.privacy.models import TrailEntry
from leadwell.server.tests.standing import stands

pytestmark = pytest.mark.django_db(databases="__all__")

ANABEL = {
    "full_name": "Anabel Quillfeather",
    "phone": "312-555-0147",
    "email": "Anabel@Example.com",
    "birth_date": "1961-03-14",
    "message": "knee replacement please",
}
STEPHEN = {"full_name": "Stephen O'Hara-Núñez", "phone": "(773) 555-0166", "message": "my hip hurts"}


@stands
def people(lakeside: Clinic) -> dict[str, str]:
    """First name -> the person."""
    accept(lakeside.number, lakeside.source, [Delivery(orjson.dumps(one)) for one in (ANABEL, STEPHEN)])
    drain()
    named = {name: found(lakeside.number, understood(name)).people[0].person for name in ("Anabel", "Stephen")}
    assert len(set(named.values())) == Person.objects.count() == 2
    return named


@pytest.mark.parametrize(
    ("typed", "who", "how"),
    [
        ("Anabel Quillfeather", "Anabel", "same name"),
        ("quillfeather, ANABEL", "Anabel", "same name"),
        ("Quillfeather", "Anabel", "same name"),
        ("quill", "Anabel", "name begins so"),
        ("Ana Quillf", "Anabel", "name begins so"),
        ("Steven", "Stephen", "name sounds alike"),
        ("ohara nunez", "Stephen", "same name"),
        ("+1 (312) 555-0147", "Anabel", "same telephone"),
        ("3125550147", "Anabel", "same telephone"),
        ("anabel@example.com", "Anabel", "same e-mail"),
        ("3/14/1961", "Anabel", "same birth date"),
        ("1961-03-14 Anabel", "Anabel", "same birth date, same name"),
        ("773.555.0166 steven", "Stephen", "name sounds alike"),
        ("tel:+13125550147", "Anabel", "same telephone"),
        ("tel:+1-312-555-0147;ext=12", "Anabel", "same telephone"),
        ("TEL:%2B1%20312%20555%200147", "Anabel", "same telephone"),
        ("(312) 555-0147 ext. 12", "Anabel", "same telephone"),
        ("312-555-0147x12 Anabel", "Anabel", "same telephone, same name"),
        ("mailto:Anabel@Example.com?subject=Knee%20pain", "Anabel", "same e-mail"),
        ("Anabel Quillfeather <mailto:anabel@example.com>,", "Anabel", "same e-mail, same name"),
        ("(anabel@example.com).", "Anabel", "same e-mail"),
    ],
)
def test_each_way_of_saying_who_one_is_finds_them(
    lakeside: Clinic, people: dict[str, str], typed: str, who: str, how: str
) -> None:
    shown = found(lakeside.number, understood(typed))
    assert [(one.person, one.how) for one in shown.people] == [(people[who], how)]


@pytest.mark.parametrize(
    "typed",
    ["", "   ", "\0", "Ortiz", "Qu", "555-0147", "312-555-0148", "Anabel 312-555-0166", "Anabel O'Hara", "2/30/1961",
     "feather", "another@example.com", "x" * 5_000],
)  # fmt: skip
def test_where_not_all_of_it_is_true_nobody_is_found(lakeside: Clinic, people: dict[str, str], typed: str) -> None:
    assert found(lakeside.number, understood(typed)).people == ()


def test_nobody_of_another_organisation_is_found(harbor: Clinic, people: dict[str, str]) -> None:
    assert not any(found(harbor.number, understood(typed)).people for typed in ("Anabel", "312-555-0147", "3/14/1961"))


def test_of_many_the_newest_are_shown_and_it_says_that_there_are_more(lakeside: Clinic) -> None:
    many = [{"full_name": f"Anabel Name{n}", "message": "knee"} for n in range(MOST + 1)]
    accept(lakeside.number, lakeside.source, [Delivery(orjson.dumps(one)) for one in many])
    drain()
    shown = found(lakeside.number, understood("Anabel"))
    assert (len(shown.people), shown.more) == (MOST, True)


def test_the_page_leads_to_the_person_and_to_their_leads(lakeside: Clinic, people: dict[str, str]) -> None:
    client = browser(lakeside.organization, "coordinator")
    assert reverse("find") in client.get("/leads").content.decode()
    page = client.post("/leads/find", {"sought": "anabel"}).content.decode()
    lead = Lead.objects.of(lakeside.number).get(person=people["Anabel"])
    assert all(reverse(name, args=[number]) in page for name, number in (("person", lead.person_id), ("lead", lead.pk)))
    assert "Anabel Quillfeather" in page
    assert "anabel" not in page.partition("</title>")[0].lower()


def test_what_was_typed_stands_in_the_box_alone_and_never_in_the_trail(
    lakeside: Clinic, people: dict[str, str]
) -> None:
    TrailEntry.objects.all().delete()
    browser(lakeside.organization, "manager").post("/leads/find", {"sought": "Anabel 3/14/1961"})
    entries = [
        (one.action, one.subject, one.codes) for one in TrailEntry.objects.of(lakeside.number).order_by("number")
    ]
    shown = [f"person/{people['Anabel']}"]
    assert entries == [("person.searched", "", {"by": ["birth", "name"], "found": 1, "shown": shown})]
    assert [one["says"] for one in receipt(subject_of(lakeside.number, people["Anabel"]))] == [
        "Found them by searching"
    ]


@pytest.mark.parametrize("role", [role for role in Role if May.SEE_IDENTITIES not in ALLOWED[role]])
def test_who_sees_no_identities_can_look_for_nobody(lakeside: Clinic, people: dict[str, str], role: str) -> None:
    client = browser(lakeside.organization, role)
    assert reverse("find") not in client.get("/leads").content.decode()
    assert client.post("/leads/find", {"sought": "Anabel"}).status_code == 403
    assert not TrailEntry.objects.filter(action="person.searched").exists()


def test_what_could_not_be_used_is_said(lakeside: Clinic, people: dict[str, str]) -> None:
    page = browser(lakeside.organization, "coordinator").post("/leads/find", {"sought": "555-0147"}).content.decode()
    assert "with its area code" in page


@pytest.mark.parametrize(
    ("typed", "left"),
    [
        ("Anabel", ""), ("Dr. Anabel Quillfeather", ""), ("312-555-0147, Anabel", ""), ("O'Hara-Núñez", ""),
        ("Anabel 2/30/1961", "no such day"), ("Anabel 555-0147", "area code"),
        ("Anabel 312-555-0147 ext 9", "extension"), ("Anabel " + " " * 300 + "Ortiz", "beginning"),
    ],
)  # fmt: skip
def test_where_a_part_is_left_out_it_is_said_and_not_that_all_is_true(
    lakeside: Clinic, people: dict[str, str], typed: str, left: str
) -> None:
    unread = understood(typed).unread
    assert (left in unread, bool(unread)) == (True, bool(left))
    if left == "extension":
        page = browser(lakeside.organization, "coordinator").post("/leads/find", {"sought": typed}).content.decode()
        assert ("Not all of it was used." in page, "What was used of it is true of each." in page) == (True, True)
        assert "All that you typed is true" not in page


@pytest.mark.parametrize("typed", [b"\xff\xfe\x00", b"Anabel \xe9", "Nuñez".encode("utf-16")])
def test_by_command_what_is_no_text_finds_nobody_and_ends_in_order(
    lakeside: Clinic, people: dict[str, str], typed: bytes
) -> None:
    done = CliRunner().invoke(finding.app, ["find"], input=typed)
    assert (done.exit_code in (0, 1, 2), done.exception is None or isinstance(done.exception, SystemExit)) == (
        True, True,
    )  # fmt: skip


def test_by_command_ids_are_printed_for_the_commands_that_need_one(lakeside: Clinic, people: dict[str, str]) -> None:
    done = CliRunner().invoke(finding.app, ["find"], input="anabel quill\n")
    assert (done.exit_code, str(people["Anabel"]) in done.output) == (0, True)
    assert TrailEntry.objects.of(lakeside.number).get(actor="command").codes["found"] == 1
    assert CliRunner().invoke(finding.app, ["find"], input="nobody\n").exit_code == 1
    assert CliRunner().invoke(finding.app, ["find"], input="\n").exit_code == 2
