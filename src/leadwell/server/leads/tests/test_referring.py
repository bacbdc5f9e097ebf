"""A coordinator mails several referrals in prose: each patient is a lead of their own. (promises A3, B8)"""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from typing import Any
from uuid import uuid4

import orjson
import pytest

from leadwell.server.conftest import Clinic
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.actions import add_source
from leadwell.server.intake.draining import drain
from leadwell.server.leads.models import Joined, Lead
from leadwell.server.leads.queries import columns_of, current_assessments
from leadwell.server.people.finding import found, understood
from leadwell.server.people.models import PersonToken

pytestmark = pytest.mark.django_db(databases="__all__")

YOLANDA = "Yolanda Brisk <yolanda@hillside.example.org>"
SIGNED = "Yolanda, Hillside Clinic 847-555-0120"
BERTRAM = f"Hello, we would like to refer our patient Bertram Oxenford for a knee replacement. Medicare. {SIGNED}"
GUINEVERE = f"Please see our patient Guinevere Sharpless for right knee replacement evaluation. {SIGNED}"
OCTAVIAN = f"Referral for patient Octavian Nunley: knee replacement consult, his cell is 773-555-0197. {SIGNED}"
PRUDENCE = f"Our patient Prudence Wills needs a knee replacement. She can be reached at 773-555-0198. {SIGNED}"
NOBODY = f"We have a patient who needs a knee replacement. Please call our office. {SIGNED}"


class Arriving:
    def __init__(self, clinic: Clinic) -> None:
        self.organization = clinic.organization
        self.mailbox = add_source(self.organization, "email", "Mail", {}).pk
        self.form = add_source(self.organization, "webhook", "Form", {}).pk

    def mail(self, text: str, *, sender: str = YOLANDA, subject: str = "New referral", **headers: str) -> str:
        message, number = EmailMessage(policy=SMTP_POLICY), f"<{uuid4()}@hillside.example.org>"
        given = {"From": sender, "Subject": subject, "Message-ID": number, **headers}
        for name, value in given.items():
            message[name.replace("_", "-")] = value
        message.set_content(text)
        accept(self.organization.pk, self.mailbox, [Delivery(message.as_bytes(), "message/rfc822")])
        drain()
        return number

    def fill_in(self, **columns: str) -> None:
        accept(self.organization.pk, self.form, [Delivery(orjson.dumps(columns), "application/json")])
        drain()

    def leads(self) -> list[dict[str, Any]]:
        found = Lead.objects.of(self.organization.pk).order_by("received_at", "id")
        return [{**columns_of(lead), "type": lead.type, "dialled": self._dialled(lead)} for lead in found]

    def _dialled(self, lead: Lead) -> str:
        return str(current_assessments(self.organization.pk, [lead])[lead.pk]["contact"]["phone"] or "")


def stays_anas_own(arriving: Arriving, text: str) -> None:
    """Mails these words as Ana's: they make a lead of hers, which names no other patient and no referrer."""
    arriving.mail(text, sender="Ana Ruiz <ana@example.com>", subject="My knee")
    (lead,) = arriving.leads()
    assert (lead["email"], lead["full_name"]) == ("ana@example.com", "Ana Ruiz")
    assert not {"patient_full_name", "referrer_email"} & lead.keys()


@pytest.fixture
def arriving(lakeside: Clinic) -> Arriving:
    return Arriving(lakeside)


def test_each_patient_whom_a_coordinator_names_is_a_lead_of_their_own(arriving: Arriving) -> None:
    for text in (BERTRAM, GUINEVERE, OCTAVIAN, PRUDENCE):
        arriving.mail(text)
    leads = arriving.leads()
    told = [(one["patient_full_name"], one["dialled"]) for one in leads]
    assert told == [
        ("Bertram Oxenford", ""), ("Guinevere Sharpless", ""),
        ("Octavian Nunley", "+17735550197"), ("Prudence Wills", "+17735550198"),
    ]  # fmt: skip
    assert {one["type"] for one in leads} == {"referral"}
    assert {(one["referrer_name"], one["referrer_email"]) for one in leads} == {
        ("Yolanda Brisk", "yolanda@hillside.example.org")
    }
    assert leads[0]["extra.patient named in"] == "our patient Bertram Oxenford"


def test_the_patient_is_known_by_name_and_not_by_the_mailbox_of_who_refers(arriving: Arriving) -> None:
    arriving.mail(BERTRAM)
    (lead,) = Lead.objects.of(arriving.organization.pk)
    kinds = PersonToken.objects.of(arriving.organization.pk).filter(person=lead.person).values_list("kind", flat=True)
    assert "email" not in kinds and "phone" not in kinds
    (one,) = found(arriving.organization.pk, understood("Bertram Oxenford")).people
    assert one.person == lead.person_id


@pytest.mark.parametrize("labelled", [False, True])
def test_two_patients_of_one_birth_date_are_two(arriving: Arriving, labelled: bool) -> None:
    for name, phone in (("Jocasta Prewitt", "312-555-0181"), ("Drusilla Penn", "312-555-0182")):
        if labelled:
            text = (
                f"Referral of our patient\nPatient: {name}\nDOB: 03/14/1958\nPhone: {phone}\nReason: knee replacement"
            )
        else:
            text = f"Please see our patient {name}, DOB 03/14/1958, phone {phone}, for a knee replacement. {SIGNED}"
        arriving.mail(text)
    told = [
        (one["patient_full_name"], one.get("patient_birth_date") or one["birth_date"], one["dialled"])
        for one in arriving.leads()
    ]
    assert told == [
        ("Jocasta Prewitt", "03/14/1958", "+13125550181"),
        ("Drusilla Penn", "03/14/1958", "+13125550182"),
    ]


