"""Who asks again joins what they asked; another need is another lead; what is unsure waits for a look. (promise A8)"""

import orjson
import pytest

from leadwell.server.access.models import Organization
from leadwell.server.conftest import Clinic
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.draining import drain
from leadwell.server.intake.ledger import ledger_of
from leadwell.server.intake.models import State, Submission
from leadwell.server.leads.models import Assessment, Event, Joined, Lead
from leadwell.server.leads.queries import columns_of, current_assessment
from leadwell.server.people.linking import linked
from leadwell.server.people.models import Doubt, Person, PersonLink, Relation

pytestmark = pytest.mark.django_db(databases="__all__")

KNEE = {
    "full_name": "Anabel Quillfeather",
    "phone": "312-555-0147",
    "email": "anabel@example.com",
    "birth_date": "1961-03-14",
    "message": "I want a knee replacement, the referral is there",
}


def sent(clinic: Clinic, *columns: dict[str, str], at_once: bool = False) -> list[Submission]:
    """Each taken in before the next, unless `at_once`; in the order sent."""
    numbers = []
    for one in columns:
        numbers += [r.id for r in accept(clinic.number, clinic.source, [Delivery(orjson.dumps(one))])]
        if not at_once:
            drain()
    drain()
    found = Submission.objects.in_bulk(numbers)
    return [found[number] for number in numbers]


def closed(clinic: Clinic) -> bool:
    return ledger_of(Organization.objects.get(pk=clinic.number)).difference == 0


def groups(clinic: Clinic) -> set[frozenset]:
    people = Person.objects.of(clinic.number).values_list("pk", flat=True)
    return set(linked(clinic.number, list(people)).values())


@pytest.mark.parametrize("at_once", [True, False], ids=["together", "one by one"])
def test_the_same_word_for_word_joins_and_the_ledger_closes(lakeside: Clinic, at_once: bool) -> None:
    first, again = sent(lakeside, KNEE, KNEE | {"page": "/knee"}, at_once=at_once)
    (lead,) = Lead.objects.all()
    states = {first.state, again.state}
    assert states == {State.ASSESSED, State.JOINED}
    assert {first.lead, again.lead} == {lead.pk}
    assert (lead.joined, Joined.objects.get().new, Assessment.objects.count()) == (1, False, 1)
    assert len(groups(lakeside)) == 1
    assert PersonLink.objects.get().linked_by == "engine"
    assert closed(lakeside)


def test_new_words_join_too_and_the_lead_is_judged_by_them(lakeside: Clinic) -> None:
    sent(lakeside, KNEE, KNEE | {"message": "The knee again: now I have crushing chest pain and cannot breathe"})
    (lead,) = Lead.objects.all()
    assert lead.safety == "emergency"
    assert columns_of(lead)["message"].startswith(KNEE["message"])
    assert "crushing chest pain" in columns_of(lead)["message"]
    assert Event.objects.filter(lead=lead, name="lead.joined").get().codes["new"] == "yes"
    assert Assessment.objects.filter(lead=lead).count() == 2
    assert closed(lakeside)


@pytest.mark.parametrize("words", ["returning your call", "You called me, I am 61 and my zip is 60606, Medicare"])
def test_who_returns_our_call_joins_what_they_asked_for(lakeside: Clinic, words: str) -> None:
    sent(lakeside, KNEE)
    (again,) = sent(lakeside, KNEE | {"message": words})
    lead = Lead.objects.get()
    assert (again.state, lead.type, lead.disposition != "redirect") == ("joined", "patient", True)


def test_another_need_is_another_lead_of_the_same_person(lakeside: Clinic) -> None:
    sent(lakeside, KNEE, KNEE | {"message": "Now my shoulder: I need physical therapy", "service": "physical-therapy"})
    first, second = Lead.objects.order_by("received_at")
    assert second.same_person_as == first.pk
    assert current_assessment(lakeside.number, second.pk)["same_person_as"] == str(first.pk)
    assert len(groups(lakeside)) == 1


def test_who_may_be_the_same_stays_two_and_waits_for_a_look(lakeside: Clinic) -> None:
    home = {"full_name": "Robert Johnson", "zip": "60201", "address": "12 Elm Street", "city": "Evanston"}
    sent(lakeside, KNEE | home | {"phone": "", "email": ""}, KNEE | home | {"phone": "", "email": "", "birth_date": ""})
    doubt = Doubt.objects.get()
    first, second = Lead.objects.order_by("received_at")
    assert (second.may_repeat, second.disposition) == (first.pk, "review")
    assert {doubt.one, doubt.other} == {first.person_id, second.person_id}
    assert not PersonLink.objects.exists()


REFERRAL = {
    "patient_full_name": "Anabel Quillfeather",
    "patient_birth_date": "1961-03-14",
    "referrer_name": "Dr. Sample",
    "referrer_organization": "Sample Clinic",
    "phone": "312-555-0147",
    "referral_reason": "Knee replacement, please evaluate",
    "message": "Please see our patient for a knee replacement",
}


@pytest.mark.parametrize("order", [(KNEE, REFERRAL), (REFERRAL, KNEE)], ids=["form first", "referral first"])
def test_a_referral_and_a_form_become_one_lead_and_the_referrer_stays_on_it(lakeside: Clinic, order: tuple) -> None:
    sent(lakeside, *order)
    (lead,) = Lead.objects.all()
    assert columns_of(lead)["referrer_name"] == "Dr. Sample"
    assert columns_of(lead)["email"] == "anabel@example.com"
    assert closed(lakeside)


def test_a_mother_who_asks_for_her_child_is_another_person_of_the_same_lead(lakeside: Clinic) -> None:
    child = KNEE | {"patient_full_name": "Mara Quillfeather", "patient_birth_date": "2014-05-02", "birth_date": ""}
    sent(lakeside, KNEE, child | {"relationship": "mother", "message": "My daughter needs her knee looked at"})
    relation = Relation.objects.get()
    first, second = Lead.objects.order_by("received_at")
    assert second.person_id == relation.patient_id
    assert linked(lakeside.number, [first.person_id])[first.person_id] == {first.person_id, relation.asker_id}
    assert second.joined == first.joined == 0


def test_two_children_of_one_mother_are_two(lakeside: Clinic) -> None:
    asks = {"full_name": "Rosa Sample", "phone": "312-555-0177", "email": "rosa@example.com", "message": "knee pain"}
    children = [
        {"patient_full_name": f"{name} Sample", "patient_birth_date": "2015-05-02"} for name in ("Lena", "Mara")
    ]
    sent(lakeside, *(asks | child for child in children))
    assert Lead.objects.count() == 2
    lena = Lead.objects.order_by("received_at")[0].person_id
    assert linked(lakeside.number, [lena])[lena] == {lena}
    askers = set(Relation.objects.values_list("asker", flat=True))
    assert linked(lakeside.number, [min(askers)])[min(askers)] == askers


def test_father_and_son_of_one_name_are_two(lakeside: Clinic) -> None:
    sent(lakeside, KNEE | {"full_name": "John Sample"}, KNEE | {"full_name": "John Sample", "birth_date": "1992-08-01"})
    assert Lead.objects.count() == 2
    assert len(groups(lakeside)) == 2
