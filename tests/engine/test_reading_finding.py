"""Which phrases are found in which words? Inflected, in any order, misspelt; and real words left alone."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadwell.reading import context, lexicons, tokens
from leadwell.reading.finding import Texts, find
from leadwell.reading.grouped import Sparse
from leadwell.reading.misspelling import Speller
from leadwell.reading.phrases import Phrase
from leadwell.reading.search import Search, build


def searching(*texts: str, **how: bool) -> Search:
    phrases = [Phrase("thing", text, text, language="?", **how) for text in texts]  # type: ignore[arg-type]
    return build(phrases, lexicons.families(), lexicons.real_words())


def said(search: Search, message: str) -> list[str]:
    found = find(Texts.of(pl.DataFrame({"message": [message]})), search)
    places = found.placed(found.spans).select("start", "end")
    return [message[start:end] for start, end in places.iter_rows()]


FOUND = [
    ("knee replacement", "knee replacements please", "knee replacements", "plural"),
    ("bone on bone knee", "both knees are bone on bone", "knees are bone on bone", "any order"),
    ("knee replacement", "replacement of my left knee", "replacement of my left knee", "three others between"),
    ("knee replacement", "replacement for my bad left knee", None, "four others between"),
    ("knee replacement", "my knee hurts. replacement parts?", None, "two sentences"),
    ("knee replacement", "both, knee, or maybe, replacement", None, "signs count as words between"),
    ("control of the bladder", "lost bladder control", "bladder control", "articles are dispensable"),
    ("our employees", "my employees", None, "'our' is not"),
    ("bone on bone knee", "bone spur on my knee", None, "a word needed twice stands twice"),
    ("physiotherapist", "physioterapist near me", "physioterapist", "one letter missing"),
    ("physiotherapist", "phisiotherapyst near me", "phisiotherapyst", "two errors in a long word"),
    ("surgery", "surgrey next week", "surgrey", "two letters swapped"),
    ("stroke", "stroll in the park", None, "a real word is not misspelt"),
    ("patient", "patent law", None, "a real word is not misspelt, one letter off"),
    ("patient", "patents", None, "nor its plural"),
    ("brace", "barce", None, "short words are not corrected"),
    ("torn ligament", "I tore a ligament", "tore a ligament", "irregular"),
    ("tooth extraction", "extraction of two teeth", "extraction of two teeth", "irregular plural"),
    ("adhd testing", "an adhd test", "adhd test", "kin beside another word"),
    ("hearing", "looking forward to hear from you", None, "alone a verb form is not taken back"),
    ("refer our patients", "we referred our patients", "referred our patients", "past"),
    ("dejar de beber", "ya dejó de beber", "dejó de beber", "Spanish verb"),
    ("terapia fisica", "terapias físicas", "terapias físicas", "Spanish plural and accents"),
    ("necesito terapia", "necesitamos terapia", "necesitamos terapia", "Spanish irregular family"),
    ("x-ray", "X-Rays", "X-Rays", "hyphen"),
    ("can't breathe", "can’t breathe", "can’t breathe", "curly apostrophe"),
    ("mri", "mri's", "mri's", "possessive"),
    ("mri", "MRI", "MRI", "case"),
    ("mri", "primrio", None, "inside a word"),
    ("owner", "homeowner", None, "at the end of a word"),
    ("mri", "write to office@mri.example", None, "in an address"),
]


@pytest.mark.parametrize(("phrase", "message", "words", "because"), FOUND, ids=[f"{f[0]}: {f[3]}" for f in FOUND])
def test_a_phrase_is_found_in_its_words(phrase: str, message: str, words: str | None, because: str) -> None:
    assert said(searching(phrase), message) == ([words] if words else [])


EXACT = [
    ("do not", "I do not want it", True, "side by side"),
    ("do not", "not what I do", False, "in another order"),
    ("do not", "do you not", False, "a word between"),
    ("had", "have", False, "not inflected"),
]


@pytest.mark.parametrize(("phrase", "message", "found", "because"), EXACT, ids=[e[3] for e in EXACT])
def test_an_exact_phrase_is_found_as_it_stands(phrase: str, message: str, found: bool, because: str) -> None:
    assert bool(said(searching(phrase, loose=False, inflect=False, misspelt=False), message)) is found


def test_every_member_of_a_set_makes_the_phrase() -> None:
    sets = (("relative", ("father", "mother in law")),)
    search = build([Phrase("cue", "other", "my {relative} had", loose=False, inflect=False, sets=sets)])
    assert said(search, "my mother in law had it") == ["my mother in law had"]
    assert said(search, "my father had it") == ["my father had"]
    assert said(search, "my mother had it") == []


def test_no_playbook_word_is_lost_for_an_exact_one() -> None:
    """A form that an exact phrase uses bare still counts for a loose one."""
    exact = Phrase("exact", "torn", "torn up", loose=False, inflect=False)
    search = build([exact, Phrase("loose", "tear", "tear ligament")], lexicons.families())
    assert said(search, "torn ligament") == ["torn ligament"]
    assert said(search, "tore up") == []


def test_the_nearest_word_wins_and_the_first_letter_holds() -> None:
    speller = Speller({"therapy", "surgery", "physical"}, frozenset())
    assert speller.meant("therappy") == "therapy"
    assert speller.meant("hpysical") == "physical"
    assert speller.meant("burgery") is None


def test_a_message_of_one_endless_word_is_survived() -> None:
    assert said(searching("knee"), "knee " + "x" * 1_000_000) == ["knee"]


@pytest.mark.parametrize("together", [1, 40, 200])
def test_it_makes_no_difference_how_many_texts_are_read_together(
    monkeypatch: pytest.MonkeyPatch, together: int
) -> None:
    def told() -> pl.DataFrame:
        found = context.mentions(find(Texts.of(frame), search))
        numbers = [pl.col(name).rle_id() for name in ("sentence", "clause")]
        return found.with_columns(*numbers, width=pl.col("last") - pl.col("first")).drop("first", "last")

    search = build(lexicons.phrases(), lexicons.families(), lexicons.real_words())
    messages = [
        "No knee pain, but my hip hurts: left. My son had an MRI",
        "",
        "ACL tear\u0301",
        "¿Dolor de rodilla?",
        "x",
    ]
    frame = pl.DataFrame({"message": messages * 3, "subject": [None, "MRI. Now", "!"] * 5})
    at_once = told()
    monkeypatch.setattr(tokens, "_TOGETHER", together)
    assert len(Texts.of(frame).blocks) > 1
    assert told().equals(at_once)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 1 << 40), st.integers(0, 9)), max_size=60), st.lists(st.integers(0, 1 << 40)))
def test_numbers_far_apart_keep_their_values(pairs: list[tuple[int, int]], others: list[int]) -> None:
    asked = [*(key for key, _ in pairs), *others]
    which, values = Sparse.of([key for key, _ in pairs], [value for _, value in pairs]).each(
        np.array(asked, dtype=np.int64)
    )
    expected = [(i, value) for i, number in enumerate(asked) for key, value in pairs if key == number]
    assert list(zip(which.tolist(), values.tolist(), strict=True)) == expected


def test_an_empty_frame_and_one_without_words_find_nothing() -> None:
    search = searching("knee")
    for frame in (pl.DataFrame({"message": []}, schema={"message": pl.String}), pl.DataFrame({"id": ["1"]})):
        found = find(Texts.of(frame), search)
        assert found.placed(found.spans).is_empty()