def test_referrals_that_name_nobody_are_leads_of_their_own(arriving: Arriving) -> None:
    arriving.mail(BERTRAM)
    arriving.mail(NOBODY)
    arriving.mail(NOBODY.replace("a patient", "another patient"))
    assert [one.get("patient_full_name") for one in arriving.leads()] == ["Bertram Oxenford", None, None]


def test_an_answer_of_who_refers_joins_unless_it_names_another_patient(arriving: Arriving) -> None:
    first = arriving.mail(BERTRAM)
    arriving.mail("He would like mornings. Thank you", In_Reply_To=first)
    arriving.mail("Our patient Bertram Oxenford prefers Tuesdays", In_Reply_To=first)
    assert len(arriving.leads()) == 1
    arriving.mail(GUINEVERE, In_Reply_To=first)
    assert [one["patient_full_name"] for one in arriving.leads()] == ["Bertram Oxenford", "Guinevere Sharpless"]


FORM = {"full_name": "Jocasta Prewitt", "zip": "60201", "message": "I want a knee replacement"}
BY_PHONE = {**FORM, "phone": "312-555-0181"}
BY_BIRTH = {**FORM, "birth_date": "1958-03-14"}
MAILED = f"Please see our patient Jocasta Prewitt, DOB 03/14/1958, phone 312-555-0181, for a knee replacement. {SIGNED}"


@pytest.mark.parametrize("form", [BY_PHONE, BY_BIRTH, {**BY_PHONE, **BY_BIRTH}])
@pytest.mark.parametrize("form_first", [True, False])
def test_a_form_and_a_mailed_referral_of_one_patient_are_one_lead(
    arriving: Arriving, form: dict[str, str], form_first: bool
) -> None:
    if form_first:
        arriving.fill_in(**form)
    arriving.mail(MAILED)
    if not form_first:
        arriving.fill_in(**form)
    (lead,) = Lead.objects.of(arriving.organization.pk)
    assert Joined.objects.filter(lead=lead).count() == 1


def test_where_only_the_name_agrees_it_is_no_sure_repeat(arriving: Arriving) -> None:
    arriving.fill_in(**FORM)
    arriving.mail(f"Please see our patient Jocasta Prewitt for a knee replacement. {SIGNED}")
    assert Lead.objects.of(arriving.organization.pk).count() == 2


@pytest.mark.parametrize(
    ("sender", "text"),
    [
        ("Ana Ruiz <ana@example.com>", "My doctor gave me a referral for a knee replacement. When can you see me?"),
        (
            "Ana Ruiz <ana@example.com>",
            "I would like an appointment for my son Tomas Ruiz, he needs an MRI of his knee",
        ),
        ("Ana Ruiz <ana@example.com>", "I am the patient Ana Ruiz and need my referral for a knee replacement"),
    ],
)
def test_who_asks_for_themselves_or_their_own_is_no_referrer(arriving: Arriving, sender: str, text: str) -> None:
    arriving.mail(text, sender=sender)
    (lead,) = arriving.leads()
    assert (lead["email"], lead["full_name"]) == ("ana@example.com", "Ana Ruiz")
    assert not {"patient_full_name", "referrer_email"} & lead.keys()


def test_who_refers_by_a_form_is_no_patient(arriving: Arriving) -> None:
    arriving.fill_in(full_name="Yolanda Brisk", email="y@hillside.example.org", phone="847-555-0120", message=BERTRAM)
    arriving.fill_in(full_name="Yolanda Brisk", email="y@hillside.example.org", phone="847-555-0120", message=GUINEVERE)
    told = [(one["patient_full_name"], one["referrer_phone"], one["dialled"]) for one in arriving.leads()]
    assert told == [("Bertram Oxenford", "847-555-0120", ""), ("Guinevere Sharpless", "847-555-0120", "")]


def test_a_form_whose_fields_are_the_patients_stays_as_it_is(arriving: Arriving) -> None:
    arriving.fill_in(full_name="Bertram Oxenford", phone="312-555-0183", message=BERTRAM)
    (lead,) = arriving.leads()
    assert (lead["full_name"], lead["dialled"]) == ("Bertram Oxenford", "+13125550183")


@pytest.mark.parametrize(
    ("text", "patient", "born"),
    [
        ("Hi team, can you see Mr. Quincy Barge for his hip? Thanks, Yolanda", "Quincy Barge", None),
        ("Paciente: María López Ruiz\nMotivo: rodilla", "María López Ruiz", None),
        ("Les refiero a nuestra paciente Rosa Elena Campos, nacida el 3/4/1950", "Rosa Elena Campos", "3/4/1950"),
    ],
)
def test_however_it_is_said_the_patient_is_whom_it_names(
    arriving: Arriving, text: str, patient: str, born: str | None
) -> None:
    arriving.mail(text)
    (lead,) = arriving.leads()
    assert (lead["patient_full_name"], lead.get("patient_birth_date"), lead["type"]) == (patient, born, "referral")
    assert (lead["referrer_name"], lead.get("full_name"), lead.get("email")) == ("Yolanda Brisk", None, None)


def test_a_mailbox_that_a_line_names_is_the_patients(arriving: Arriving) -> None:
    arriving.mail("We refer our patient\nPatient: Paula Ambrose\nEmail: paula@example.com\nReason: knee replacement")
    (lead,) = arriving.leads()
    assert (lead["email"], lead["referrer_email"]) == ("paula@example.com", "yolanda@hillside.example.org")
