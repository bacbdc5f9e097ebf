"""Does a person look where no rule speaks but the wording sounds like danger, and is the rest left in peace?"""

from __future__ import annotations

import csv
from pathlib import Path

import polars as pl
import pytest
from reading_danger import told, told_of

from leadwell import playbook
from leadwell.playbook import Playbook
from leadwell.reading import mentions_in, unease
from leadwell.reading.dangers import SAYS
from leadwell.reading.finding import Texts
from leadwell.reading.only_stop import only_asks_to_stop
from leadwell.reading.safety import safety

TRUTH = Path(__file__).parent / "truth"


@pytest.fixture(scope="module")
def policy() -> Playbook:
    return playbook.load(playbook.find("lakeside-orthopedics"))


def of(name: str) -> list[str]:
    return [row["text"] for row in csv.DictReader((TRUTH / name).read_text(encoding="utf-8").splitlines())]


def sounds(*texts: str) -> list[float]:
    return unease.sounds(Texts.of(pl.DataFrame({"message": texts}), whole=True).blocks).tolist()


@pytest.mark.parametrize("name", ["safety-seen.csv", "safety-unseen.csv", "safety-fresh.csv"])
def test_no_danger_of_the_lists_is_missed(policy: Playbook, name: str) -> None:
    texts = of(name)
    assert [text for text, says in zip(texts, told(policy, *texts), strict=True) if says is None] == []


@pytest.mark.parametrize("name", ["ordinary-seen.csv", "ordinary-unseen.csv"])
def test_nothing_ordinary_of_the_lists_alarms(policy: Playbook, name: str) -> None:
    texts = of(name)
    assert [
        text for text, says in zip(texts, told(policy, *texts), strict=True) if says in ("emergency", "crisis")
    ] == []


@pytest.mark.parametrize(
    "message", ["", "???", "12", "ok", "I'd like an appointment on Tuesday", "Quiero una cita para mi rodilla, gracias"]
)
def test_ordinary_wording_does_not_sound_like_danger(message: str) -> None:
    assert sounds(message)[0] < 0


@pytest.mark.parametrize(
    "message",
    [
        "please stop calling me", "Stop calling me!", "Hi, please stop calling this number. Thank you.",
        "quit calling me", "stop calling me please stop calling me", "No me llamen más por favor",
        "Please stop calling me, take me off your list.", "Don't call again, remove my number from your records",
        "Agent: hi. Caller: stop calling me.",
    ],
)  # fmt: skip
def test_who_only_asks_us_to_stop_is_in_no_danger(policy: Playbook, message: str) -> None:
    assert told_of(message, policy) is None


@pytest.mark.parametrize(
    "message",
    [
        "stop calling me or I will kill myself", "please stop calling me, he hits me when the phone rings",
        "leave me alone", "please stop calling me, I don't want to live anymore", "stop hitting me",
        "please stop calling me, take me off life support",
    ],
)  # fmt: skip
def test_whatever_else_is_said_beside_it_is_seen(policy: Playbook, message: str) -> None:
    assert told_of(message, policy) is not None


def test_no_danger_of_the_lists_only_asks_us_to_stop() -> None:
    texts = [text for name in ("safety-seen.csv", "safety-unseen.csv", "safety-fresh.csv") for text in of(name)]
    assert [text for text in texts if only_asks_to_stop(text)] == []


def test_each_text_sounds_the_same_alone_and_in_company() -> None:
    texts = [*of("safety-fresh.csv"), "", *of("ordinary-seen.csv")]
    assert sounds(*texts) == [sounds(text)[0] for text in texts]


def test_what_sounds_like_danger_is_a_doubt_with_the_whole_text_as_its_words(policy: Playbook) -> None:
    text = next(t for t in of("safety-fresh.csv") if t.startswith("i counted my sleeping tablets"))
    frame = pl.DataFrame({"message": [f"{text}\u200b", "hello"]})
    said = safety(mentions_in(frame, policy), frame, policy)
    assert said["read.safety"].to_list() == ["doubt", None]
    assert said["read.safety@"][0] == {"field": "message", "text": f"{text}\u200b", "start": 0, "end": len(text) + 1}


def test_what_plainly_sounds_like_danger_alarms_with_its_kind_and_the_whole_text(policy: Playbook) -> None:
    crisis = (
        "i rehomed both cats and emptied the fridge, i dont see myself after this month, theres a hose in the trunk"
    )
    emergency = "kitchen grease caught fire and my hands are blistered and white"
    frame = pl.DataFrame({"message": [crisis, emergency]})
    said = safety(mentions_in(frame, policy), frame, policy)
    assert said["read.safety"].to_list() == ["crisis", "emergency"]
    assert said["read.safety@"][1]["text"] == emergency


def test_too_few_words_never_alarm_by_their_sound() -> None:
    texts = [*of("voices-seen.csv"), *of("safety-fresh.csv")]
    blocks = Texts.of(pl.DataFrame({"message": texts}), whole=True).blocks
    doubt = SAYS.index("doubt")
    alarmed = [text for text, said in zip(texts, unease.says(blocks).tolist(), strict=True) if said < doubt]
    assert alarmed
    assert [text for text in alarmed if len(text.split()) < unease.FEWEST] == []
