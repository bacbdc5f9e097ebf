"""Do sentences of clinics of other kinds read as meant? `reading_clinics.csv`: what is judged, and what is right."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import leadwell

HERE = Path(__file__).parent
CASES = list(csv.DictReader((HERE / "reading_clinics.csv").read_text(encoding="utf-8").splitlines()))
CLINICS = sorted({case["clinic"] for case in CASES})


@cache
def assessed(clinic: str) -> dict[str, dict[str, Any]]:
    """Each message of a clinic's cases with its assessment."""
    own = HERE / "truth" / "clinics" / clinic / "playbook.toml"
    policy = leadwell.load_playbook(own if own.exists() else clinic)
    messages = list(dict.fromkeys(case["message"] for case in CASES if case["clinic"] == clinic))
    frame = pl.DataFrame({"message": messages}).with_columns(received_at=pl.lit("2026-10-08T10:00:00"))
    return dict(zip(messages, leadwell.assess(frame, policy).to_dicts(), strict=True))


def told(assessment: dict[str, Any], what: str) -> str:
    """What an assessment says: a fact, the services, the preferred channel, or a value of its own, as text."""
    if what == "services":
        return " ".join(assessment["services"] or [])
    if what == "preferred":
        return (assessment["contact"] or {}).get("preferred") or ""
    if what in assessment["facts"]:
        value = (assessment["facts"][what] or {}).get("value")
        return "" if value is None else str(value).lower()
    return str(assessment[what] or "")


@pytest.mark.parametrize("clinic", CLINICS)
def test_sentences_of_other_clinics_read_as_meant(clinic: str) -> None:
    cases = [case for case in CASES if case["clinic"] == clinic]
    found = [(case, told(assessed(clinic)[case["message"]], case["what"])) for case in cases]
    wrong = [(case["message"], case["what"], is_) for case, is_ in found if is_ != case["is"]]
    assert wrong == []
