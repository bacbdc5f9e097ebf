"""Who was stopped and asks again for the same need may be answered, whichever of their records is asked about."""

from datetime import timedelta

import orjson
import pytest
from django.test import Client

from leadwell.server.calls.actions import begin
from leadwell.server.conftest import Clinic, member
from leadwell.server.consent.actions import stop
from leadwell.server.consent.glance import glances
from leadwell.server.consent.models import Inquiry
from leadwell.server.consent.queries import known, known_of
from leadwell.server.consent.saying import Saying
from leadwell.server.consent.telling import gate
from leadwell.server.consent.tests.test_known import ANA, ANOTHER_NEED, CLOSED, NOON, OPEN, answers, lead
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.draining import drain
from leadwell.server.leads.actions import make_own
from leadwell.server.leads.models import Joined, Lead
from leadwell.server.people.linking import links_among, undo
from leadwell.server.privacy.held import erase

pytestmark = [pytest.mark.django_db(databases="__all__"), pytest.mark.usefixtures("at_noon")]


def _asks_again(clinic: Clinic, **more: str):
    """Asks, stops us, asks again for the same: the lead, and the person of the record that joined it."""
    first = lead(clinic, birth_date="1961-04-12")
    stop(clinic.number, first.person_id, Saying("staff", "user:1", at=NOON - timedelta(hours=2)))
    _again(clinic, birth_date="1961-04-12", **more)
    joined = Joined.objects.of(clinic.number).get(lead=first)
    Inquiry.objects.of(clinic.number).filter(person=joined.person_id).update(at=NOON - timedelta(hours=1))
    return first, joined


def _again(clinic: Clinic, **more: str) -> None:
    said = ANA | {"message": "I still need a knee replacement consult"} | more
    accept(clinic.number, clinic.source, [Delivery(orjson.dumps(said))])
    drain()


def test_all_say_yes_by_either_id(lakeside: Clinic) -> None:
    first, joined = _asks_again(lakeside)
    for who in (first.person_id, joined.person_id):
        assert answers(lakeside, who) == OPEN
        assert [one.state for one in gate(lakeside.number, who, "care-request", visible=True).lines] == ["yes"] * 3
    column = glances(lakeside.number, [(first.person_id, "care-request")], NOON)[first.person_id, "care-request"]
    assert [one.state for one in column.lines] == ["yes"] * 3
    assert begin(lakeside.number, first.pk, actor=member(lakeside.organization, "coordinator").actor).attempt


@pytest.mark.parametrize("automated", ["true", "false"])
def test_the_api_says_the_same_by_either_id_and_a_machine_stays_stopped(lakeside: Clinic, automated: str) -> None:
    """DA 26-12: whoever stopped us is answered by a human being."""
    told = []
    for who in (one.person_id for one in _asks_again(lakeside)):
        said = Client().get(
            f"/api/v1/people/{who}/may-contact", {"automated": automated},
            headers={"Authorization": f"Bearer {lakeside.key}"},
        ).json()  # fmt: skip
        told.append({name: one["answer"] for name, one in said["channels"].items()})
    assert told == [CLOSED if automated == "true" else OPEN] * 2


def test_it_is_answered_at_the_addresses_that_were_given_with_it_and_at_no_other(lakeside: Clinic) -> None:
    first, joined = _asks_again(lakeside, phone="312-555-0163")
    for who in (first.person_id, joined.person_id):
        assert answers(lakeside, who, address="312-555-0163")["call"] == "yes"
        assert answers(lakeside, who, address=ANA["phone"])["call"] == "never"


def test_a_number_that_came_with_the_second_request_alone_may_be_called(lakeside: Clinic) -> None:
    first = lead(lakeside, phone="", birth_date="1961-04-12")
    _again(lakeside, birth_date="1961-04-12")
    joined = Joined.objects.of(lakeside.number).get(lead=first)
    Inquiry.objects.of(lakeside.number).filter(person=joined.person_id).update(at=NOON - timedelta(hours=1))
    assert answers(lakeside, first.person_id, address=ANA["phone"])["call"] == "yes"
    assert known(lakeside.number, first.person_id).places == known(lakeside.number, joined.person_id).places


def test_what_the_second_alone_gave_permits_nothing_at_no_address_of_the_first(lakeside: Clinic) -> None:
    """Permissions are of the record that gave them; asked about the very address, the request is answered there."""
    first = lead(lakeside, email="", birth_date="1961-04-12")
    _again(lakeside, birth_date="1961-04-12")
    joined = Joined.objects.of(lakeside.number).get(lead=first)
    Inquiry.objects.of(lakeside.number).filter(person=joined.person_id).update(at=NOON - timedelta(hours=1))
    assert answers(lakeside, first.person_id) == {"call": "yes", "text": "yes", "email": "never"}
    assert answers(lakeside, joined.person_id) == OPEN
    assert answers(lakeside, first.person_id, address=ANA["email"])["email"] == "yes"


def test_another_need_of_theirs_permits_nothing_of_the_first(lakeside: Clinic) -> None:
    first = lead(lakeside, birth_date="1961-04-12")
    stop(lakeside.number, first.person_id, Saying("staff", "user:1", at=NOON - timedelta(hours=2)))
    _again(lakeside, birth_date="1961-04-12", message=ANOTHER_NEED)
    other = Lead.objects.of(lakeside.number).exclude(pk=first.pk).get()
    assert len(links_among(lakeside.number, [first.person_id, other.person_id])) == 1
    Inquiry.objects.of(lakeside.number).filter(person=other.person_id).update(at=NOON - timedelta(hours=1))
    assert answers(lakeside, other.person_id) == OPEN
    assert answers(lakeside, first.person_id) == CLOSED


def test_once_they_are_two_again_or_it_is_a_lead_of_its_own_each_has_its_own(lakeside: Clinic) -> None:
    first, joined = _asks_again(lakeside)
    own = make_own(lakeside.number, joined.pk)
    assert own is not None
    assert answers(lakeside, first.person_id) == CLOSED
    assert answers(lakeside, joined.person_id) == OPEN
    found = known(lakeside.number, joined.person_id, now=NOON)
    assert {one.proof for one in found.consents} == {f"lead/{own.pk}"}


def test_an_undone_link_parts_what_they_permit(lakeside: Clinic) -> None:
    first, joined = _asks_again(lakeside)
    for one in links_among(lakeside.number, [first.person_id, joined.person_id]):
        undo(lakeside.number, one.pk, actor="user:1")
    assert answers(lakeside, first.person_id) == CLOSED
    assert answers(lakeside, joined.person_id) == OPEN


def test_whoever_is_erased_permits_nothing_for_the_other(lakeside: Clinic) -> None:
    first, joined = _asks_again(lakeside)
    assert answers(lakeside, first.person_id) == OPEN
    erase(lakeside.number, joined.person_id, actor="x")
    assert answers(lakeside, first.person_id) == CLOSED
    assert Lead.objects.of(lakeside.number).get(pk=first.pk).sealed


def test_many_at_once_are_told_as_each_alone(lakeside: Clinic) -> None:
    both = [one.person_id for one in _asks_again(lakeside)]
    assert known_of(lakeside.number, both, now=NOON) == {one: known(lakeside.number, one, now=NOON) for one in both}
