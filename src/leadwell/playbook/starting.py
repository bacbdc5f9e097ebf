"""How does somebody begin a playbook? A few answers -> the text of a file that is right as it stands."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from leadwell.playbook.shape import ENGINE_REASONS, WORD

SAY: Final = {
    "en": (
        "If this is an emergency, call 911 or go to the nearest emergency department now.",
        "If you are thinking about harming yourself, call or text 988 now. In danger, call 911.",
    ),
    "es": (
        "Si es una emergencia, llame al 911 o vaya ahora a la sala de emergencias más cercana.",
        "Si piensa en hacerse daño, llame o envíe un mensaje al 988 ahora. En peligro, llame al 911.",
    ),
}
REASONS: Final = {
    "service-mismatch": ("disqualified", "page"),
    "payer-not-accepted": ("disqualified", "form"),
    "out-of-area": ("disqualified", "targeting"),
    "age": ("disqualified", "form"),
    "criteria-not-met": ("disqualified", "form"),
    "no-capacity": ("lost", "capacity"),
    "no-response": ("lost", "follow-up"),
    "unreachable": ("lost", "form"),
    "opted-out": ("lost", "follow-up"),
    "chose-elsewhere": ("lost", "speed"),
    **dict.fromkeys(("not-an-enquiry", "spam", "test", "duplicate"), ("invalid", "")),
}
# How the names of plans begin, and the keys they are known by.
PAYERS: Final = {"blue-cross": "bcbs", "bluecross": "bcbs", "anthem": "bcbs", "bcbs": "bcbs", "united": "united",
                 "uhc": "united", "aetna": "aetna", "cigna": "cigna", "humana": "humana"}  # fmt: skip
assert set(ENGINE_REASONS) <= set(REASONS)


@dataclass(frozen=True, slots=True)
class NewService:
    """A service and the words people ask for it with, besides its name."""

    name: str
    kind: str = "specialty"  # therapy | specialty | diagnostic | program
    asks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NewLocation:
    name: str
    zip: str
    hours: str = "Mon-Fri 08:00-17:00"


@dataclass(frozen=True, slots=True)
class Answers:
    """What `leadwell playbook new` asks."""

    name: str
    time_zone: str
    services: Sequence[NewService]
    phone: str | None = None
    postal_address: str | None = None
    languages: Sequence[str] = ("en",)
    locations: Sequence[NewLocation] = ()
    payers: Sequence[str] = ()
    self_pay: bool = True
    youngest: int | None = None
    miles: int | None = None


def start(answers: Answers) -> str:
    """The text of a new playbook. It passes `load` where the answers themselves are right (zone, ZIP codes, hours)."""
    parts = (_who(answers), _what(answers), _whom(answers), _safety(answers), _work(answers), _reasons())
    return "\n".join(line for part in parts for line in (*part, "")).rstrip() + "\n"


def slug(name: str, taken: Sequence[str] = ()) -> str:
    """A key made of a name: small letters, digits and hyphens, unlike those taken."""
    base = re.sub(r"[^a-z0-9]+", "-", name.lower().replace("'", "")).strip("-")[:60].strip("-") or "one"
    key, number = base, 2
    while key in taken:
        key, number = f"{base}-{number}", number + 1
    return key


def _text(text: str) -> str:
    return json.dumps("".join(c for c in text if c.isprintable()), ensure_ascii=False)


def _list(texts: Sequence[str]) -> str:
    return f"[{', '.join(map(_text, texts))}]"


def _who(a: Answers) -> Iterator[str]:
    yield "# Our policy for leads. `leadwell playbook show` reads it aloud, `leadwell playbook check` proofreads it."
    yield ""
    yield f"playbook = {_text(slug(a.name))}"
    yield f"title = {_text(a.name)}"
    yield ""
    yield "[organization]"
    yield f"name = {_text(a.name)}"
    if a.phone:
        yield f"phone = {_text(a.phone)}"
    if a.postal_address:
        yield f"postal_address = {_text(a.postal_address)}   # required before any business e-mail can go out"
    yield f"time_zone = {_text(a.time_zone)}"
    yield f"languages = {_list(a.languages)}"
    if a.locations:
        yield ""
        yield "[locations]                            # a clinic offers every service unless it lists its own"
        taken: list[str] = []
        for place in a.locations:
            taken.append(slug(place.name, taken))
            name, code, hours = _text(place.name), _text(place.zip), _text(place.hours)
            yield f"{taken[-1]} = {{ name = {name}, zip = {code}, hours = {hours} }}"


def _what(a: Answers) -> Iterator[str]:
    yield "# What we offer, in the words people use for it (in each of our languages)."
    taken: list[str] = []
    for service in a.services:
        taken.append(slug(service.name, taken))
        asks = dict.fromkeys(w for w in (service.name.lower(), *service.asks) if re.fullmatch(WORD.pattern, w))
        yield ""
        yield f"[services.{taken[-1]}]"
        yield f"name = {_text(service.name)}"
        yield f"kind = {_text(service.kind)}                     # therapy | specialty | diagnostic | program"
        yield f"asks = {_list(list(asks) or ['service ' + taken[-1]])}"
    yield ""
    yield "[payers]"
    yield f"accepted = {_list([_payer(name) for name in a.payers])}"
    yield f"self_pay = {str(a.self_pay).lower()}"


def _payer(name: str) -> str:
    """The key under which a payer is known."""
    key = slug(name)
    return next((known for start, known in PAYERS.items() if key.startswith(start)), key)


def _whom(a: Answers) -> Iterator[str]:
    yield "# Whom we can help. Each is met, not met or unknown; unknown becomes its question."
    if a.youngest:
        says = f"We see patients aged {a.youngest} and over."
        yield from _criterion("age", says, f"age >= {a.youngest}", "How old is the patient?")
    if a.miles and a.locations:
        says = f"We see patients who can travel to a clinic within {a.miles} miles, or by video."
        when = f"miles_to_clinic <= {a.miles} OR visit_mode = 'video'"
        yield from _criterion("area", says, when, "What is the patient's ZIP code?", "out-of-area")
    if a.payers:
        says = "We take the listed plans" + (" and self-pay." if a.self_pay else ".")
        when = "payer_accepted" + (" OR payment = 'self'" if a.self_pay else "")
        ask = "Which insurance does the patient have?"
        yield from _criterion("payer", says, when, ask, "payer-not-accepted")


def _criterion(key: str, says: str, when: str, ask: str, reason: str | None = None) -> Iterator[str]:
    yield ""
    yield f"[criteria.{key}]"
    yield f"says = {_text(says)}"
    yield f"when = {_text(when)}"
    yield f"ask = {_text(ask)}"
    yield f"reason = {_text(reason or key)}"


def _safety(a: Answers) -> Iterator[str]:
    for i, kind in enumerate(("emergency", "crisis")):
        said = ", ".join(f"{language} = {_text(SAY.get(language, SAY['en'])[i])}" for language in a.languages)
        if i == 0:
            yield "[safety]                               # in every language; together naming 911 and 988"
            yield from (
                f"# Translate the sentences in {language!r}." for language in a.languages if language not in SAY
            )
        yield f"say_{kind} = {{ {said} }}"


def _work(a: Answers) -> Iterator[str]:
    hours = a.locations[0].hours if a.locations else "Mon-Fri 08:00-17:00"
    yield "[score]"
    yield "grades = { A = 60, B = 45, C = 25 }    # below C is D"
    yield "points = ["
    for add, when, because in (
        (25, "fit = 'met'", "asks for what we offer"),
        (20, "readiness = 'ready'", "ready to book"),
        (15, "eligibility = 'met'", "meets our criteria"),
        (8, "reachability = 'met'", "contact details check out"),
    ):
        yield f"  {{ add = {add}, when = {_text(when)}, because = {_text(because)} }},"
    yield "]"
    yield ""
    yield "[teams.front-desk]"
    yield f"hours = {_text(hours)}"
    yield "[routing]"
    yield 'fallback_team = "front-desk"           # whoever no other team handles'
    yield ""
    yield "[[service_levels]]                     # the first that applies"
    yield "when = \"urgency = 'urgent'\""
    yield 'first_response = "15 min"'
    yield "[[service_levels]]"
    yield 'first_response = "4 h"'


def _reasons() -> Iterator[str]:
    yield "[reasons]                              # the only reasons a lead can end with, and what each teaches"
    for reason, (kind, teaches) in REASONS.items():
        taught = f', teaches = "{teaches}"' if teaches else ""
        yield f'{reason} = {{ kind = "{kind}"{taught} }}'
