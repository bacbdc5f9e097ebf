"""Does every entry of the words about being left alone find its example, and leave its counter-examples alone?"""

from __future__ import annotations

import polars as pl
import pytest

from leadwell.permission.stops.lexicon import entries, lexicon
from leadwell.reading.finding import Texts, find
from leadwell.reading.fold import folded_words
from leadwell.reading.lexicons import Entry, Example

CASES = [
    pytest.param(entry, example, id=f"{entry.file}:{entry.kind}:{entry.key}:{number}")
    for entry in entries()
    for number, example in enumerate(entry.examples)
]


@pytest.mark.parametrize(("entry", "example"), CASES)
def test_an_entry_finds_its_example_and_not_its_counter_example(entry: Entry, example: Example) -> None:
    found = find(Texts.of(pl.DataFrame({"text": [example.text]}), ["text"], whole=True), lexicon().search)
    own = found.placed(found.spans).filter((pl.col("kind") == entry.kind) & (pl.col("key") == entry.key))
    words = [example.text[start:end] for start, end in own.select("start", "end").iter_rows()]
    if example.finds is None:
        assert words == []
    else:
        assert example.finds in words


def test_every_entry_stands_beside_an_example() -> None:
    assert [f"{e.file}: {e.kind} {e.key}" for e in entries() if not any(x.finds for x in e.examples)] == []


def test_no_phrase_holds_a_word_that_is_left_out() -> None:
    """Fillers are gone before phrases are looked for: a phrase with one would never be found."""
    fillers = {phrase.text for entry in entries() if entry.kind == "filler" for phrase in entry.phrases}
    phrases = [phrase for entry in entries() if entry.kind != "filler" for phrase in entry.phrases]
    texts = {phrase.text for phrase in phrases} | {m for p in phrases for _, members in p.sets for m in members}
    assert {text for text in texts if not fillers.isdisjoint(folded_words([text])[0])} == set()
