"""What is known of a lead, how is it known, who confirmed it, and how is it corrected? Rows of a page."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.utils import timezone

from leadwell.playbook import Playbook
from leadwell.server.access.queries import names_of_users
from leadwell.server.leads import telling
from leadwell.server.leads.asking import Ask, CannotBe, answered_in, asked
from leadwell.server.leads.models import Lead, Verified
from leadwell.server.leads.queries import verified_of, verified_text
from leadwell.server.leads.verifying import UNDO_WITHIN
from leadwell.server.privacy.sealing import if_opens

_ADDRESSES: Final = (("phone", "Phone"), ("email", "E-mail"))
_PROGRAM: Final = "A program"
_NOT_THEIRS: Final = "not theirs"
_UNKNOWN: Final = "they do not know"


@dataclass(frozen=True)
class Wrong:
    """What was typed for a column, and why it cannot be."""

    column: str
    typed: str
    says: str


@dataclass(frozen=True)
class Clash:
    """Whoever answered second chooses: what a colleague has confirmed (`theirs`), and what they say themselves.
    `answer`, `choice`: as it was sent; `seen`: the id of what stands."""

    column: str
    what: str
    theirs: str
    by: str
    at: datetime
    yours: str
    answer: str
    choice: str
    seen: UUID


@dataclass(frozen=True)
class Confirmed:
    """`number`: its id; `says`: the answer, None where it cannot be opened; `undone`: whether it was taken back."""

    number: UUID
    says: str | None
    by: str
    at: datetime
    undone: bool


@dataclass(frozen=True)
class FactRow:
    """`ask`: how it is corrected; None where it stands in words alone, or this role may not. `past`: all that was ever
    confirmed of it, the newest first."""

    name: str
    value: str
    provenance: str
    ask: Ask | None
    past: tuple[Confirmed, ...]
    wrong: Wrong | None
    key: str = ""

    @property
    def is_not_theirs(self) -> bool:
        """Whether what they gave was found to be another's."""
        return next((one.says for one in self.past if not one.undone), None) == _NOT_THEIRS

    @property
    def seen(self) -> str:
        """What stands confirmed of it, by its id."""
        return next((str(one.number) for one in self.past if not one.undone), "")


@dataclass(frozen=True)
class Changed:
    """What the last answer of somebody has changed, while it can be taken back. `asks`: whether another question is
    first now."""

    number: UUID
    at: datetime
    what: str
    says: str
    before: str
    after: str
    grade: str
    asks: str


def fact_rows(
    lead: Lead, said: Mapping[str, Any], playbook: Playbook, *, may: bool, wrong: Wrong | None
) -> tuple[FactRow, ...]:
    """What is not known first, because it is the work."""
    past = _past(lead)
    facts = [one for one in telling.facts(said, playbook) if one.provenance != "derived"]
    shown = (*facts, *_addresses(said, past))
    return tuple(_row(one, _ask(one, playbook, of=lead.type), past, may=may, wrong=wrong) for one in shown)


def not_theirs(facts: Collection[FactRow]) -> frozenset[str]:
    """The facts of which somebody found that what they gave is another's."""
    return frozenset(one.key for one in facts if one.is_not_theirs)


def side_rows(
    lead: Lead, said: Mapping[str, Any], playbook: Playbook, sides: Collection[str], *, wrong: Wrong | None
) -> tuple[FactRow, ...]:
    """The facts of these names, also what was worked out; each to be corrected where it can be asked for."""
    past = _past(lead)
    facts = [one for one in telling.facts(said, playbook) if one.key in sides and one.provenance != "unknown"]
    return tuple(_row(one, _ask(one, playbook, of=lead.type), past, may=True, wrong=wrong) for one in facts)


def _ask(fact: telling.Fact, playbook: Playbook, *, of: str) -> Ask | None:
    column = answered_in(fact.key, playbook)
    with suppress(CannotBe):
        return asked(column, playbook, of=of) if column else None
    return None


