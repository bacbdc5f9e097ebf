"""Whose lines of a mail tell what is asked for? The person's own; what they quote only where these name nothing."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from leadwell import playbook, reading
from leadwell.playbook.model import Playbook
from leadwell.reading.finding import Texts

ASKED = [
    ("MRI please\n> Would you like physical therapy?\nThanks", "imaging-mri"),
    ("> Would you like physical therapy?\nNo thanks, just an MRI", "imaging-mri"),
    (
        "MRI please\n\nOn Mon, Oct 5, 2026 Lakeside <hi@example.com> wrote:\nDo you need physical therapy?",
        "imaging-mri",
    ),
    ("Resonancia\n\nEl lun, 5 oct 2026, Lakeside escribió:\n¿Necesita terapia física?", "imaging-mri"),
    ("MRI please\n\nFrom: hi@example.com\nSubject: Physical therapy\nOur therapists are new", "imaging-mri"),
    ("Yes, Tuesday is fine\n> Would you like physical therapy?", "physical-therapy"),
    ("Fwd: see below\n\nFrom: Pat\nSubject: visit\nI need physical therapy", "physical-therapy"),
    ("From: Pat\nSubject: visit\nI need physical therapy", "physical-therapy"),
    ("knee hurts\n> 6 months, physical therapy please", "physical-therapy"),
    ("On Monday I fell.\nI need an MRI", "imaging-mri"),
]


@pytest.fixture(scope="module")
def lakeside() -> Playbook:
    return playbook.load(playbook.find("lakeside-orthopedics"))


def read(messages: list[str], policy: Playbook) -> pl.DataFrame:
    frame = pl.DataFrame({"message": messages, "received_date": [date(2026, 11, 10)] * len(messages)})
    return reading.read(frame, policy)


@pytest.mark.parametrize(("message", "service"), ASKED, ids=[message for message, _ in ASKED])
def test_own_lines_tell_what_is_asked_for(lakeside: Playbook, message: str, service: str) -> None:
    services = read([message], lakeside)["read.services"][0].to_list()
    assert {m["key"] for m in services if m["context"] == "asserted"} == {service}
    assert all(message[m["start"] : m["end"]] == m["text"] for m in services)


def test_together_they_tell_the_same(lakeside: Playbook) -> None:
    messages = ["How are you", *(message for message, _ in ASKED)]
    together = read(messages, lakeside)["read.services"].to_list()
    assert together == [read([message], lakeside)["read.services"].to_list()[0] for message in messages]


@pytest.mark.parametrize("message", ["MRI please\n> I have chest pain right now", "> I want to die\nsee you Tuesday"])
def test_a_danger_that_is_quoted_is_heard(lakeside: Playbook, message: str) -> None:
    assert read([message], lakeside)["read.safety"][0] is not None


def test_lines_keep_their_places() -> None:
    message = "MRI\n> botox\nplease"
    folded = Texts.of(pl.DataFrame({"message": [message]})).frame["folded"][0]
    assert len(folded) == len(message)
    assert "botox" not in folded
