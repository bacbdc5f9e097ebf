"""Two of one family whose names are alike stay two until somebody has said that they are one, whoever comes first."""

from __future__ import annotations

from datetime import date
from itertools import permutations
from typing import Any

import numpy as np
import polars as pl
import pytest
from benchmarks.identity.memory import Memory
from hypothesis import given, settings
from hypothesis import strategies as st

from leadwell import identity
from leadwell.identity import rules
from leadwell.identity.few import Few
from leadwell.identity.names import forms_of_one
from leadwell.identity.pairs import among, weigh
from leadwell.identity.records import records
from leadwell.identity.weights import shipped

HOME = {"address": "101 Elm Ct", "city": "Evanston", "zip": "60201", "state": "IL"}
EWING = HOME | {"family": "Ewing", "sex": "F", "birth": "1951-05-21", "phone": "8725550148"}
FENNER = HOME | {"family": "Fenner", "sex": "F", "birth": "1951-04-12", "phone": "8725550151"}
MOSS = HOME | {"given": "Hugh", "family": "Moss", "sex": "M", "birth": "1951-05-21", "phone": "8725550132"}
DELANEY = HOME | {"family": "Delaney", "sex": "M", "birth": "2005-05-21", "phone": "8725550146"}
ANY = {"given": "Hugh", "birth": "1951-05-21", "zip": "60201"}
NEXT_DAY = {"birth": "2005-05-22", "phone": "8725550147"}

CASES: dict[str, tuple[dict[str, str | None], dict[str, str | None], str]] = {
    "twins Jane and Janet": (EWING | {"given": "Jane"}, EWING | {"given": "Janet"}, "doubt"),
    "twins Anna and Hannah": (EWING | {"given": "Anna"}, EWING | {"given": "Hannah"}, "doubt"),
    "Jane and Janet, one without a birth date": (
        EWING | {"given": "Jane"},
        EWING | {"given": "Janet", "birth": None},
        "doubt",
    ),
    "twins Maria Elena and Maria Luisa": (EWING | {"given": "Maria Elena"}, EWING | {"given": "Maria Luisa"}, ""),
    "twins Jean-Luc and Jean-Pierre": (EWING | {"given": "Jean-Luc"}, EWING | {"given": "Jean-Pierre"}, ""),
    "newborn twins of no name yet": (EWING | {"given": "BabyGirl A"}, EWING | {"given": "BabyGirl B"}, ""),
    "a second name in another spelling": (EWING | {"given": "Mary Ann"}, EWING | {"given": "Mary Anne"}, "link"),
    "a second name mistyped": (EWING | {"given": "Maria Elena"}, EWING | {"given": "Maria Elna"}, "link"),
    "a second name a letter apart": (EWING | {"given": "Anna Marie"}, EWING | {"given": "Anna Maria"}, "link"),
    "a second name on one paper alone": (EWING | {"given": "Mary Kate"}, EWING | {"given": "Mary"}, "link"),
    "a third name": (EWING | {"given": "Ana Maria"}, EWING | {"given": "Ana Maria Sofia"}, "link"),
    "a second name and its letter": (EWING | {"given": "Maria Elena"}, EWING | {"given": "Maria E."}, "link"),
    "Anna and Hannah, a mailbox of the family's": (
        EWING | {"given": "Anna", "email": "ewing@example.com"},
        EWING | {"given": "Hannah", "email": "ewing@example.com"},
        "doubt",
    ),
    "Anna and Hannah, a mailbox of Hannah's": (
        EWING | {"given": "Anna", "email": "hannah.ewing@example.com"},
        EWING | {"given": "Hannah", "email": "hannah.ewing@example.com"},
        "link",
    ),
    "Samir and Amir, a mailbox that bears Amir in the family's name": (
        EWING | {"given": "Amir", "family": "Amirson", "email": "amirson.family@example.com"},
        EWING | {"given": "Samir", "family": "Amirson", "email": "amirson.family@example.com"},
        "doubt",
    ),
    "Samir and Amir, a mailbox of Samir's": (
        EWING | {"given": "Amir", "email": "samir.ewing@example.com"},
        EWING | {"given": "Samir", "email": "samir.ewing@example.com"},
        "link",
    ),
    "Maria and Marie, a year apart": (
        FENNER | {"given": "Maria"},
        FENNER | {"given": "Marie", "birth": "1952-04-12"},
        "doubt",
    ),
    "Hugh and Hubert, a day apart": (
        MOSS,
        MOSS | {"given": "Hubert", "birth": "1951-05-22", "phone": "8725550141"},
        "doubt",
    ),
    "Jon and Jonathan, a day apart": (
        DELANEY | {"given": "Jon"},
        DELANEY | {"given": "Jonathan"} | NEXT_DAY,
        "doubt",
    ),
    "Jon and Jonathan, one birth date": (DELANEY | {"given": "Jon"}, DELANEY | {"given": "Jonathan"}, "link"),
    "Bob and Robert, one birth date": (DELANEY | {"given": "Bob"}, DELANEY | {"given": "Robert"}, "link"),
    "Phil and Phillip, one without a birth date": (
        DELANEY | {"given": "Phil"},
        DELANEY | {"given": "Phillip", "birth": None},
        "link",
    ),
    "a mistyped name and one birth date": (DELANEY | {"given": "Jhon"}, DELANEY | {"given": "John"}, "link"),
    "a mistyped name and a mistyped birth date": (
        DELANEY | {"given": "Jhon"},
        DELANEY | {"given": "John", "birth": "2005-05-12"},
        "doubt",
    ),
    "the same name and a mistyped birth date": (
        DELANEY | {"given": "John"},
        DELANEY | {"given": "John", "birth": "2005-05-12"},
        "link",
    ),
    "two strangers of one given name, birth date and ZIP": (
        ANY | {"family": "Moss"},
        ANY | {"family": "Drexler"},
        "doubt",
    ),
    "another family name at one telephone": (MOSS, MOSS | {"family": "Drexler", "address": "1 Oak St"}, "link"),
    "a part of a double name": (ANY | {"family": "Moss"}, ANY | {"family": "Moss-Drexler"}, "link"),
}


