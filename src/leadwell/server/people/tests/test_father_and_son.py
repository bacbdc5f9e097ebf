"""Father and son of one name stay two, whoever comes first; what is said of two holds for all who are one with them.
(promise A8)"""

from __future__ import annotations

from itertools import permutations
from uuid import UUID

import pytest
from django.db import transaction
from django.utils import timezone

from leadwell.server.base.alone import one_writer
from leadwell.server.conftest import Clinic, browser
from leadwell.server.consent.actions import join
from leadwell.server.leads.tests.test_asking_again import sent
from leadwell.server.people.correcting import stands, told_anew, write_anew
from leadwell.server.people.linking import linked
from leadwell.server.people.models import Doubt, Person, PersonLink
from leadwell.server.people.reviewing import how_many_open, say, unsure_of, waiting
from leadwell.server.reviewing import actions

pytestmark = pytest.mark.django_db(databases="__all__")

HOME = {"full_name": "Ambrose Fenwick", "phone": "312-555-0163", "message": "knee replacement please"}
RECORDS = {
    "father": HOME | {"birth_date": "1951-04-12"},
    "son": HOME | {"birth_date": "1983-08-02"},
    "somebody": HOME,
}
COMMON = {"full_name": "Robert Johnson", "zip": "60201", "address": "12 Elm Street", "city": "Evanston"}


def came(clinic: Clinic, columns: dict[str, str]) -> UUID:
    before = set(Person.objects.of(clinic.number).values_list("pk", flat=True))
    sent(clinic, columns)
    (new,) = set(Person.objects.of(clinic.number).values_list("pk", flat=True)) - before
    return new


def all_came(clinic: Clinic, *who: str) -> dict[str, UUID]:
    return {one: came(clinic, RECORDS[one]) for one in who}


def asked(clinic: Clinic) -> set[frozenset[UUID]]:
    found = {frozenset((one.one, one.other)) for one in waiting(clinic.number)}
    assert how_many_open(clinic.number) == len(found)
    return found


@pytest.mark.parametrize("order", [*permutations(RECORDS)], ids="-".join)
def test_in_every_order_it_is_asked_whether_somebody_is_the_father_or_the_son(
    lakeside: Clinic, order: tuple[str, ...]
) -> None:
    they = all_came(lakeside, *order)
    groups = linked(lakeside.number, list(they.values()))
    assert they["son"] not in groups[they["father"]]
    both = {frozenset({they["somebody"], they[one]}) for one in ("father", "son")}
    assert asked(lakeside) == both
    assert {frozenset(two) for two in unsure_of(lakeside.number, groups[they["somebody"]])} == both
    assert all(one.why for one in waiting(lakeside.number))


@pytest.mark.parametrize("again", ["father", "son"])
def test_whoever_might_be_either_is_still_neither_when_one_of_them_comes_again(lakeside: Clinic, again: str) -> None:
    they = all_came(lakeside, "father", "son", "somebody")
    new = came(lakeside, RECORDS[again] | {"message": "I need physical therapy for my back"})
    assert linked(lakeside.number, [new])[new] == {new, they[again]}
    assert linked(lakeside.number, [they["somebody"]])[they["somebody"]] == {they["somebody"]}
    unsure = {frozenset(two) for two in unsure_of(lakeside.number, [they["somebody"]])}
    assert {one for two in unsure for one in two} > {they["father"], they["son"]}


def test_a_link_that_is_sure_no_more_stands_until_somebody_says_otherwise(lakeside: Clinic) -> None:
    they = all_came(lakeside, "somebody", "father", "son")
    somebody, father = they["somebody"], they["father"]
    assert father in linked(lakeside.number, [somebody])[somebody]  # whatever was stopped through it stays so
    doubt = Doubt.objects.of(lakeside.number).get(one__in=(somebody, father), other__in=(somebody, father))
    actions.say(lakeside.number, doubt, Doubt.Said.TWO, actor="user:1")
    assert linked(lakeside.number, [somebody])[somebody] == {somebody}
    assert asked(lakeside) == {frozenset({somebody, they["son"]})}


