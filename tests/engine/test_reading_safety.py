"""Does wording that suggests danger reach a human, and does nothing else alarm? (promise 18)"""

from __future__ import annotations

import csv
from pathlib import Path

import polars as pl
import pytest
from reading_danger import told, told_of

from leadwell import playbook
from leadwell.playbook import Playbook
from leadwell.reading import mentions_in
from leadwell.reading.dangers import BARE, CONCEPTS, DANGERS
from leadwell.reading.lexicons import entries
from leadwell.reading.safety import safety


def _cases(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((Path(__file__).parent / name).read_text(encoding="utf-8").splitlines()))


CASES, PAIRS = _cases("reading_dangers.csv"), _cases("reading_alarms.csv")


@pytest.fixture(scope="module")
def policy() -> Playbook:
    return playbook.load(playbook.find("lakeside-orthopedics"))


def test_every_danger_is_seen_in_its_examples(policy: Playbook) -> None:
    texts = [(d.key, text) for d in DANGERS if d.says for text in d.examples]
    says = told(policy, *(text for _, text in texts))
    assert [text for text, said in zip(texts, says, strict=True) if said is None] == []


def test_no_danger_is_seen_in_the_counterexamples(policy: Playbook) -> None:
    texts = [text for d in DANGERS for text in d.counterexamples]
    says = told(policy, *texts)
    assert [text for text, said in zip(texts, says, strict=True) if said is not None] == []


def test_every_danger_that_alarms_has_an_example() -> None:
    assert [d.key for d in DANGERS if d.says and not d.examples] == []


def test_every_sign_a_rule_names_has_words_and_every_sign_with_words_is_named() -> None:
    with_words = {entry.key for entry in entries() if entry.kind == "sign"}
    assert set(CONCEPTS) - {d.key for d in DANGERS} <= with_words
    assert with_words <= set(CONCEPTS)
    assert set(CONCEPTS) >= BARE


@pytest.mark.parametrize("dangerous", ["yes", "no"])
def test_many_voices_are_told_apart(policy: Playbook, dangerous: str) -> None:
    texts = [case["text"] for case in CASES if case["danger"] == dangerous]
    says = told(policy, *texts)
    wrong = [text for text, said in zip(texts, says, strict=True) if (said is None) == (dangerous == "yes")]
    assert wrong == []


@pytest.mark.parametrize("alarm", ["yes", "no"])
def test_what_a_form_a_history_or_a_trade_says_alarms_only_beside_present_danger(policy: Playbook, alarm: str) -> None:
    texts = [pair["text"] for pair in PAIRS if pair["alarm"] == alarm]
    says = told(policy, *texts)
    wrong = [
        text for text, said in zip(texts, says, strict=True) if (said in ("emergency", "crisis")) != (alarm == "yes")
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("message", "says"),
    [
        ("chest pain since this morning", "emergency"),
        ("no chest pain", None),
        ("Denies chest pain, dyspnea, palpitations or syncope", None),
        ("chest pain: none", None),
        ("no insurance right now and my chest has been hurting badly for an hour", "emergency"),
        ("used to get chest pains as a teenager", None),
        ("I want to kill myself", "crisis"),
        ("I am not suicidal", None),
        ("no thoughts of hurting myself", None),
        ("If I don't get help I'm going to kill myself", "crisis"),
        ("my brother died by suicide in 2010", "doubt"),
        ("this knee is killing me", None),
        ("By a stroke of luck you take my plan", None),
        ("I think my father is having a stroke", "emergency"),
        ("stroke rehab for my mom", None),
        (None, None),
        ("", None),
    ],
)
def test_what_is_denied_over_or_an_idiom_does_not_alarm(
    policy: Playbook, message: str | None, says: str | None
) -> None:
    assert told_of(message, policy) == says


def test_the_playbooks_own_words_always_count(policy: Playbook) -> None:
    for word in (*policy.safety.emergency, *policy.safety.crisis):
        assert told(policy, f"hello, {word}") != [None], word


def test_the_gravest_of_several_is_told_with_its_very_words(policy: Playbook) -> None:
    frame = pl.DataFrame(
        {"subject": ["Appointment"], "message": ["I feel suicidal. Also I can't breathe and my chest hurts."]}
    )
    said = safety(mentions_in(frame, policy), frame, policy)
    evidence = said["read.safety@"][0]
    assert said["read.safety"][0] == "emergency"
    assert frame[evidence["field"]][0][evidence["start"] : evidence["end"]] == evidence["text"]


def test_a_referral_reason_and_a_subject_are_read_too(policy: Playbook) -> None:
    frame = pl.DataFrame(
        {
            "subject": [None, "chest pain now"],
            "message": ["please see", "call me"],
            "referral_reason": ["acute stroke", None],
        }
    )
    said = safety(mentions_in(frame, policy), frame, policy)
    assert said["read.safety"].to_list() == ["emergency", "emergency"]
    assert [e["field"] for e in said["read.safety@"]] == ["referral_reason", "subject"]


def test_each_lead_is_judged_alone_whatever_the_batch(policy: Playbook) -> None:
    texts = [case["text"] for case in CASES][::7]
    together = told(policy, *texts)
    assert [told(policy, text)[0] for text in texts] == together
    assert told(policy, *texts[::-1])[::-1] == together
