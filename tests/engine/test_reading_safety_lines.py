"""Is danger heard behind a line that denies something, and does a broken line stay one sentence? (promise 18)"""

from __future__ import annotations

import pytest
from reading_danger import told_of

from leadwell import playbook
from leadwell.playbook import Playbook
from leadwell.reading.lines import breaks


@pytest.fixture(scope="module")
def policy() -> Playbook:
    return playbook.load(playbook.find("lakeside-orthopedics"))


@pytest.mark.parametrize(
    "message",
    [
        "Knee replacement, insurance Aetna, medicare no\nchest pain right now",
        "I need a knee replacement, don't call during the day\nchest pain right now",
        "I need a knee replacement, I don't have insurance\nchest pain right now",
        "Knee replacement? No Medicare yet\nchest pain right now",
        "I need a knee replacement, not urgent\ncan't breathe",
        "Need an MRI. Please don't leave voicemail\noverdosed on my pills",
        "Necesito una rodilla nueva, no me llamen de día\ndolor de pecho ahora mismo",
        "Necesito una rodilla nueva, no dejen mensaje\nme tomé todas las pastillas",
        "no es urgente lo de la rodilla\nme duele mucho el pecho ahora mismo",
        "I need an MRI, no weekends\r\nchest pain right now",
        "I need an MRI (no weekends)\nchest pain right now",
        "do you take medicare? no\nchest pain right now",  # an answer, and not "no chest pain"
        "I need a knee replacement, don't call during the day,\nchest pain right now",
        "my mother had a stroke in 2010\nchest pain",
        "my dad died of cancer last year\nchest pain and sweating",
        "chest pain right now\nnone of the tuesdays work",
        # A line as long as a mail program's: nobody knows, so somebody looks.
        "Please note that you must not ring the house at any time before noon on weekdays\nchest pain right now",
    ],
)
def test_a_line_that_may_be_a_sentence_of_its_own_is_heard(policy: Playbook, message: str) -> None:
    assert told_of(message, policy) == "emergency"


@pytest.mark.parametrize(
    "message",
    [
        "I need a new knee. I do not have\nchest pain",
        "I need a new knee. I don't have a fever\nor chest pain",
        "I need a new knee. I don't have a fever, cough,\nchest pain or dizziness.",
        "My knee has been bad for many years now and I would like to have it replaced. I have no\nchest pain.",
        "My knee has been bad for many years now and I would like it replaced. I have no severe\nchest pain.",
        "My knee has been bad for years. I have had no fever this winter and no dizziness\nand no chest pain.",
        "Necesito una rodilla nueva. No he tenido fiebre\nni dolor de pecho",
        "I need a new knee. I don't have chest\npain",
        "I need a new knee, no chest pain\n\nTuesday works",
    ],
)
def test_a_sentence_that_a_mail_program_has_broken_stays_denied(policy: Playbook, message: str) -> None:
    assert told_of(message, policy) is None


@pytest.mark.parametrize(
    "message",
    [
        "Knee replacement, don't call before 5 - chest pain right now",
        "knee replacement (no voicemail) chest pain right now",
        "knee replacement (no fever) chest pain right now",
        "knee replacement, don't leave voicemail, chest pain right now",
        "knee replacement, please don't text me chest pain right now",
        "not by phone, chest pain right now",
        "no calls please chest pain right now",
        "rodilla, no me llame antes de las 5, dolor de pecho ahora mismo",
        "rodilla, no dejen mensaje, dolor de pecho ahora mismo",
        "No fever\u2028chest pain right now",
        "No fever<br>chest pain right now",
        "<p>No fever</p><p>chest pain right now",
        "No fever\x0bchest pain right now",
        "no fever → chest pain right now",
        "no fever -> chest pain right now",
        "No fever<br />\nchest pain right now",
        "Allergies: no\tChest pain: yes, right now\tKnee",
        "Fever: no\nChest pain: yes, right now",
    ],
)
def test_what_ends_a_thought_and_no_sentence_hides_no_danger(policy: Playbook, message: str) -> None:
    assert told_of(message, policy) == "emergency"


@pytest.mark.parametrize(
    "message",
    [
        "no fever, chest pain or bleeding",
        "no fever - chest pain or bleeding",
        "Allergies: no\tChest pain: no",
        "don't call me about chest pain, it's my knee",
        "No fever<br>no chest pain",
        "I don't have any numbness or chest pain, and don't call before 5",
        "please call after 5, no chest pain",
    ],
)
def test_danger_that_is_denied_stays_denied(policy: Playbook, message: str) -> None:
    assert told_of(message, policy) is None


@pytest.mark.parametrize(
    "message", ["crushing\nchest pain right now", "my chest\nhurts so bad right now", "I took all\nmy pills"]
)
def test_signs_on_two_lines_are_still_taken_together(policy: Playbook, message: str) -> None:
    assert told_of(message, policy) in ("emergency", "crisis")


@pytest.mark.parametrize(
    ("text", "places"),
    [
        (b"no calls\nchest pain", [8]),
        (b"no calls \r\n chest pain", [10]),
        (b"no calls,\nchest pain", []),
        (b"no calls,\nchest pain right now", [9]),
        (b"I have no\nchest pain", []),
        (b"no fever\nor chest pain", []),
        (b"no calls\nand chest pain", [8]),
        (b"a" * 60 + b"\nand chest pain", []),
        (b"no\nchest pain", [2]),
        (b"no calls. chest pain", []),
        (b"fever: no\tChest pain: yes", [9]),
        (b"Chest pain\tno", []),
        (b"no calls - chest pain right now", [8]),
        (b"no fever - chest pain", []),
        (b"knee (no calls) chest pain", [14]),
        (b"no fever (or so) chest pain", []),
        (b"", []),
    ],
)
def test_only_a_line_said_to_its_end_may_be_followed_by_another_sentence(text: bytes, places: list[int]) -> None:
    assert breaks(text).tolist() == places


@pytest.mark.parametrize(
    "message",
    [
        "Fever: no, chest pain: yes",
        "fever=no chest_pain=yes",
        "Do you smoke: no | Do you have thoughts of suicide: yes",
        "Any chest pain? no / trouble breathing? yes",
        "Chest pain or pressure: no, shortness of breath: Y",
        "fiebre: no, dolor de pecho: sí",
    ],
)
def test_a_yes_is_denied_by_no_answer_before_it(policy: Playbook, message: str) -> None:
    assert told_of(message, policy) in ("emergency", "crisis")


@pytest.mark.parametrize(
    "message",
    ["Chest pain: no, fever: yes", "chest_pain=no knee_pain=yes", "Fever: No | Chest pain: No | Cough: Yes"],
)
def test_a_no_stays_no_beside_a_yes(policy: Playbook, message: str) -> None:
    assert told_of(message, policy) is None


@pytest.mark.parametrize(
    "message", ["my boyfriend is killing me, help me please", "me está matando mi esposo, ayúdenme"]
)
def test_whom_one_of_theirs_is_killing_a_person_looks_at(policy: Playbook, message: str) -> None:
    assert told_of(message, policy) == "doubt"


@pytest.mark.parametrize(
    "message", ["my wife is killing me about getting this knee looked at, help me book", "esta rodilla me está matando"]
)
def test_an_idiom_of_killing_is_none(policy: Playbook, message: str) -> None:
    assert told_of(message, policy) is None