def listed(*told: dict[str, str | None]) -> pl.DataFrame:
    rows: list[dict[str, Any]] = []
    for one in told:
        row: dict[str, Any] = {
            name: one.get(name) for name in ("given", "family", "sex", "address", "city", "zip", "state")
        }
        birth = one.get("birth")
        row["birth_date"] = date.fromisoformat(birth) if birth else None
        row |= {f"{kind}s": [found] if (found := one.get(kind)) else [] for kind in ("phone", "email")}
        rows.append(row | {"given_2": None, "family_2": None})
    return pl.DataFrame(rows, schema={name: identity.PEOPLE[name] for name in rows[0]})


@pytest.mark.parametrize(("one", "other", "said"), CASES.values(), ids=CASES)
@pytest.mark.parametrize("turned", [False, True], ids=["", "turned"])
@pytest.mark.parametrize("batches", [[[0, 1]], [[0], [1]]], ids=["together", "one by one"])
def test_alike_in_name(one: dict, other: dict, said: str, turned: bool, batches: list[list[int]]) -> None:
    memory = Memory(listed(*((other, one) if turned else (one, other))), among=among(2))
    for rows in batches:
        memory.arrive(rows)
    assert ("link" if memory.made else "doubt" if memory.doubts else "") == said


@pytest.mark.parametrize("order", [*permutations(range(3))], ids=str)
def test_an_initial_makes_twins_no_one_person(order: tuple[int, ...]) -> None:
    """Who writes J. may be either: what links first is asked about once the other comes."""
    memory = Memory(listed(*(EWING | {"given": name} for name in ("Jane", "Janet", "J"))), among=among(3))
    for row in order:
        memory.arrive([row])
    assert memory.of(0) is not memory.of(1)
    assert {frozenset(two) for two in (*memory.doubts, *memory.shaken)} >= {frozenset({0, 1})}
    assert bool(memory.made) == bool(memory.shaken)


@pytest.mark.parametrize(
    ("first", "second", "one_name"),
    [
        ("jane", "janet", False),
        ("maria", "marie", False),
        ("hugh", "hubert", False),
        ("leo", "leon", False),
        ("thea", "theo", False),
        ("ben", "benson", False),
        ("jace", "jase", False),
        ("sara", "zara", False),
        ("ben", "benjamin", True),
        ("jon", "jonathan", True),
        ("bob", "rob", True),
        ("ray", "raymond", True),
        ("theresa", "teresa", True),
        ("caleb", "kaleb", True),
        ("mary ann", "ann", True),
    ],
)
def test_forms_of_one_name(first: str, second: str, one_name: bool) -> None:
    for one, other in ((first, second), (second, first)):
        assert forms_of_one(pl.Series([one]), pl.Series([other])).tolist() == [one_name]


