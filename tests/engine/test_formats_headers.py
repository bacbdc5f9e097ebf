"""Is each header understood, and left alone where it is not?"""

import tomllib
from importlib import resources

import pytest

from leadwell import contract, load_playbook
from leadwell.formats import WrongMapping, own_headers
from leadwell.formats.meaning import Meant, fold, map_headers

WORDS = tomllib.loads(resources.files("leadwell.formats").joinpath("headers.toml").read_text(encoding="utf-8"))


def columns(*headers: str, **given: object) -> dict[str, str]:
    return {m.header: m.column for m in map_headers(headers, **given)}  # type: ignore[arg-type]


@pytest.mark.parametrize("system", WORDS["examples"])
def test_an_export_of_a_known_system_is_understood(system: str) -> None:
    headers = WORDS["examples"][system]
    found = {m.header: m.column if m.understood else "" for m in map_headers(list(headers))}
    assert found == headers


def test_no_header_means_two_columns() -> None:
    said = [h for headers in WORDS["columns"].values() for h in headers]
    assert len(said) == len(set(said))
    assert [h for h in said if fold(h) != h] == []
    assert set(WORDS["columns"]) <= set(contract.INCOMING)


def test_every_column_of_ours_is_understood_by_its_own_name() -> None:
    assert columns(*contract.INCOMING) == {c: c for c in contract.INCOMING}


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("Insurer", "payer"),
        ("1. What service(s) are you interested in?", "service"),
        ("What kind of services are you looking for today?", "service"),
        ("What is the ZIP code of the patient?", "zip"),
        ("How old is the patient?", "age"),
        ("When would you ideally like to start?", "timeline"),
        ("Which of our clinics / which location is best?", "preferred_location"),
        ("¿Para qué fecha? ¿Cuándo le gustaría venir?", "timeline"),
        ("Do you have insurance?", "extra.Do you have insurance?"),
        ("Lead: Email *", "email"),
        ("FirstName", "first_name"),
        ("Teléfono (obligatorio)", "phone"),
        ("Account Manager Email Opt Out", "extra.Account Manager Email Opt Out"),
        ("Tracking Number", "extra.Tracking Number"),
        ("Start Time", "extra.Start Time"),
        ("answer.metal_implant", "answer.metal_implant"),
    ],
)
def test_a_header_by_itself(header: str, column: str) -> None:
    assert columns(header)[header] == column


def test_of_two_headers_for_one_column_the_surer_gets_it_and_the_other_is_kept() -> None:
    found = map_headers(["E-mail", "Email"])
    assert [m.column for m in found] == ["extra.E-mail", "email"]
    assert found[0].why == "email is already Email"


def test_a_second_column_of_words_is_read_too_and_a_third_is_kept() -> None:
    assert columns("Notes", "Message") == {"Notes": "subject", "Message": "message"}
    found = columns("Subject", "Notes", "Message")
    assert found == {"Subject": "subject", "Notes": "extra.Notes", "Message": "message"}


def test_a_second_phone_is_the_second_phone_and_a_third_is_kept() -> None:
    found = columns("Home Phone", "Mobile", "Phone")
    assert found == {"Phone": "phone", "Mobile": "phone_2", "Home Phone": "extra.Home Phone"}


def test_a_repeated_header_is_numbered_and_mapped_once() -> None:
    assert columns("Email", "Email") == {"Email": "email", "Email (2)": "extra.Email (2)"}


def test_values_that_contradict_a_header_win_over_it() -> None:
    found = map_headers(
        ["State", "Mobile"], samples={"State": ["New", "Open", "Closed"], "Mobile": ["yes", "no", "yes"]}
    )
    assert found == (
        Meant("State", "state"),  # our own name is taken at its word
        Meant("Mobile", "extra.Mobile", "its values are no phone numbers, so not phone"),
    )


def test_answers_of_only_yes_and_no_are_no_payer() -> None:
    assert columns("Insurance", samples={"Insurance": ["Yes", "No", "yes"]})["Insurance"] == "extra.Insurance"


def test_name_beside_last_name_is_the_first_name() -> None:
    assert columns("Nombre", "Apellidos") == {"Nombre": "first_name", "Apellidos": "last_name"}
    assert columns("Nombre") == {"Nombre": "full_name"}
    beside = columns("Nombre", "Nombre del paciente", "Apellido del paciente")
    assert beside["Nombre del paciente"] == "patient_first_name"
    assert columns("Nombre", "Nombre del paciente")["Nombre del paciente"] == "patient_full_name"


def test_patient_columns_are_the_asker_s_where_nobody_else_is_named() -> None:
    assert columns("Patient Name", "Patient DOB") == {"Patient Name": "full_name", "Patient DOB": "birth_date"}
    found = columns("Patient Name", "Referring Provider", "Patient Phone")
    assert found["Patient Name"] == "patient_full_name"
    assert found["Patient Phone"] == "phone"


def test_a_correction_wins_and_says_so() -> None:
    found = map_headers(["Notes", "Message"], corrections={"notes": "message"})
    assert found == (
        Meant("Notes", "message", "as you said"),
        Meant("Message", "subject", None),
    )
    assert columns("Phone", corrections={"Phone": "extra"}) == {"Phone": "extra.Phone"}


@pytest.mark.parametrize(
    ("corrections", "says"),
    [
        ({"Phne": "phone"}, 'no header "Phne"; did you mean "Phone"?'),
        ({"Phone": "phnoe"}, 'no column "phnoe"; did you mean "phone"?'),
        ({"Phone": "email", "Mail": "email"}, "two headers to email"),
    ],
)
def test_a_wrong_correction_is_told(corrections: dict[str, str], says: str) -> None:
    with pytest.raises(WrongMapping, match=says.replace("?", r"\?")):
        map_headers(["Phone", "Mail"], corrections=corrections)


def test_a_playbook_s_own_facts_are_known_by_key_field_and_question() -> None:
    own = own_headers(load_playbook("lakeside-orthopedics"))
    question = "Does the patient have a pacemaker or metal implant?"
    for header in ("metal_implant", "Metal Implant", question):
        assert columns(header, own=own)[header] == "answer.metal_implant"


def test_a_mark_before_a_header_does_not_matter() -> None:
    assert columns("\ufeffEmail") == {"Email": "email"}
