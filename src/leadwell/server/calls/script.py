"""What is asked on this call, in which words, and what would each answer change? (promise D22)

The most decisive question first, as the engine orders them: how often its answer changes what happens next, for each
second of asking. What was asked and not known, or put off, is asked last.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from leadwell.playbook import Playbook
from leadwell.server.leads import telling
from leadwell.server.leads.asking import Ask, Choice, answered_in, asked
from leadwell.server.leads.models import Lead
from leadwell.server.leads.queries import last_of, verified_of
from leadwell.server.leads.verifying import Stand, stand, would_be

UNKNOWN: Final = "unknown"  # of an answer: they do not know
OTHER: Final = "other"  # none of those named: it is typed
_MOST: Final = 9  # keys


@dataclass(frozen=True)
class Effect:
    """What an answer would change. `asks`: what would be asked next, '' where nothing is left."""

    before: str
    after: str
    grade: str
    asks: str


@dataclass(frozen=True)
class Option:
    """`key`: 1 to 9; `effect`: None where that cannot be said before it is typed."""

    value: str
    label: str
    key: int
    effect: Effect | None


@dataclass(frozen=True)
class Asking:
    """The question that is asked now. `worth`: by how much its answer changes what happens next, in words; `options`:
    its answers; `typed`: whether one may be typed; `seen`: what stands confirmed of it,
    by its id."""

    question: telling.Question
    worth: str
    ask: Ask | None
    options: tuple[Option, ...]
    typed: bool
    seen: str = ""


@dataclass(frozen=True)
class AtHand:
    """A text to say. `when`: in which case."""

    when: str
    says: str


@dataclass(frozen=True)
class Script:
    now: Asking | None
    then: tuple[telling.Question, ...]
    texts: tuple[AtHand, ...]
    conflicts: tuple[tuple[str, tuple[str, ...]], ...]


def script(lead: Lead, said: Mapping[str, Any], playbook: Playbook, *, later: Collection[str]) -> Script:
    """`later`: the facts that are put off. Nobody in danger is asked for their insurance."""
    questions = () if lead.safety else _ordered(lead, telling.questions(said, playbook), playbook, later)
    now = _asking(lead, said, questions[0], playbook) if questions else None
    return Script(now, questions[1:], tuple(_texts(said, playbook)), tuple(_conflicts(said)))


def effect(before: Stand, after: Stand) -> Effect:
    grades = [f"{one.grade} {'' if one.score is None else one.score}".strip() for one in (before, after)]
    grade = f"{grades[0]} becomes {grades[1]}." if grades[0] != grades[1] else ""
    asks = f"Then: {', '.join(telling.label(one) for one in after.asks)}." if after.asks else "Nothing is left to ask."
    return Effect(before.disposition, after.disposition, grade, asks)


def would_change(lead: Lead, said: Mapping[str, Any], column: str, text: str) -> Effect:
    """What this answer, as it was checked, would change."""
    (after,) = would_be(lead, [{column: text}])
    return effect(stand(said), after)


def _ordered(
    lead: Lead, questions: Sequence[telling.Question], playbook: Playbook, later: Collection[str]
) -> tuple[telling.Question, ...]:
    rows = verified_of(lead.organization_id, lead.pk) if lead.verified else []
    unknown = {one.column for one in rows if one.undone_at is None and not one.known}
    last = [one for one in questions if one.fact in later or answered_in(one.fact, playbook) in unknown]
    return (*(one for one in questions if one not in last), *last)


def _asking(lead: Lead, said: Mapping[str, Any], question: telling.Question, playbook: Playbook) -> Asking:
    column = answered_in(question.fact, playbook)
    ask = asked(column, playbook, of=lead.type) if column else None
    per_second = question.moves / question.seconds if question.seconds else 0
    worth = (
        f"Its answer changes what happens next in {question.moves} of 100, and takes about {question.seconds} seconds: "
        f"{per_second:.2g} in 100 for each second of asking, the most of all."
    )
    if ask is None:
        return Asking(question, worth, None, (), typed=False)
    typed = ask.open or not ask.choices or len(ask.choices) > _MOST - 1
    last = last_of(lead, ask.column)
    options = tuple(_options(lead, said, ask, typed=typed))
    return Asking(question, worth, ask, options, typed, str(last.pk) if last else "")


def _options(lead: Lead, said: Mapping[str, Any], ask: Ask, *, typed: bool) -> Iterator[Option]:
    room = _MOST - 1 - (1 if typed else 0)
    choices = ask.choices[:room]
    effects: list[Effect | None] = []
    if choices:
        now = stand(said)
        effects = [effect(now, one) for one in would_be(lead, [{ask.column: one.value} for one in choices])]
    named = [*zip(choices, effects, strict=True)]
    if typed:
        named.append((Choice(OTHER, "Another" if choices else "They say …"), None))
    named.append((Choice(UNKNOWN, "Does not know"), None))
    for key, (choice, what) in enumerate(named, 1):
        yield Option(choice.value, choice.label, key, what)


def _texts(said: Mapping[str, Any], playbook: Playbook) -> Iterator[AtHand]:
    """What is said in an emergency and where it is not ours, in their language where there are such words."""
    language = (said.get("contact") or {}).get("language") or "en"
    of_care = said.get("type") != "business" or bool(said.get("safety"))
    for when, texts in (
        ("If it sounds like an emergency, say this", playbook.safety.say_emergency),
        ("If it sounds like a crisis, say this", playbook.safety.say_crisis),
    ):
        words = texts.get(language) or texts.get("en") or next(iter(texts.values()), "")
        if words and of_care:
            yield AtHand(when, words)
    states = said.get("criteria") or {}
    for key, criterion in playbook.criteria.items():
        if states.get(key) in ("unknown", "not met") and criterion.redirect:
            yield AtHand(f"If this does not hold, send them to {criterion.redirect}", criterion.says)
    for one in playbook.elsewhere.values():
        if one.say and of_care:
            yield AtHand(f"If they ask for {one.key.replace('-', ' ')}", one.say)


def _conflicts(said: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What does not fit together, with their words on both sides."""
    because = ((said.get("dimensions") or {}).get("consistency") or {}).get("because") or ()
    for conflict in said.get("conflicts") or ():
        sides = ((one.get("evidence") or {}).get("text") or "" for one in because if one.get("says") == conflict)
        yield conflict, tuple(dict.fromkeys(side for side in sides if side))
