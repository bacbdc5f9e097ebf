"""What is known of somebody when the gate is asked: permissions of their own, stops of everybody they are one with."""

from datetime import datetime, timedelta

import orjson
import pytest
from django.db import models
from django.utils import timezone

from leadwell import permission, playbook
from leadwell.permission.values import CHANNELS
from leadwell.server.conftest import NOON, Clinic
from leadwell.server.consent.actions import Attempt, Given, Proof, give, note_contact, scopes, stop, withdraw
from leadwell.server.consent.deciding import own_rules
from leadwell.server.consent.models import Contact, Inquiry, Suppression
from leadwell.server.consent.queries import known, known_of
from leadwell.server.consent.saying import Saying
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.draining import drain
from leadwell.server.leads.models import Lead
from leadwell.server.people.linking import link, undo
from leadwell.server.playbooks.actions import publish, upload
from leadwell.server.privacy.held import erase

pytestmark = pytest.mark.django_db(databases="__all__")

ANA = {
    "full_name": "Anabel Quillfeather", "phone": "312-555-0147", "email": "anabel@example.com", "zip": "60601",
    "message": "I need a knee replacement consult",
}  # fmt: skip
ANOTHER_NEED = "I would like physical therapy for my sprained ankle"
STAFF = Saying("staff", "user:1", at=NOON - timedelta(hours=1))  # after every request of these tests


def lead(clinic: Clinic, **columns: str) -> Lead:
    accept(clinic.number, clinic.source, [Delivery(orjson.dumps(ANA | columns))])
    drain()
    made = Lead.objects.of(clinic.number).order_by("-received_at", "-pk")[0]
    Inquiry.objects.of(clinic.number).filter(lead=made.pk).update(at=NOON - timedelta(days=1))
    return made


def person(clinic: Clinic, **columns: str):
    return lead(clinic, **columns).person_id


def answers(clinic: Clinic, who, purpose: str = "care-request", **asked: object) -> dict[str, str]:
    found = known(clinic.number, who, now=NOON, **asked)
    verdicts = {one: permission.may_contact(found, channel=one, purpose=purpose, at=NOON) for one in CHANNELS}
    return {channel: verdict.answer for channel, verdict in verdicts.items()}


OPEN = {"call": "yes", "text": "yes", "email": "yes"}
CLOSED = dict.fromkeys(OPEN, "never")


def test_a_request_permits_its_answer_by_every_channel_that_it_gave(lakeside: Clinic) -> None:
    made = lead(lakeside)
    assert answers(lakeside, made.person_id) == OPEN
    found = known(lakeside.number, made.person_id, now=NOON)
    assert {one.proof for one in found.consents} == {f"lead/{made.pk}"}
    assert found.inquired_at == NOON - timedelta(days=1)


@pytest.mark.parametrize(
    ("left_out", "open_"), [("email", {"call", "text"}), ("phone", {"email"}), ("zip", {"call", "text", "email"})]
)
def test_by_a_channel_that_they_did_not_give_nothing_is_permitted(
    lakeside: Clinic, left_out: str, open_: set[str]
) -> None:
    found = known(lakeside.number, person(lakeside, **{left_out: ""}), now=NOON)
    assert {one.channel for one in found.consents} == open_


@pytest.mark.parametrize(
    ("purpose", "answer"),
    [("care-request", "yes"), ("appointment", "yes"), ("marketing", "never"), ("business", "never")],
)
def test_a_request_permits_its_answer_and_no_more(lakeside: Clinic, purpose: str, answer: str) -> None:
    assert set(answers(lakeside, person(lakeside), purpose).values()) == {answer}


def test_a_business_that_asks_is_answered_about_business(lakeside: Clinic) -> None:
    who = person(lakeside, type="business", organization="Sample Employer", message="drug screening for 40 drivers")
    assert answers(lakeside, who, "business")["email"] == "yes"
    assert answers(lakeside, who, "care-request")["email"] == "never"


