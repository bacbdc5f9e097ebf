"""Does a name say what is asked for, or why? And what do the words say of facts that are asked of today?"""

from __future__ import annotations

from dataclasses import replace

import pytest
from reading_examples import policy, told

from leadwell.playbook.model import Fact, Playbook


def skin() -> Playbook:
    """A skin clinic: its general service goes by conditions, the others by what is done."""
    any_service = next(iter(policy().services.values()))
    asks = {
        "skin": (("dermatologist", "rash", "acne", "eczema", "sarpullido"), ("cystic acne",)),
        "laser": (("laser resurfacing", "laser treatment"), ("acne scars",)),
        "light": (("light box", "nbuvb", "fototerapia"), ()),
        "patch": (("patch test",), ()),
    }
    services = {
        key: replace(any_service, key=key, name=key, asks=names, specific=specific)
        for key, (names, specific) in asks.items()
    }
    facts = {
        "chemo": Fact(
            "chemo", "yes-no", "Is the patient having chemotherapy?", None, ("chemo", "quimioterapia"), {}, 10
        ),
        "tattooed": Fact("tattooed", "yes-no", "Has there been a tattoo?", None, ("tattoo",), {}, 10),
        "homebound": Fact("homebound", "yes-no", "Can they leave?", None, ("homebound", "bedridden"), {}, 10),
        "photos": Fact("photos", "yes-no", "Have you sent photos?", None, ("sent photos", "mande fotos"), {}, 10),
        "bmi": Fact("bmi", "number", "What is the body mass index?", None, (), {}, 10),
    }
    return replace(policy(), services=services, facts=facts, elsewhere={}, version="skin@000000")


SKIN = skin()
ASKED = [
    ("laser resurfacing for acne scars", ["laser"]),
    ("laser treatment for my acne", ["laser"]),
    ("nbuvb for eczema", ["light"]),
    ("a patch test for my rash", ["patch"]),
    ("fototerapia para el sarpullido", ["light"]),
    ("my dermatologist wants a light box", ["light"]),
    ("I have cystic acne", ["skin"]),
    ("dermatologist for my rash", ["skin"]),
    ("a rash, and a laser treatment later", ["laser", "skin"]),
    ("laser treatment. Also my eczema is back", ["laser", "skin"]),
    ("for my acne a dermatologist", ["skin"]),
]


@pytest.mark.parametrize(("message", "services"), ASKED, ids=[message for message, _ in ASKED])
def test_a_reason_is_no_request(message: str, services: list[str]) -> None:
    named = told([message], by=SKIN)["read.services"].to_list()[0] or []
    assert sorted({m["key"] for m in named if m["context"] == "asserted"}) == services


FACTS = [
    ("she has stopped chemo", "chemo", False),
    ("mom finished her chemo in May", "chemo", False),
    ("ya no quimioterapia", "chemo", False),
    ("she is having chemo", "chemo", True),
    ("she is off work and having chemo", "chemo", True),
    ("I came off the tattoo removal list", "tattooed", True),
    ("he is bed ridden", "homebound", True),
    ("he is not home bound", "homebound", False),
    ("BMI 29, tummy tuck", "bmi", 29.0),
    ("my bmi is about 31.5", "bmi", 31.5),
    ("what is a bmi", "bmi", None),
    ("todavía no mando fotos", "photos", False),
    ("ya he mandado fotos", "photos", True),
    ("mande fotos ayer", "photos", True),
]


@pytest.mark.parametrize(("message", "fact", "value"), FACTS, ids=[message for message, _, _ in FACTS])
def test_what_is_given_up_is_no_more(message: str, fact: str, value: bool | float | None) -> None:
    assert told([message], by=SKIN)[f"read.answer.{fact}"].to_list() == [value]
