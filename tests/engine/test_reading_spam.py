"""Is spam set aside, and nobody real with it? (promise 7)"""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from tests.together import Together

from leadwell import playbook
from leadwell.playbook import Playbook
from leadwell.reading import mentions_in
from leadwell.reading.finding import Texts
from leadwell.reading.spam import CARE, cared, spam

LISTS = Path(__file__).parents[2] / "benchmarks" / "spam"
TERSE = Path(__file__).parent / "reading_terse.csv"
CLINICS = Path(__file__).parent / "truth" / "clinics"
DATA = Path(__file__).parents[2] / ".." / "shared" / "data"


@pytest.fixture(scope="module")
def policy() -> Playbook:
    return playbook.load(playbook.find("lakeside-orthopedics"))


def told(policy: Playbook, frame: pl.DataFrame) -> list[str | None]:
    said = spam(mentions_in(frame, policy), frame, policy)
    names = [n for n in said.columns if not n.endswith("@")]
    return [next((n.removeprefix("read.") for n in names if row[n]), None) for row in said.iter_rows(named=True)]


@Together
def told_of(messages: list[str | None], policy: Playbook) -> list[str | None]:
    return told(policy, pl.DataFrame({"message": messages}, schema={"message": pl.String}))


@pytest.mark.parametrize(
    ("message", "says"),
    [
        ("this is a test submission, please ignore", "test"),
        ("test", "test"),
        ("Test Lead - do not call - John Test", "test"),
        ("prueba de formulario", "test"),
        ("I need a stress test and a blood test", None),
        ("test results please", None),
        ("COVID test", None),
        ("asdfghjkl qwerty zxcv", "gibberish"),
        ("fghfghfgh dfgdfg jhkjhk", "gibberish"),
        ("knee hurts", None),
        ("Buy cheap viagra now http://meds.example/a http://meds.example/b", "spam"),
        ("Earn $5,000 daily with crypto, click http://coin.example", "spam"),
        ("I take viagra and need a urologist appointment", None),
        ("FREE OFFER click http://win.example !!! i cant breathe please help", None),
        ("I saw your free consultation offer, can I claim it for my knee pain?", None),
        ("We sell billing software for practices. May I show you a demo?", None),
        ("", None),
        (None, None),
    ],
)
def test_a_message_is_taken_for_what_it_is(policy: Playbook, message: str | None, says: str | None) -> None:
    assert told_of(message, policy) == says


def test_a_sender_called_test_is_a_test(policy: Playbook) -> None:
    frame = pl.DataFrame(
        {"first_name": ["Test", "Anna"], "last_name": ["Tester", "Test"], "message": ["hello", "knee pain"]}
    )
    assert told(policy, frame) == ["test", None]


def test_the_first_look_at_care_never_sees_more_than_the_closer_one() -> None:
    lines = [line for name in ("enquiries.txt", "spam.txt") for line in (LISTS / name).read_text("utf-8").splitlines()]
    texts = Texts.of(pl.DataFrame({"message": [*lines, "x ray, my mom's x-ray; my mother and doctor@clinicaltrials"]}))
    assert (cared(texts) <= texts.frame["folded"].str.count_matches(CARE).to_numpy()).all()
    assert cared(texts).max() > 1


def test_none_of_our_own_enquiries_is_discarded(policy: Playbook) -> None:
    lines = (LISTS / "enquiries.txt").read_text(encoding="utf-8").splitlines()
    said = told(policy, pl.DataFrame({"message": lines}))
    assert [line for line, what in zip(lines, said, strict=True) if what] == []


def test_nobody_who_asks_in_few_words_is_discarded() -> None:
    for (name,), asked in pl.read_csv(TERSE).group_by("playbook", maintain_order=True):
        clinic = CLINICS / str(name) / "playbook.toml"
        own = playbook.load(clinic.read_text("utf-8") if clinic.exists() else playbook.find(str(name)))
        said = told(own, asked.select("message"))
        assert [line for line, what in zip(asked["message"], said, strict=True) if what] == []


@pytest.mark.parametrize(
    "message",
    [
        "You have won a FREE knee replacement! Text WIN to 60614 to claim your prize now, 150p/msg",
        "FREE rehab for 25 yrs old! Click http://rank.example to claim your offer now",
        "URGENT! You won £1000 cash. To claim text PT to 87575, 18 yrs only",
    ],
)
def test_an_advertisement_that_sounds_like_an_enquiry_is_spam(policy: Playbook, message: str) -> None:
    assert told_of(message, policy) == "spam"


def test_nine_of_ten_of_the_spam_it_learned_from_are_found(policy: Playbook) -> None:
    lines = (LISTS / "spam.txt").read_text(encoding="utf-8").splitlines()
    said = told(policy, pl.DataFrame({"message": lines}))
    assert sum(what is not None for what in said) >= 0.9 * len(lines)


def test_real_questions_are_never_discarded(policy: Playbook) -> None:
    if not DATA.exists():
        pytest.skip("../shared/data is not there")
    for name, column in (("meqsum_questions.csv", "question"), ("medical_intent_utterances.csv", "phrase")):
        texts = pl.read_csv(DATA / name, infer_schema=False)[column]
        assert told(policy, pl.DataFrame({"message": texts})) == [None] * len(texts)


def test_each_lead_is_judged_alone_whatever_the_batch(policy: Playbook) -> None:
    lines = (LISTS / "spam.txt").read_text(encoding="utf-8").splitlines()[::9]
    together = told(policy, pl.DataFrame({"message": lines}))
    assert [told(policy, pl.DataFrame({"message": [line]}))[0] for line in lines] == together
