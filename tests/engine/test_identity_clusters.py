"""Whole lists: the same people whatever the order, no cluster against itself, and no list too odd."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadwell import identity
from leadwell.identity import clusters
from leadwell.identity.names import shares

COLUMNS = {name: identity.PEOPLE[name] for name in ("row", "given", "family", "birth_date", "phones", "emails", "zip")}
NOTHING: dict[str, object] = dict.fromkeys(COLUMNS)


def listed(*records: dict[str, object]) -> pl.DataFrame:
    return pl.DataFrame([NOTHING | {"row": at} | record for at, record in enumerate(records, start=1)], schema=COLUMNS)


def person(given: str, family: str, born: date | None = None, phone: str | None = None) -> dict[str, object]:
    return {"given": given, "family": family, "birth_date": born, "phones": [phone] if phone else None}


FATHER, SON = date(1951, 6, 14), date(1980, 2, 22)
NAMES = [person("Vincent", "Tedesco", born, "7735550104") for born in (FATHER, None, SON, None)]


def test_an_empty_list_has_no_pairs() -> None:
    links = identity.link(listed())
    assert links.pairs.is_empty()
    assert links.clusters.is_empty()
    assert links.pairs.columns == ["row_a", "row_b", "weight", "link", "because"]


def test_one_record_is_its_own_cluster() -> None:
    assert identity.link(listed(person("Ana", "Ruiz"))).clusters.row(0) == (1, 1, None, "none", [])


def test_people_who_have_nothing_in_common_stand_alone_in_the_columns_of_other_lists() -> None:
    strangers = listed(person("Ana", "Ruiz", phone="3125550147"), person("Wei", "Chen", SON)).with_columns(
        row=9 - pl.col("row")
    )
    alone, others = identity.link(strangers), identity.link(listed(*NAMES))
    assert alone.clusters.rows() == [(8, 8, None, "none", []), (7, 7, None, "none", [])]
    assert alone.clusters.schema == others.clusters.schema
    assert alone.pairs.schema == others.pairs.schema


def test_a_record_without_birth_date_never_makes_father_and_son_one() -> None:
    found = identity.link(listed(*NAMES)).clusters["cluster"].to_list()
    assert found[0] != found[2]


def test_nor_does_one_that_shares_home_and_mailbox_with_both() -> None:
    rows = [row | {"emails": ["tedesco@example.com"], "zip": "60625"} for row in NAMES]
    found = identity.link(listed(*rows)).clusters["cluster"].to_list()
    assert found[0] != found[2]


def test_a_hundred_equal_rows_are_one_person() -> None:
    rows = [person("Renata", "Okafor", date(1979, 5, 5), "3125550147")] * 100
    links = identity.link(listed(*rows))
    assert links.clusters["cluster"].unique().to_list() == [1]
    assert links.pairs.height == 99


def test_an_office_that_sends_two_hundred_patients_is_nobody() -> None:
    given, family = (shares()[part]["name"].to_list() for part in ("given", "family"))
    rows = [person(given[at], family[7 * at], date(1950 + at % 50, 1 + at % 12, 5), "3125550147") for at in range(200)]
    links = identity.link(listed(*rows))
    assert not (links.pairs["link"] == "link").any()


def test_numbers_of_rows_need_not_be_in_order() -> None:
    people = listed(*NAMES).with_columns(row=pl.Series([40, 10, 30, 20], dtype=pl.UInt32))
    assert identity.link(people).clusters["row"].to_list() == [40, 10, 30, 20]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.permutations(range(24)))
def test_the_order_of_rows_changes_nothing(order: list[int]) -> None:
    kinds = [("Bill", "Hathersage"), ("William", "Hathersage"), ("Wiliam", "Hathersge"), ("Ana", "Ruiz")]
    births = [date(1959, 4, 12), None, date(1959, 12, 4)]
    rows = [person(*name, born, phone) for name in kinds for born in births for phone in ("2245550135", None)]
    people = listed(*rows)
    plain, turned = identity.link(people), identity.link(people[order])
    assert turned.clusters.sort("row").equals(plain.clusters)
    assert turned.pairs.equals(plain.pairs)


def test_the_same_list_gives_the_same_bytes() -> None:
    one, other = (identity.link(listed(*NAMES)) for _ in range(2))
    assert one.pairs.write_json() == other.pairs.write_json()


@pytest.mark.parametrize("missing", [name for name in COLUMNS if name != "row"])
def test_any_column_may_be_absent(missing: str) -> None:
    assert len(identity.link(listed(*NAMES).drop(missing)).clusters) == len(NAMES)


def test_the_weaker_of_two_links_that_contradict_is_refused() -> None:
    low, high, strength = np.array([0, 1]), np.array([1, 2]), np.array([9.0, 7.0])
    assert clusters.refused(low, high, strength, {(0, 2): -8.0}).tolist() == [False, True]


def test_a_link_that_outweighs_the_contradiction_holds() -> None:
    low, high, strength = np.array([0, 1]), np.array([1, 2]), np.array([9.0, 7.0])
    assert clusters.refused(low, high, strength, {(0, 2): -6.0}).tolist() == [False, False]


TWIN = date(2012, 3, 4)


@pytest.mark.parametrize(
    "between",
    [
        person("A.", "Lopezano", TWIN, "3125550147"),
        person("", "Lopezano", TWIN, "3125550147"),
    ],
)
def test_an_initial_or_a_missing_name_never_makes_twins_one(between: dict[str, object]) -> None:
    twins = [person(name, "Lopezano", TWIN, "3125550147") for name in ("Ana", "Alma")]
    found = identity.link(listed(*(one | {"emails": ["home@example.com"]} for one in (twins[0], between, twins[1]))))
    assert found.clusters["cluster"][0] != found.clusters["cluster"][2]