def _row(
    fact: telling.Fact, ask: Ask | None, past: Mapping[str, tuple[Confirmed, ...]], *, may: bool, wrong: Wrong | None
) -> FactRow:
    column = ask.column if ask else ""
    mine = wrong if wrong and wrong.column == column else None
    return FactRow(fact.name, fact.value, fact.provenance, ask if may else None, past.get(column, ()), mine, fact.key)


def _addresses(said: Mapping[str, Any], past: Mapping[str, tuple[Confirmed, ...]]) -> Iterator[telling.Fact]:
    """Where they are reached, but where it is asked for already."""
    contact = said.get("contact") or {}
    asked_for = {one.get("fact") for one in said.get("questions") or ()}
    for key, name in _ADDRESSES:
        if key in asked_for and not contact.get(key):
            continue
        value = telling.dialled(contact.get(key) or "")
        confirmed = any(not one.undone for one in past.get(key, ()))
        yield telling.Fact(name, value or "none that can be used", "verified" if confirmed else "stated", key)


def _past(lead: Lead) -> dict[str, tuple[Confirmed, ...]]:
    rows = verified_of(lead.organization_id, lead.pk) if lead.verified else []
    names, found = names_of_users(lead.organization_id) if rows else {}, dict[str, list[Confirmed]]()
    for one in rows:
        told = Confirmed(one.pk, _says(one), names.get(one.by, _PROGRAM), one.at, one.undone_at is not None)
        found.setdefault(one.column, []).append(told)
    return {column: tuple(all_) for column, all_ in found.items()}


def _says(one: Verified) -> str | None:
    if not one.known:
        return _UNKNOWN
    text = if_opens(verified_text, one) if one.sealed else None
    return _NOT_THEIRS if text == "" else text


def clash(lead: Lead, row: Verified, playbook: Playbook, *, answer: str, choice: str = "") -> Clash:
    """`row`: what a colleague has confirmed; `answer`: what is said instead, '' where they do not know."""
    ask = None
    with suppress(CannotBe):
        ask = asked(row.column, playbook, of=lead.type)
    labels = {one.value: one.label for one in ask.choices} if ask else {}
    theirs, by = _says(row) or "", names_of_users(lead.organization_id).get(row.by, _PROGRAM)
    what = ask.label if ask else telling.label(row.column)
    yours = labels.get(answer, answer) or _UNKNOWN
    return Clash(row.column, what, labels.get(theirs, theirs), by, row.at, yours, answer, choice, row.pk)


def last_changed(lead: Lead, playbook: Playbook, *, by: str) -> Changed | None:
    """Of whoever looks, and while it can be taken back; that a number is not theirs is taken back with its call."""
    rows = verified_of(lead.organization_id, lead.pk) if lead.verified else []
    standing = (one for one in rows if one.undone_at is None)
    one = next(standing, None)
    if one is None or one.by != by or one.at < timezone.now() - UNDO_WITHIN or _says(one) == _NOT_THEIRS:
        return None
    before, after = one.moved.get("disposition", (lead.disposition, lead.disposition))
    label = telling.label(one.column.removeprefix("patient_"))
    return Changed(one.pk, one.at, label, _says(one) or "", before, after, _grades(one, lead), _asks(one))


def _grades(one: Verified, lead: Lead) -> str:
    """“A 85 becomes A 100”; '' where it stays."""
    if not {"grade", "score"} & one.moved.keys():
        return ""
    grades = one.moved.get("grade", (lead.grade, lead.grade))
    scores = one.moved.get("score", (lead.score, lead.score))
    before, after = (f"{letter} {score}".strip() for letter, score in zip(grades, scores, strict=True))
    return f"{before} becomes {after}"


def _asks(one: Verified) -> str:
    if "asks" not in one.moved:
        return ""
    after = [telling.label(fact) for fact in one.moved["asks"][1]]
    return f"Still to ask: {', '.join(after)}." if after else "Nothing is left to ask."
