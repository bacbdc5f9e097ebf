"""Two of one name whom somebody has told apart stay two, whoever comes who might be either. (promise A8)"""

from __future__ import annotations

from uuid import UUID

import pytest
from django.utils import timezone

from leadwell.server.conftest import Clinic
from leadwell.server.consent.actions import part_these, stop
from leadwell.server.consent.queries import known
from leadwell.server.consent.saying import Saying
from leadwell.server.people.linking import linked
from leadwell.server.people.models import Person, PersonLink
from leadwell.server.people.reviewing import unsure_of
from leadwell.server.people.tests.test_father_and_son import came

pytestmark = pytest.mark.django_db(databases="__all__")

ONE_NAME = {"full_name": "Leopold Harkaway", "birth_date": "1966-03-09", "zip": "60201"}
FIRST, SECOND = {"phone": "312-555-0171"}, {"phone": "872-555-0172"}


def asks(clinic: Clinic, phone: dict[str, str], message: str) -> UUID:
    return came(clinic, ONE_NAME | phone | {"message": message})


@pytest.fixture
def two(lakeside: Clinic) -> tuple[UUID, UUID]:
    one = asks(lakeside, FIRST, "knee replacement please")
    other = asks(lakeside, SECOND, "physical therapy for my back")
    part_these(lakeside.number, one, other, actor="user:1")
    return one, other


@pytest.mark.parametrize("phones", [(SECOND, FIRST), (FIRST, SECOND), (FIRST, FIRST)])
def test_whoever_comes_later_is_one_with_nobody_and_asked_of_both(
    lakeside: Clinic, two: tuple[UUID, UUID], phones: tuple[dict[str, str], dict[str, str]]
) -> None:
    later = [asks(lakeside, phones[0], "MRI of my shoulder"), asks(lakeside, phones[1], "joint school please")]
    assert not PersonLink.objects.of(lakeside.number).filter(undone_at=None).exists()
    for new in later:
        assert {frozenset({new, one}) for one in two} <= {frozenset(pair) for pair in unsure_of(lakeside.number, [new])}


def test_a_stop_of_the_one_closes_nothing_of_whom_it_is_not_said(lakeside: Clinic, two: tuple[UUID, UUID]) -> None:
    asks(lakeside, SECOND, "MRI of my shoulder")
    new = asks(lakeside, FIRST, "joint school please")
    stop(lakeside.number, two[1], Saying("staff", "user:1", at=timezone.now()))
    everybody = list(Person.objects.of(lakeside.number).values_list("pk", flat=True))
    assert set(linked(lakeside.number, everybody).values()) == {frozenset({one}) for one in everybody}
    told = [bool(known(lakeside.number, one, now=timezone.now()).stops) for one in (two[0], new)]
    assert told == [False, False]
