"""Does every lexicon entry find the words of its example, and leave its counter-examples alone?"""

from __future__ import annotations

import polars as pl
import pytest
from tests.together import Together

from leadwell.reading import context, lexicons
from leadwell.reading.finding import Texts, find
from leadwell.reading.search import Search, build


@pytest.fixture(scope="module")
def search() -> Search:
    every = [phrase for entry in lexicons.entries() for phrase in entry.phrases]
    return build(every, lexicons.families(), lexicons.real_words())


@Together
def found_in(texts: list[str], search: Search) -> list[list[tuple[str, str, str]]]:
    """Of each text: kind, key and words of what is found in it."""
    found = find(Texts.of(pl.DataFrame({"message": texts})), search)
    of_each: list[list[tuple[str, str, str]]] = [[] for _ in texts]
    for row, kind, key, start, end in (
        found.placed(context.outermost(found)).select("row", "kind", "key", "start", "end").iter_rows()
    ):
        of_each[row].append((kind, key, texts[row][start:end]))
    return of_each


CASES = [
    pytest.param(entry, example, id=f"{entry.file}:{entry.key}:{number}")
    for entry in lexicons.entries()
    for number, example in enumerate(entry.examples)
]


@pytest.mark.parametrize(("entry", "example"), CASES)
def test_an_entry_finds_its_example_and_not_its_counter_example(
    search: Search, entry: lexicons.Entry, example: lexicons.Example
) -> None:
    words = [words for *of, words in found_in(example.text, search) if of == [entry.kind, entry.key]]
    if example.finds is None:
        assert words == []
    else:
        assert example.finds in words


def test_every_entry_stands_beside_an_example() -> None:
    without = [f"{entry.file}: {entry.key}" for entry in lexicons.entries() if not any(e.finds for e in entry.examples)]
    assert without == []