def test_where_they_may_be_comes_of_their_zip_and_their_number(lakeside: Clinic) -> None:
    found = known(lakeside.number, person(lakeside, phone="212-555-0147"), now=NOON)
    assert {(one.fact, one.zone) for one in found.places} == {
        ("ZIP", "America/Chicago"), ("area code", "America/New_York"),
    }  # fmt: skip


def test_a_number_in_their_words_counts_as_much_as_one_filled_in(lakeside: Clinic) -> None:
    who = person(lakeside, phone="", message="I need a knee replacement, call me at 212-555-0147")
    found = known(lakeside.number, who, now=NOON)
    assert ("area code", "America/New_York") in {(one.fact, one.zone) for one in found.places}
    assert {one.channel for one in found.consents} == {"call", "text", "email"}


@pytest.mark.parametrize("words", ["I live in Chicago, zip 60606", "vivo en Chicago, código postal 60606"])
def test_a_zip_in_their_words_counts_as_much_as_one_filled_in(lakeside: Clinic, words: str) -> None:
    who = person(lakeside, zip="", phone="415-555-0147", message=f"I need a knee replacement. {words}")
    found = known(lakeside.number, who, now=NOON)
    assert {(one.fact, one.zone) for one in found.places} == {
        ("ZIP", "America/Chicago"), ("area code", "America/Los_Angeles"),
    }  # fmt: skip


def test_a_stop_of_one_address_stops_whoever_is_reached_there(lakeside: Clinic) -> None:
    first, second = person(lakeside), person(lakeside, full_name="Sample Person", email="other@example.com")
    stop(lakeside.number, None, Saying("text", "worker", address="(312) 555-0147", at=NOON))
    for who in (first, second):
        assert answers(lakeside, who) == {"call": "yes", "text": "never", "email": "yes"}


def test_a_stop_of_somebody_is_one_of_their_addresses_whoever_else_is_reached_there(lakeside: Clinic) -> None:
    stop(lakeside.number, person(lakeside), STAFF)
    again = person(lakeside, full_name="A. Quillfeather", email="")
    assert answers(lakeside, again) == {"call": "never", "text": "never", "email": "never"}


def test_a_stop_is_of_one_organisation(lakeside: Clinic, harbor: Clinic) -> None:
    theirs = person(harbor)
    stop(lakeside.number, person(lakeside), STAFF)
    assert answers(harbor, theirs) == OPEN


def test_linked_people_share_every_stop_and_no_permission_and_an_undo_restores_both(lakeside: Clinic) -> None:
    first, second = person(lakeside), person(lakeside, phone="312-555-0199", email="")
    give(lakeside.number, first, Given("email", "marketing", at=NOON), Proof("I agree to news", "form"), actor="user:1")
    stop(lakeside.number, second, STAFF, closes=scopes(["call"]))
    before = answers(lakeside, first), answers(lakeside, second)
    assert (before[0]["call"], before[1]["email"]) == ("yes", "never")
    joined = link(lakeside.number, first, second, actor="user:1")
    assert answers(lakeside, first)["call"] == "never"
    assert answers(lakeside, second, "marketing")["email"] == "never"
    undo(lakeside.number, joined.pk, actor="user:1")
    assert (answers(lakeside, first), answers(lakeside, second)) == before


def test_a_stop_holds_over_a_chain_of_links_also_where_one_of_it_is_erased(lakeside: Clinic) -> None:
    chain = [person(lakeside, phone=f"312-555-01{n}", email="") for n in (47, 48, 49)]
    link(lakeside.number, chain[0], chain[1], actor="user:1")
    link(lakeside.number, chain[1], chain[2], actor="user:1")
    stop(lakeside.number, chain[2], STAFF)
    erase(lakeside.number, chain[1], actor="user:1")
    assert answers(lakeside, chain[0]) == CLOSED


def test_a_consent_for_one_number_holds_for_no_other(lakeside: Clinic) -> None:
    who = person(lakeside, phone_2="312-555-0150")
    stop(lakeside.number, who, STAFF)
    proof = Proof("Yes, text my mobile", "voice", address="312-555-0150")
    give(lakeside.number, who, Given("text", "care-request", at=NOON), proof, actor="user:1")
    later = timezone.now() + timedelta(seconds=2)
    at = {number: known(lakeside.number, who, address=number, now=later) for number in ("312-555-0147", "312-555-0150")}
    assert [len([c for c in found.consents if c.proof.startswith("consent/")]) for found in at.values()] == [0, 1]


