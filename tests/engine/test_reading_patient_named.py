"""Whom does somebody who refers name in their words? Names, the very words, and dates of birth. (promise A3)"""

import time
import tomllib
from pathlib import Path

import pytest

from leadwell.reading.patient_named import patient_named
from leadwell.reading.person_names import same_name

CASES = tomllib.loads(Path(__file__).with_name("reading_patient_named.toml").read_text(encoding="utf-8"))
NAMED, MAILED = CASES["named"], CASES["mailed"]


@pytest.mark.parametrize("text", NAMED)
def test_the_patient_is_whom_the_words_name_and_nobody_is_invented(text: str) -> None:
    found = patient_named({"message": text})
    assert (found.name if found else "") == NAMED[text]
    if found:
        assert text[found.start : found.start + len(found.said)] == found.said


@pytest.mark.parametrize("text", MAILED)
def test_a_mail_names_its_patient_by_what_stands_around_the_name(text: str) -> None:
    found = patient_named({"message": text}, mailed=True)
    assert (found.name if found else "") == MAILED[text]


@pytest.mark.parametrize(
    ("text", "born"),
    [
        ("our patient Jane Porter, DOB 03/14/1958, phone 312-555-0166", "03/14/1958"),
        ("our patient Jane Porter (1958-03-14) needs an MRI", "1958-03-14"),
        ("our patient Jane Porter needs an MRI. Date of birth: March 14, 1958", "March 14, 1958"),
        ("our patient Jane Porter. Mother's DOB 1/2/1930, her DOB 3/14/1958", ""),
        ("our patient Jane Porter was seen on 11/20/2026", ""),
    ],
)
def test_a_birth_date_is_theirs_behind_the_name_or_where_it_is_the_only_one(text: str, born: str) -> None:
    found = patient_named({"message": text})
    assert found is not None
    assert (found.name, found.born) == ("Jane Porter", born)


def test_subject_and_message_name_one_patient_or_nobody() -> None:
    text = "Please see our patient Jane Porter for her knee"
    agreed = patient_named({"message": text, "subject": "Our patient Jane A. Porter"})
    assert agreed is not None
    assert agreed.name == "Jane A. Porter"
    assert patient_named({"message": text, "subject": "Our patient Alan Fenwick"}) is None


def test_a_middle_name_or_a_suffix_makes_nobody_another() -> None:
    assert same_name("Jane Ann Porter", "JANE PORTER")
    assert same_name("Alan Fenwick Jr", "Alan Fenwick")
    assert not same_name("Jane Porter", "June Porter")
    assert not same_name("", "")


@pytest.mark.parametrize(
    "piece", ["Aa ", "A", "our patient ", "Mr. ", "Aa\n", "A. ", "O'", "Aa-", "referral for van ", "DOB "]
)
def test_no_text_takes_long(piece: str) -> None:
    begun = time.process_time()
    patient_named({"message": "patient " + piece * (20_000 // len(piece))})
    patient_named({"message": piece * (20_000 // len(piece))}, mailed=True)
    assert time.process_time() - begun < 5
