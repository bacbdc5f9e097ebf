"""How is a thing mentioned? Each sentence has its service in capitals."""

from __future__ import annotations

import re

import polars as pl
import pytest
from tests.together import Together

from leadwell.reading import context, lexicons
from leadwell.reading.finding import Texts, find
from leadwell.reading.phrases import FLAGS, Phrase
from leadwell.reading.search import Search, build

CASES = [
    ("I need an MRI", "asserted"),
    ("I do not want SURGERY", "negated"),
    ("I don't need SURGERY, just THERAPY", "negated asserted"),
    ("no SURGERY please", "negated"),
    ("No, I need SURGERY", "asserted"),
    ("No insurance, need an MRI", "asserted"),
    ("I want THERAPY instead of SURGERY", "asserted negated"),
    ("THERAPY rather than SURGERY", "asserted negated"),
    ("hoping to avoid SURGERY", "negated"),
    ("not looking for SURGERY but THERAPY", "negated asserted"),
    ("SURGERY is not an option for me", "negated"),
    ("I'm not sure if I need SURGERY", "asserted"),
    ("I can't wait for my SURGERY", "asserted"),
    ("can't find a place that does an MRI", "asserted"),
    ("I have not been able to schedule an MRI", "asserted"),
    ("Not only THERAPY", "asserted"),
    ("I had an MRI last year", "past"),
    ("Had an MRI last year, now I need SURGERY", "past asserted"),
    ("MRI done two weeks ago", "past"),
    ("THERAPY next week, SURGERY no", "asserted negated"),
    ("SURGERY: no. THERAPY: yes", "negated asserted"),
    ("I already had SURGERY", "past"),
    ("THERAPY didn't help", "past"),
    ("tried THERAPY and need SURGERY", "past asserted"),
    ("My MRI showed a tear", "past"),
    ("Herniated disc, MRI attached. Please evaluate.", "past"),
    ("I need an MRI, records attached", "asserted"),
    ("La doctora dijo que no me quede sin THERAPY", "asserted"),
    ("Me quedé sin THERAPY", "negated"),
    ("I do not want to go without THERAPY", "asserted"),
    ("status post SURGERY in 2019", "past"),
    ("Last year I had SURGERY. I need THERAPY", "past asserted"),
    ("If I ever need SURGERY I will call", "hypothetical"),
    ("in case I need SURGERY", "hypothetical"),
    ("maybe SURGERY someday", "hypothetical"),
    ("I wonder if you offer an MRI", "asserted"),
    ("do you do an MRI", "asserted"),
    ("My father had SURGERY with you and I need THERAPY", "other person asserted"),
    ("My father needs SURGERY", "asserted"),
    ("my neighbor recommended you for SURGERY", "asserted"),
    ("a friend of mine had SURGERY", "other person"),
    ("No quiero SURGERY, solo THERAPY", "negated asserted"),
    ("Necesito THERAPY en vez de SURGERY", "asserted negated"),
    ("Me hicieron SURGERY el año pasado", "past"),
    ("Si algún día necesito SURGERY", "hypothetical"),
    ("Mi papá tuvo SURGERY y yo necesito THERAPY", "other person asserted"),
    ("Mi papá tiene que hacerse SURGERY", "asserted"),
    ("No sé si necesito SURGERY", "asserted"),
    ("no encuentro donde hacerme un MRI", "asserted"),
    ("sin SURGERY por favor", "negated"),
    ("Reason: MRI. Implants: none", "asserted"),
    ("Instead of SURGERY, THERAPY", "negated asserted"),
    ("En vez de SURGERY, THERAPY", "negated asserted"),
    ("I don't want SURGERY I want THERAPY", "negated asserted"),
    ("No quiero SURGERY quiero THERAPY", "negated asserted"),
    ("Not SURGERY, it's THERAPY", "negated asserted"),
    ("No es SURGERY, es THERAPY", "negated asserted"),
    ("No, quiero THERAPY", "asserted"),
    ("I'm not convinced that I want SURGERY", "negated"),
    ("No creo que necesito SURGERY", "negated"),
    ("Without treatment my knee needs SURGERY", "asserted"),
    ("No hay prisa, tal vez el próximo verano, THERAPY", "asserted"),
    ("No fever, maybe THERAPY", "asserted"),
    ("If it ever turns out to be torn would you do SURGERY? For now THERAPY", "hypothetical asserted"),
    ("Should the creams fail I'd want SURGERY, but first THERAPY", "hypothetical asserted"),
    ("In case the shots fail, do you do SURGERY?", "hypothetical"),
    ("Si la terapia no funciona, hacen SURGERY? Por ahora THERAPY", "hypothetical asserted"),
    ("Depending on the results maybe SURGERY, now I'd like THERAPY", "hypothetical asserted"),
    ("I need an MRI to see if it is serious", "asserted"),
    ("If you take Aetna I want an MRI", "asserted"),
    ("My neighbor raves about your SURGERY", "hypothetical"),
    ("Everyone thinks I want SURGERY but I want THERAPY", "hypothetical asserted"),
    ("Scratch the MRI, THERAPY please", "hypothetical asserted"),
    ("If the ultrasound shows something can you do SURGERY?", "hypothetical"),
    ("Forget the MRI, I want THERAPY", "hypothetical asserted"),
    ("I do THERAPY for a living and need an MRI", "hypothetical asserted"),
    ("THERAPY, I drive a truck for a living", "asserted"),
    ("I've already done THERAPY, need SURGERY", "past asserted"),
]
NAMES = ("surgery", "therapy", "mri")


