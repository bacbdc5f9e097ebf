"""Does the count that judges the server see what is lost, doubled, mixed up or unaccounted for? (promise A2)"""

import json
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest
from benchmarks.intake import counting
from benchmarks.intake.counting import Verdict
from benchmarks.intake.offering import Told
from benchmarks.intake.service import Service
from benchmarks.intake.submissions import Submission
from tests.journeys.running import Installation

BOOK = {
    "received": 4, "repeats": 2, "needs_mending": 0, "set_aside": 0, "refused": 0, "joined": 0, "not_leads": 0,
    "made_leads": 2, "leads": 2, "assessed": 2, "in_queues": 1, "resting": 1, "difference": 0,
}  # fmt: skip
INBOX = {"a": "assessed", "b": "assessed", "r1": "repeat", "r2": "repeat"}
SENT = {n: Submission(n, f"key-{n}", f"lead{n}@example.com", b"{}") for n in (1, 2)}
BECAME = {one: {"state": "assessed", "lead": f"lead {one}", "email": n} for n, one in ((1, "a"), (2, "b"))}


class Printed(Installation):
    """An installation whose commands print what the test says."""

    book: dict[str, int] = BOOK
    states: dict[str, str] = INBOX

    def ran(self, *arguments: str) -> CompletedProcess[str]:
        said = json.dumps(self.book) if arguments[0] == "ledger" else None
        lines = "\n".join(f"{one}  2026-11-26 17:44:12     1  {state}  " for one, state in self.states.items())
        return CompletedProcess(arguments, 0, stdout=said or lines, stderr="")


def _judged(
    monkeypatch: pytest.MonkeyPatch,
    *,
    told: dict[int, Told] | None = None,
    states: dict[str, str] | None = None,
    book: dict[str, int] | None = None,
    became: dict[str, Any] | None = None,
) -> list[str]:
    answers = {i: one and _answer(one) for i, one in {**BECAME, **(became or {})}.items()}
    monkeypatch.setattr(counting, "became", lambda service, ids: {i: answers[i] for i in ids})
    installation = Printed(Path())
    installation.states, installation.book = {**INBOX, **(states or {})}, {**BOOK, **(book or {})}
    told = told or {1: Told(["a", "a"], first=1), 2: Told(["b", "b"], first=1)}
    verdict = Verdict()
    counting.judge_told(verdict, told)
    counting.judge_inbox(verdict, installation, told)
    counting.judge_acknowledged(verdict, Service(installation, "key"), SENT, told)
    counting.judge_ledger(verdict, counting.ledger(installation), told)
    return verdict.wrong


def _answer(one: dict[str, Any]) -> dict[str, Any]:
    return {**one, "assessment": {"contact": {"email": f"lead{one['email']}@example.com"}}}


def test_where_all_is_well_nothing_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _judged(monkeypatch) == []


def test_a_status_that_does_not_answer_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _judged(monkeypatch, became={"b": None}) == ["acknowledged, and its status does not answer (lost)"]


def test_a_submission_without_a_lead_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    aside = {"b": {"state": "set-aside", "lead": None, "email": 2}}
    assert _judged(monkeypatch, became=aside) == ["acknowledged, and no assessed lead"]


def test_two_ids_for_one_key_are_doubled(monkeypatch: pytest.MonkeyPatch) -> None:
    told = {1: Told(["a", "c"], first=2), 2: Told(["b", "b"], first=1)}
    wrong = _judged(monkeypatch, told=told, states={"c": "assessed"})
    assert wrong[:2] == ["acknowledged under two ids (doubled)", "said twice to be new"]


def test_one_more_in_the_inbox_than_was_sent_is_doubled(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _judged(monkeypatch, states={"c": "assessed"}) == ["in the inbox, acknowledged to nobody"]


def test_one_lead_for_two_submissions_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    joined = {"b": {"state": "assessed", "lead": "lead a", "email": 2}}
    assert _judged(monkeypatch, became=joined) == ["leads that several submissions claim"]


def test_a_lead_with_the_words_of_another_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    mixed = {"b": {"state": "assessed", "lead": "lead b", "email": 1}}
    assert _judged(monkeypatch, became=mixed) == ["leads that are not what was sent"]


@pytest.mark.parametrize(
    ("entry", "value", "wrong"),
    [
        ("difference", 1, "the ledger's difference"),
        ("assessed", 1, "leads = assessed = in a queue + resting"),
        ("set_aside", 1, "anything else than leads and repeats"),
        ("repeats", 1, "repeats in the ledger, at least as many as told"),
    ],
)
def test_the_ledger_must_agree(monkeypatch: pytest.MonkeyPatch, entry: str, value: int, wrong: str) -> None:
    assert _judged(monkeypatch, book={entry: value}) == [wrong]


def test_what_was_turned_away_for_good_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    told = {1: Told(["a", "a"], first=1), 2: Told(["b", "b"], first=1, turned_away=[409])}
    assert _judged(monkeypatch, told=told) == ["turned away for good (4xx)"]
