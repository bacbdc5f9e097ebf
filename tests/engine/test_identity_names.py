"""Can two given names be one person's? Nicknames of English and Spanish, and the names of two brothers or sisters."""

from __future__ import annotations

import polars as pl
import pytest

from leadwell.identity.names import GIVEN, folded_name, given_levels

ONE = (
    "katie-katherine kate-katherine katie-kathryn katie-kate katharine-kate jon-jonathan bill-william will-bill "
    "will-william bob-robert rob-bob rob-robert liz-elizabeth beth-elizabeth beth-liz peggy-margaret "
    "steve-stephen jack-john pepe-jose paco-francisco pancho-paco lupe-guadalupe lupita-lupe memo-guillermo chuy-jesus"
)  # fmt: skip
TWO = "robert-william bill-robert joan-john patrick-patricia carla-carlos jon-nathan greta-oscar maria-mariana"


def level(one: str, other: str) -> str:
    return GIVEN[given_levels(pl.Series([one]), pl.Series([other]))[0]]


@pytest.mark.parametrize("pair", ONE.split())
def test_a_nickname_is_known_in_both_directions_and_through_its_formal_name(pair: str) -> None:
    one, other = pair.split("-")
    assert level(one, other) == level(other, one) == "nickname"


@pytest.mark.parametrize("pair", TWO.split())
def test_names_of_brothers_and_sisters_are_no_nicknames(pair: str) -> None:
    one, other = pair.split("-")
    assert level(one, other) in ("similar", "differs")
    assert level(other, one) == level(one, other)


@pytest.mark.parametrize(
    ("told", "name"),
    [("Mr. John", "john"), ("Sir John", "john"), ("Rev. Ana", "ana"), ("Mrs", None), ("Dr.", None), ("Don", "don")],
)
def test_a_title_is_no_name(told: str, name: str | None) -> None:
    assert pl.DataFrame({"name": [told]}).select(folded_name(pl.col("name"))).item() == name
