"""Whom does somebody who refers name in their words, and when was that patient born? (promise A3)

"Refer our patient NAME", "referral for NAME", "Mr. NAME", in a mail "NAME, 67 y.o.", and the same in Spanish
(`patient_named.toml`). A name is two or more capitalised words. Where two are named, or what stands there may be no
name, nobody is: none is invented; a mail may name several (`patients_named`).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

from leadwell.contract import WORDS
from leadwell.reading.fold import folded_words
from leadwell.reading.word_kinds import is_medical

_LONGEST: Final = 20_000  # characters of one text that are looked through
_MOST_WORDS: Final = 5  # of a name; a longer run of capitals is a heading
_MOST_TOKENS: Final = 9
_BEFORE: Final = 80  # characters in which a name stands before a date of birth
# One of these stands wherever any words of the table do: most messages hold none, and are looked at no further.
_STEMS: Final = (
    "refer", "patient", "paciente", "pt ", "pt:", "client", "resident", "remit", "remis", "deriv", "envi", "envío",
    "canaliz", "consult", "evalua", "dob", "d.o.b", "birth", "born", "naci", "mr.", "mr ",
    "mrs", "ms.", " ms ", "miss ", "mx ", "sr.", "sra", "srta", "señor", "sending", "lady ", "sir ", "mister ",
)  # fmt: skip
_UPPER: Final = "A-ZÀ-ÖØ-Þ"
_LOWER: Final = "a-zß-öø-ÿ"
_WORD: Final = (
    rf"(?:[{_UPPER}](?:['’][{_UPPER}])?[{_LOWER}]{{1,30}}(?:(?:['’-][{_UPPER}]?|[{_UPPER}])[{_LOWER}]{{1,30}}){{0,4}}"
    rf"|[{_UPPER}]{{2,30}}(?:['’-][{_UPPER}]{{1,30}}){{0,4}})(?!\w)"
)
_BETWEEN: Final = (
    rf"(?:[{_UPPER}](?![\w'])\.?|(?:de|del|la|las|los|da|das|do|dos|di|du|van|von|der|den|bin|ibn|al|y)(?!\w))"
)
_TOKEN: Final = re.compile(rf"(?P<word>{_WORD})|{_BETWEEN}")
_GAP: Final = re.compile(r"[ \t]{1,4}")
_WRAPPED: Final = re.compile(r"[ \t]{0,4}\r?\n?[ \t]{0,4}")
_TURNED: Final = re.compile(rf"({_WORD}), ?({_WORD})(?=\s{{0,3}}(?:$|\n|[(;,]|\d|(?i:dob\b|d\.o\.b)))")
_LEADS: Final = re.compile(r"\s?[,:.-]?")  # between the words that tell of a patient and the name
_OWNER: Final = re.compile(
    r"\b(?:our|my|your|this|the|that|an?|new|mutual|their|of|for|refer|referring|see|re:?|nuestr[oa]|mi|su|est[ea]|el|la|un|una|del|al)"
    r"\s{1,3}$",
    re.I,
)
_AND: Final = re.compile(r"\s{0,3}(?:and|&|y|e)\s{1,3}(?=\w)")
_POSSESSIVE: Final = re.compile("['’]s$")
_DAY: Final = r"\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d{2})|\d{4}-\d{2}-\d{2}|[A-Za-z]{3,9}\.? \d{1,2},? \d{4}"
_CALLED_BORN: Final = (
    r"(?i:\b(?:d\.?o\.?b\b\.?|date of birth|birth ?date|born(?: on)?|(?:fecha de )?nacimiento|f\.?n\.|"
    r"nacid[oa](?: el)?))"
)
_IS_BORN: Final = re.compile(_CALLED_BORN)
_BORN: Final = re.compile(rf"{_CALLED_BORN}\s{{0,3}}(?:is|:|-|#)?\s{{0,3}}({_DAY})(?!\d)")
_BORN_BEHIND: Final = re.compile(
    rf"\s{{0,3}}[,;:(-]{{0,3}}\s{{0,3}}(?:{_CALLED_BORN})?\s{{0,3}}[:-]?\s{{0,3}}({_DAY})(?!\d)"
)
SAID: Final = "extra.patient named in"  # the column of the very words
_GROUPS: Final = ("patient", "born", "referred", "honorific")
_MAILED: Final = (*_GROUPS[:3], "asked", "before", "honorific")  # of a mail
_EACH: Final = ("patient", "born", "referred", "before")  # of which several in one mail are several patients
_MOST: Final = 50  # patients of one mail
_TELEPHONE: Final = re.compile(r"(?<![\w+])(?:\+?1[ .-]?)?\(?\d{3}\)?[ .-]{0,2}\d{3}[ .-]?\d{4}(?!\w)")
_INITIAL: Final = re.compile(rf"(?:[{_UPPER}]\. ?){{1,2}}({_WORD})")
# What stands behind somebody's name where they are the patient: an age, a part of the body, what they need.
_AGE: Final = r"(?:is )?(?:an? )?\d{1,3}\s?-?(?:y\s?[./]?\s?o\b|y\b|yrs?\b|years?\b|años|[mf]\b)"
_PART: Final = (
    r"(?:needs? )?(?:(?:left|right|bilateral|total|l|r|new) )?(?:knee|hip|shoulder|spine|back|neck|"
    r"hand|wrist|ankle|foot|elbow|tka|tha|"
    r"mri|rodilla|cadera|hombro|espalda|columna)"
)
_DOES: Final = (
    r"(?:needs?|requires?|would (?:benefit|like)|has (?:had |been )?[a-z]|"
    r"is (?:having|interested|looking|in need|a candidate)|was seen|presents?|suffers?|failed|"
    r"necesita|requiere|tiene|quiere)"
)
_OF_PATIENTS: Final = re.compile(rf"['’]?s?[ \t]{{0,2}}(?:[,;:(–—-]\s{{0,2}})?(?:{_AGE}|{_PART}\b|{_DOES}\b)", re.I)


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
class _Found:
    name: str
    field: str
    start: int
    end: int


def patient_named(texts: Mapping[str, str], *, mailed: bool = False) -> Named | None:
    """Of the words of a lead (column -> text) the one patient whom they name; None where that is in doubt."""
    told = _told(texts)
    if not mailed and not any(stem in text for text in map(str.lower, told.values()) for stem in _STEMS):
        return None
    for group in _MAILED if mailed else _GROUPS:
        found = [one for field, text in told.items() for one in _names(group, field, text)]
        if found:
            return _one(found, told, group)
    return None


def patients_named(texts: Mapping[str, str]) -> list[Named]:
    """Of the words of a mail the several patients whom they name, each with the telephone that stands behind their
    name; none where they are fewer than two."""
    told = _told(texts)
    for group in _EACH:
        found = [one for field, text in told.items() for one in _names(group, field, text)]
        each: list[_Found] = []
        for one in found:
            if not any(same_name(one.name, other.name) for other in each):
                each.append(one)
        if found:
            several = [_of_several(one, found, told, group) for one in each]
            return several if 1 < len(several) <= _MOST else []
    return []


def _told(texts: Mapping[str, str]) -> dict[str, str]:
    return {name: texts[name][:_LONGEST] for name in WORDS if texts.get(name)}


def _of_several(one: _Found, found: list[_Found], told: dict[str, str], group: str) -> Named:
    text = told[one.field]
    until = min((other.start for other in found if other.field == one.field and other.start > one.start), default=None)
    behind = text[one.end : until if until is not None else len(text)].split("\n\n")[0]
    born, phone = _BORN_BEHIND.match(behind) or _BORN.search(behind), _TELEPHONE.search(behind)
    return Named(
        one.field,
        one.name,
        text[one.start : one.end],
        one.start,
        born[1] if born else "",
        group,
        phone[0] if phone else "",
    )


def same_name(one: str, other: str) -> bool:
    """Whether both begin and end alike: what stands between is a middle name."""
    first, second = _ends(one), _ends(other)
    return bool(first) and first == second


def _ends(name: str) -> tuple[str, ...]:
    words = [word for word in folded_words([name])[0] if word not in ("jr", "sr", "ii", "iii", "iv")]
    return (words[0], words[-1]) if words else ()


def _one(found: list[_Found], told: Mapping[str, str], group: str) -> Named | None:
    first = found[0]
    if not all(same_name(first.name, other.name) for other in found):
        return None
    said = told[first.field][first.start : first.end]
    behind = (_BORN_BEHIND.match(told[one.field], one.end) for one in found)
    born = next((match[1] for match in behind if match), "") or _only_birth(told)
    return Named(first.field, max((one.name for one in found), key=len), said, first.start, born, group)


def _only_birth(told: Mapping[str, str]) -> str:
    days = list(dict.fromkeys(match[1] for text in told.values() for match in _BORN.finditer(text)))
    return days[0] if len(days) == 1 else ""


def _names(group: str, field: str, text: str) -> Iterator[_Found]:
    """Of each name of a group, and of whoever is named with it, where it stands."""
    for start, name, end in _places(group, text):
        unsure = group in ("referred", "asked", "before") and is_medical(name)
        unsure |= group in ("honorific", "before") and _is_staff(text, start, end, signs=group == "honorific")
        if not unsure:
            yield _Found(name, field, start, end)
            if (other := _AND.match(text, end)) and (also := _name_at(text, _after_title(text, other.end()))):
                yield _Found(also[0], field, other.end(), also[1])


_Place = tuple[int, str, int]  # where the words begin that name somebody, the name, and where it ends


def _places(group: str, text: str) -> Iterator[_Place]:
    if group == "born":
        return _before_births(text)
    return _before_needs(text) if group == "before" else _behind(group, text)


def _before_needs(text: str) -> Iterator[_Place]:
    """The names before an age, a part of the body or a need: "Jane Porter, 67F, left knee"."""
    at = 0
    while token := _TOKEN.search(text, at):
        found = _name_at(text, token.start()) if _is_word(token) and not _is_no_name(token[0]) else None
        at = found[1] if found else token.end()
        if found and _OF_PATIENTS.match(text, found[1]):
            yield token.start(), *found


def _behind(group: str, text: str) -> Iterator[_Place]:
    """The names behind the words of a group."""
    for cue in _pattern(group).finditer(text):
        at = cue.end()
        if group == "patient":
            at = lead.end() if (lead := _LEADS.match(text, at)) else at
        wrapped = _WRAPPED.match(text, at)
        at = _after_title(text, wrapped.end() if wrapped else at)
        if not (at > cue.end() or not cue[0][-1].isalnum()):
            continue
        if found := _name_at(text, at) or (_initials_at(text, at) if group == "patient" else None):
            owner = _OWNER.search(text, max(0, cue.start() - 12), cue.start()) if group == "patient" else None
            yield owner.start() if owner else cue.start(), *found


def _before_births(text: str) -> Iterator[_Place]:
    """The names before a date of birth: "Jane Porter, DOB"."""
    for born in _IS_BORN.finditer(text):
        since = max(0, born.start() - _BEFORE)
        before = text[since : born.start()].rstrip(" \t,;(-")
        run: list[re.Match[str]] = []
        for token in reversed(list(_TOKEN.finditer(before))):
            until = run[-1].start() if run else len(before)
            if _is_no_name(token[0]) or not (token.end() == until or _GAP.fullmatch(before, token.end(), until)):
                break
            run.append(token)
        if found := _name_of(run[::-1]):
            yield since + run[-1].start(), found, since + run[0].end()


def _after_title(text: str, at: int) -> int:
    title = _pattern("title").match(text, at)
    return title.end() if title else at


def _name_at(text: str, at: int) -> tuple[str, int] | None:
    """The name that begins there, given name first, and where it ends; one may run on into the next line."""
    if (turned := _TURNED.match(text, at)) and not any(map(_is_no_name, turned.groups())):
        return f"{turned[2]} {turned[1]}", turned.end()
    run: list[re.Match[str]] = []
    while len(run) < _MOST_TOKENS and (token := _TOKEN.match(text, at)) and not _is_no_name(token[0]):
        run.append(token)
        gap = (_GAP if sum(map(_is_word, run)) > 1 else _WRAPPED).match(text, token.end())
        if gap is None or not gap[0]:
            break
        at = gap.end()
    while run and not _is_word(run[-1]):
        run.pop()
    name = _name_of(run)
    return (name, run[-1].start() + len(_POSSESSIVE.sub("", run[-1][0]))) if name else None


def _initials_at(text: str, at: int) -> tuple[str, int] | None:
    """ "C. Delacroix", of whoever is called a patient."""
    found = _INITIAL.match(text, at)
    if found is None or _is_no_name(found[1]) or is_medical(found[1]):
        return None
    return _POSSESSIVE.sub("", found[0]), found.start(1) + len(_POSSESSIVE.sub("", found[1]))


def _name_of(run: list[re.Match[str]]) -> str:
    """'' where these words are none."""
    if not 2 <= sum(map(_is_word, run)) <= _MOST_WORDS or not _is_word(run[0]):
        return ""
    return _POSSESSIVE.sub("", " ".join(token[0] for token in run))


def _is_word(token: re.Match[str]) -> bool:
    return token["word"] is not None


def _is_no_name(word: str) -> bool:
    bare = word.rstrip(".")
    return len(bare) > 1 and not bare.islower() and bare.lower() in _table()["no_name"]


def _is_staff(text: str, start: int, end: int, *, signs: bool) -> bool:
    """Whether a Mr. or Mrs. is whom to ask for there, or `signs`."""
    before, behind = (_beside(group) for group in ("staff_before", "staff_behind"))
    return bool(before.search(text[max(0, start - 30) : start]) or (signs and behind.match(text, end)))


@cache
def _table() -> Mapping[str, frozenset[str]]:
    text = resources.files("leadwell.reading").joinpath("patient_named.toml").read_text(encoding="utf-8")
    return {group: frozenset(held["words"]) for group, held in tomllib.loads(text).items()}


@cache
def _beside(group: str) -> re.Pattern[str]:
    words = "|".join(_table()[group])
    return re.compile(rf"\b(?:{words})[\s,:]{{0,5}}$" if group == "staff_before" else rf"[ \t]{{0,3}}(?:{words})", re.I)


@cache
def _pattern(group: str) -> re.Pattern[str]:
    """The words of a group; `title`: what may stand before a name besides."""
    if group in ("title", "honorific"):
        titles = "|".join(sorted(_table()["honorific"]))
        return re.compile(rf"(?<!\w)(?:{titles})\b\.?" + (r"\s{1,3}" if group == "title" else ""), re.I)
    cues = "|".join(sorted(_table()[group], key=len, reverse=True)).replace(" ", r"\s{1,3}")
    return re.compile(rf"(?<![\w'’])(?:{cues})(?!\w)", re.I)
