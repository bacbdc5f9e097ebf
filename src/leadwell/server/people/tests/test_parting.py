"""The one in the middle proves to be another: whoever was one through them is judged again. (promises A8, B13)"""

from __future__ import annotations

from uuid import UUID

import pytest
from django.utils import timezone

from leadwell.permission import may_contact
from leadwell.server.conftest import Clinic, browser
from leadwell.server.consent.actions import join, part_these, stop, would_cancel
from leadwell.server.consent.queries import known
from leadwell.server.consent.saying import Saying
from leadwell.server.people.apart import told_apart
from leadwell.server.people.linking import linked, links_among
from leadwell.server.people.models import ENGINE, Doubt, Person, PersonLink
from leadwell.server.people.reviewing import say, waiting
from leadwell.server.people.tests.test_father_and_son import came
from leadwell.server.reviewing import actions

pytestmark = pytest.mark.django_db(databases="__all__")

NORCOTT = {"full_name": "Euphemia Norcott", "birth_date": "1949-10-30", "zip": "60202"}
RECORDS = {
    "a": NORCOTT | {"phone": "312-555-0151", "message": "knee replacement consult"},
    "b": NORCOTT | {"email": "norcott@example.com", "message": "MRI of my shoulder please"},
    "c": NORCOTT | {"phone": "847-555-0152", "message": "physical therapy for my back"},
}
# Of two names and two birth dates that are alike nobody is sure.
UNSURE = {"c": RECORDS["c"] | {"full_name": "Euphemya Norcott", "birth_date": "1949-10-03"}}


@pytest.fixture
def chain(lakeside: Clinic) -> dict[str, UUID]:
    """Three of one person, linked over the second alone."""
    return three(lakeside, RECORDS)


def three(clinic: Clinic, records: dict[str, dict[str, str]]) -> dict[str, UUID]:
    they = {one: came(clinic, columns) for one, columns in records.items()}
    PersonLink.objects.of(clinic.number).delete()
    Doubt.objects.of(clinic.number).delete()
    now = timezone.now()
    for one, other in (("a", "b"), ("b", "c")):
        ends = dict(zip(("one", "other"), sorted((they[one], they[other])), strict=True))
        PersonLink.objects.create(organization=clinic.organization, linked_at=now, linked_by=ENGINE, **ends)
    return they


def groups(clinic: Clinic) -> set[frozenset[UUID]]:
    people = list(Person.objects.of(clinic.number).values_list("pk", flat=True))
    return set(linked(clinic.number, people).values())


def asked(clinic: Clinic) -> set[frozenset[UUID]]:
    return {frozenset((one.one, one.other)) for one in waiting(clinic.number)}


def answers(clinic: Clinic, they: dict[str, UUID]) -> list[str]:
    """At the address that each has told."""
    now = timezone.now()
    told = {one: known(clinic.number, who, now=now) for one, who in they.items()}
    return [
        may_contact(told[one], channel="email" if "email" in RECORDS[one] else "call", purpose="care-request",
                    at=now).answer for one in they
    ]  # fmt: skip


def parted(clinic: Clinic, they: dict[str, UUID]) -> None:
    for two in (("a", "b"), ("b", "c")):
        part_these(clinic.number, *(they[one] for one in two), actor="user:1")


def test_those_of_whom_the_engine_is_sure_stay_one_and_keep_the_stop(lakeside: Clinic, chain: dict) -> None:
    a, b, c = chain.values()
    stop(lakeside.number, c, Saying("staff", "user:1", at=timezone.now()))
    parted(lakeside, chain)
    assert groups(lakeside) == {frozenset({a, c}), frozenset({b})}
    (link,) = links_among(lakeside.number, (a, c))
    assert (link.linked_by, bool(link.codes), bool(link.sealed)) == (ENGINE, True, True)
    assert answers(lakeside, chain) == ["never", "yes", "never"]


def test_whom_the_last_belongs_to_is_asked_as_long_as_it_may_be_either(lakeside: Clinic, chain: dict) -> None:
    a, b, c = chain.values()
    part_these(lakeside.number, a, b, actor="user:1")
    assert groups(lakeside) == {frozenset({a}), frozenset({b, c})}
    assert asked(lakeside) == {frozenset({b, c})}
    doubt = Doubt.objects.of(lakeside.number).get(one=min(b, c), other=max(b, c))
    actions.say(lakeside.number, doubt, Doubt.Said.TWO, actor="user:1")
    assert groups(lakeside) == {frozenset({a, c}), frozenset({b})}
    assert asked(lakeside) == set()
    actions.ask_again(lakeside.number, doubt.pk, actor="user:1")
    assert groups(lakeside) == {frozenset({a}), frozenset({b, c})}
    assert asked(lakeside) == {frozenset({b, c})}
    assert told_apart(lakeside.number, (b, c)) == set()


def test_where_the_engine_is_unsure_somebody_is_asked(lakeside: Clinic) -> None:
    they = three(lakeside, RECORDS | UNSURE)
    a, _, c = they.values()
    parted(lakeside, they)
    assert {frozenset({one}) for one in they.values()} == groups(lakeside)
    assert frozenset({a, c}) in asked(lakeside)


def test_what_somebody_has_said_of_two_stands(lakeside: Clinic, chain: dict) -> None:
    a, _, c = chain.values()
    say(lakeside.number, a, c, Doubt.Said.TWO, actor="user:1")
    parted(lakeside, chain)
    assert {frozenset({one}) for one in chain.values()} == groups(lakeside)
    assert asked(lakeside) == set()


@pytest.mark.parametrize("turned", [False, True], ids=["the last first", "the first first"])
def test_made_one_again_they_are_as_they_were(lakeside: Clinic, chain: dict, turned: bool) -> None:
    a, b, c = chain.values()
    stop(lakeside.number, c, Saying("staff", "user:1", at=timezone.now()))
    before = groups(lakeside)
    parted(lakeside, chain)
    for two in ((a, b), (b, c)) if turned else ((b, c), (a, b)):
        would_cancel(lakeside.number, *two, actor="user:1")
        join(lakeside.number, *two, actor="user:1")
    assert groups(lakeside) == before
    assert {frozenset((one.one, one.other)) for one in links_among(lakeside.number, (a, b, c))} == {
        frozenset({a, b}), frozenset({b, c}),
    }  # fmt: skip
    assert asked(lakeside) == set()
    assert told_apart(lakeside.number, (a, b, c)) == set()
    assert answers(lakeside, chain) == ["never"] * 3


def test_from_the_persons_page_it_is_the_same(lakeside: Clinic, chain: dict) -> None:
    a, b, c = chain.values()
    client = browser(lakeside.organization, "coordinator")
    for who, other in ((a, b), (b, c)):
        (link,) = links_among(lakeside.number, (who, other))
        client.post(f"/persons/{who}/same/undo", {"link": str(link.pk)})
    assert groups(lakeside) == {frozenset({a, c}), frozenset({b})}


def test_an_erased_one_of_them_is_linked_with_nobody(lakeside: Clinic, chain: dict) -> None:
    a, _, c = chain.values()
    Person.objects.of(lakeside.number).filter(pk=c).update(sealed=b"")
    parted(lakeside, chain)
    assert c not in linked(lakeside.number, [a])[a]
