"""A mail that lists several patients is a lead for each, with what is said of them. (promises A3, B8)"""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from leadwell.server.intake.opening import Sent
from leadwell.server.intake.sources.email import adapter
from leadwell.server.people.recognising import OF_WHOM

TABLE = (
    "<p>Two for you</p><table><tr><th>Patient</th><th>DOB</th><th>Phone</th><th>Reason</th></tr>"
    "<tr><td>Thaddeus Bly</td><td>3/3/1951</td><td></td><td>knee replacement</td></tr>"
    "<tr><td>Oke, Winifred</td><td>3/4/1952</td><td>773-555-0115</td><td>hip replacement</td></tr></table><p>Cora</p>"
)


def _leads(text: str, *, html: bool = False) -> list[dict[str, str]]:
    message = EmailMessage()
    message["From"], message["Subject"] = "Cora Lindqvist <cora@example.org>", "New patients"
    message.set_content(text, subtype="html" if html else "plain")
    return [dict(lead) for lead in adapter.read(Sent(message.as_bytes(), "message/rfc822", {}), {}).leads]


def _told(leads: list[dict[str, str]]) -> list[tuple[str, ...]]:
    ways = ("patient_full_name", "birth_date", "patient_birth_date", "phone")
    return [tuple(lead[way] for way in ways if way in lead) for lead in leads]


def test_each_row_of_an_html_table_of_patients_is_a_lead() -> None:
    first, second = leads = _leads(TABLE, html=True)
    assert _told(leads) == [("Thaddeus Bly", "3/3/1951"), ("Winifred Oke", "3/4/1952", "773-555-0115")]
    assert first["message"].splitlines()[:4] == [
        "Two for you", "Patient: Thaddeus Bly", "DOB: 3/3/1951", "Reason: knee replacement",
    ]  # fmt: skip
    assert "Winifred" not in first["message"]
    assert "knee" not in second["message"]


@pytest.mark.parametrize(
    "text",
    [
        "Name\tDOB\tPhone\tProcedure\nThaddeus Bly\t3/3/1951\t773-555-0114\tknee\n"
        "Winifred Oke\t3/4/1952\t773-555-0115\thip",
        "| Last | First | DOB | Cell | Dx |\n|---|---|---|---|---|\n| Bly | Thaddeus | 3/3/1951 | 773-555-0114 |"
        " knee OA |\n"
        "| Oke | Winifred | 3/4/1952 | 773-555-0115 | hip OA |",
        "Patient last name\tPatient first name\tDOB\tPhone\nBly\tThaddeus\t3/3/1951\t773-555-0114\n"
        "Oke\tWinifred\t3/4/1952\t773-555-0115",
        "DOB | Paciente | Teléfono | Motivo\n3/3/1951 | Thaddeus Bly | 773-555-0114 | rodilla\n"
        "3/4/1952 | Winifred Oke | 773-555-0115 | cadera",
    ],
)
def test_a_table_in_text_is_read_by_its_heads(text: str) -> None:
    assert _told(_leads(text)) == [
        ("Thaddeus Bly", "3/3/1951", "773-555-0114"), ("Winifred Oke", "3/4/1952", "773-555-0115"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "Our patient Jane Porter needs a knee.\n\nProvider\tSpecialty\tPhone\nAnn Ray\tknee\t773-555-0114\n"
        "Bob Lee\thip\t773-555-0115",
        "Our patient Jane Porter needs a knee.\n\nName | Title | Phone\nAnn Ray | RN | 773-555-0114\n"
        "Bob Lee | Scheduler | 773-555-0115",
        "Our patient Jane Porter needs a knee.\n\nMedication | Dose\nMetformin Hydrochloride | 500 mg\n"
        "Lisinopril Tablets | 10 mg",
        "Our patient Jane Porter needs a knee.\n\nDate\tTime\tLocation\n12/7/2026\t10:00\tOak Park",
        "Patient\tJane Porter\nDOB\t3/4/1950\nReason\tknee replacement",
    ],
)
def test_a_table_of_anything_else_makes_no_patients(text: str) -> None:
    (lead,) = _leads(text)
    assert lead["message"] == text


def test_labelled_lines_of_an_item_are_of_whom_it_names() -> None:
    text = (
        "Two new patients:\n1. Lavinia Stroud\nDOB: 3/2/1950\nPhone: 773-555-0110\nknee replacement\n"
        "2. Osbert Kemp\nDOB: 4/4/1949\nPhone: 773-555-0111\nhip replacement\n\nThanks, Cora"
    )
    assert _told(_leads(text)) == [
        ("Lavinia Stroud", "3/2/1950", "773-555-0110"), ("Osbert Kemp", "4/4/1949", "773-555-0111"),
    ]  # fmt: skip


def test_blocks_of_labelled_lines_hold_what_is_said_of_each() -> None:
    block = "PATIENT: {}\nDOB: {}\nDX: {}".format
    text = f"{block('Zebulon Hart', '1/2/1950', 'knee OA')}\n\n{block('Isolde Dorn', '2/3/1951', 'hip OA')}\n\nMedicare"
    first, second = _leads(text)
    assert first["message"] == f"{block('Zebulon Hart', '1/2/1950', 'knee OA')}\n\nMedicare"
    assert second["message"] == f"{block('Isolde Dorn', '2/3/1951', 'hip OA')}\n\nMedicare"


def test_of_whom_it_is_open_is_said_on_the_one_lead() -> None:
    (lead,) = _leads("Please call Bob and Sue Smith 773-555-0102")
    assert "several" in lead[OF_WHOM]
    assert "patient_full_name" not in lead


def test_a_form_of_one_patient_in_a_table_stays_one() -> None:
    rows = "".join(
        f"<tr><td>{a}</td><td>{b}</td></tr>" for a, b in (("Patient", "Jane Porter"), ("Phone", "773-555-0102"))
    )
    (lead,) = _leads(f"<table>{rows}</table>", html=True)
    assert (lead["patient_full_name"], lead["phone"]) == ("Jane Porter", "773-555-0102")
