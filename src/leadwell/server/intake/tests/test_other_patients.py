"""Of which patient is what comes under a number that was used before? One thing may have been corrected, not two; and
whom their own hospital calls by the same number is the same. (promises A2, B8)"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import orjson
import pytest

from leadwell.formats import fhir, hl7v2
from leadwell.server.conftest import Clinic
from leadwell.server.intake.referred import of_lead
from leadwell.server.intake.tests.test_numbered import Sender, leads
from leadwell.server.intake.tests.test_orders_again import Fhir
from leadwell.server.leads.queries import columns_of
from leadwell.server.people.another import another
from leadwell.server.people.models import Doubt

Patient = Mapping[str, str]

JOSE: Final = {"given": "Jose", "family": "Garcia", "born": "1960-03-03", "sex": "M", "phone": "773-555-0123",
               "number": "U5", "street": "1 Oak Street", "zip": "60201"}  # fmt: skip
EMMA: Final = {"given": "Emma", "family": "Ash", "born": "2016-06-06", "sex": "F", "phone": "773-555-0120",
               "number": "U1", "street": "3 Birch Street", "zip": "60201"}  # fmt: skip
PAUL: Final = {"given": "Paul", "family": "Kern", "born": "1951-04-12", "sex": "M", "phone": "773-555-0113",
               "number": "T30", "street": "5 Elm Street", "zip": "60202"}  # fmt: skip
MARIA: Final = {"given": "Maria", "family": "Lopez", "born": "1970-07-07", "sex": "F", "phone": "773-555-0114",
                "number": "T40", "street": "7 Ash Street", "zip": "60203"}  # fmt: skip
JOHN: Final = {"given": "John", "family": "Vance", "born": "1960-03-03", "sex": "M", "phone": "773-555-0121",
               "number": "J1", "street": "9 Oak Street", "zip": "60204"}  # fmt: skip
OLIVER: Final = {"given": "Oliver", "family": "Birch", "born": "2015-04-05", "sex": "M", "phone": "773-555-0110",
                 "number": "T1", "street": "11 Oak Street", "zip": "60205"}  # fmt: skip

OTHERS: Final = [  # who came first, what is told of the other, and whether it is one without a number of theirs
    (JOSE, {"born": "1999-09-11", "phone": "773-555-0124", "number": "U6", "street": "9 Elm Street", "zip": "60601"}),
    (EMMA, {"given": "Lucas", "sex": "M", "number": "U2"}),
    (OLIVER, {"given": "Olivia", "sex": "F", "number": "T2"}),
    (EMMA, {"given": "Lily", "number": "U3"}),
    (JOHN, {"given": "Joan", "family": "Reyes", "born": "1985-09-11", "sex": "F", "phone": "773-555-0122",
            "number": "J2"}),
    (MARIA, {"family": "Ruiz", "born": "1988-08-08", "phone": "773-555-0116", "number": "T42"}),
    (PAUL, {"born": "1981-04-12", "suffix": "Jr", "number": "T31"}),
]  # fmt: skip
GROWN: Final = ({**EMMA, "born": "1976-06-06"}, OTHERS[1][1])
ONLY_BY_NUMBER: Final = [
    (PAUL, {"born": "1981-04-12", "number": "T31"}),  # might be a digit of the decade
    (MARIA, {"family": "Garcia", "born": "", "phone": "773-555-0115", "street": "", "number": "T41"}),
]
CORRECTED: Final = [
    (MARIA, {"family": "Ruiz", "street": "1 Elm Street", "phone": "773-555-0199"}),  # married
    (MARIA, {"born": "1971-11-02"}),
    (MARIA, {"born": "1971-11-02", "street": "1 Elm Street"}),
    (MARIA, {"given": "Mara"}),
    (JOSE, {"given": "Joseph"}),
    (JOSE, {"phone": "773-555-0124", "street": "9 Elm Street", "zip": "60601"}),  # moved
    (PAUL, {"suffix": "Sr"}),
    (PAUL, {"sex": ""}),
]
ONLY_OF_ONE_NUMBER: Final = [
    (MARIA, {"family": "Ruiz", "born": "1988-08-08", "phone": "773-555-0116"}),
    (JOSE, {"born": "1999-09-11", "phone": "773-555-0124", "street": "9 Elm Street"}),
]


def hl7_of(patient: Patient) -> bytes:
    number = f"{patient['number']}^^^NORTH^MR~V-{patient['born']}^^^NORTH^VN" if patient["number"] else ""
    name = f"{patient['family']}^{patient['given']}^^{patient.get('suffix', '')}"
    lines = [
        r"MSH|^~\&|EHR|NORTH|LEADWELL|CLINIC|20261120090000-0600||REF^I12^REF_I12|M-17|P|2.5.1",
        "RF1|P|R||||R-17^EHR",
        "PRD|RP^Referring provider^HL70286|Example^Dora||^^^North Clinic|^WPN^PH^^1^312^5550148||1234567893^NPI",
        f"PID|1||{number}||{name}||{patient['born'].replace('-', '')}|{patient['sex']}|||"
        f"{patient['street']}^^Evanston^IL^{patient['zip']}||{patient['phone']}^PRN^PH",
        "OBR|1|A-17||KNEE^Knee replacement consultation^L",
    ]
    return "\r".join(lines).encode()


def fhir_of(patient: Patient, **said: Any) -> dict[str, Any]:
    who = {
        "resourceType": "Patient", "id": "p", "birthDate": patient["born"] or None,
        "name": [{"family": patient["family"], "given": [patient["given"]],
                  "suffix": [patient["suffix"]] if patient.get("suffix") else []}],
        "identifier": [{"system": "https://ehr.example.org/mrn", "value": patient["number"]}],
        "gender": {"F": "female", "M": "male"}.get(patient["sex"], "unknown"),
        "telecom": [{"system": "phone", "value": patient["phone"]}],
        "address": [{"line": [patient["street"]], "city": "Evanston", "postalCode": patient["zip"]}],
    }  # fmt: skip
    return {
        "resourceType": "ServiceRequest", "status": "active", "intent": "order", "subject": {"reference": "#p"},
        "identifier": [{"system": "https://ehr.example.org/orders", "value": "A-17"}],
        "code": {"text": "Knee replacement consultation"}, "contained": [who], **said,
    }  # fmt: skip


def by_hl7(patient: Patient) -> Patient:
    return hl7v2.read(hl7_of(patient)).columns


def by_fhir(patient: Patient) -> Patient:
    return fhir.order_of(fhir.message_of(orjson.dumps(fhir_of(patient))), 0).columns


@pytest.mark.django_db(databases="__all__")
@pytest.mark.parametrize(("number", "people"), [("U5", 1), ("U6", 2)])
def test_another_number_of_the_same_hospital_is_another_patient_until_somebody_says(
    lakeside: Clinic, number: str, people: int
) -> None:
    """Under two referrals' numbers: a letter of the name and a digit of the day may be two slips, or two men."""
    sender = Sender(lakeside)
    sender.sends(hl7_of(JOSE))
    other = hl7_of({**JOSE, "family": "Garcis", "born": "1960-03-04", "number": number})
    sender.sends(other.replace(b"R-17^EHR", b"R-18^EHR"))
    assert (len(leads()), Doubt.objects.count()) == (people, people - 1)


