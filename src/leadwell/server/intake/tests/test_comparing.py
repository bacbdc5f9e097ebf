"""A lead is compared with its case as a careful person would."""

from typing import Any

import pytest

from leadwell.server.intake.tests.comparing import wrong
from leadwell.server.intake.tests.playing import Answer, Played

CASE = {"method": "POST", "genuine": True, "becomes": "joins", "leads": [{}]}


def _found(stands: dict[str, str], **says: Any) -> list[str]:
    return wrong(CASE | says, Played(Answer(202, b""), [], []), [stands], {})


@pytest.mark.parametrize(
    ("column", "said", "stands"),
    [
        ("phone", "+1 312 555 0142", {"phone": "(312) 555-0142"}),
        ("full_name", "Ana Ruiz", {"first_name": "Ana", "last_name": "Ruiz"}),
        ("first_name", ["Ana María", "Ana"], {"full_name": "Ana Ruiz"}),
        ("city", "oak_park", {"city": "Oak  Park"}),
        ("zip", None, {"zip": " "}),
        ("extra.at", "2026-11-30T15:00:00Z", {"extra.at": "2026-11-30T09:00:00-06:00"}),
    ],
)
def test_the_same_written_otherwise_is_the_same(column: str, said: Any, stands: dict[str, str]) -> None:
    assert not _found(stands, leads=[{column: said}])


@pytest.mark.parametrize(
    ("column", "said", "stands"),
    [
        ("phone", "312-555-0142", {"phone": "312-555-0143"}),
        ("full_name", "Ana Ruiz", {"first_name": "Ana"}),
        ("last_name", "uiz", {"full_name": "Ana Ruiz"}),
        ("zip", None, {"zip": "60614"}),
        ("zip", "60614", {}),
    ],
)
def test_what_is_otherwise_is_told(column: str, said: Any, stands: dict[str, str]) -> None:
    assert len(_found(stands, leads=[{column: said}])) == 1


def test_words_and_times_may_stand_anywhere_and_forbidden_ones_nowhere() -> None:
    stands = {"message": "Both knees", "extra.Which knee?": "left", "extra.starts": "2026-12-03T09:30:00-06:00"}
    assert not _found(stands, said=[["which knee?", "both"]], when=[["2026-12-03T15:30:00Z"]])
    assert len(_found(stands, said=[["right"]], when=[["2026-12-03T15:00:00Z"]])) == 2
    assert _found(stands, **{"not": [{"message": ["both knees"]}]}) == ["message is 'both knees'"]


def test_a_key_that_nobody_looks_at_is_wrong() -> None:
    assert _found({}, wishes="well") == ["nobody looks at “wishes”"]


def test_a_lead_that_is_not_there_and_one_that_is_refused_are_told() -> None:
    assert wrong(CASE, Played(Answer(202, b""), [], []), [], {}) == ["a lead is not there"]
    told = wrong(CASE | {"genuine": False}, Played(Answer(202, b""), [], []), [], {})
    assert told == ["status 202 where it must be refused", "kept as [], not as refused"]
