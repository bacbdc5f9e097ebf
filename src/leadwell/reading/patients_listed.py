"""Which patients does a text list, and from where to where is each told of? (promises A3, B8)

Items that begin with a name: numbered, with a bullet, in rows, or each on a line or behind a sentence of its own. A
name alone is no patient: a birth date, an age or what they need stands with it, or the words before the list call those
patients whom it names. Staff, relatives, signatures and lists of anything else are none. Words: `patients_listed.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from operator import attrgetter
from typing import Final

from leadwell.reading.patient_signs import BORN, BORN_BEHIND, TELEPHONE, is_aged, tells_need
from leadwell.reading.person_names import after_title, name_at, one_of_each
from leadwell.reading.tables import read_table
from leadwell.reading.word_kinds import is_medical

_NUMBER: Final = r"\(?\d{1,2}\s?[.)]|#\s?\d{1,2}[.:)]?"
_MARK: Final = re.compile(
    rf"[ \t>]{{0,8}}(?:(?P<number>{_NUMBER}|\d{{1,2}}\s?[:–-](?=[ \t])|\(?[a-hA-H][.)](?=[ \t]))"
    r"|(?P<bullet>[-–—*•·‣▪◦●○✓☐|]|\[[ x]?\]))[ \t]{0,6}"
)
_CALLED: Final = re.compile(
    r"[ \t]{0,4}(?:(?:our |new )?(?:patient|pt|paciente|name|nombre)\b\.?(?: name)?\s?(?:#?\s?\d{1,2})?"
    r"\s?[:.)–-]{0,2}[ \t]{0,3})?",
    re.I,
)
_NUMBERED_CALL: Final = re.compile(r"[ \t]{0,4}(?:patient|pt|paciente|referral)\.?\s?#?\s?\d{1,2}\b", re.I)
_WITHIN: Final = re.compile(
    rf"[ \t]{{1,3}}(?=(?P<number>{_NUMBER})[ \t])|(?:(?<=[.;!?/])|(?<=\band)|(?<=\by))[ \t]{{1,3}}"
)
_BEHIND: Final = (
    r"[\s,(:|/–—-]{0,4}(?:(?:is|our|the|my|his|her|their|su|pt'?s|patient'?s)\s){0,2}(?:[\w'&]{1,20}\s){0,3}"
)
_APART: Final = re.compile(r"[ \t]{0,3}[,;:(/|\t–—-]")
_HEADS: Final = re.compile(r":\s*$|[\t|]")  # of a line that stands over a list or table
_LONGEST: Final = 300  # characters of a line, or before a list, that are looked at
_FEWEST: Final = 2
_MARKED: Final = ("number", "bullet")


@dataclass(frozen=True)
class Item:
    """Where it begins and ends, and the name in it with the place where that does."""

    start: int
    end: int
    name: str
    named_at: int
    named_until: int


@dataclass(frozen=True)
class Listed:
    """`items`: of patients, two or more or none; `others`: where there are none, those of staff, relatives and things.
    `unsure`: people are listed who may be patients, or not."""

    items: tuple[Item, ...] = ()
    others: tuple[Item, ...] = ()
    unsure: bool = False


@dataclass(frozen=True)
class _Named:
    """An item that may be of a patient. `kind`: "number", "bullet", "line" or "within" a line; `intro`: the words
    before its list; `follows`: whether it stands right under these or another."""

    item: Item
    kind: str
    intro: str
    follows: bool


def patients_listed(text: str) -> Listed:
    """As `Listed` says, of patients each with a name of their own."""
    named = list(_named(text))
    if len(named) < _FEWEST:
        return Listed()
    items = _bounded(text, [one.item for one in named])
    named = [replace(one, item=item) for one, item in zip(named, items, strict=True)]
    others = tuple(one.item for one in named if _is_other(text, one))
    named = [one for one in named if one.item not in others]
    told = [one for one in named if _tells(text, one)]
    alike = _lists_of_names(text, named) & {one.kind for one in told}
    listed = [one for one in named if one in told or one.kind in alike or _is_called_one(text, one)]
    listed = one_of_each(listed, attrgetter("item.name"))
    if len(listed) >= _FEWEST:
        return Listed(tuple(_bounded(text, [one.item for one in listed])))
    called = [one for one in named if one.kind in _MARKED and TELEPHONE.search(_first(text, one))]
    return Listed(others=others, unsure=len(called) >= _FEWEST)


@dataclass(frozen=True)
class _Line:
    """`at`: where in the text it begins; else as in `_Named`."""

    text: str
    at: int
    intro: str
    follows: bool


def _named(text: str) -> Iterator[_Named]:
    """Each item that begins with a name; where it ends is not known yet."""
    line, any_yet = _Line("", 0, "", False), False
    for said in text.split("\n"):
        line = replace(line, text=said)
        mark, kind, begins = _mark(said)
        first = _item(line, 0, begins, kind)
        found = [first] if first else []
        found += _items_within(line, first.item.named_at if first else line.at + begins)
        yield from found
        if not found and mark is None and said.strip() and (not any_yet or _HEADS.search(said)):
            line = replace(line, intro=said.strip()[-_LONGEST:], follows=True)
        elif said.strip() or any_yet:
            line = replace(line, follows=bool(found))
        any_yet |= bool(found)
        line = replace(line, at=line.at + len(said) + 1)


def _mark(line: str) -> tuple[re.Match[str] | None, str, int]:
    """The mark with which it begins, of which kind that makes it, and where what is marked begins."""
    if mark := _MARK.match(line):
        return mark, "bullet" if mark["bullet"] else "number", mark.end()
    called = _NUMBERED_CALL.match(line)
    return called, "number" if called else "line", 0


def _items_within(line: _Line, begun: int) -> Iterator[_Named]:
    """Those behind a number or a sentence within it, and behind `begun`, a place of the text."""
    for sign in _WITHIN.finditer(line.text):
        if line.at + sign.end() <= begun:
            continue
        mark = _MARK.match(line.text, sign.end()) if sign["number"] else None
        intro = line.text[: sign.start()].strip()[-_LONGEST:] or line.intro
        begins, kind = (mark.end(), "number") if mark else (sign.end(), "within")
        if found := _item(replace(line, intro=intro, follows=False), sign.end(), begins, kind):
            begun = found.item.named_at
            yield found


def _item(line: _Line, start: int, begins: int, kind: str) -> _Named | None:
    called = _CALLED.match(line.text, begins)
    place = after_title(line.text, called.end() if called else begins)
    found = name_at(line.text, place)
    if found is None or is_medical(found[0]):
        return None
    item = Item(line.at + start, 0, found[0], line.at + place, line.at + found[1])
    return _Named(item, kind, line.intro, line.follows)


def _rest(text: str, one: _Named) -> str:
    """What is said in it behind the name, to the end of its paragraph."""
    return text[one.item.named_until : one.item.end].split("\n\n", maxsplit=1)[0]


def _first(text: str, one: _Named) -> str:
    return _rest(text, one).split("\n")[0][:_LONGEST]


def _is_other(text: str, one: _Named) -> bool:
    """Whether it is of no patient, whatever else it says: of staff, a relative, or in a list of something else."""
    rest = _rest(text, one)
    if _pattern("others").search(one.intro) or any(_right_behind(group).match(rest) for group in ("staff", "dose")):
        return True
    return bool(_right_behind("relation").match(rest)) and not tells_need(rest)


def _tells(text: str, one: _Named) -> bool:
    """Whether what stands with the name is said of patients alone."""
    rest, line = _rest(text, one), _first(text, one)
    if BORN_BEHIND.match(text[one.item.named_until : one.item.end]):
        return True
    if one.kind in _MARKED:
        return bool(BORN.search(rest)) or is_aged(text, one.item.named_until) or tells_need(rest)
    if one.kind == "within" or _pattern("office").search(line):
        return False
    apart = _APART.match(line) or TELEPHONE.match(line.lstrip())
    return bool(apart) and tells_need(line)


def _is_called_one(text: str, one: _Named) -> bool:
    """Whether the words before its list say that it names patients."""
    if not _pattern("patients").search(one.intro):
        return False
    line = _first(text, one)
    bare = not line.strip() or bool(TELEPHONE.match(line.strip(" \t,:;–—-")))
    return one.kind in _MARKED or (one.kind == "line" and one.follows and bare)


def _lists_of_names(text: str, named: Sequence[_Named]) -> set[str]:
    """The kinds of lists of which every item begins with a name."""
    marks = [mark for line in text.split("\n") if (mark := _MARK.match(line))]
    return {kind for kind in _MARKED if sum(one.kind == kind for one in named) == sum(bool(m[kind]) for m in marks)}


def _bounded(text: str, items: Sequence[Item]) -> Iterator[Item]:
    """Each to the next; the last has no more lines than any before, and ends before a closing, or with its paragraph
    where those before have no gaps."""
    most, gaps = 0, False
    for one, following in pairwise(items):
        yield replace(one, end=following.start)
        said = text[one.start : following.start].rstrip()
        most, gaps = max(most, said.count("\n") + 1), gaps or "\n\n" in said
    last, end = items[-1], items[-1].start
    for number, line in enumerate(text[last.start :].split("\n")):
        if number and (number >= most or not (gaps or line.strip()) or _pattern("closing").match(line)):
            break
        end += len(line) + 1
    yield replace(last, end=min(end, len(text)))


def _words(group: str) -> str:
    return "|".join(read_table("patients_listed")[group]["words"])


@cache
def _pattern(group: str) -> re.Pattern[str]:
    return re.compile(rf"\s{{0,4}}\b(?:{_words(group)})\b", re.I)


@cache
def _right_behind(group: str) -> re.Pattern[str]:
    return re.compile(rf"{_BEHIND}(?:{_words(group)})(?!\w)(?!\s(?-i:[A-Z]))", re.I)  # "her son Bob" is another
