"""Is a wish to be seen told from weighing, asking, later and hurry?"""

from __future__ import annotations

from typing import Any, Final

import pytest
from reading_examples import misquoted, told, wrong

EXAMPLES: Final[dict[str, list[tuple[str, Any]]]] = {
    "wish": [
        ("Please book me with whoever does shoulders", True),
        ("how do i get scheduled", True),
        ("need a dentist", True),
        ("quiero una cita con el neumólogo", True),
        ("¿cuándo me pueden ver?", True),
        ("my knee is worse, any openings next week?", True),
        ("No insurance, need a mammogram", True),
        ("I do not want surgery. Looking to start injections", True),
        ("Need PT for tennis elbow. Do you take Aetna?", True),
        ("I do not want to make an appointment now", None),
        ("I want to know what an MRI costs", None),
        ("Do you offer home visits? I need information", None),
        ("No, that's all I need. Thanks!", None),
        ("thinking about a new hip, what would I need to decide", None),
        ("If I ever need a knee replacement I'd come to you", None),
        ("no quiero cita, gracias", None),
        ("do you have a first appointment this week", True),
        ("What do you charge for a first appointment, only comparing places", None),
    ],
    "considering": [
        ("Weighing my options for carpal tunnel", True),
        ("estoy pensando en operarme la nariz pero todavía no me decido", True),
        ("we're on the fence about therapy for our son", True),
        ("book me for physical therapy", None),
        ("Might need surgery some day, but I'd like to sign up for joint school now", None),
        ("Might need surgery some day, I'd like to sign up for joint school to decide", True),
    ],
    "information": [
        ("how much is a cleaning", True),
        ("What are your prices? Just looking around.", True),
        ("¿Qué servicios ofrecen?", True),
        ("quisiera saber en qué consiste la terapia de pareja, sin compromiso", True),
        ("sign me up for the next class", None),
    ],
    "only_asks": [
        ("Just curious what it costs. Not looking to book.", True),
        ("nomás pregunto cuánto cuesta", True),
        ("how much is a cleaning? Book me if it is under 100", None),
        ("Prices, please. Just looking for now.\nI have decided: I need a cleaning", None),
        ("Solo quiero información.\nNecesito un implante", None),
        ("Just looking for now. I need to know what it costs", True),
        ("Solo quiero información. Todavía no lo necesitamos", True),
        ("I need a cleaning some day.\nJust looking for now", True),
    ],
    "not_yet": [
        ("Just gathering info, not ready to book anything", True),
        ("Ahorita no, tal vez el otro año", True),
        ("I don't have a referral yet", None),
        ("Might need surgery some day, but I'd like to sign up for joint school now", None),
        ("I'd like to sign up for joint school, but some day, not now", True),
        ("I'm ready now", None),
    ],
    "urgent": [
        ("can I be seen the same day", True),
        ("told my supervisor same day, sprained my wrist", None),
        ("fui a emergencias el mismo día, me lastimé en el trabajo", None),
        ("new hire physical asap pls", True),
        ("a mi marido le urge el dentista", True),
        ("lo antes posible, por favor", True),
        ("can someone see me today", True),
        ("urgent care said to see a hand doctor", None),
        ("nothing urgent, whenever you have room", None),
        ("no es urgente", None),
    ],
}


@pytest.mark.parametrize("fact", EXAMPLES)
def test_readiness_reads_its_examples(fact: str) -> None:
    assert wrong(fact, EXAMPLES[fact]) == []


@pytest.mark.parametrize("fact", EXAMPLES)
def test_the_evidence_is_in_the_message(fact: str) -> None:
    assert misquoted(fact, [f"  Señora, {message} 🙏🏽" for message, _ in EXAMPLES[fact]]) == []


def test_a_message_reads_the_same_alone_as_among_others() -> None:
    messages = [message for examples in EXAMPLES.values() for message, _ in examples]
    columns = [f"read.{fact}" for fact in EXAMPLES]
    together = told(messages).select(columns).rows()
    assert [told([message]).select(columns).row(0) for message in messages] == together
