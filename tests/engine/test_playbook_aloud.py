# ruff: noqa: E501  the sentences are read across
"""Can a manager who has never seen SQL follow a policy read aloud, and does an editor know its keys?"""

from __future__ import annotations

import re
import tomllib
from html.parser import HTMLParser
from typing import Any

import pytest

from leadwell.playbook import find, load, shipped
from leadwell.playbook.conditions.english import english
from leadwell.playbook.conditions.parse import parse
from leadwell.playbook.notes import _numbers
from leadwell.playbook.schema import schema
from leadwell.playbook.show import as_html, as_text, sections

TITLES = {"service": {"imaging-mri": "MRI", "spine-care": "Spine care"}}

SAID = [
    ("age >= 16", "age is at least 16"),
    ("16 <= age", "age is at least 16"),
    ("miles_to_clinic <= 60 OR visit_mode = 'video'", "miles to clinic is at most 60, or visit mode is video"),
    ("service IN ('imaging-mri', 'spine-care') AND plan_kind = 'hmo'", "the service is MRI or Spine care and plan kind is hmo"),
    ("service NOT IN ('imaging-mri', 'spine-care')", "the service is none of MRI or Spine care"),
    ("has_referral", "there is a referral"),
    ("NOT has_referral", "there is no referral"),
    ("has_referral = FALSE", "there is no referral"),
    ("has_referral <> TRUE", "there is no referral"),
    ("NOT metal_implant", "metal implant is no"),
    ("metal_implant", "metal implant is yes"),
    ("NOT NOT has_order", "there is an order"),
    ("NOT age > 3", "age is at most 3"),
    ("age BETWEEN 13 AND 17", "age is from 13 to 17"),
    ("age NOT BETWEEN 13 AND 17", "age is not from 13 to 17"),
    ("deadline < DATE '2026-03-01'", "deadline is before March 1, 2026"),
    ("deadline >= DATE '2026-03-01' - 14", "deadline is at least March 1, 2026 less 14"),
    ("zip LIKE '606%'", "the ZIP code begins with '606'"),
    ("zip NOT LIKE '606%'", "the ZIP code does not begin with '606'"),
    ("page LIKE '%mri%'", "page contains 'mri'"),
    ("HAS(services, 'x')", "services include x"),
    ("NOT HAS(services, 'x')", "services do not include x"),
    ("age IS NULL", "age is not known"),
    ("age IS NOT NULL", "age is known"),
    ("referral_service <> service", "the service of the referral is not the service"),
    ("(has_order OR has_referral) AND age > 3", "either there is an order or there is a referral and age is more than 3"),
    ("NOT (has_order AND has_referral)", "it is not so that (there is an order and there is a referral)"),
    ("waited_hours > 1.5", "hours waited is more than 1.5"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said"), SAID)
def test_a_condition_is_said_in_plain_english(text: str, said: str) -> None:
    assert english(parse(text), TITLES) == said


@pytest.mark.parametrize("name", shipped())
def test_everything_that_people_are_told_is_read_aloud(name: str) -> None:
    playbook = load(find(name))
    words = re.sub(
        r"\s+",
        " ",
        " ".join(s for section in sections(playbook) for p in section.parts for s in (p.name or "", *p.says)),
    )
    told = [
        *(criterion.says for criterion in playbook.criteria.values()),
        *(ask for criterion in playbook.criteria.values() for ask in criterion.asks.values()),
        *(service.name for service in playbook.services.values()),
        *(offer.name for offer in playbook.offers.values()),
        *(conflict.says.rstrip(".") for conflict in playbook.conflicts),
        *(line.because for line in playbook.score.points),
        *playbook.safety.say_crisis.values(),
        *playbook.safety.say_emergency.values(),
        *playbook.teams,
        *playbook.reasons,
    ]
    assert [text for text in told if text not in words and text[:1].upper() + text[1:] not in words] == []


def test_text_is_wrapped_to_the_width_asked_for() -> None:
    lines = as_text(load(find("lakeside-orthopedics")), 60).splitlines()
    assert max(map(len, lines)) <= 60


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: dict[str, list[dict[str, str | None]]] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.setdefault(tag, []).append(dict(attrs))
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_is_well_formed_and_asks_nobody_for_anything() -> None:
    page = _Page()
    page.feed(as_html(load(find("behavioral-health"))))
    assert page.open == []
    assert page.found["html"] == [{"lang": "en"}]
    assert not {"script", "img", "link", "iframe"} & set(page.found)
    ids = {attrs.get("id") for attrs in page.found["h2"]}
    assert {attrs["href"] for attrs in page.found["a"]} == {f"#{name}" for name in ids}


def test_words_of_a_playbook_are_text_on_the_page_and_nothing_else() -> None:
    text = (
        find("lakeside-orthopedics").decode().replace('name = "Knee replacement"', "name = '<script>alert(1)</script>'")
    )
    assert "<script>" not in as_html(load(text))


# --- JSON Schema ---------------------------------------------------------------------------------------------------

TYPES: dict[str, type | tuple[type, ...]] = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int, "number": (int, float)}  # fmt: skip


def fits(value: Any, shape: dict[str, Any]) -> bool:
    """A small reading of JSON Schema: what our schema uses of it."""
    if "oneOf" in shape:
        return sum(fits(value, one) for one in shape["oneOf"]) == 1
    if "enum" in shape and value not in shape["enum"]:
        return False
    if "type" in shape and not isinstance(value, TYPES[shape["type"]]):
        return False
    if isinstance(value, str):
        return bool(re.search(shape.get("pattern", ""), value))
    if isinstance(value, list):
        return all(fits(part, shape["items"]) for part in value)
    if isinstance(value, dict):
        return _table_fits(value, shape)
    return True


def _table_fits(value: dict[str, Any], shape: dict[str, Any]) -> bool:
    known, rest = shape.get("properties", {}), shape["additionalProperties"]
    others = [key for key in value if key not in known]
    return (
        set(shape.get("required", ())) <= set(value)
        and (rest is not False or not others)
        and all(fits(key, {"type": "string"} | shape.get("propertyNames", {})) for key in others)
        and all(fits(value[key], known.get(key, rest)) for key in value)
    )


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_playbook_fits_the_schema(name: str) -> None:
    assert fits(tomllib.loads(find(name).decode()), schema())


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('kind = "specialty"', 'kind = "speciality"'),
        ("[criteria.area]", "[criteria.area]\nwen = 1"),
        ("seconds = 6", 'seconds = "6"'),
        ('fallback_team = "front-desk"', ""),
        ("grades = { A", "grades = { F"),
    ],
)
def test_the_schema_refuses_what_the_check_refuses(before: str, after: str) -> None:
    text = find("lakeside-orthopedics").decode()
    assert before in text
    assert not fits(tomllib.loads(text.replace(before, after, 1)), schema())


