"""Twins of like names, brothers and strangers of one birth date stay two, whoever comes first. (promise A8)"""

from __future__ import annotations

import pytest

from leadwell.server.conftest import Clinic
from leadwell.server.leads.models import Lead
from leadwell.server.leads.queries import columns_of
from leadwell.server.leads.tests.test_asking_again import sent
from leadwell.server.people.models import Person, PersonLink
from leadwell.server.people.reviewing import how_many_open

pytestmark = pytest.mark.django_db(databases="__all__")

HOME = {"address": "101 Elm Ct", "city": "Evanston", "zip": "60201", "message": "knee replacement please"}
TWIN = HOME | {"birth_date": "1951-05-21", "phone": "872-555-0148"}
PAIRS = {
    "twins": (TWIN | {"full_name": "Jane Ewing"}, TWIN | {"full_name": "Janet Ewing"}),
    "brothers": (
        HOME | {"full_name": "Hugh Moss", "birth_date": "1961-05-21", "phone": "872-555-0140"},
        HOME | {"full_name": "Hubert Moss", "birth_date": "1961-05-22", "phone": "872-555-0141"},
    ),
    "strangers": (
        {"full_name": "Hugh Drexler", "birth_date": "1951-05-21", "phone": "872-555-0132", "zip": "60201"},
        HOME | {"full_name": "Hugh Moss", "birth_date": "1951-05-21", "phone": "872-555-0143"},
    ),
}


@pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS)
@pytest.mark.parametrize("turned", [False, True], ids=["", "turned"])
def test_somebody_is_asked_whether_they_are_one(
    lakeside: Clinic, pair: tuple[dict[str, str], ...], turned: bool
) -> None:
    for one in reversed(pair) if turned else pair:
        sent(lakeside, one)
    assert Person.objects.of(lakeside.number).count() == 2
    assert not PersonLink.objects.of(lakeside.number).exists()
    assert how_many_open(lakeside.number) == 1


@pytest.mark.parametrize("names", [("Jayden", "Kayden"), ("Aiden", "Jaiden"), ("Hailey", "Bailey"), ("Ella", "Bella")])
def test_two_children_whose_names_rhyme_are_two_and_neither_is_lost(lakeside: Clinic, names: tuple[str, str]) -> None:
    """Twins of one mother, who fills in the form twice."""
    asks = {"full_name": "Berta Okonski", "phone": "779-555-0100", "relationship": "child", "zip": "60202",
            "patient_birth_date": "2009-07-19", "message": "knee pain after football"}  # fmt: skip
    for name in names:
        sent(lakeside, asks | {"patient_full_name": f"{name} Okonski"})
    told = {columns_of(lead)["patient_full_name"] for lead in Lead.objects.of(lakeside.number)}
    assert told == {f"{name} Okonski" for name in names}


@pytest.mark.parametrize(("first", "second"), [("Amir", "Samir"), ("Marcus", "Marius"), ("Ingrid", "Ingram")])
@pytest.mark.parametrize("born", ["", "1970-02-11"])
def test_grown_twins_with_one_telephone_and_mailbox_have_each_a_lead(
    lakeside: Clinic, first: str, second: str, born: str
) -> None:
    asks = {"phone": "312-555-0165", "email": "yorick.home@example.com", "birth_date": born, "zip": "60201"}
    for name in (first, second):
        sent(lakeside, asks | {"full_name": f"{name} Yorick", "message": "knee replacement please"})
    assert {columns_of(lead)["full_name"] for lead in Lead.objects.of(lakeside.number)} == {
        f"{first} Yorick", f"{second} Yorick",
    }  # fmt: skip
    assert how_many_open(lakeside.number) == 1
