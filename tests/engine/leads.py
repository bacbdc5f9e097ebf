"""Which lead do tests start from? One that fits, and how to change it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
from tests.together import Together

from leadwell import assessing, playbook
from leadwell.playbook import Playbook

GOOD: dict[str, Any] = {
    "id": "good",
    "received_at": "2026-11-18T15:05:00Z",
    "first_name": "Ana",
    "last_name": "Ruiz",
    "birth_date": "1961-03-04",
    "phone": "312-555-0147",
    "email": "ana.ruiz@example.com",
    "zip": "60201",
    "service": "Knee replacement",
    "payer": "Aetna",
    "message": "My knees are bone on bone. I would like to book a consultation within two weeks.",
}


@cache
def lakeside() -> Playbook:
    return playbook.load(playbook.find("lakeside-orthopedics"))


def good(**changes: Any) -> dict[str, Any]:
    """The lead that fits, with changes; None takes a field away."""
    return {key: value for key, value in (GOOD | changes).items() if value is not None}


def frame(*leads: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(leads), infer_schema_length=None)


def sample(name: str) -> pl.DataFrame:
    """The leads that come with a shipped playbook, as text."""
    path = Path(__file__).parents[2] / "src/leadwell/playbooks" / name / "leads.csv"
    return pl.read_csv(path, infer_schema=False)


def judge(*leads: dict[str, Any], by: Playbook | None = None) -> list[dict[str, Any]]:
    if len(leads) > 1:
        return assessing.judge(frame(*leads), by or lakeside()).to_dicts()
    (lead,) = leads
    return [_judged(lead, by or lakeside(), tuple((name, type(value)) for name, value in lead.items()))]


@Together
def _judged(leads: list[dict[str, Any]], by: Playbook, shape: tuple[tuple[str, type], ...]) -> list[dict[str, Any]]:
    """Leads of one shape, each in the first row."""
    return [judged | {"row": 1} for judged in assessing.judge(frame(*leads), by).to_dicts()]


def assess(*leads: dict[str, Any], by: Playbook | None = None) -> list[dict[str, Any]]:
    return assessing.assess(frame(*leads), by or lakeside()).to_dicts()