@pytest.fixture(scope="module")
def search() -> Search:
    services = [Phrase("service", name, name) for name in NAMES]
    return build((*lexicons.phrases(), *services), lexicons.families(), lexicons.real_words())


@Together
def mentioned(messages: list[str], search: Search) -> list[pl.DataFrame]:
    """The mentions of each message."""
    found = context.mentions(find(Texts.of(pl.DataFrame({"message": messages})), search))
    return [found.filter(pl.col("row") == row) for row in range(len(messages))]


@pytest.mark.parametrize(("message", "expected"), CASES, ids=[message for message, _ in CASES])
def test_a_mention_is_told_as_a_reader_would(search: Search, message: str, expected: str) -> None:
    services = mentioned(message, search).filter(pl.col("kind") == "service", pl.col("key").is_in(NAMES))
    named = services.unique("first", maintain_order=True)
    in_capitals = [m.start() for m in re.finditer("SURGERY|THERAPY|MRI", message)]
    told = named.filter(pl.col("start").is_in(in_capitals)).sort("first")["context"].to_list()
    assert " ".join(told) == expected


@pytest.mark.parametrize(
    "messages",
    [
        ("They sent me a referral for", "MRI last week"),
        ("knee", ": no, THERAPY"),
        ("no", "SURGERY"),
        ("I had surgery and", "but THERAPY"),
    ],
)
def test_what_ends_one_text_says_nothing_of_the_next(search: Search, messages: tuple[str, str]) -> None:
    def told(*texts: str) -> pl.DataFrame:
        found = context.mentions(find(Texts.of(pl.DataFrame({"message": texts})), search))
        return found.filter(pl.col("row") == len(texts) - 1).select("key", "start", "end", "context", *FLAGS)

    assert told(*messages).equals(told(messages[1]))


def test_a_condition_said_to_be_had_is_not_over() -> None:
    phrases = (*lexicons.phrases(), Phrase("service", "spine", "sciatica", lasts=True))
    mentions = context.mentions(
        find(Texts.of(pl.DataFrame({"message": ["I've had sciatica since last year"]})), build(phrases))
    )
    assert mentions.filter(pl.col("kind") == "service")["context"].to_list() == ["asserted"]
