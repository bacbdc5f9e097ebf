"""A second telephone number finds who gave it, and a stop of it reaches them, as of the first."""

import pytest

from leadwell.server.conftest import Clinic
from leadwell.server.consent.actions import LookedUp, note_look_ups, stop
from leadwell.server.consent.models import Suppression
from leadwell.server.consent.queries import history_of, people_at
from leadwell.server.consent.saying import Saying
from leadwell.server.consent.tests.test_known import ANOTHER_NEED, CLOSED, OPEN, answers, lead, person
from leadwell.server.outreach.models import Message
from leadwell.server.outreach.tests.sent import queued
from leadwell.server.people.finding import found, understood
from leadwell.server.people.linking import links_among
from leadwell.server.people.models import PersonToken
from leadwell.server.people.queries import others_of
from leadwell.server.privacy.held import erase, receipt, subject_of
from leadwell.server.privacy.keyring import keyring
from leadwell.server.privacy.rotation import new_version, reseal
from leadwell.server.privacy.tokens import Blind

pytestmark = pytest.mark.django_db(databases="__all__")

SECOND = "312-555-0150"


def _marks() -> list[bytes]:
    return [
        bytes(one) for one in PersonToken.objects.filter(kind="phone").order_by("pk").values_list("token", flat=True)
    ]


def test_a_stop_of_it_reaches_them_and_what_waits_for_them(lakeside: Clinic) -> None:
    asked = lead(lakeside, phone_2=SECOND)
    message = queued(lakeside, "anabel@example.com", lead=asked)
    stop(lakeside.number, None, Saying("api", "key:1", address=SECOND))
    assert answers(lakeside, asked.person_id) == CLOSED
    assert Message.objects.get(pk=message.pk).state == "cancelled"
    assert [one.name for one in history_of(lakeside.number, asked.person_id)] == ["stop.given"]
    assert "address.stopped" in {one["did"] for one in receipt(subject_of(lakeside.number, asked.person_id))}


def test_whoever_is_known_by_it_alone_is_found(lakeside: Clinic) -> None:
    asked = lead(lakeside, phone="", email="", phone_2=SECOND)
    other = lead(
        lakeside, phone="312-555-0163", phone_2=SECOND, full_name="Barnaby Quillfeather", email="b@example.com"
    )
    both = [asked.person_id, other.person_id]
    assert {one.person for one in found(lakeside.number, understood(SECOND)).people} == set(both)
    assert [one.shares for one in others_of(lakeside.number, asked.person_id)] == [("telephone",)]
    token = Blind(lakeside.number).token("phone", "+13125550150")
    assert sorted(people_at(lakeside.number, token)) == sorted(both)


def test_whoever_comes_again_by_their_second_number_is_known_again(lakeside: Clinic) -> None:
    first = person(lakeside, phone_2=SECOND, birth_date="1961-04-12")
    again = person(lakeside, phone=SECOND, email="new@example.com", birth_date="1961-04-12", message=ANOTHER_NEED)
    assert again != first
    assert len(links_among(lakeside.number, [first, again])) == 1
    stop(lakeside.number, first, Saying("staff", "user:1"))
    assert set(answers(lakeside, again).values()) == {"never"}


def test_it_stays_when_keys_change_and_goes_with_them(lakeside: Clinic) -> None:
    asked = lead(lakeside, phone_2=SECOND)
    note_look_ups(lakeside.number, [LookedUp(SECOND, listed=True)], actor="user:1")
    before = _marks()
    new_version(lakeside.number)
    reseal(lakeside.number)
    assert keyring(lakeside.number, fresh=True).seal_version == 2
    assert _marks() == before
    assert found(lakeside.number, understood(SECOND)).people
    stop(lakeside.number, asked.person_id, Saying("staff", "user:1"))
    erase(lakeside.number, asked.person_id, actor="x")
    assert _marks() == []
    assert not found(lakeside.number, understood(SECOND)).people
    assert Suppression.objects.filter(suppressedaddress__token__in=before).exists()
    assert set(answers(lakeside, person(lakeside, full_name="New Person", email="", phone=SECOND)).values()) == {
        "never"
    }


def test_without_a_second_number_nothing_changes(lakeside: Clinic) -> None:
    assert answers(lakeside, person(lakeside)) == OPEN
    assert len(_marks()) == 1
