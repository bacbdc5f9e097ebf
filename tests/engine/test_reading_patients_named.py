"""Whom of several patients does a mail name, and what is said of each alone? (promises A3, B8)"""

import time
import tomllib
from pathlib import Path

import pytest

from leadwell.reading.patients_named import patients_named

CASES = tomllib.loads(Path(__file__).with_name("reading_patients_named.toml").read_text(encoding="utf-8"))
SEVERAL, NOT_SEVERAL = CASES["several"], CASES["not_several"]["words"]


@pytest.mark.parametrize("text", SEVERAL)
def test_several_patients_are_told_each_with_birth_date_and_telephone(text: str) -> None:
    told = [one.patient for one in patients_named({"message": text}).each]
    assert [" ".join(filter(None, (one.name, one.born, one.phone))) for one in told] == SEVERAL[text]
    assert all(one.said in text for one in told)


@pytest.mark.parametrize("text", NOT_SEVERAL)
def test_what_is_no_list_of_patients_is_left_as_it_is(text: str) -> None:
    assert not patients_named({"message": text}).each


LIST = "Hello, for next week:\n1. Lavinia Stroud, knee\n2. Osbert Kemp, hip\n\nAll have Medicare. Thanks, Cora"
PROSE = "Please see Cornelius Wray for a knee replacement. Also Euphemia Wray, his wife, for her hip."
CANCELLED = (
    "Please cancel the referral for Ignatius Pell, he went elsewhere. But Josiah Pell, his brother, wants a knee."
)
AS_BEFORE = "1. Lavinia Stroud, knee replacement\n2. Osbert Kemp, same"
OF_BOTH = "We refer Ida Quill. And Otto Marsh needs a knee replacement too, both have Medicare."


@pytest.mark.parametrize(
    ("text", "each"),
    [
        (
            LIST,
            [
                "Hello, for next week:\n1. Lavinia Stroud, knee\n\nAll have Medicare. Thanks, Cora",
                "Hello, for next week:\n2. Osbert Kemp, hip\n\nAll have Medicare. Thanks, Cora",
            ],
        ),
        (PROSE, PROSE.replace(". ", ".\n").split("\n")),
        (CANCELLED, CANCELLED.replace(". ", ".\n").split("\n")),
        (AS_BEFORE, [AS_BEFORE, AS_BEFORE]),
        (OF_BOTH, [OF_BOTH, OF_BOTH]),
    ],
)
def test_each_has_what_is_said_of_them_and_of_all(text: str, each: list[str]) -> None:
    told = [one.texts for one in patients_named({"message": text, "subject": "New patients"}).each]
    assert [one["message"] for one in told] == each
    assert {one["subject"] for one in told} == {"New patients"}


@pytest.mark.parametrize(
    "text",
    [
        "Please call Bob and Sue Smith 773-555-0102",
        "1. Lavinia Stroud 773-555-0110\n2. Osbert Kemp 773-555-0111",
    ],
)
def test_of_whom_it_is_open_who_is_the_patient_nobody_is_told_apart(text: str) -> None:
    told = patients_named({"message": text})
    assert told.unsure
    assert not told.each


@pytest.mark.parametrize(
    "piece",
    [
        "Aa ", "A", "our patient ", "Mr. ", "Aa\n", "A. ", "O'", "Aa-", "DOB ", "1. ", "- Aa Bb\n", "1. Aa Bb, knee\n",
        "Aa Bb needs a knee. ", "Mr. and ", "Aa and ", "| ", "\n", "patients:\n- ", "for his knee ",
    ],
)  # fmt: skip
def test_no_text_takes_long(piece: str) -> None:
    begun = time.process_time()
    patients_named({"message": piece * (20_000 // len(piece))})
    assert time.process_time() - begun < 5
