"""A sender's number says which referral it speaks of, never who the patient is. (promises A2, A8)"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from leadwell.server.conftest import Clinic, browser
from leadwell.server.intake.accepting import accept
from leadwell.server.intake.actions import add_source
from leadwell.server.intake.draining import drain
from leadwell.server.intake.ledger import ledger_of
from leadwell.server.intake.models import State, Submission
from leadwell.server.intake.referred import of_lead
from leadwell.server.intake.sources.hl7v2.door import answer, deliveries
from leadwell.server.leads.models import Event, Lead
from leadwell.server.leads.queries import columns_of

pytestmark = pytest.mark.django_db(databases="__all__")

MESSAGE = (Path(__file__).parent / "captured" / "hl7v2.hl7").read_bytes()
TOMAS = MESSAGE.replace(b"20110402", b"19580314")


def of_another(body: bytes) -> bytes:
    made = body.replace(b"19580314", b"19890911").replace(b"555-0147", b"555-0188").replace(b"555-0149", b"555-0189")
    lines = made.split(b"\r") if b"\r" in made else made.split(b"\n")
    fields = next(line for line in lines if line.startswith(b"PID")).split(b"|")
    pid = b"|".join([*fields[:3], b"X-99", *fields[4:5], b"Quill^Beatrix", *fields[6:]])
    return made.replace(b"|".join(fields), pid)


class Sender:
    def __init__(self, clinic: Clinic, name: str = "North") -> None:
        self.clinic, self.source, self.count = clinic, add_source(clinic.organization, "hl7v2", name), 0

    def sends(self, body: bytes, change: str = "I12", *, reads: bool = True) -> bytes:
        self.count += 1
        body = body.replace(b"M-17", b"M-%d" % self.count).replace(b"REF^I12", f"REF^{change}".encode())
        told = answer(body, self.source, accept(self.clinic.number, self.source.pk, deliveries(body)))
        while reads and drain().submissions:
            pass
        return told


@pytest.fixture
def hospital(lakeside: Clinic) -> Sender:
    return Sender(lakeside)


def names() -> list[str]:
    return [columns_of(one).get("patient_first_name") or columns_of(one)["first_name"] for one in leads()]


def leads() -> list[Lead]:
    return list(Lead.objects.order_by("received_at", "pk"))


@pytest.mark.parametrize("change", ["I12", "I13"])
def test_a_number_that_is_used_for_another_patient_makes_a_lead_of_its_own(
    lakeside: Clinic, hospital: Sender, change: str
) -> None:
    hospital.sends(TOMAS)
    before = columns_of(Lead.objects.get())
    hospital.sends(of_another(TOMAS), change)
    old, new = leads()
    assert columns_of(old) == before
    assert (names()[1], old.person_id == new.person_id) == ("Beatrix", False)
    for one, other in ((old, new), (new, old)):
        page = browser(lakeside.organization, "coordinator").get(reverse("lead", args=[one.pk])).content.decode()
        head = page[: page.index("What now") if "What now" in page else page.index("Who answers")]
        assert "gave the number of this referral to another patient too" in head
        assert reverse("lead", args=[other.pk]) in head
    assert ledger_of(lakeside.number).difference == 0


def test_what_comes_later_belongs_to_whom_of_the_two_it_speaks_of(hospital: Sender) -> None:
    hospital.sends(TOMAS)
    hospital.sends(of_another(TOMAS))
    hospital.sends(of_another(TOMAS).replace(b"555-0189", b"555-0190"), "I13")
    hospital.sends(TOMAS.replace(b"555-0149", b"555-0151"), "I13")
    old, new = leads()
    assert [columns_of(one)["phone"] for one in (old, new)] == ["312-555-0151", "312-555-0190"]
    hospital.sends(TOMAS, "I14")
    assert [of_lead(one).step.name for one in (old, new)] == ["withdrawn", "received"]
    assert b"RF1|E" in hospital.sends(TOMAS, "I15")
    assert b"RF1|P" in hospital.sends(of_another(TOMAS), "I15")


@pytest.mark.parametrize(("before", "stands"), [
    (["I12"], b"RF1|P"), (["I12", "I14"], b"RF1|E"), (["I12", "I14", "I13"], b"RF1|P"), (["I14"], b"not known"),
])  # fmt: skip
def test_who_asks_before_anybody_has_read_is_told_what_they_said(
    hospital: Sender, before: list[str], stands: bytes
) -> None:
    hospital.sends(of_another(TOMAS), reads=False)
    for change in before:
        hospital.sends(TOMAS, change, reads=False)
    told = hospital.sends(TOMAS, "I15", reads=False)
    assert stands in told
    assert (b"not known" in told) is (stands == b"not known")
    assert b"RF1|P" in hospital.sends(of_another(TOMAS), "I15", reads=False)


def test_what_takes_back_a_referral_of_another_patient_waits_for_somebody(hospital: Sender) -> None:
    hospital.sends(TOMAS)
    hospital.sends(of_another(TOMAS), "I14")
    waits = Submission.objects.get(state=State.NEEDS_MENDING)
    assert waits.problem == "it takes back a referral whose patient is another than ours"
    assert (Lead.objects.get().resting, Event.objects.filter(name="referral.withdrawn").count()) == ("", 0)


def test_of_two_patients_of_one_number_none_is_withdrawn_by_the_number_alone(hospital: Sender) -> None:
    hospital.sends(TOMAS)
    hospital.sends(of_another(TOMAS))
    alone = b"\r".join(line for line in TOMAS.splitlines() if line[:3] in (b"MSH", b"RF1"))
    hospital.sends(alone, "I14")
    waits = Submission.objects.get(state=State.NEEDS_MENDING)
    assert "its number is that of two patients" in waits.problem


def test_the_number_alone_withdraws_the_only_referral_that_bears_it(hospital: Sender) -> None:
    hospital.sends(TOMAS)
    hospital.sends(b"\r".join(line for line in TOMAS.splitlines() if line[:3] in (b"MSH", b"RF1")), "I14")
    assert Lead.objects.get().resting == "withdrawn"


def test_after_the_first_of_two_patients_was_erased_the_number_is_the_others(hospital: Sender) -> None:
    hospital.sends(TOMAS)
    hospital.sends(of_another(TOMAS))
    old, new = leads()
    Lead.objects.filter(pk=old.pk).update(sealed=b"")
    hospital.sends(of_another(TOMAS).replace(b"555-0189", b"555-0190"), "I13")
    hospital.sends(TOMAS, "I13")
    assert Submission.objects.filter(state=State.RECEIVED).count() == 0
    assert columns_of(Lead.objects.get(pk=new.pk))["phone"] == "312-555-0190"
    assert Lead.objects.exclude(pk__in=(old.pk, new.pk)).count() == 1


def test_two_patients_of_one_number_that_are_read_together_are_two_leads(hospital: Sender) -> None:
    for body in (TOMAS, of_another(TOMAS), TOMAS.replace(b"555-0149", b"555-0151")):
        hospital.sends(body, reads=False)
    while drain().submissions:
        pass
    old, _ = leads()
    assert (len(names()), columns_of(old)["phone"]) == (2, "312-555-0151")
    assert Event.objects.filter(name="referral.numbered").count() == 2


def test_what_takes_back_a_referral_waits_for_it_where_that_is_read_later(hospital: Sender) -> None:
    for change in ("I12", "I14"):
        hospital.sends(TOMAS, change, reads=False)
    first, last = Submission.objects.order_by("pk")
    later = timezone.now() + timedelta(minutes=1)
    Submission.objects.filter(pk=first.pk).update(due_at=later)  # another worker is at it, or it is tried again
    drain()
    assert Submission.objects.get(pk=last.pk).state == State.RECEIVED
    Submission.objects.update(due_at=timezone.now())
    while drain().submissions:
        pass
    assert Lead.objects.get().resting == "withdrawn"


def test_a_third_patient_of_one_number_is_a_third_lead(hospital: Sender) -> None:
    third = TOMAS.replace(b"19580314", b"19430127").replace(b"555-014", b"555-017")
    third = third.replace(b"Sample^Tom\xc3\xa1s^Luis", b"Zorn^Rufus^")
    for body in (TOMAS, of_another(TOMAS), third):
        hospital.sends(body)
    assert len(set(names())) == 3


def test_a_number_of_one_source_is_none_of_another(lakeside: Clinic, hospital: Sender) -> None:
    hospital.sends(TOMAS)
    Sender(lakeside, "South").sends(of_another(TOMAS))
    assert (Lead.objects.count(), Event.objects.filter(name="referral.numbered").count()) == (2, 0)
