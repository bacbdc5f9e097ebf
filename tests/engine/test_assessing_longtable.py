"""Do many small findings become one list a lead, in order, and empty rather than NULL?"""

from __future__ import annotations

import polars as pl

from leadwell.assessing.longtable import Choice, chosen, collect

LEADS = pl.DataFrame({"row": [3, 1, 2]}, schema={"row": pl.UInt32})


def part(*rows: tuple[int, int, str]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={"row": pl.UInt32, "order": pl.Int32, "item": pl.String}, orient="row")


def lists(*parts: pl.DataFrame) -> list[list[str]]:
    return collect(LEADS, parts, pl.col("item"), pl.String()).to_list()


def test_lists_stand_in_the_order_of_the_leads_whatever_that_is() -> None:
    assert lists(part((1, 0, "one"), (2, 0, "two"), (3, 0, "three"))) == [["three"], ["one"], ["two"]]


def test_a_lead_without_items_has_an_empty_list() -> None:
    assert lists(part((1, 0, "one"))) == [[], ["one"], []]


def test_no_parts_and_empty_parts_are_empty_lists_of_the_right_type() -> None:
    nothing = collect(LEADS, [part()], pl.col("item"), pl.String())
    assert nothing.to_list() == [[], [], []]
    assert nothing.dtype == collect(LEADS, [], pl.col("item"), pl.String()).dtype == pl.List(pl.String)


def test_items_of_several_parts_stand_by_their_order() -> None:
    assert lists(part((1, 2, "last")), part((1, 1, "then")), part((1, 0, "first"))) == [
        [],
        ["first", "then", "last"],
        [],
    ]


def test_items_of_one_order_stand_as_they_came() -> None:
    assert lists(part((1, 0, "b"), (1, 0, "a")), part((1, 0, "c"))) == [[], ["b", "a", "c"], []]


def test_an_item_may_be_made_of_several_columns() -> None:
    item = pl.struct("order", "item")
    made = collect(LEADS, [part((2, 7, "two"))], item, pl.Struct({"order": pl.Int32, "item": pl.String}))
    assert made.to_list() == [[], [], [{"order": 7, "item": "two"}]]


def test_chosen_items_are_those_whose_mask_is_true_and_null_is_not() -> None:
    masks = pl.DataFrame({"a": [True, False, None], "b": [True, True, None]})
    assert chosen(masks, Choice.of(["first", "second"], pl.String())).to_list() == [["first", "second"], ["second"], []]


def test_equal_items_are_chosen_once_where_the_first_stands() -> None:
    masks = pl.DataFrame({"a": [True], "b": [True], "c": [True]})
    assert chosen(masks, Choice.of(["same", "other", "same"], pl.String())).to_list() == [["same", "other"]]


def test_sixty_items_and_sixty_one_are_told_apart() -> None:
    for count in (59, 60, 61, 130):
        masks = pl.DataFrame({str(i): [i == count - 1, True, False] for i in range(count)})
        items = [str(i) for i in range(count)]
        assert chosen(masks, Choice.of(items, pl.String())).to_list() == [[items[-1]], items, []]


def test_nothing_to_choose_from_is_an_empty_list_for_each_row() -> None:
    nothing = chosen(pl.DataFrame({"row": [1, 2]}), Choice.of([], pl.String()))
    assert (nothing.to_list(), nothing.dtype) == ([[], []], pl.List(pl.String))