def test_at_an_address_that_is_not_theirs_nothing_is_permitted(lakeside: Clinic) -> None:
    assert answers(lakeside, person(lakeside), address="312-555-0151")["call"] == "never"


def test_a_consent_that_was_taken_back_or_has_ended_permits_nothing(lakeside: Clinic) -> None:
    who = person(lakeside)
    given = Given("email", "marketing", at=NOON - timedelta(days=2))
    first = give(lakeside.number, who, given, Proof("I agree to news", "form"), actor="user:1")
    assert answers(lakeside, who, "marketing")["email"] == "yes"
    assert withdraw(lakeside.number, first.pk, actor="user:1")
    assert not withdraw(lakeside.number, first.pk, actor="user:1")
    assert answers(lakeside, who, "marketing")["email"] == "never"
    ended = Given("email", "marketing", at=NOON - timedelta(days=2), until=NOON)
    give(lakeside.number, who, ended, Proof("I agree to news", "form"), actor="user:1")
    assert answers(lakeside, who, "marketing")["email"] == "never"


def test_who_has_stopped_us_and_asks_again_is_answered_by_a_human_being_alone(lakeside: Clinic) -> None:
    stop(lakeside.number, None, Saying("text", "worker", address="312-555-0147", at=NOON - timedelta(days=30)))
    who = person(lakeside)
    assert answers(lakeside, who, automated=False)["text"] == "yes"
    assert answers(lakeside, who, automated=True)["text"] == "never"
    Suppression.objects.update(at=NOON - timedelta(hours=1))
    assert answers(lakeside, who, automated=False)["text"] == "never"


TWO = ("Mona Twofold", "Wren Tobias")


@pytest.mark.parametrize("erased", [(0, 1), (1, 0), (1,)])
def test_what_a_link_had_stopped_stays_stopped_for_each_address_of_whoever_is_erased(
    lakeside: Clinic, erased: tuple[int, ...]
) -> None:
    """A stop is given of the record that somebody looks at; they come again by the address of the other one."""
    two = [person(lakeside, full_name=name, email=f"{name[:4].lower()}@example.org", phone="") for name in TWO]
    link(lakeside.number, *two, actor="user:1")
    stop(lakeside.number, two[0], STAFF)
    for one in erased:
        erase(lakeside.number, two[one], actor="user:1")
    again = person(lakeside, full_name="Mirela Osei", email="wren@example.org", phone="")
    assert answers(lakeside, again, automated=True)["email"] == "never"


def test_an_undone_link_holds_nothing_once_they_are_erased(lakeside: Clinic) -> None:
    two = [person(lakeside, full_name=name, email=f"{name[:4].lower()}@example.org", phone="") for name in TWO]
    made = link(lakeside.number, *two, actor="user:1")
    stop(lakeside.number, two[0], STAFF)
    undo(lakeside.number, made.pk, actor="user:1")
    erase(lakeside.number, two[1], actor="user:1")
    again = person(lakeside, full_name="Mirela Osei", email="wren@example.org", phone="")
    assert answers(lakeside, again, automated=True)["email"] == "yes"


def test_who_is_erased_has_no_permission_left_and_their_stop_stays(lakeside: Clinic) -> None:
    who = person(lakeside)
    give(lakeside.number, who, Given("email", "marketing"), Proof("I agree to news", "form"), actor="user:1")
    stop(lakeside.number, who, STAFF)
    erase(lakeside.number, who, actor="user:1")
    found = known(lakeside.number, who, now=NOON)
    assert (found.consents, len(found.stops)) == ((), 1)
    assert answers(lakeside, person(lakeside)) == CLOSED


