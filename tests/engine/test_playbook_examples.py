"""Do a policy's own examples tell when it does something else, why, and what they never try?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
import pytest

from leadwell.playbook import find, load
from leadwell.playbook.examples import Outcome, run, untried

PLAYBOOK = load(find("lakeside-orthopedics"))
LEADS = pl.DataFrame({"id": ["1", "2"]})

FOUND: dict[str, dict[str, Any]] = {
    "1": {
        "id": "1", "type": "patient", "disposition": "verify", "services": ["imaging-mri"], "reasons": [],
        "criteria": {"age": "met", "area": "unknown", "payer": None},
        "dimensions": {"fit": {"finding": "met", "because": [
            {"says": "asks for MRI", "evidence": {"field": "message", "text": "an mri", "start": 0, "end": 6}}]}},
        "conflicts": ["Joint school is for adults"], "points": [{"add": 25, "because": "asks for what we offer"}],
        "facts": {"age": {"value": 65.0, "provenance": "stated"}, "service": {"value": "imaging-mri"}, "zip": None},
        "safety": None,
    },
    "2": {"id": "2", "type": "patient", "disposition": "decline", "reasons": ["age"], "criteria": {"age": "not met"},
          "dimensions": {}, "conflicts": [], "points": [], "facts": {}},
}  # fmt: skip


def assess(leads: pl.DataFrame, playbook: object) -> pl.DataFrame:
    """Stands in for the engine."""
    assert playbook is PLAYBOOK
    return pl.DataFrame([FOUND[key] for key in leads["id"]], infer_schema_length=None, strict=False)


def tried(*expected: Mapping[str, Any], leads: pl.DataFrame = LEADS) -> Outcome:
    return run(PLAYBOOK, leads, expected, assess=assess)


FITS: list[dict[str, Any]] = [
    {},
    {"disposition": "verify"},
    {"criteria": {"age": "met"}},
    {"criteria": {"payer": None}},
    {"safety": None},
    {"facts": {"age": {"value": 65}}},
    {"facts": {"zip": None}},
    {"services": ["imaging-mri"]},
    {"dimensions": {"fit": {"finding": "met"}}},
    {"points": [{"add": 25}]},
]

DIFFERS: list[tuple[dict[str, Any], str]] = [
    ({"disposition": "schedule"}, "disposition"),
    ({"criteria": {"age": "unknown"}}, "criteria.age"),
    ({"criteria": {"payer": "met"}}, "criteria.payer"),
    ({"criteria": {"unheard": "met"}}, "criteria.unheard"),
    ({"services": []}, "services"),
    ({"services": ["imaging-mri", "spine-care"]}, "services"),
    ({"services": ["spine-care"]}, "services[0]"),
    ({"facts": {"age": {"value": 64}}}, "facts.age.value"),
    ({"facts": {"zip": {"value": "60606"}}}, "facts.zip.value"),
    ({"type": True}, "type"),
    ({"unheard": 1}, "unheard"),
]


@pytest.mark.parametrize("expected", FITS, ids=range(len(FITS)))
def test_only_what_is_expected_is_compared_key_by_key(expected: dict[str, Any]) -> None:
    outcome = tried({"id": "1"} | expected)
    assert outcome.passed
    assert outcome.differences == ()


@pytest.mark.parametrize(("expected", "path"), DIFFERS, ids=range(len(DIFFERS)))
def test_what_came_out_otherwise_is_told_with_its_path(expected: dict[str, Any], path: str) -> None:
    outcome = tried({"id": "1"} | expected)
    assert [difference.path for difference in outcome.differences] == [path]
    assert not outcome.passed
    assert outcome.failed == 1


def test_a_difference_carries_what_the_engine_said_and_knew() -> None:
    (difference,) = tried({"id": "1", "dimensions": {"fit": {"finding": "not met"}}}).differences
    assert (difference.expected, difference.found) == ("not met", "met")
    assert difference.because == ("asks for MRI (“an mri” in message)",)
    assert difference.facts == {"age": 65.0, "service": "imaging-mri"}


def test_a_criterion_is_traced_to_the_facts_it_names() -> None:
    (difference,) = tried({"id": "1", "criteria": {"age": "not met"}}).differences
    assert difference.facts == {"age": 65.0}


def test_what_no_example_exercises_is_named() -> None:
    names = untried(PLAYBOOK, FOUND.values())
    assert "criterion age: never unknown" in names
    assert "criterion order: never met nor not met nor unknown" in names
    assert "conflict: The preferred clinic does not offer this service" in names
    assert "conflict: Joint school is for adults" not in names
    assert "reason: out-of-area" in names
    assert "reason: age" not in names
    assert "reason: no-response" not in names, "people give that reason, no assessment does"
    assert "score line: ready to book" in names
    assert "score line: asks for what we offer" not in names


def test_running_nothing_is_a_failure() -> None:
    for outcome in (tried(), tried({"id": "1"}, leads=LEADS.clear()), tried({"id": "nobody"})):
        assert not outcome.passed
        assert any("nothing was tried" in complaint for complaint in outcome.complaints)


@pytest.mark.parametrize(
    ("expected", "says"),
    [
        ([{"id": "1"}, {"id": "3"}], "no such lead"),
        ([{"id": "1"}, {"disposition": "verify"}], "names no id"),
        ([{"id": "1"}, {"id": "1"}], "second one"),
    ],
)
def test_an_expectation_of_nobody_is_a_failure(expected: list[dict[str, Any]], says: str) -> None:
    outcome = tried(*expected)
    assert not outcome.passed
    assert says in outcome.complaints[0]
