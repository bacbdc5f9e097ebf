"""Is danger heard wherever somebody writes of it, and is nothing else taken for it? (promise 18)"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import polars as pl
import pytest

import leadwell
from leadwell.engines import batch
from leadwell.formats.explaining import explain
from leadwell.playbook import Playbook
from leadwell.reading import own_words

NOW = datetime(2026, 11, 18, 15, tzinfo=UTC)
QUIET = ("", "")

# Column, what stands there, what is said of it, and the words it is said by.
HEARD = [
    ("extra.Where does it hurt?", "My chest. I can't breathe, I want to end my life.", "emergency", "can't breathe"),
    ("extra.What is it about?", "crushing chest pain and cannot breathe right now", "emergency", "crushing chest"),
    ("extra.where_does_it_hurt?", "I want to kill myself", "crisis", "kill myself"),
    ("symptoms_now", "crushing chest pain and cannot breathe", "emergency", "crushing chest"),
    ("extra.tell us your story", "I have crushing chest pain", "emergency", "crushing chest"),
    ("extra.", "I have crushing chest pain", "emergency", "crushing chest"),
    ("extra.¿Qué le pasa?", "Me duele el pecho y no puedo respirar", "emergency", "duele el pecho"),
    ("extra.Algo más", "ya no quiero vivir", "crisis", "no quiero vivir"),
    ("answer.goal", "I want to kill myself", "crisis", "kill myself"),
    ("service", "I can't breathe and my chest hurts", "emergency", "can't breathe"),
    ("address", "chest pain right now, I can't breathe", "emergency", "chest pain"),
    ("address", "1 Example St Apt 2, I can't breathe and my chest hurts", "emergency", "can't breathe"),
    ("city", "I want to kill myself tonight", "crisis", "kill myself"),
    ("phone", "don't have one, I want to kill myself", "crisis", "kill myself"),
    ("birth_date", "does it matter, I want to kill myself", "crisis", "kill myself"),
    ("address", "crushing chest pain since the morning", "look", "crushing chest"),
    ("extra.Do you have chest pain now?", " Yes.", "emergency", " Yes."),
    ("extra.¿Piensa en suicidarse?", "sí", "crisis", "sí"),
    ("extra.Past medical history", "I'm having a heart attack right now", "emergency", "heart attack"),
    ("extra.Do you have chest pain?", "yes", "look", "yes"),
    ("extra.chest_pain", "on", "look", "on"),
    ("extra.Do you have chest pain?", "Yes, and it hurts a lot", "look", "Yes, and it hurts a lot"),
    ("extra.Have you ever attempted suicide?", "yes", "look", "yes"),
    ("extra.Any prior stroke?", "yes", "look", "yes"),
]  # fmt: skip
NOT_HEARD = [
    ("extra.attachments not read", "suicide note.pdf"),
    ("extra.patient named in", "our patient Jane Porter has chest pain now"),
    ("extra.of whom it is", "our patient has chest pain now and cannot breathe"),
    ("extra.invitation_organizer", "I want to die (sample band)"),
    ("extra.Do you have chest pain?", "No"),
    ("extra.Do you have chest pain now?", "no"),
    ("extra.¿Tiene dolor de pecho ahora?", "no"),
    ("extra.Do you have chest pain?", ""),
    ("extra.Anything else?", "no"),
    ("extra.Which knee?", "left"),
    ("extra.Which service?", "Knee replacement"),
    ("extra.First visit?", "yes"),
    ("extra.How did you hear about us?", "Word of mouth"),
    ("extra.Do you have an emergency contact?", "yes"),
    ("extra.No chest pain", "yes"),
    ("extra.I understand that with chest pain or thoughts of suicide I should call 911", "yes"),
    ("extra.If you are having chest pain, do not use this form", "true"),
    ("extra.Family history", "stroke"),
    ("extra.Medical history", "Heart attack"),
    ("extra.History of heart attack?", "Yes, in 2015"),
    ("extra.utm_term", "chest pain right now"),
    ("extra.gclid", "crushing chest pain"),
    ("extra.ad name", "Chest pain? Do not wait"),
    ("extra.adsetName", "crushing chest pain"),
    ("extra.keyword", "heart attack help now"),
    ("extra.page query", "q=chest pain now"),
    ("extra.page_title", "Chest pain clinic"),
    ("extra.lead id", "heart-attack-1"),
    ("extra.first link", "https://example.com/i-want-to-die"),
    ("extra.seen", "https://example.com/heart-attack"),
    ("campaign", "I have chest pain now and can't breathe"),
    ("form", "I have chest pain now and can't breathe"),
    ("address", "911 Heart Attack Grill Avenue, Suite 5, Detroit MI 48201"),
    ("city", "Heart Attack Springs"),
    ("full_name", "Maria Dolores Perez Cabeza Ruiz"),
    ("payer", "Blue Cross Blue Shield of Illinois PPO"),
    ("preferred_channel", "email"),
]


@pytest.fixture(scope="module")
def policy() -> Playbook:
    return leadwell.load_playbook("lakeside-orthopedics")


def _said(policy: Playbook, leads: list[dict[str, Any]]) -> list[dict[str, Any]]:
    names = dict.fromkeys(name for lead in leads for name in lead)
    frame = pl.DataFrame({name: [lead.get(name) for lead in leads] for name in names})
    return leadwell.judge(frame, policy, as_of=NOW).to_dicts()


def _told(one: dict[str, Any]) -> tuple[str, str]:
    because = one["safety_because"]
    if not because:
        return QUIET
    return one["safety"] or "look", because[0]["evidence"]["text"]


def test_danger_is_heard_in_every_column_with_its_very_words(policy: Playbook) -> None:
    found = _said(policy, [{column: text} for column, text, _, _ in HEARD])
    assert [_told(one) for one in found] == [(says, words) for _, _, says, words in HEARD]
    for (column, text, _, words), one in zip(HEARD, found, strict=True):
        evidence = one["safety_because"][0]["evidence"]
        assert (evidence["field"], text[evidence["start"] : evidence["end"]]) == (column, words)


def test_what_is_denied_or_a_machines_alarms_nobody(policy: Playbook) -> None:
    found = _said(policy, [{column: text} for column, text in NOT_HEARD])
    assert [case for case, one in zip(NOT_HEARD, found, strict=True) if _told(one) != QUIET] == []


def test_signs_in_several_columns_are_heard_together(policy: Playbook) -> None:
    lead = {"message": "my left arm is numb and I am sweating", "extra.More": "chest hurts since an hour"}
    parts = [{name: text} for name, text in lead.items()]
    whole, *_ = _said(policy, [lead, *parts])
    assert whole["safety"] == "emergency"


def test_an_answer_hides_no_danger_of_the_message_and_no_other_answer(policy: Playbook) -> None:
    message = {"message": "I have crushing chest pain", "extra.Do you have chest pain?": "yes"}
    answers = {"extra.Any prior stroke?": "yes", "extra.More": "I have crushing chest pain"}
    found = _said(policy, [message, answers])
    assert [(one["safety"], one["safety_because"][0]["evidence"]["field"]) for one in found] == [
        ("emergency", "message"),
        ("emergency", "extra.More"),
    ]


def test_it_tells_nothing_else(policy: Playbook) -> None:
    plain, more = _said(
        policy, [{"message": "my knee"}, {"message": "my knee", "extra.More": "I need an MRI tomorrow"}]
    )
    assert plain | {"row": 0} == more | {"row": 0}


def test_a_box_that_is_ticked_is_a_yes(policy: Playbook) -> None:
    frame = pl.DataFrame({"extra.Do you have chest pain now?": [True, False, None], "message": ["knee"] * 3})
    assert leadwell.judge(frame, policy, as_of=NOW)["safety"].to_list() == ["emergency", None, None]


def test_a_list_is_read_so_too_and_only_where_somebody_may_write() -> None:
    policy = leadwell.load_playbook("lakeside-orthopedics")
    names = ["row", "message", "extra.Where does it hurt?", "extra.utm_term", "extra.lead id", "answer.goal"]
    assert batch.judged(names, policy) == ["row", "message", "extra.Where does it hurt?", "answer.goal"]


def test_an_explanation_shows_the_answer_with_its_words_marked(policy: Playbook) -> None:
    lead = {"extra.Where does it hurt?": "My chest, I can't breathe"}
    told = explain(_said(policy, [lead])[0], lead)
    assert "What they answered to “Where does it hurt?”" in told


def test_no_column_is_read_that_holds_no_words() -> None:
    frame = pl.DataFrame({"extra.a": [None, "7"], "extra.b": ["x1", "a@example.com"], "service": ["MRI", "Knee"]})
    told = own_words.told(frame)
    assert (told.sure.width, told.unsure.width) == (0, 0)
