"""Who is it who calls? Found by what they say of themselves, through blind tokens: whole telephone, e-mail and birth
date; words of a name as they are, as they begin, as they sound.

What was typed is kept nowhere. Only those who are shown, and the few among whom they are chosen, are unsealed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import unquote
from uuid import UUID

import polars as pl
from django.db.models import QuerySet

from leadwell.contact.phones import read_phones
from leadwell.server.people.actions import NAMES
from leadwell.server.people.marks import START, marks_of_names
from leadwell.server.people.models import Person, PersonToken
from leadwell.server.privacy.sealing import Unopenable, unseal_json
from leadwell.server.privacy.tokens import Blind

MOST: Final = 20  # who are shown
LONGEST: Final = 200  # characters that are read
_CALLERS: Final = 5  # who are shown to somebody who is on the telephone
_LOOKED_AT: Final = 100  # who are unsealed to see whether their name begins or sounds so
_EMAIL: Final = re.compile(r"[^\s,;<>()\"']+@[^\s,;<>()\"']*[^\s,;<>()\"'.:!?]")
_DATE: Final = re.compile(r"\b(?:(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})/(\d{1,2})/(\d{4}))\b")
_PHONE: Final = re.compile(r"\+?\(?\d[\d\s().\-/]{4,}\d")
# As another program writes an address: "tel:+1-312-555-0147;ext=12", "mailto:a@example.com?subject=x".
_SCHEME: Final = re.compile(r"(?i)\b(?:tel|callto|sms|mailto):(\S+)")
_PARAMETERS: Final = re.compile(r"[?;].*")
_EXTENSION: Final = re.compile(r"(?i)(?<=\d)[\s,;]*(?:\b(?:extension|extn?)\b[\s.:=]*|x[\s.:]*|#\s*)\d{1,7}\b")
_CALLED: Final = {"phone": "same telephone", "email": "same e-mail", "birth": "same birth date"}

Mark = tuple[str, str]  # its kind, and the value


@dataclass(frozen=True)
class Sought:
    """What was typed, understood. `exact`: what must be the same; `words`: of a name, each with its marks. `unread`:
    what is wrong with the rest, for whoever typed it."""

    exact: tuple[Mark, ...]
    words: tuple[tuple[Mark, ...], ...]
    unread: str

    @property
    def nothing(self) -> bool:
        return not self.exact and not self.words

    @property
    def kinds(self) -> list[str]:
        """By which kinds of marks is looked: all that is ever recorded of a search."""
        return sorted({kind for kind, _ in self.exact} | ({"name"} if self.words else set()))


@dataclass(frozen=True)
class One:
    """Somebody found. `known`: names and contacts, opened; `how`: by what, in words."""

    person: UUID
    known: Mapping[str, str]
    how: str


@dataclass(frozen=True)
class Found:
    """`more`: whether there are more than are shown."""

    people: tuple[One, ...]
    more: bool


def understood(typed: str) -> Sought:
    """An e-mail, a date, a telephone, and what is left as a name; in any order, also as another program writes them."""
    exact: list[Mark] = []
    rest = _SCHEME.sub(lambda said: _PARAMETERS.sub("", unquote(said[1])), typed[:LONGEST].replace("\0", " "))
    unread = "Only the beginning of it was read." if len(typed) > LONGEST else ""
    rest, extensions = _EXTENSION.subn(" ", rest)
    if extensions:
        unread = "A telephone is found without its extension."
    for address in _EMAIL.findall(rest):
        exact.append(("email", address.lower()))
    rest = _EMAIL.sub(" ", rest)
    for said in _DATE.finditer(rest):
        if day := _day(said.groups()):
            exact.append(("birth", day))
        else:
            unread = "There is no such day; type it as 3/14/1961 or 1961-03-14."
    rest = _DATE.sub(" ", rest)
    for number in _PHONE.findall(rest):
        if whole := read_phones(pl.Series([number]), fictional="accept")["e164"][0]:
            exact.append(("phone", whole))
        else:
            unread = "A telephone is found by the whole number, with its area code."
    rest = _PHONE.sub(" ", rest)
    return Sought(tuple(dict.fromkeys(exact)), _words(rest), unread)


def _day(said: Sequence[str | None]) -> str:
    year, month, day = said[:3] if said[0] else (said[5], said[3], said[4])
    try:
        return date(int(year or 0), int(month or 0), int(day or 0)).isoformat()
    except ValueError:
        return ""


def _words(name: str) -> tuple[tuple[Mark, ...], ...]:
    marks = marks_of_names({name}).get(name, [])
    return tuple(tuple(marks[at : at + 3]) for at in range(0, len(marks), 3))


def found(organization: int, sought: Sought) -> Found:
    """Those of whom all of it is true: first whose name is the same, then whose begins or sounds so; newest first."""
    if sought.nothing:
        return Found((), more=False)
    blind = Blind(organization)
    exact = [[mark] for mark in sought.exact]
    same = _having(organization, blind, [*exact, *([word[0]] for word in sought.words)])
    people = [One(one.pk, known, _how(sought)) for one, known in _opened(organization, same[: MOST + 1])]
    if sought.words and len(people) <= MOST:
        alike = _having(organization, blind, [*exact, *(_alike(word) for word in sought.words)])
        others = alike.exclude(pk__in=[one.person for one in people])[:_LOOKED_AT]
        people += _like(sought.words, list(_opened(organization, others)))
    return Found(tuple(people[:MOST]), more=len(people) > MOST)


@dataclass(frozen=True)
class Caller:
    """Who may be calling. `kinds`: by which kinds of marks was looked; none where nothing was typed whole."""

    kinds: tuple[str, ...]
    people: tuple[One, ...]


def by_number_or_name(organization: int, number: str, name: str) -> Caller:
    """Who has this whole number, then whoever has every word of this name, of two words at least; a few, the newest
    first. Nobody is found by how they sound: while somebody types, all would be."""
    phones = [(mark,) for mark in understood(number).exact if mark[0] == "phone"]
    words = understood(name).words
    names = [(word[0],) for word in words] if len(words) > 1 else []
    blind, people = Blind(organization), dict[UUID, One]()
    for groups, how in ((phones, _CALLED["phone"]), (names, "same name")):
        if groups:
            same = _having(organization, blind, groups)[:_CALLERS]
            for one, known in _opened(organization, same):
                people.setdefault(one.pk, One(one.pk, known, how))
    kinds = [kind for kind, groups in (("name", names), ("phone", phones)) if groups]
    return Caller(tuple(kinds), tuple(people.values())[:_CALLERS])


def _having(organization: int, blind: Blind, needed: Iterable[Sequence[Mark]]) -> QuerySet[Person]:
    """Who has one token at least of each group."""
    people = Person.objects.of(organization).order_by("-pk")
    for marks in needed:
        tokens = [blind.token(kind, value) for kind, value in marks]
        people = people.filter(pk__in=PersonToken.objects.of(organization).filter(token__in=tokens).values("person"))
    return people


def _alike(word: Sequence[Mark]) -> list[Mark]:
    """The tokens that a like word has too. Two letters are the beginning of too many."""
    return [mark for mark in word if mark[0] != "start" or len(mark[1]) == START]


def _opened(organization: int, people: Iterable[Person]) -> Iterable[tuple[Person, dict[str, str]]]:
    """One who is damaged never holds up the others."""
    for one in people:
        try:
            yield one, unseal_json(organization, one.sealed, place=f"people.person/{one.pk}")
        except Unopenable:
            continue


def _how(sought: Sought) -> str:
    how = [_CALLED[kind] for kind, _ in sought.exact] + (["same name"] if sought.words else [])
    return ", ".join(dict.fromkeys(how))


def _like(words: Sequence[Sequence[Mark]], people: Sequence[tuple[Person, dict[str, str]]]) -> list[One]:
    """Those whose name has for each word one that begins with the whole of it, or sounds the same."""
    marks = marks_of_names({known[name] for _, known in people for name in NAMES if known.get(name)})
    like = []
    for one, known in people:
        theirs = [mark for name in NAMES for mark in marks.get(known.get(name, ""), [])]
        how = [_likeness(word, theirs) for word in words]
        if all(how):
            like.append(One(one.pk, known, "name sounds alike" if "name sounds alike" in how else "name begins so"))
    return like


def _likeness(word: Sequence[Mark], theirs: Iterable[Mark]) -> str:
    typed, sounds = word[0][1], word[2]
    theirs = list(theirs)
    if any(kind == "name" and value.startswith(typed) for kind, value in theirs):
        return "name begins so"
    return "name sounds alike" if sounds in theirs else ""
