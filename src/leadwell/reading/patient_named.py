"""Whom does somebody who refers name in their words, and when was that patient born? (promise A3)

"Refer our patient NAME", "referral for NAME", "Mr. NAME", in a mail "NAME, 67 y.o.", and the same in Spanish
(`patient_named.toml`). A name is two or more capitalised words. Where two are named, or what stands there may be no
name, nobody is: none is invented; a mail may name several (`patients_named.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from leadwell.contract import WORDS
from leadwell.reading.patient_signs import BORN, BORN_BEHIND, IS_BORN, is_aged, needs_behind
from leadwell.reading.person_names import (
    WRAPPED,
    after_title,
    couple_at,
    given_before,
    initials_at,
    name_at,
    name_before,
    names_in,
    same_name,
    titled_couple_at,
    titled_couples,
    titles,
)
from leadwell.reading.tables import read_table
from leadwell.reading.word_kinds import is_medical

_LONGEST: Final = 20_000  # characters of one text that are looked through
_BEFORE: Final = 80  # characters in which a name stands before a date of birth
# One of these stands wherever any words of the table do: most messages hold none, and are looked at no further.
_STEMS: Final = (
    "refer", "patient", "paciente", "pt ", "pt:", "client", "resident", "remit", "remis", "deriv", "envi", "envío",
    "canaliz", "consult", "evalua", "dob", "d.o.b", "birth", "born", "naci", "mr.", "mr ",
    "mrs", "ms.", " ms ", "miss ", "mx ", "sr.", "sra", "srta", "señor", "sending", "lady ", "sir ", "mister ",
)  # fmt: skip
_WITH: Final = re.compile(r"(?:\s{0,3},)?\s{1,3}(?P<and>(?:and|&|y|e)\s{1,3})(?=\w)|\s{0,3},\s{1,3}(?=\w)")
_MOST_WITH: Final = 20  # of those named with one
_BEFORE_NEEDS: Final = ("before", "needs")
_LEADS: Final = re.compile(r"\s?[,:.-]?")  # between the words that tell of a patient and the name
_SEVERAL: Final = re.compile(
    r"[\s,]{1,2}(?:both|each|need|want|require|would|have|are|necesitan|quieren|requieren)\b", re.I
)
_OWNER: Final = re.compile(
    r"\b(?:our|my|your|this|the|that|an?|new|mutual|their|of|for|refer|referring|see|re:?|nuestr[oa]|mi|su|est[ea]|el|la|un|una|del|al)"
    r"\s{1,3}$",
    re.I,
)
SAID: Final = "extra.patient named in"  # the column of the very words
_GROUPS: Final = ("patient", "born", "referred", "honorific")
_MAILED: Final = (*_GROUPS[:3], "asked", "before", "needs", "honorific")  # of a mail


@dataclass(frozen=True)
class Named:
    """`name`: as it was said, given name first; `said`: the very words, with those that make it the patient's; `born`:
    a date as it was said, '' where none is told; `group`: which words tell of them, as `patient` where they call them
    one; `phone`: of several, as it was said."""

    field: str
    name: str
    said: str
    start: int
    born: str = ""
    group: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Found:
    """A name, from the words that tell of it to its end; `shared`: the family name is another's too, and said once."""

    name: str
    field: str
    start: int
    end: int
    shared: bool = False


def patient_named(texts: Mapping[str, str], *, mailed: bool = False) -> Named | None:
    """Of the words of a lead (column -> text) the one patient whom they name; None where that is in doubt."""
    told = told_in(texts)
    if not mailed and not any(stem in text for text in map(str.lower, told.values()) for stem in _STEMS):
        return None
    for group in _MAILED if mailed else _GROUPS:
        found = [one for field, text in told.items() for one in found_in(group, field, text)]
        if found:
            return _one(found, told, group)
    return None


def told_in(texts: Mapping[str, str]) -> dict[str, str]:
    """The columns of words, as far as they are looked through."""
    return {name: texts[name][:_LONGEST] for name in WORDS if texts.get(name)}


def _one(found: list[Found], told: Mapping[str, str], group: str) -> Named | None:
    first = found[0]
    if not all(same_name(first.name, other.name) for other in found):
        return None
    said = told[first.field][first.start : first.end]
    behind = (BORN_BEHIND.match(told[one.field], one.end) for one in found)
    born = next((match[1] for match in behind if match), "") or _only_birth(told)
    return Named(first.field, max((one.name for one in found), key=len), said, first.start, born, group)


