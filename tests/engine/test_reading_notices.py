"""Is a notice that speaks to its readers nobody's danger, and what somebody says beside it still one? (promise 18)"""

from __future__ import annotations

import csv
import io
from pathlib import Path

import polars as pl
import pytest
from reading_danger import told

from leadwell import playbook
from leadwell.playbook import Playbook
from leadwell.reading.finding import Texts

CASES = list(csv.DictReader(io.StringIO((Path(__file__).parent / "reading_notices.csv").read_text(encoding="utf-8"))))
NOTICES, OWN = ([case["text"] for case in CASES if case["danger"] == danger] for danger in ("no", "yes"))


@pytest.fixture(scope="module")
def policy() -> Playbook:
    return playbook.load(playbook.find("lakeside-orthopedics"))


def test_a_notice_is_nobodys_danger(policy: Playbook) -> None:
    says = told(policy, *NOTICES)
    assert [text for text, said in zip(NOTICES, says, strict=True) if said is not None] == []


def test_what_somebody_says_beside_a_notice_is_heard(policy: Playbook) -> None:
    says = told(policy, *OWN)
    assert [text for text, said in zip(OWN, says, strict=True) if said is None] == []


def test_a_notice_keeps_its_place() -> None:
    message = "If you have chest pain, call 911. Botox"
    folded = Texts.of(pl.DataFrame({"message": [message]})).frame["folded"][0]
    assert len(folded) == len(message)
    assert folded.endswith(" botox")
    assert "chest" not in folded
