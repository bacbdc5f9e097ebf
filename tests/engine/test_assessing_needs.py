"""Does linking find the same need that judging finds, although it reads less?"""

from __future__ import annotations

from functools import cache
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from leads import frame, good, lakeside, sample
from leadwell import playbook
from leadwell.assessing.needs import FACTS, needs
from leadwell.assessing.pipeline import known
from leadwell.assessing.prepare import prepare
from leadwell.playbook import Playbook

CASES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("a field tells the age", {"birth_date": None, "age": "45", "message": "My son, age 9, hurt his ankle."}),
    ("only words tell the age", {"birth_date": None, "message": "My mother is 81 and needs a knee replacement."}),
    ("words tell a birth date", {"birth_date": None, "message": "She was born 03/04/1950. She is my mother."}),
    ("the birth date is the asker's, and words tell the child's age", {"message": "My son, age 9, hurt his ankle."}),
    ("the birth date is the patient's, as words agree", {"birth_date": "2017-03-04", "message": "My son is 9."}),
    ("a patient's birth date stands beside the asker's", {"patient_birth_date": "2016-01-02", "asks_for": "child"}),
    ("a birth date to come is none", {"birth_date": "2031-01-01", "message": "I am 54."}),
    ("a verified field", {"asks_for": "my child", "verified": "asks_for; age"}),
    ("a provider refers", {"referrer_npi": "1234567893", "referral_service": "MRI", "service": None}),
    ("an organisation asks", {"organization": "Harbor Point Rehab", "message": "Harbor Point Rehab wants MRI rates."}),
    ("a job", {"message": "I am looking for a job as a nurse. My résumé is attached."}),
    ("no words at all", {"message": None}),
    ("an unknown service", {"service": "Basket weaving"}),
)


@cache
def policy(name: str) -> Playbook:
    return playbook.load(playbook.find(name))


def same(leads: pl.DataFrame, by: Playbook) -> None:
    assert_frame_equal(needs(prepare(leads, by), by), known(leads, by).select("row", *FACTS))


@pytest.mark.parametrize("name", playbook.shipped())
def test_the_need_of_a_lead_is_the_one_it_is_judged_by(name: str) -> None:
    same(sample(name), policy(name))


@pytest.mark.parametrize("changes", [case for _, case in CASES], ids=[name for name, _ in CASES])
def test_so_is_that_of_a_lead_alone(changes: dict[str, Any]) -> None:
    same(frame(good(**changes)), lakeside())


def test_leads_that_say_the_same_keep_their_own_fields() -> None:
    words = {"message": "My son, age 9, hurt his ankle."}
    leads = [good(**words, birth_date=born) for born in ("1961-03-04", "2017-03-04", None, "2017-03-05")]
    same(frame(*leads, good(message=None)), lakeside())
    assert needs(prepare(frame(*leads), lakeside()), lakeside())["age"].to_list() == [9, 9, 9, 9]
