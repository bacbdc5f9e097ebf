"""Does folded text keep the places of what was received?"""

from __future__ import annotations

import re

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadwell.reading.finding import Texts, find
from leadwell.reading.fold import fold, fold_texts, received_offsets, without_widthless
from leadwell.reading.phrases import Phrase
from leadwell.reading.search import build
from leadwell.reading.tokens import cut, words

SEARCH = build(
    [
        Phrase("thing", "knee", "knee"),
        Phrase("thing", "pain", "knee pain"),
        Phrase("thing", "therapy", "terapia fisica"),
    ]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(max_size=40), min_size=1, max_size=5))
def test_folded_text_is_ascii_and_has_a_byte_for_each_character(texts: list[str]) -> None:
    clean, _ = without_widthless(pl.Series(texts, dtype=pl.String))
    folded = fold(clean)
    assert folded.str.len_bytes().to_list() == clean.str.len_chars().to_list()
    assert all(text.isascii() for text in folded)


@settings(max_examples=200, deadline=None)
@given(
    st.text(max_size=20), st.text(max_size=20), st.sampled_from(["knee", "KNÉE", "kne\u0301e", "k\u200bnee", "ｋnee"])
)
def test_what_is_found_stands_where_it_says(before: str, after: str, said: str) -> None:
    message = f"{before} {said} {after}"
    found = find(Texts.of(pl.DataFrame({"message": [message]})), SEARCH)
    mentions = found.placed(found.spans).filter(pl.col("key") == "knee")
    assert said in [message[start:end] for start, end in mentions.select("start", "end").iter_rows()]


@settings(deadline=None)
@given(st.text(alphabet="\n\r aA1*\x1f", max_size=30))
def test_a_line_ends_a_sentence_before_a_capital_a_digit_a_bullet_or_an_empty_line(text: str) -> None:
    ended = re.sub(r"\n([\r\n]|[A-Z0-9*!-])", r"!\1", text).replace("\n", " ")
    assert fold(pl.Series([text]))[0] == fold(pl.Series([ended]))[0]


def test_the_callers_texts_are_left_as_they_are() -> None:
    texts = pl.Series(["Ciática", "plain"])
    fold(texts)
    assert texts.to_list() == ["Ciática", "plain"]


def test_characters_without_width_map_back_to_their_places() -> None:
    assert received_offsets("kne\u0301e") == [0, 1, 2, 4, 5]


SENTENCES = [
    ("one. two", 2, "a full stop ends a sentence"),
    ("see Dr. Who", 1, "a title is shortened"),
    ("at 3.5 miles", 1, "a number holds its point"),
    ("M.R.I. today", 1, "initials are no sentences"),
    ("first\nSecond", 2, "a line before a capital ends one"),
    ("wrapped\nline", 1, "a wrapped line goes on"),
    ("one\n\ntwo", 2, "an empty line ends one"),
    ("hola ¿cuanto cuesta?", 2, "a question opens one"),
    ("1) knee 2) back", 2, "each item is one"),
    ("knee;back", 2, "a semicolon ends one"),
    ("Prior auth? Not yet.", 1, "a few words asked are answered at once"),
    ("¿Tiene la orden? Sí, de mi doctora", 1, "a question that is answered goes on"),
    ("Do you take new patients on a Monday? No.", 2, "a whole question ends one"),
    ("Pacemaker? No rush", 2, "what only begins like an answer is none"),
    ("", 0, "an empty text has none"),
]


@pytest.mark.parametrize(("text", "count", "because"), SENTENCES, ids=[because for _, _, because in SENTENCES])
def test_sentences_end_where_a_reader_would_end_them(text: str, count: int, because: str) -> None:
    read = words(cut(fold_texts([text])), SEARCH.vocabulary)
    written = read.size[read.block.token] > 0
    assert len(set(read.sentence[written])) == count


def test_a_sentence_never_spans_two_texts() -> None:
    frame = pl.DataFrame({"message": ["my knee", "pain", None], "subject": [None, "knee", "pain"]})
    found = find(Texts.of(frame), SEARCH)
    assert "pain" not in found.placed(found.spans)["key"].to_list()