def _only_birth(told: Mapping[str, str]) -> str:
    days = list(dict.fromkeys(match[1] for text in told.values() for match in BORN.finditer(text)))
    return days[0] if len(days) == 1 else ""


def found_in(group: str, field: str, text: str) -> Iterator[Found]:
    """Of each name of a group, and of whoever is named with it, where it stands."""
    for start, name, end, shared in _places(group, text):
        unsure = group in ("referred", "asked", "before", "needs") and is_medical(name)
        unsure |= group in ("honorific", "before", "needs") and _is_staff(text, start, end, signs=group == "honorific")
        if not unsure:
            yield Found(name, field, start, end, shared)
            yield from (Found(also, field, at, until, shared) for at, also, until in _named_with(text, end))


def _named_with(text: str, end: int) -> list[tuple[int, str, int]]:
    """Who is named with somebody: "…, Osbert Kemp and Muriel Tate"; nobody where no "and" ends it."""
    each: list[tuple[int, str, int]] = []
    while len(each) < _MOST_WITH and (sign := _WITH.match(text, end)):
        found = name_at(text, after_title(text, sign.end()))
        if found is None:
            break
        each.append((sign.end(), *found))
        end = found[1]
        if sign["and"]:
            return each
    return []


_Place = tuple[int, str, int, bool]  # where the words begin that name somebody, the name, where it ends, see `Found`


def _places(group: str, text: str) -> Iterator[_Place]:
    if group == "born":
        return _before_births(text)
    return _before_needs(group, text) if group in _BEFORE_NEEDS else _behind(group, text)


def _before_needs(group: str, text: str) -> Iterator[_Place]:
    """The names before an age, a part of the body or a need ("Jane Porter, 67F, left knee"); of `needs`, before what is
    sure to be theirs alone."""
    needs = needs_behind if group == "needs" else is_aged
    for start, name, end in names_in(text):
        if needs(text, end):
            first = given_before(text, start) if _SEVERAL.match(text, end) else None
            if first:
                yield first[0], f"{first[1]} {name.split()[-1]}", first[0] + len(first[1]), True
            yield start, name, end, bool(first)
    for start, names, end in titled_couples(text):
        if needs(text, end):
            yield from ((start, name, end, True) for name in names)


def _behind(group: str, text: str) -> Iterator[_Place]:
    """The names behind the words of a group."""
    for cue in _pattern(group).finditer(text):
        at = cue.end()
        if group == "patient":
            at = lead.end() if (lead := _LEADS.match(text, at)) else at
        wrapped = WRAPPED.match(text, at)
        at = wrapped.end() if wrapped else at
        if both := titled_couple_at(text, at):
            yield from ((cue.start(), name, both[1], True) for name in both[0])
            continue
        at = after_title(text, at)
        if not (at > cue.end() or not cue[0][-1].isalnum()):
            continue
        owner = _OWNER.search(text, max(0, cue.start() - 12), cue.start()) if group == "patient" else None
        start = owner.start() if owner else cue.start()
        if found := name_at(text, at) or (initials_at(text, at) if group == "patient" else None):
            yield start, *found, False
        elif found := couple_at(text, at):
            yield start, *found, True


def _before_births(text: str) -> Iterator[_Place]:
    """The names before a date of birth: "Jane Porter, DOB"."""
    for born in IS_BORN.finditer(text):
        since = max(0, born.start() - _BEFORE)
        if found := name_before(text[since : born.start()].rstrip(" \t,;(-")):
            yield since + found[0], found[1], since + found[2], False


def _is_staff(text: str, start: int, end: int, *, signs: bool) -> bool:
    """Whether a Mr. or Mrs. is whom to ask for there, or `signs`."""
    before, behind = (_beside(group) for group in ("staff_before", "staff_behind"))
    return bool(before.search(text[max(0, start - 30) : start]) or (signs and behind.match(text, end)))


def _words(group: str) -> list[str]:
    words: list[str] = read_table("patient_named")[group]["words"]
    return words


@cache
def _beside(group: str) -> re.Pattern[str]:
    words = "|".join(_words(group))
    if group == "staff_before":
        return re.compile(rf"\b(?:{words})[\s,:]{{0,5}}$", re.I)
    return re.compile(rf"[ \t]{{0,3}}(?:$|\n|{words})", re.I)


@cache
def _pattern(group: str) -> re.Pattern[str]:
    """The words of a group."""
    if group == "honorific":
        return re.compile(titles(), re.I)
    cues = "|".join(sorted(_words(group), key=len, reverse=True)).replace(" ", r"\s{1,3}")
    return re.compile(rf"(?<![\w'’])(?:{cues})(?!\w)", re.I)
