"""Is each message taken for what it is: referral, business, or no request for care? (promises 3, 14)"""

from __future__ import annotations

import csv
from pathlib import Path

import polars as pl
import pytest

from leadwell import playbook
from leadwell.playbook import Playbook
from leadwell.reading import mentions_in
from leadwell.reading.enquiry import enquiry

CASES = list(csv.DictReader((Path(__file__).parent / "reading_enquiries.csv").read_text(encoding="utf-8").splitlines()))


@pytest.fixture(scope="module")
def policy() -> Playbook:
    return playbook.load(playbook.find("lakeside-orthopedics"))


def told(policy: Playbook, *messages: str | None) -> list[str]:
    frame = pl.DataFrame({"message": list(messages)}, schema={"message": pl.String})
    said = enquiry(mentions_in(frame, policy), frame, policy)
    return said.select(pl.coalesce("read.other", "read.type", pl.lit("patient"))).to_series().to_list()


@pytest.mark.parametrize("kind", sorted({case["kind"] for case in CASES}))
def test_messages_of_a_kind_are_taken_for_it(policy: Playbook, kind: str) -> None:
    texts = [case["text"] for case in CASES if case["kind"] == kind]
    said = told(policy, *texts)
    assert [(text, what) for text, what in zip(texts, said, strict=True) if what != kind] == []


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("need a refill on my metformin", "existing-patient"),
        ("need a refill, and I also need an appointment for my shoulder", "patient"),
        ("I want to file a complaint", "complaint"),
        (
            "your front desk was rude, but I still would like to become a patient of your spine clinic, new patient",
            "patient",
        ),
        ("we sell billing software", "vendor"),
        ("our employees need physicals", "business"),
        ("my employer wants me to get a physical", "patient"),
        ("Please see our patient, 63M, right knee OA", "referral"),
        ("my doctor referred me to you", "patient"),
        ("", "patient"),
        (None, "patient"),
    ],
)
def test_a_new_request_outweighs_what_else_is_said(policy: Playbook, message: str | None, kind: str) -> None:
    assert told(policy, message) == [kind]


def test_the_words_that_say_it_are_given(policy: Playbook) -> None:
    frame = pl.DataFrame({"message": ["Hello. I need a refill on my metformin, thanks."]})
    evidence = enquiry(mentions_in(frame, policy), frame, policy)["read.other@"][0]
    assert frame["message"][0][evidence["start"] : evidence["end"]] == evidence["text"] == "refill"


def test_each_lead_is_judged_alone_whatever_the_batch(policy: Playbook) -> None:
    texts = [case["text"] for case in CASES][::9]
    assert [told(policy, text)[0] for text in texts] == told(policy, *texts)