def test_every_key_of_the_schema_says_what_it_means() -> None:
    waiting, count = [schema()], 0
    while waiting:
        shape = waiting.pop()
        for key, inside in shape.get("properties", {}).items():
            assert inside["description"], key
            count += 1
            waiting.append(inside)
        waiting += [shape[part] for part in ("items", "additionalProperties") if isinstance(shape.get(part), dict)]
    assert count > 100


def test_a_criterion_that_sends_people_on_says_so_and_does_not_decline() -> None:
    told = as_text(load(find("lakeside-orthopedics")), 200)
    assert "Not met, it goes to Lakeside Children's (redirect), with the reason “age”." in told
    assert "; it could go to" not in told


def test_what_is_read_but_not_acted_on_yet_is_said_first() -> None:
    playbook = load(find("lakeside-orthopedics"))
    says = "Read and checked, but not acted on yet: a learned probability, teams and how soon they answer, follow-up"
    assert says in as_text(playbook, 200).partition("Who we are")[0]
    assert says in as_html(playbook).partition("<nav")[0]


NUMBERS = [
    ("patients aged 18", "age >= 16", "criteria.age: says 18, when 16"),
    ("patients aged 16", "age >= 16", None),
    ("patients aged 18", "age > 17", None),
    ("grown patients", "age >= 16", None),
    ("patients of 16 to 90 years", "age >= 16", None),
    ("patients aged 18", "service = 'l5-16'", None),
]


@pytest.mark.parametrize(("says", "when", "note"), NUMBERS)
def test_a_sentence_with_another_number_than_its_condition_is_noted(says: str, when: str, note: str | None) -> None:
    assert list(_numbers("age", says, when)) == ([note] if note else [])
