"""Whom does somebody who refers name in their words, and when was that patient born? (promise A3)

"Refer our patient NAME", "referral for NAME", "Mr. NAME", and the same in Spanish (`patient_named.toml`). A name is two
or more capitalised words. Where two are named, or what stands there may be no name, nobody is: none is invented.
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
_UPPER: Final = "A-ZÀ-ÖØ-Þ"
_LOWER: Final = "a-zß-öø-ÿ"
_WORD: Final = (
    rf"[{_UPPER}](?:['’][{_UPPER}])?[{_LOWER}]+(?:['’-]?[{_UPPER}]?[{_LOWER}]+)*|[{_UPPER}]{{2,}}(?:['’-][{_UPPER}]+)*"
)
_BETWEEN: Final = rf"[{_UPPER}]\.?(?![\w'])|(?:de|del|la|las|los|da|das|do|dos|di|du|van|von|der|den|bin|ibn|al|y)\b"
_TURNED: Final = rf"(?P<family>{_WORD}), ?(?P<given>{_WORD})(?=\s*(?:$|\n|[(;,]|\d|(?i:dob\b|d\.o\.b)))"
_PLAIN: Final = rf"(?:{_WORD})(?:\s(?:{_BETWEEN})){{0,3}}[ \t]*\n?[ \t]*(?:(?:{_WORD}|{_BETWEEN})[ \t]*){{0,8}}"
_AND: Final = re.compile(rf"\s*(?:and|&|y|e)\s+({_PLAIN})")
_TOKEN: Final = re.compile(rf"{_WORD}|{_BETWEEN}")
_WHOLE: Final = re.compile(rf"(?:{_WORD})\Z")
_POSSESSIVE: Final = re.compile("['’]s$")
_DAY: Final = r"\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d{2})|\d{4}-\d{2}-\d{2}|[A-Za-z]{3,9}\.? \d{1,2},? \d{4}"
_CALLED_BORN: Final = (
    r"(?i:d\.?o\.?b\b\.?|date of birth|birth ?date|born(?: on)?|(?:fecha de )?nacimiento|f\.?n\.?\b|nacid[oa](?: el)?)"
)
_BORN: Final = re.compile(rf"(?:{_CALLED_BORN})\s*(?:is|:|-|#)?\s*({_DAY})(?!\d)")
_BORN_BEHIND: Final = re.compile(rf"\s*[,;:(-]*\s*(?:{_CALLED_BORN})?\s*[:-]?\s*({_DAY})(?!\d)")
_GROUPS: Final = ("patient", "born", "referred", "honorific")


@dataclass(frozen=True)
class Named:
    """`name`: as it was said, given name first; `said`: the very words, with those that make it the patient's; `born`:
    a date as it was said, '' where none is told."""

    field: str
    name: str
    said: str
    start: int
    born: str = ""


@dataclass(frozen=True)
class _Found:
    name: str
    field: str
    start: int
    end: int


def patient_named(texts: Mapping[str, str]) -> Named | None:
    """Of the words of a lead (column -> text) the one patient whom they name; None where that is in doubt."""
    told = {name: texts[name][:_LONGEST] for name in WORDS if texts.get(name)}
    for group in _GROUPS:
        found = [one for field, text in told.items() for one in _names(group, field, text)]
        if found:
            return _one(found, told)
    return None


def same_name(one: str, other: str) -> bool:
    """Whether both begin and end alike: what stands between is a middle name."""
    first, second = _ends(one), _ends(other)
    return bool(first) and first == second


def _ends(name: str) -> tuple[str, ...]:
    words = [word for word in folded_words([name])[0] if word not in ("jr", "sr", "ii", "iii", "iv")]
    return (words[0], words[-1]) if words else ()


def _one(found: list[_Found], told: Mapping[str, str]) -> Named | None:
    first = found[0]
    if not all(same_name(first.name, other.name) for other in found):
        return None
    said = told[first.field][first.start : first.end]
    behind = (_BORN_BEHIND.match(told[one.field], one.end) for one in found)
    born = next((match[1] for match in behind if match), "") or _only_birth(told)
    return Named(first.field, max((one.name for one in found), key=len), said, first.start, born)


def _only_birth(told: Mapping[str, str]) -> str:
    days = list(dict.fromkeys(match[1] for text in told.values() for match in _BORN.finditer(text)))
    return days[0] if len(days) == 1 else ""


def _names(group: str, field: str, text: str) -> Iterator[_Found]:
    for match in _pattern(group).finditer(text):
        turned = match["given"] is not None
        at = match.start("family") if turned else match.start("name")
        name, end = (
            (f"{match['given']} {match['family']}", match.end())
            if turned
            else _cut(match["name"], at, within=group == "born")
        )
        if turned and not _may_be_name(match["given"], match["family"]):
            continue
        unsure = (group == "referred" and is_medical(name)) or (group == "honorific" and _is_staff(text, match, end))
        if name and not unsure:
            yield _Found(name, field, match.start(), end)
            yield from _beside_them(field, text, end)


def _beside_them(field: str, text: str, end: int) -> Iterator[_Found]:
    """Who else is referred at once: "Ida Quill and Otto Marsh"."""
    if (other := _AND.match(text, end)) and (found := _cut(other[1], other.start(1), within=False))[0]:
        yield _Found(found[0], field, *other.span())


def _is_staff(text: str, match: re.Match[str], end: int) -> bool:
    """Whether a Mr. or Mrs. signs, or is whom to ask for there."""
    before, behind = (_beside(group) for group in ("staff_before", "staff_behind"))
    return bool(before.search(text[max(0, match.start() - 30) : match.start()]) or behind.match(text, end))


def _cut(run: str, start: int, *, within: bool) -> tuple[str, int]:
    """What of a run of capitals is a name, and where it ends; '' where there is none. `within`: it may begin later."""
    kept: list[re.Match[str]] = []
    for token in _TOKEN.finditer(run):
        if token[0].lower().rstrip(".") in _table()["no_name"] and len(token[0]) > 1 and not token[0].islower():
            if within and not kept:
                continue
            break
        if len([one for one in kept if _WHOLE.match(one[0])]) >= 2 and "\n" in run[kept[-1].end() : token.start()]:
            break
        kept.append(token)
    while kept and not _WHOLE.match(kept[-1][0]):
        kept.pop()
    words = [one[0] for one in kept if _WHOLE.match(one[0])]
    if not 2 <= len(words) <= _MOST_WORDS:
        return "", start
    bare = _POSSESSIVE.sub("", kept[-1][0])
    return " ".join([*(one[0] for one in kept[:-1]), bare]), start + kept[-1].start() + len(bare)


def _may_be_name(*words: str) -> bool:
    return not any(word.lower() in _table()["no_name"] for word in words)


@cache
def _table() -> Mapping[str, frozenset[str]]:
    text = resources.files("leadwell.reading").joinpath("patient_named.toml").read_text(encoding="utf-8")
    return {group: frozenset(held["words"]) for group, held in tomllib.loads(text).items()}


@cache
def _beside(group: str) -> re.Pattern[str]:
    words = "|".join(_table()[group])
    return re.compile(rf"\b(?:{words})[\s,:]*$" if group == "staff_before" else rf"[ \t]*(?:{words})", re.I)


@cache
def _pattern(group: str) -> re.Pattern[str]:
    """A name behind the words of a group; of `born`, one before a date of birth."""
    titles = "|".join(sorted(_table()["honorific"]))
    title = rf"(?:(?i:{titles})\b\.?\s+)"
    name = rf"(?:{_TURNED}|(?P<name>{_PLAIN}))"
    if group == "born":
        return re.compile(rf"(?<![\w.'’]){name}(?=[ \t]*[,;(-]{{0,2}}[ \t]*(?:{_CALLED_BORN}))")
    if group == "honorific":
        return re.compile(rf"(?<!\w){title}{name}")
    cues = "|".join(sorted(_table()[group], key=len, reverse=True))
    return re.compile(rf"(?<![\w'’])(?i:{cues})\s*{title}?{name}")