@pytest.mark.parametrize("read", [by_hl7, by_fhir])
@pytest.mark.parametrize("numbers", ["both", "one", "none"])
@pytest.mark.parametrize(("first", "said", "when"), [
    *((first, said, ("both", "one", "none")) for first, said in OTHERS),
    *((first, said, ("both",)) for first, said in ONLY_BY_NUMBER),
    *((first, said, ()) for first, said in CORRECTED),
    *((first, said, ("one", "none")) for first, said in ONLY_OF_ONE_NUMBER),
])  # fmt: skip
def test_who_is_another_than_whom_a_number_meant(
    read: Callable[[Patient], Patient], numbers: str, first: Patient, said: Patient, when: tuple[str, ...]
) -> None:
    told = {**first, **said}
    if numbers != "both":
        told["number"] = ""
    first = {**first, "number": ""} if numbers == "none" else first
    assert another(read(told), [read(first)]) is (numbers in when)
    assert another(read(first), [read(told)]) is (numbers in when)


def test_a_number_of_a_visit_or_of_an_insurance_says_nothing_of_who_they_are() -> None:
    ours, theirs = hl7_of(JOSE), hl7_of({**JOSE, **OTHERS[0][1]})
    for type_ in (b"VN", b"AN", b"MB"):
        told = [hl7v2.read(one.replace(b"^MR", b"^" + type_)).columns for one in (ours, ours.replace(b"U5", b"U7"))]
        assert not another(told[0], told[1:])
        shared = hl7v2.read(theirs.replace(b"U6", b"U5").replace(b"^MR", b"^" + type_)).columns
        assert another(shared, told[:1])


def test_a_wholly_other_patient_under_a_number_of_theirs_that_was_used_before_is_another() -> None:
    wholly = {**JOSE, "given": "Wanda", "family": "Pell", "born": "1985-02-20", "sex": "F"}
    assert another(by_hl7(wholly), [by_hl7(JOSE)])


@pytest.mark.django_db(databases="__all__")
@pytest.mark.parametrize(("first", "said"), [GROWN, OTHERS[-1]])
def test_what_comes_later_by_hl7_follows_the_right_patient(lakeside: Clinic, first: Patient, said: Patient) -> None:
    hospital, other = Sender(lakeside), {**first, **said}
    for one in (first, other):
        hospital.sends(hl7_of(one))
    hospital.sends(hl7_of({**first, "phone": "773-555-0151"}), "I13")
    hospital.sends(hl7_of(other), "I14")
    ours, theirs = leads()
    assert [columns_of(one)["phone"] for one in (ours, theirs)] == ["773-555-0151", first["phone"]]
    assert [of_lead(one).step.name for one in (ours, theirs)] == ["received", "withdrawn"]
    assert b"RF1|P" in hospital.sends(hl7_of(first), "I15")
    assert b"RF1|E" in hospital.sends(hl7_of(other), "I15")


@pytest.mark.django_db(databases="__all__")
@pytest.mark.parametrize(("first", "said"), [OTHERS[0], GROWN])
def test_what_comes_later_by_fhir_follows_the_right_patient(lakeside: Clinic, first: Patient, said: Patient) -> None:
    system, other = Fhir(lakeside), {**first, **said}
    (_, ours), (status, theirs) = system.posts(fhir_of(first)), system.posts(fhir_of(other))
    assert (status, ours == theirs) == (201, False)
    assert system.posts(fhir_of({**first, "phone": "773-555-0151"})) == (200, ours)
    system.posts(fhir_of(other, status="revoked"))
    assert (system.task(ours), system.task(theirs)) == ("received", "cancelled")
    assert [columns_of(one)["phone"] for one in leads()] == ["773-555-0151", other["phone"]]
