"""Do the two exams agree? The cases written for `may-contact` are put to the judge of the simulated year.

Where the judge has a cautious doubt and the case an answer, either may be right: only plain findings must agree.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.gate.judging import Finding, judge
from benchmarks.gate.places import BY_ZIP
from benchmarks.gate.told import PHONE, Message, Told, second_of

TRUTH = Path(__file__).parents[2] / "tests" / "permission" / "truth"


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (TRUTH / name).read_text(encoding="utf-8").split("\n") if line]


CASES = rows("may-contact-seen.jsonl") + rows("may-contact-unseen.jsonl")
CLOCK = {"1.1", "1.2", "1.3", "1.4", "1.5", "1.6"}


def test_the_judge_agrees_with_every_case() -> None:
    known = [one for one in CASES if one["case"].get("zip", "")[:5] in {"", *BY_ZIP}]
    wrong = [(one["name"], said) for one in known if (said := _disagreement(one["case"], one["expect"]))]
    assert not wrong
    assert len(known) > 0.9 * len(CASES)


def _disagreement(case: dict[str, Any], expect: dict[str, Any]) -> str | None:
    against = [finding for finding in _ask(case, second_of(case["at"])) if not finding.reading]
    only_clock = all(finding.rule in CLOCK for finding in against)
    answer = "yes" if not against else "not_before" if only_clock else "never"
    if answer != expect["answer"]:
        return f"{answer}: {against}"
    if "not_before" in expect:
        opens = second_of(expect["not_before"])
        if _ask(case, opens):
            return "shut when it should open"
        if not _ask(case, opens - 1):
            return "open a second too soon"
    return None


def _ask(case: dict[str, Any], at: float) -> list[Finding]:
    told, facts = Told(), _facts(case)
    for event in sorted(_events(case, facts), key=lambda one: second_of(one["at"])):
        told.hear(event)
    machine = bool(case.get("automated", False))
    for contact in case.get("contacts", []):
        phone = facts.get("phone", "")
        if contact["channel"] == "call":
            told.left(Message(second_of(contact["at"]), "call", case["purpose"], phone, "r", machine))
    address = facts["phone" if case["channel"] in PHONE else "email"]
    prerecorded = bool(case.get("prerecorded", False))
    return judge(Message(at, case["channel"], case["purpose"], address, "r", machine, prerecorded), told)


def _facts(case: dict[str, Any]) -> dict[str, str]:
    names = ("state", "address_state", "stated_zone", "line_type")
    facts = {name: case[name] for name in names if case.get(name)}
    placed = any(case.get(name) for name in ("zip", "state", "address_state"))
    digits = "".join(character for character in case.get("phone", "") if character.isdigit())
    # a number of no area code at all says nothing of where somebody is
    phone = f"+1{digits[-10:]}" if digits else "+10005550142" if placed else "+18885550142"
    return {**facts, **({"zip": case["zip"][:5]} if case.get("zip") else {}), "phone": phone, "email": "a@mail.example"}


def _events(case: dict[str, Any], facts: dict[str, str]) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = [{"kind": "known", "record": "r", "facts": facts, "at": "2020-01-01T00:00:00Z"}]
    for given in case["consents"]:
        events.append({**given, "level": given["kind"], "kind": "consent", "record": "r"})
    for said in case.get("stops", []):
        events.append({"purpose": None, **said, "kind": "stop", "record": "r", "only": True})
    if case.get("inquired_at"):
        about = "business" if case["purpose"] == "business" else "care"
        events.append({"kind": "inquiry", "record": "r", "channels": [], "about": about, "at": case["inquired_at"]})
    if case.get("dnc"):
        looked = {"listed": case["dnc"]["listed"], "at": case["dnc"]["checked_at"]}
        events.append({"kind": "registry", "address": facts["phone"], **looked})
    return events


@pytest.mark.parametrize("half", ["seen", "unseen"])
def test_stops_are_told_well(half: str) -> None:
    for row in rows(f"stops-{half}.jsonl"):
        verdicts = [row["expect"]] if isinstance(row["expect"], str) else row["expect"]
        assert set(verdicts) <= {"stop", "not", "ask-a-person"}
        assert row["text"].strip()
        assert row["name"]