def test_a_link_is_asked_of_once_its_record_is_corrected_to_another_generation(lakeside: Clinic) -> None:
    they = all_came(lakeside, "father", "somebody")
    both = frozenset(they.values())
    assert linked(lakeside.number, both)[they["somebody"]] == both
    son, said = RECORDS["son"], {"contact": {"phone": "+13125550163", "email": ""}, "asks_for": ""}
    facts = {"facts": {"birth_date": {"value": son["birth_date"]}}}
    records = told_anew(lakeside.number, they["somebody"], (son, said | facts), timezone.now())
    with transaction.atomic():
        one_writer(lakeside.number)
        assert stands(lakeside.number, records)
        write_anew(lakeside.number, records, timezone.now())
    assert linked(lakeside.number, both)[they["somebody"]] == both  # until somebody says otherwise
    assert asked(lakeside) == {both}


def test_a_link_that_is_confirmed_is_asked_of_no_more(lakeside: Clinic) -> None:
    they = all_came(lakeside, "somebody", "father", "son")
    somebody, father = they["somebody"], they["father"]
    doubt = Doubt.objects.of(lakeside.number).get(one__in=(somebody, father), other__in=(somebody, father))
    actions.say(lakeside.number, doubt, Doubt.Said.SAME, actor="user:1")
    assert PersonLink.objects.of(lakeside.number).filter(undone_at=None).count() == 1
    assert asked(lakeside) == {frozenset({somebody, they["son"]})}


@pytest.mark.parametrize("page", ["say", "undo"])
def test_it_is_answered_from_the_persons_page_as_well(lakeside: Clinic, page: str) -> None:
    they = all_came(lakeside, "somebody", "father", "son")
    somebody, father = they["somebody"], they["father"]
    client, link = browser(lakeside.organization, "coordinator"), PersonLink.objects.of(lakeside.number).get()
    assert "is unsure" in client.get(f"/persons/{father}").content.decode()
    assert "They are two" in client.get(f"/persons/{father}/same?other={somebody}").content.decode()
    for opened in client.get("/review?tab=duplicates").context["page"].rows:
        shown = client.get(f"/review?tab=duplicates&pair={opened.number}").context["page"].opened
        two = {opened.one.number, opened.other.number}
        assert {one.number for one in shown.others} == set(they.values()) - two
    seen = client.get(f"/persons/{somebody}/same?other={father}").context["page"].seen
    posted = {"other": str(father), "said": "two", "link": str(link.pk), "seen": seen}
    client.post(f"/persons/{somebody}/same/{page}", posted)
    assert linked(lakeside.number, [somebody])[somebody] == {somebody}
    assert asked(lakeside) == {frozenset({somebody, they["son"]})}


def test_a_second_record_of_one_of_two_asks_the_same_question_no_second_time(lakeside: Clinic) -> None:
    """While it waits, and once it is answered."""
    first = came(lakeside, COMMON | {"birth_date": "1961-03-14"})
    other = came(lakeside, COMMON)
    assert asked(lakeside) == {frozenset({first, other})}
    again = came(lakeside, COMMON | {"birth_date": "1961-03-14", "message": "and the other knee"})
    assert again in linked(lakeside.number, [first])[first]
    assert asked(lakeside) == {frozenset({first, other})}
    say(lakeside.number, first, other, Doubt.Said.TWO, actor="user:1")
    assert asked(lakeside) == set()


def test_what_is_said_of_two_holds_for_whom_somebody_links_with_one_of_them_later(lakeside: Clinic) -> None:
    first, second = came(lakeside, COMMON | {"birth_date": "1961-03-14"}), came(lakeside, COMMON)
    third = came(lakeside, COMMON | {"message": "a spine surgery"})
    pairs = asked(lakeside)
    assert frozenset({first, second}) in pairs
    assert frozenset({first, third}) in pairs
    say(lakeside.number, first, second, Doubt.Said.TWO, actor="user:1")
    assert frozenset({first, third}) in asked(lakeside)
    join(lakeside.number, second, third, actor="user:1")
    assert asked(lakeside) == set()
