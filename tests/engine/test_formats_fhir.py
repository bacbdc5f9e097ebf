"""What a health system writes in FHIR is read, however its resources refer to one another, and whatever is missing."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadwell.formats import fhir

PATIENT: dict[str, Any] = {
    "resourceType": "Patient",
    "id": "p",
    "identifier": [{"system": "https://ehr.example.org/mrn", "value": "77"}],
    "name": [{"family": "Sample", "given": ["Ana"]}],
    "birthDate": "1960-01-02",
}
ORDER: dict[str, Any] = {
    "resourceType": "ServiceRequest",
    "status": "active",
    "intent": "order",
    "authoredOn": "2026-11-20",
    "subject": {"reference": "Patient/p"},
    "code": {"text": "Knee consultation"},
}


def bundle(*resources: dict[str, Any], urls: tuple[str, ...] = ()) -> dict[str, Any]:
    entries = [{"resource": one} for one in resources]
    for entry, url in zip(entries, urls, strict=False):
        entry["fullUrl"] = url  # type: ignore[assignment]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def order(value: Any, nth: int = 0) -> fhir.Order:
    return fhir.order_of(fhir.message_of(orjson.dumps(value)), nth)


def of_patient(**more: Any) -> dict[str, str]:
    return dict(order(bundle(ORDER, PATIENT | more)).columns)


def of_order(*beside: dict[str, Any], **more: Any) -> dict[str, str]:
    return dict(order(bundle(ORDER | more, PATIENT, *beside)).columns)


@pytest.mark.parametrize(
    ("reference", "url"),
    [
        ({"reference": "Patient/p"}, ""),
        ({"reference": "Patient/p/_history/3"}, ""),
        ({"reference": "https://ehr.example.org/fhir/Patient/p"}, "https://ehr.example.org/fhir/Patient/p"),
        ({"reference": "Patient/q"}, "https://ehr.example.org/fhir/Patient/q"),
        ({"reference": "urn:uuid:7"}, "urn:uuid:7"),
        ({"identifier": {"system": "https://ehr.example.org/mrn", "value": "77"}}, ""),
        ({"reference": "Patient?identifier=https://ehr.example.org/mrn|77"}, ""),
    ],
)
def test_a_reference_is_followed(reference: dict[str, Any], url: str) -> None:
    sent = bundle({**ORDER, "subject": reference}, PATIENT, urls=("", url))
    assert order(sent).columns["patient_last_name"] == "Sample"


def test_what_is_contained_is_found_in_its_own_container() -> None:
    organization = {"resourceType": "Organization", "id": "o", "name": "North Clinic"}
    role = {"resourceType": "PractitionerRole", "id": "r", "organization": {"reference": "#o"}}
    sent = ORDER | {
        "subject": {"reference": "#p"},
        "requester": {"reference": "#r"},
        "contained": [PATIENT, role, organization],
    }
    columns = order(sent).columns
    assert (columns["patient_first_name"], columns["referrer_organization"]) == ("Ana", "North Clinic")


def test_who_did_not_come_along_is_known_by_how_they_are_displayed() -> None:
    sent = ORDER | {
        "subject": {"reference": "Patient/9", "display": "Ana Sample"},
        "requester": {"display": "Dr. Example"},
    }
    columns = order(sent).columns
    assert (columns["patient_full_name"], columns["referrer_name"]) == ("Ana Sample", "Dr. Example")


@pytest.mark.parametrize(
    ("telecom", "phone"),
    [
        ([("1", {"rank": 2}), ("2", {"rank": 1})], "2"),
        ([("1", {"use": "work"}), ("2", {"use": "mobile"})], "2"),
        ([("1", {"use": "old"}), ("2", {})], "2"),
        ([("1", {"period": {"end": "2026-11-19"}}), ("2", {"use": "work"})], "2"),
        ([("1", {"period": {"end": "2026-11-20"}}), ("2", {"use": "work"})], "1"),
        ([("1", {"period": {"start": "2027-01-01"}}), ("2", {"use": "work"})], "2"),
    ],
)
def test_the_number_that_holds_today_comes_first(telecom: list[tuple[str, dict[str, Any]]], phone: str) -> None:
    numbers = [{"system": "phone", "value": f"312-555-010{end}", **more} for end, more in telecom]
    assert of_patient(telecom=numbers)["phone"] == f"312-555-010{phone}"


@pytest.mark.parametrize(
    ("more", "columns"),
    [
        ({"name": [{"use": "old", "family": "Was"}, {"use": "official", "family": "Is"}]}, {"patient_last_name": "Is"}),
        ({"telecom": [{"value": "312-555-0147"}, {"system": "Email", "value": "ana@example.org"},
                      {"system": "other", "value": "radio: ana"}]},
         {"phone": "312-555-0147", "email": "ana@example.org", "extra.other ways to reach them": "radio: ana"}),
        ({"birthDate": "1960-01"}, {"patient_birth_date": "1960-01"}),
        ({"gender": "female"}, {"sex": "female"}),
        ({"communication": [{"language": {"coding": [{"code": "es-MX"}]}, "preferred": True}]}, {"language": "es"}),
        ({"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/patient-interpreterRequired",
                         "valueBoolean": True}]}, {"interpreter_needed": "yes"}),
        ({"address": [{"use": "old", "city": "Was"}, {"city": "Is", "line": ["1 A St", "Apt 2"]}]},
         {"city": "Is", "address": "1 A St, Apt 2"}),
    ],
)  # fmt: skip
def test_of_a_patient(more: dict[str, Any], columns: dict[str, str]) -> None:
    assert of_patient(**more).items() >= columns.items()


PAYER = {"resourceType": "Coverage", "status": "active", "beneficiary": {"reference": "Patient/p"},
         "payor": [{"display": "Aetna"}],
         "class": [{"type": {"coding": [{"code": "plan"}]}, "value": "PPO"}]}  # fmt: skip


@pytest.mark.parametrize(
    ("beside", "more", "columns"),
    [
        ((), {"priority": "stat"}, {"timeline": "stat: immediately", "extra.priority": "stat"}),
        ((), {"occurrencePeriod": {"end": "2026-12-24"}}, {"timeline": "by 2026-12-24"}),
        ((), {"occurrenceTiming": {"event": ["2026-12-04T09:00:00Z"]}}, {"timeline": "on 2026-12-04"}),
        ((), {"text": {"status": "additional", "div": "<p>Limps</p>"}}, {"referral_reason": "Limps"}),
        (({"resourceType": "Composition", "author": [{"display": "Dr. Example"}]},), {},
         {"referrer_name": "Dr. Example"}),
        ((), {"reasonCode": [{"text": "Pain"}], "note": [{"text": "At night."}]},
         {"referral_reason": "Pain\nAt night."}),
        (({"resourceType": "Condition", "id": "c", "code": {"coding": [{"display": "Gonarthrosis"}]}},),
         {"reasonReference": [{"reference": "Condition/c"}]}, {"referral_reason": "Gonarthrosis"}),
        (({"resourceType": "Observation", "id": "o", "code": {"text": "BMI"}, "valueQuantity": {"value": 31}},),
         {"supportingInfo": [{"reference": "Observation/o"}]}, {"referral_reason": "BMI: 31"}),
        ((PAYER,), {}, {"payer": "Aetna", "plan": "PPO"}),
        ((PAYER | {"status": "cancelled"},), {}, {}),
        ((), {"intent": "order"}, {"has_order": "yes", "has_referral": "yes"}),
    ],
)  # fmt: skip
def test_of_an_order(beside: tuple[dict[str, Any], ...], more: dict[str, Any], columns: dict[str, str]) -> None:
    assert of_order(*beside, **more).items() >= columns.items()


def test_a_plan_is_no_order() -> None:
    assert "has_order" not in of_order(intent="plan")


@pytest.mark.parametrize(
    ("requester", "intent", "type_", "referred"),
    [
        ({"reference": "Patient/p"}, "proposal", "patient", None),
        ({"reference": "Patient/9"}, "plan", "patient", None),
        ({"type": "RelatedPerson", "display": "Inés Sample"}, "proposal", "patient", None),
        ({"reference": "Patient/p"}, "order", "referral", "yes"),
        ({"reference": "Practitioner/9"}, "proposal", "referral", "yes"),
    ],
)
def test_a_wish_of_the_patients_own_is_no_referral(
    requester: dict[str, Any], intent: str, type_: str, referred: str | None
) -> None:
    told = of_order(requester=requester, intent=intent)
    assert (told["type"], told.get("has_referral")) == (type_, referred)
    assert "referrer_name" not in told


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ({"text": "Pain", "coding": [{"display": "Pain"}, {"display": "pain"}]}, "Pain"),
        ({"text": "Lumbar pain", "coding": [{"display": "Lumbar pain, chronic"}]}, "Lumbar pain, chronic"),
        ({"text": "Ear", "coding": [{"display": "Hearing loss"}]}, "Ear (Hearing loss)"),
        ({"coding": [{"display": "A"}, {"display": "B"}, {"display": "C"}]}, "A (B; C)"),
        ({"coding": [{"code": "M54.16"}]}, "M54.16"),
    ],
)
def test_what_adds_nothing_is_said_once(said: dict[str, Any], meant: str) -> None:
    assert of_order(reasonCode=[said])["referral_reason"] == meant


ABOUT = {"about": [{"reference": "ServiceRequest/o"}]}
LETTER = {"contentType": "text/plain", "title": "letter.txt", "data": "U2VlbiAxIERlYy4="}


@pytest.mark.parametrize(
    ("beside", "reason"),
    [
        ({"resourceType": "Communication", "payload": [{"contentString": "Mornings."}], **ABOUT}, "Mornings."),
        ({"resourceType": "Communication", "payload": [{"contentString": "By text."}], "note": [{"text": "Please."}],
          "subject": {"reference": "Patient/p"}}, "Please.. By text."),
        ({"resourceType": "Communication", "payload": [{"contentAttachment": LETTER}], **ABOUT}, "Seen 1 Dec."),
        ({"resourceType": "DocumentReference", "content": [{"attachment": LETTER}]}, "Seen 1 Dec."),
        ({"resourceType": "Composition", "subject": {"reference": "Patient/p"},
          "section": [{"title": "Plan", "text": {"div": "<div>Needs <b>MRI</b> &amp; rest</div>"}}]},
         "Plan: Needs MRI & rest"),
        ({"resourceType": "QuestionnaireResponse", "basedOn": [{"reference": "ServiceRequest/o"}],
          "item": [{"text": "Falls", "answer": [{"valueBoolean": True, "item": [
              {"text": "When", "answer": [{"valueDate": "2026-11"}]}]}]}]}, "Falls: yes. When: 2026-11"),
        ({"resourceType": "ClinicalImpression", "summary": "Stable.", "problem": [{"reference": "ServiceRequest/o"}]},
         "Stable."),
        ({"resourceType": "Communication", "status": "entered-in-error", "payload": [{"contentString": "Wrong."}],
          **ABOUT}, ""),
        ({"resourceType": "Communication", "payload": [{"contentString": "Of another."}],
          "about": [{"reference": "ServiceRequest/9"}], "subject": {"reference": "Patient/9"}}, ""),
    ],
)  # fmt: skip
def test_what_is_written_about_an_order_is_kept(beside: dict[str, Any], reason: str) -> None:
    assert of_order(beside, id="o").get("referral_reason", "") == reason


@pytest.mark.parametrize(
    ("cited", "reason"),
    [
        ({"resourceType": "Observation", "code": {"text": "CRP"}, "valueQuantity": {"value": 5, "comparator": "<"}},
         "CRP: <5"),
        ({"resourceType": "Observation", "code": {"text": "BP"}, "component": [
            {"code": {"text": "systolic"}, "valueQuantity": {"value": 150, "unit": "mmHg"}}]},
         "BP. systolic: 150 mmHg"),
        ({"resourceType": "Observation", "code": {"text": "BMI"}, "status": "entered-in-error"}, ""),
        ({"resourceType": "Condition", "code": {"text": "Stroke"},
          "verificationStatus": {"coding": [{"code": "refuted"}]}}, ""),
        ({"resourceType": "Condition", "code": {"text": "Stroke"},
          "clinicalStatus": {"coding": [{"code": "resolved"}]}}, "Stroke (resolved)"),
        ({"resourceType": "MedicationRequest", "medicationCodeableConcept": {"text": "Warfarin"}}, "Warfarin"),
    ],
)  # fmt: skip
def test_what_is_cited_is_told_as_it_holds(cited: dict[str, Any], reason: str) -> None:
    of_it = [{"reference": f"{cited['resourceType']}/c"}]
    assert of_order({**cited, "id": "c"}, supportingInfo=of_it).get("referral_reason", "") == reason


def test_what_is_known_of_the_patient_is_carried_along() -> None:
    allergy = {"resourceType": "AllergyIntolerance", "patient": {"reference": "Patient/p"},
               "code": {"text": "Latex"}}  # fmt: skip
    told = of_order(allergy)
    assert (told["extra.came along"], "referral_reason" in told) == ("AllergyIntolerance: Latex", False)


def test_of_two_patients_each_has_their_own_letters() -> None:
    other = {**PATIENT, "id": "q"}
    letters = [
        {"resourceType": "DocumentReference", "subject": {"reference": f"Patient/{who}"},
         "content": [{"attachment": {"title": f"{who}.pdf"}}]}
        for who in "pq"
    ]  # fmt: skip
    sent = bundle(ORDER, {**ORDER, "subject": {"reference": "Patient/q"}}, PATIENT, other, *letters)
    assert [order(sent, nth).columns["extra.attachments"] for nth in (0, 1)] == ["p.pdf", "q.pdf"]


def test_names_and_numbers_of_each_role_are_kept() -> None:
    told = of_order(
        {"resourceType": "Practitioner", "id": "d",
         "name": [{"use": "old", "family": "Was"}, {"family": "Example", "given": ["Dora"]}]},
        {"resourceType": "PractitionerRole", "id": "r", "practitioner": {"reference": "Practitioner/d"},
         "organization": {"reference": "Organization/h"}},
        {"resourceType": "Organization", "id": "h", "name": "North Clinic",
         "contact": [{"name": {"text": "Tam Sample"}, "telecom": [{"system": "phone", "value": "312-555-0149"}]}]},
        requester={"reference": "PractitionerRole/r"},
        performer=[{"reference": "PractitionerRole/r"}],
    )  # fmt: skip
    assert told["referrer_name"] == "Dora Example"
    assert (told["referrer_phone"], told["extra.referrer contacts"]) == ("312-555-0149", "Tam Sample")
    assert told["extra.meant for"] == "Dora Example, North Clinic"


@pytest.mark.parametrize("status", ["draft", "on-hold", "completed"])
def test_what_is_not_to_be_done_for_now_says_why(status: str) -> None:
    assert order(ORDER | {"status": status}).idle


def test_a_byte_order_mark_is_no_word() -> None:
    assert fhir.message_of(b"\xef\xbb\xbf" + orjson.dumps(ORDER)).requests


@pytest.mark.parametrize(("born", "asks_for"), [("2008-11-21", "child"), ("2008-11-20", "patient")])
def test_a_mother_speaks_for_a_child_until_it_is_of_age(born: str, asks_for: str) -> None:
    mother = {
        "resourceType": "RelatedPerson",
        "patient": {"reference": "Patient/p"},
        "relationship": [{"coding": [{"code": "MTH"}]}],
        "name": [{"family": "Sample", "given": ["Inés"]}],
    }
    columns = order(bundle(ORDER, PATIENT | {"birthDate": born}, mother)).columns
    assert columns["asks_for"] == asks_for
    assert "Inés" in columns.get("first_name", columns.get("extra.contacts", ""))


PLAC = {"coding": [{"code": "PLAC"}]}


def test_an_order_is_known_by_its_placers_identifiers() -> None:
    identifiers = [{"system": "s", "value": "1"}, {"type": PLAC, "system": "s", "value": "2"}]
    task = {"resourceType": "Task", "focus": {"reference": "ServiceRequest/o"}, "identifier": [{"value": "t"}]}
    assert order(bundle({**ORDER, "id": "o", "identifier": identifiers}, PATIENT, task)).names == (
        "order s|2",
        "task |t",
    )
    assert order(bundle(ORDER | {"identifier": identifiers[:1]}, PATIENT)).names == ("order s|1",)


@pytest.mark.parametrize(("status", "task"), [("revoked", "requested"), ("active", "cancelled")])
def test_it_is_taken_back_by_the_order_or_its_task(status: str, task: str) -> None:
    told = order(bundle(ORDER | {"status": status}, PATIENT, {"resourceType": "Task", "status": task}))
    assert told.withdrawn


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ([], "structure"),
        ({}, "structure"),
        ({"resourceType": "Patient"}, "not-supported"),
        (bundle(PATIENT), "required"),
        ({"resourceType": "ServiceRequest"}, "required"),
        (ORDER | {"modifierExtension": [{"url": "x"}]}, "extension"),
        (bundle(ORDER, PATIENT | {"name": [{"modifierExtension": [{"url": "x"}]}]}), "extension"),
        (bundle(ORDER | {"subject": {"reference": "Group/g"}}, {"resourceType": "Group", "id": "g"}), "not-supported"),
        (ORDER | {"subject": {"type": "Group", "display": "Ward 7"}}, "not-supported"),
        (bundle(*[ORDER] * 51), "too-costly"),
        (ORDER | {"intent": "referral"}, "code-invalid"),
        (ORDER | {"intent": "Order"}, "code-invalid"),
        (ORDER | {"status": "new"}, "code-invalid"),
        ({name: said for name, said in ORDER.items() if name != "status"}, "required"),
        ({name: said for name, said in ORDER.items() if name != "intent"}, "required"),
        (bundle(ORDER, {"resourceType": "Task", "status": "canceled"}), "code-invalid"),
        ({"resourceType": "Task", "status": "canceled"}, "code-invalid"),
        *[
            (bundle(ORDER) | {"type": type_}, code)
            for type_, code in (
                ("searchset", "not-supported"),
                ("history", "not-supported"),
                ("batch-response", "not-supported"),
                ("bundle", "code-invalid"),
                ("", "required"),
            )
        ],
    ],
)
def test_what_cannot_be_understood_says_why(value: Any, code: str) -> None:
    with pytest.raises(fhir.NotRead) as refused:
        order(value)
    assert refused.value.code == code


def test_a_modifier_in_what_is_not_looked_at_changes_nothing() -> None:
    assert order(bundle(ORDER, PATIENT, {"resourceType": "Basic", "modifierExtension": [{"url": "x"}]})).columns


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NAMES = sorted(
    {name for one in (ORDER, PATIENT, PAYER) for name in one}
    | {"contained", "requester", "note", "telecom", "insurance"}
)


@settings(max_examples=80, deadline=None, derandomize=True, database=None)
@given(st.dictionaries(st.sampled_from(NAMES), JSON), st.dictionaries(st.sampled_from(NAMES), JSON), JSON)
def test_whatever_stands_where_it_should_not_is_passed_over(one: Any, other: Any, entry: Any) -> None:
    for value in (bundle(ORDER | one, PATIENT | other), {**bundle(ORDER), "entry": entry}, ORDER | one):
        try:
            told = order(value)
        except fhir.NotRead:
            continue
        assert all(isinstance(text, str) and text for text in told.columns.values())