def test_attempts_count_for_the_person_the_number_and_whom_they_are_linked_with(lakeside: Clinic) -> None:
    first, second, third = (
        person(lakeside),
        person(lakeside, email=""),
        person(lakeside, phone="312-555-0199", email=""),
    )
    assert note_contact(lakeside.number, first, Attempt("call", "care-request", automated=False), by="user:1", now=NOON)
    link(lakeside.number, first, third, actor="user:1")
    later = NOON + timedelta(hours=1)
    assert [len(known(lakeside.number, who, now=later).contacts) for who in (first, second, third)] == [1, 1, 1]
    Contact.objects.update(at=NOON - timedelta(days=36))
    assert known(lakeside.number, first, now=later).contacts == ()


@pytest.mark.parametrize(("over", "counted"), [("12 days", 0), ("60 days", 2)])
def test_attempts_are_remembered_as_long_as_the_longest_cap_in_force_counts_them(
    lakeside: Clinic, over: str, counted: int
) -> None:
    policy = playbook.find("lakeside-orthopedics").replace(b'attempts = 6\nover = "12 days"', b"attempts = 2\nover = @")
    publish(upload(lakeside.organization, policy.replace(b"@", f'"{over}"'.encode())))
    who = person(lakeside)
    for days in (60, 50, 40):
        made = note_contact(lakeside.number, who, Attempt("email", "care-request", automated=False), by="user:1")
        Contact.objects.filter(pk=made.contact.pk).update(at=NOON - timedelta(days=days, seconds=days == 60))
    found = known(lakeside.number, who, now=NOON)
    assert len(found.contacts) == counted
    said = permission.may_contact(
        found, channel="email", purpose="care-request", at=NOON, playbook=own_rules(lakeside.number)
    )
    assert (said.answer, said.rule) == (("not_before", "playbook") if counted else ("yes", said.rule))


def test_attempts_that_count_no_more_are_not_even_read_and_of_another_playbook_they_are(
    lakeside: Clinic, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries
) -> None:
    """In the same number of questions, once the playbook in force was seen."""
    read: list[datetime] = []
    monkeypatch.setattr(Contact, "from_db", _noting(read))
    policy = playbook.find("lakeside-orthopedics")
    who = person(lakeside)
    made = note_contact(lakeside.number, who, Attempt("email", "care-request", automated=False), by="user:1")
    Contact.objects.filter(pk=made.contact.pk).update(at=NOON - timedelta(days=50))
    known(lakeside.number, who, now=NOON)  # sees what is in force
    read.clear()
    with django_assert_max_num_queries(9):
        assert known(lakeside.number, who, now=NOON).contacts == ()
    assert read == []
    publish(upload(lakeside.organization, policy.replace(b'over = "12 days"', b'over = "60 days"')))
    for _ in range(2):
        assert len(known(lakeside.number, who, now=NOON).contacts) == 1


def _noting(read: list[datetime]):
    def from_db(cls: type[Contact], *row: object) -> Contact:
        made = models.Model.from_db.__func__(cls, *row)
        read.append(made.at)
        return made

    return classmethod(from_db)


def test_many_at_once_are_known_as_each_by_itself_in_the_same_number_of_questions(
    lakeside: Clinic, django_assert_max_num_queries
) -> None:
    names = ["Abel", "Bruno", "Chidi", "Dolores", "Emil", "Farah", "Gustav", "Hilda", "Igor", "Jane", "Kofi", "Lena"]
    people = [
        person(lakeside, full_name=f"{name} {name}son", phone=f"312-555-01{n}", email=f"p{n}@example.com")
        for n, name in enumerate(names, 10)
    ]
    link(lakeside.number, people[0], people[1], actor="user:1")
    stop(lakeside.number, people[1], STAFF)
    stop(lakeside.number, None, Saying("import", "command", address="p15@example.com"), closes=scopes(["email"]))
    give(lakeside.number, people[3], Given("email", "marketing"), Proof("I agree", "form"), actor="user:1")
    note_contact(lakeside.number, people[4], Attempt("call", "care-request", automated=False), by="user:1", now=NOON)
    later = NOON + timedelta(days=2)
    with django_assert_max_num_queries(11):
        found = known_of(lakeside.number, people, now=later)
    assert found == {one: known(lakeside.number, one, now=later) for one in people}
    with django_assert_max_num_queries(11):
        known(lakeside.number, people[0], now=later)
