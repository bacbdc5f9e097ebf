"""Whoever arrives joins whom they surely are, in any order, and nobody from whom somebody has told them apart."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from math import inf

import numpy as np
import polars as pl
import pytest
from benchmarks.identity.memory import Memory
from benchmarks.people import people as invented

from leadwell import identity
from leadwell.identity.arriving import Decided, More, Pair, decide
from leadwell.identity.keys import MARKS, MOST
from leadwell.identity.names import shares
from leadwell.identity.pairs import among, weigh
from leadwell.identity.recognising import marks_of
from leadwell.identity.records import records

ANA = {
    "given": "Ana",
    "family": "Sample",
    "birth_date": "1961-03-14",
    "phone": "3125550147",
    "email": "ana@example.com",
}
TWIN = {"family": "Sample", "birth_date": "2016-05-02", "email": "parent@example.com", "asker": "Rosa"}
CASES = {
    "the same again": (ANA, ANA, "link"),
    "another number, the same mailbox and birth date": (ANA, ANA | {"phone": "3125550182"}, "link"),
    "a typing error in the name": (ANA, ANA | {"given": "Anna", "family": "Sampel"}, "link"),
    "another given name and birth date at one telephone": (
        ANA,
        ANA | {"given": "Rosa", "birth_date": "1989-07-02"},
        "",
    ),
    "twins at a parent's mailbox": (
        TWIN | {"given": "Lena"},
        TWIN | {"given": "Mara"},
        "",
    ),
    "twins, the one named as the other with an A": (TWIN | {"given": "Karim"}, TWIN | {"given": "Karima"}, ""),
    "a child by a nickname": (TWIN | {"given": "Alexander"}, TWIN | {"given": "Alex"}, "link"),
    "father and son of one name": (ANA | {"given": "John"}, ANA | {"given": "John", "birth_date": "1991-03-02"}, ""),
    "Jr. and Sr. of one home": (
        ANA | {"given": "John", "family": "Sample Sr", "birth_date": None},
        ANA | {"given": "John", "family": "Sample Jr", "birth_date": None},
        "",
    ),
    "nothing in common": (ANA, {"given": "Bo", "family": "Other", "phone": "2125550100"}, ""),
}


def listed(*told: dict[str, str | None]) -> pl.DataFrame:
    columns = ("given", "family", "birth_date", "phone", "email", "asker", "zip")
    table = pl.DataFrame(
        [{name: one.get(name) for name in columns} for one in told], schema=dict.fromkeys(columns, pl.String)
    )
    lists = [pl.concat_list(name).list.drop_nulls().alias(f"{name}s") for name in ("phone", "email")]
    return table.select(
        "given", "family", pl.col("birth_date").str.to_date(), "zip", *lists, given_2="asker",
        family_2=pl.when(pl.col("asker").is_not_null()).then(pl.lit("Sample")),
    )  # fmt: skip


OTTO = {"given": "Ottoline", "family": "Fenwick", "birth_date": "1961-01-01"}
YEARS = {
    "the same, in one ZIP": ({"zip": "60601"}, {"zip": "60601"}, "link"),
    "the same, in two towns": ({"zip": "60601"}, {"zip": "98101"}, "doubt"),
    "the same, and no place": ({}, {}, "doubt"),
    "the day told by one of them, in one ZIP": ({"zip": "60601"}, {"zip": "60601", "birth_date": "1961-08-24"}, "link"),
    "another by a digit, in one ZIP": ({"zip": "60601"}, {"zip": "60601", "birth_date": "1967-01-01"}, ""),
    "another by a digit, at one telephone": (
        {"phone": "3125550147"},
        {"phone": "3125550147", "birth_date": "1967-01-01"},
        "doubt",
    ),
    "a generation apart, at one telephone": (
        {"phone": "3125550147"},
        {"phone": "3125550147", "birth_date": "1991-01-01"},
        "",
    ),
}


@pytest.mark.parametrize(("one", "other", "said"), YEARS.values(), ids=YEARS)
def test_the_first_of_january_is_no_more_than_a_year(one: dict, other: dict, said: str) -> None:
    found = Memory(listed(OTTO | one, OTTO | other), among=among(2)).arrive([0, 1])
    assert ("link" if found.links else "doubt" if found.possible else "") == said
    assert all(why.agrees != "given+family+birth" for why in found.why.values())


AT_HOME = {"given": "John", "family": "Sample", "phone": "3125550147", "birth_date": "1951-04-12"}
OWN = {"email": "john.sample@example.com"}
FATHER_OR_TYPED = {
    "thirty years, by a digit": ({}, {"birth_date": "1981-04-12"}, "doubt"),
    "thirty years, at one mailbox of their name": (OWN, OWN | {"birth_date": "1981-04-12"}, "doubt"),
    "thirty-three years and the same day, at one mailbox": (OWN, OWN | {"birth_date": "1984-04-12"}, "doubt"),
    "thirty years and both of them Jr.": (
        {"family": "Sample Jr"},
        {"family": "Sample Jr", "birth_date": "1981-04-12"},
        "link",
    ),
    "ten years, by a digit": ({}, {"birth_date": "1961-04-12"}, "link"),
    "neighbouring digits in each other's place": ({}, {"birth_date": "1915-04-12"}, "link"),
    "more years than a father is older": (OWN, OWN | {"birth_date": "1881-04-12"}, "link"),
}


@pytest.mark.parametrize(("one", "other", "said"), FATHER_OR_TYPED.values(), ids=FATHER_OR_TYPED)
def test_a_digit_that_makes_a_generation_is_for_somebody_to_say(one: dict, other: dict, said: str) -> None:
    found = Memory(listed(AT_HOME | one, AT_HOME | other), among=among(2)).arrive([0, 1])
    assert ("link" if found.links else "doubt" if found.possible else "") == said


@pytest.mark.parametrize(("one", "other", "said"), CASES.values(), ids=CASES)
@pytest.mark.parametrize("at_once", [True, False], ids=["together", "one by one"])
def test_two_who_arrive(one: dict, other: dict, said: str, at_once: bool) -> None:
    memory = Memory(listed(one, other), among=among(2))
    found = [memory.arrive([0, 1])] if at_once else [memory.arrive([0]), memory.arrive([1])]
    assert ("link" if memory.group else "") == said
    assert all(link.weight >= identity.shipped().link_at for each in found for link in each.links)


def test_what_links_says_why_and_by_which_codes() -> None:
    memory = Memory(listed(ANA, ANA | {"birth_date": None}), among=among(2))
    found = memory.arrive([0, 1])
    (why,) = found.why.values()
    assert why.agrees == "given+family+phone+email"
    assert sum(part["weight"] for part in why.because) == pytest.approx(found.links[0].weight, abs=0.05)


def test_the_order_of_arrival_changes_nobodys_group() -> None:
    people = invented(600, repeats=0.3).drop("person")
    groups = []
    for order in (range(600), range(599, -1, -1)):
        memory = Memory(people, among=among(600))
        for start in range(0, 600, 50):
            memory.arrive(list(order)[start : start + 50])
        groups.append({frozenset(group) for group in memory.group.values()})
    assert groups[0] == groups[1]
    assert len(groups[0]) > 100


def test_a_number_of_many_is_told_as_shared_and_links_nobody() -> None:
    names = shares()["given"]["name"].head(MOST)
    many = [ANA | {"given": name, "birth_date": None, "email": None} for name in names]
    memory = Memory(listed(*many, ANA | {"birth_date": None, "email": None}, ANA | {"email": None}), among=among(22))
    memory.arrive(range(MOST))
    found = memory.arrive([MOST, MOST + 1])
    assert ("phone", "3125550147") in found.shared
    assert not memory.group


def test_marks_say_the_same_alone_and_in_a_list() -> None:
    people = invented(200)
    together = marks_of(people, [()] * 200)
    assert together == [marks_of(people[at], [()])[0] for at in range(200)]
    assert {mark[0] for ours in together for _, mark in ours} == set(MARKS)


def test_marks_of_nobody_are_none() -> None:
    assert marks_of(listed({}), [()]) == [[]]
    assert marks_of(listed({"given": "Ana"}), [()]) == [[]]


FATHER, SON = (AT_HOME | {"birth_date": day} for day in ("1951-04-12", "1983-08-02"))
SOMEBODY = AT_HOME | {"birth_date": None}


@pytest.mark.parametrize("order", [*permutations(range(3))], ids=str)
def test_father_and_son_of_one_name_stay_two_whoever_comes_first(order: tuple[int, ...]) -> None:
    """Who told no birth date might be either: a question about both, whatever the engine had linked before."""
    memory = Memory(listed(FATHER, SON, SOMEBODY), among=among(3))
    for row in order:
        memory.arrive([row])
    assert memory.of(0) is not memory.of(1)
    assert {frozenset(two) for two in (*memory.doubts, *memory.shaken)} == {frozenset({0, 2}), frozenset({1, 2})}


def test_whoever_tells_what_a_family_does_not_share_is_linked_with_that_one() -> None:
    """A nickname with the son's birth date; names in each other's place and a mailbox tell nothing of the two."""
    son = {"birth_date": SON["birth_date"]}
    for told, with_son in (
        ({"given": "Jack"} | son, True),
        ({"given": "Sample", "family": "John"}, False),
        (OWN, False),
    ):
        memory = Memory(listed(FATHER, SON | OWN, SOMEBODY | told), among=among(3))
        for row in range(3):
            memory.arrive([row])
        assert ({frozenset(group) for group in memory.persons()} == {frozenset({1, 2})}) is with_son
        assert with_son or not memory.group


def test_mother_and_daughter_of_one_name_share_a_mailbox_and_stay_two() -> None:
    mother, daughter = (
        {"given": "Maria", "family": "Fenwick", "birth_date": day, "email": "home@example.com"}
        for day in ("1961-05-02", "1990-08-12")
    )
    memory = Memory(listed(mother, daughter, mother | {"birth_date": None}), among=among(3))
    for row in range(3):
        memory.arrive([row])
    assert not memory.group
    assert {frozenset(two) for two in memory.doubts} == {frozenset({0, 2}), frozenset({1, 2})}


def test_a_person_of_two_telephones_is_one() -> None:
    one = {"given": "Ambrose", "family": "Fenwick", "email": "af@example.com"}
    first, second = ({"phone": number} for number in ("3125550147", "3125550199"))
    told = [one | first, one | second, one | second | {"email": None}, one | first | {"email": None}]
    memory = Memory(listed(*told), among=among(4))
    for row in range(4):
        memory.arrive([row])
    assert memory.of(0) == {0, 1, 2, 3}


def test_of_father_and_son_who_come_together_with_whoever_might_be_either_none_are_linked() -> None:
    memory = Memory(listed(FATHER, SON, SOMEBODY), among=among(3))
    memory.arrive([0, 1, 2])
    assert not memory.group
    assert len(memory.doubts) == 2


TWO = {"weights": identity.shipped()}


def groups_of(links: tuple[Pair[str], ...]) -> set[frozenset[str]]:
    return {frozenset((link.one, link.other)) for link in links}


def test_whoever_might_be_the_one_or_the_other_of_two_is_linked_with_neither() -> None:
    pairs = [Pair("son", "someone", 19.0), Pair("father", "someone", 7.0), Pair("father", "son", -20.0, -inf)]
    for given in permutations(pairs):
        found = decide(given, {}, **TWO)
        assert found.links == ()
        assert groups_of(found.possible) == {frozenset({"father", "someone"}), frozenset({"son", "someone"})}


def test_but_with_the_one_of_whom_more_agrees_than_a_family_shares() -> None:
    """The better link holds, the other is a doubt."""
    pairs = [Pair("son", "someone", 19.0, own=12.0), Pair("father", "someone", 7.0), Pair("father", "son", -20.0, -inf)]
    for given in permutations(pairs):
        found = decide(given, {}, **TWO)
        assert groups_of(found.links) == {frozenset({"son", "someone"})}
        assert groups_of(found.possible) == {frozenset({"father", "someone"})}


def test_two_of_whom_neither_says_which_of_two_they_are_are_not_linked_with_each_other() -> None:
    alike = [Pair(new, known, 7.0) for new in ("a", "b") for known in ("father", "son")]
    found = decide([*alike, Pair("a", "b", 9.0), Pair("father", "son", -20.0, -inf)], {}, **TWO)
    assert found.links == ()
    assert len(found.possible) == 5


def test_two_told_apart_are_no_less_two_for_whoever_comes_and_might_be_either() -> None:
    found = decide([Pair("new", "a", 9.0), Pair("new", "b", 7.0)], {}, told_apart=[frozenset("ab")], **TWO)
    assert found.links == ()
    assert groups_of(found.possible) == {frozenset({"new", "a"}), frozenset({"new", "b"})}


@pytest.mark.parametrize("sure", ["ab", "a", "b"])
def test_whoever_was_torn_between_two_told_apart_is_linked_with_nobody_who_may_be_one_of_them(sure: str) -> None:
    """Nobody has compared those who are known: the torn one with the two."""
    weights = {who: 9.0 if who in sure else -3.0 for who in "ab"}
    more = More(weigh=lambda asked: [Pair(*two, 8.0) for two in asked])
    came = [Pair("new", "torn", 12.0), *(Pair("new", who, weight) for who, weight in weights.items())]
    for given in permutations(came):
        found = decide(given, {}, told_apart=[frozenset("ab")], more=more, **TWO)
        assert groups_of(found.links) == (set() if sure == "ab" else {frozenset({"new", sure})})
        assert frozenset({"new", "torn"}) in groups_of(found.possible)


def test_a_link_that_stands_is_sure_no_more_once_another_comes_who_might_be_the_one_as_well() -> None:
    pairs = [Pair("son", "someone", 7.0), Pair("son", "father", -20.0, -inf)]
    group = {"someone", "father"}
    for own, shaken in ((0.0, {frozenset(group)}), (12.0, set())):
        more = More(weigh=lambda two, own=own: [Pair(*one, 9.0, own=own) for one in two],
                    links=lambda people: [("father", "someone")])  # fmt: skip
        found = decide(pairs, dict.fromkeys(group, group), more=more, **TWO)
        assert (found.links, groups_of(found.possible)) == ((), {frozenset({"someone", "son"})})
        assert groups_of(tuple(pair for pair, new in found.shaken if new == "son")) == shaken


def test_pairs_that_nobody_compared_are_asked_for_before_two_groups_become_one() -> None:
    asked = []

    def weigh(two: list[tuple[str, str]]) -> list[Pair[str]]:
        asked.extend(two)
        return [Pair(one, other, -9.0, -inf) for one, other in two]

    found = decide([Pair("new", "a", 9.0), Pair("new", "b", 8.0)], {"a": {"a", "a2"}, "a2": {"a", "a2"}, "b": {"b"}},
                   more=More(weigh), **TWO)  # fmt: skip
    assert groups_of(found.links) == {frozenset({"new", "b"})}
    assert ("new", "a2") in asked


def test_a_name_alone_links_nobody_however_rare_it_is() -> None:
    told = {"given": "Ottoline", "family": "Fenwick"}
    often = replace(identity.shipped(), expected={**identity.shipped().expected, "same": 2.0})
    both = records(listed(told, told | {"zip": "60601"}).with_row_index("row"))
    found = weigh(both, np.array([0]), np.array([1]), people=among(2), weights=often)
    assert found.weight[0] > often.link_at
    (pair,) = (Pair("one", "other", found.weight[0], unproven=flag) for flag in found.unproven.tolist())
    assert decide([pair], {}, weights=often) == Decided(links=(), possible=(pair,))


def test_of_one_persons_records_the_one_that_is_most_alike_is_linked() -> None:
    """A household explains the very same number better than one but for a digit, which therefore weighs more."""
    groups = {"a": {"a", "a2"}, "a2": {"a", "a2"}}
    pairs = [Pair("new", "a", 6.6, alike=40.0), Pair("a2", "new", 6.1, alike=50.0)]
    for order in (pairs, pairs[::-1]):
        assert decide(order, groups, **TWO).links == (pairs[1],)


@pytest.mark.parametrize("apart", [("new", "a"), ("new", "a2")])
def test_who_was_told_apart_is_neither_linked_nor_asked_for_again(apart: tuple[str, str]) -> None:
    groups = {"a": {"a", "a2"}, "a2": {"a", "a2"}}
    pairs = [Pair("new", "a", 30.0), Pair("new", "a2", 4.0)]
    assert decide(pairs, groups, told_apart=[frozenset(apart)], **TWO).links == ()
    assert decide(pairs, groups, told_apart=[frozenset(apart)], **TWO).possible == ()


def test_of_two_groups_only_the_best_doubt_is_told_and_none_once_they_are_one() -> None:
    pairs = [Pair("new", "a", 3.0), Pair("new", "a2", 4.0), Pair("new", "b", 2.5)]
    found = decide(pairs, {"a": {"a", "a2"}, "a2": {"a", "a2"}}, **TWO)
    assert [(one.one, one.other) for one in found.possible] == [("new", "a2"), ("new", "b")]
    assert (
        decide([Pair("new", "a", 3.0), Pair("new", "a2", 9.0)], {"a": {"a", "a2"}, "a2": {"a", "a2"}}, **TWO).possible
        == ()
    )