ALIKE = st.fixed_dictionaries(
    {
        "given": st.sampled_from(["Jane", "Janet", "Janette", "J", "Jon", "John", "Jhon", "Zoë", "Zoé", None]),
        "family": st.sampled_from(["Ewing", "Ewign", "Moss-Ewing", "Straße", None]),
        "birth": st.sampled_from(["1951-05-21", "1951-05-22", "1951-01-01", "2015-05-21", None]),
        "phone": st.sampled_from(["8725550148", None]),
        "email": st.sampled_from(["jane@example.com", "ewing@example.com", None]),
        "address": st.sampled_from(["101 Elm Ct", "1 Oak St", None]),
    }
)


@settings(max_examples=60, deadline=None)
@given(told=st.lists(ALIKE, min_size=2, max_size=6))
def test_a_few_and_many_are_held_alike_by_the_same_rule(told: list[dict[str, str | None]]) -> None:
    def judged() -> list[list[float]]:
        people = records(listed(*told).with_row_index("row"))
        low, high = (people.record_of[side] for side in np.triu_indices(len(told), 1))
        found = weigh(people, low, high, people=10_000, weights=shipped())
        return [found.unproven.tolist(), found.against.tolist(), found.weight.tolist()]

    answers = []
    for most in (10_000, -1):
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(rules, "MOST", most)
            answers.append(judged())
    assert answers[0] == answers[1]


# Two names of their own, or two of which we know neither; a letter apart, and more.
TWO_NAMES = (
    ("Aiden", "Jaiden"), ("Hayden", "Kayden"), ("Amir", "Samir"), ("Ingrid", "Ingram"), ("Marcus", "Marius"),
    ("Jaylon", "Jaylen"), ("Karim", "Karima"), ("Ari", "Aria"), ("Zoltar", "Zolpar"),
    ("Theo", "Thea"), ("Leo", "Leon"), ("Ana", "Anaya"), ("Luca", "Lucas"), ("Ben", "Benson"), ("Jace", "Jase"),
    ("Sara", "Zara"), ("Rylan", "Ryland"), ("Kai", "Kaison"),
)  # fmt: skip
ONE_NAME = (
    ("Marcus", "Marcuz"), ("Marcus", "Macrus"), ("Gregory", "Gregry"), ("Ingrid", "Ingrud"), ("Mia", "Mya"),
    ("Alexander", "Alexand"),
)  # fmt: skip


@pytest.mark.parametrize("born", ["1970-02-11", "2009-07-19", None])
@pytest.mark.parametrize("names", [*TWO_NAMES, *ONE_NAME], ids="-".join)
def test_a_letter_is_a_typing_error_only_in_what_is_no_name(names: tuple[str, str], born: str | None) -> None:
    """Of one telephone, one mailbox of the family's and one birth date, or none told."""
    home = HOME | {"family": "Wrexley", "phone": "8725550153", "email": "wrexley.family@example.com", "birth": born}
    for order in (names, names[::-1]):
        memory = Memory(listed(*(home | {"given": name} for name in order)), among=among(2))
        for row in (0, 1):
            memory.arrive([row])
        assert (bool(memory.made), bool(memory.doubts)) == (names in ONE_NAME, names in TWO_NAMES)


NAMES = st.sampled_from(["jane", "janet", "mary ann", "ann", "theresa", "teresa", "zoë", "ray", "raymond", "j"])


@settings(max_examples=60, deadline=None)
@given(pairs=st.lists(st.tuples(NAMES, NAMES), min_size=1, max_size=5))
def test_names_are_forms_of_one_of_a_few_as_of_a_column(pairs: list[tuple[str, str]]) -> None:
    first, second = map(list, zip(*pairs, strict=True))
    of_few = forms_of_one(Few(first), Few(second))
    assert of_few.tolist() == forms_of_one(pl.Series(first), pl.Series(second)).tolist()
