"""Where in a text does somebody's name begin and end, and is it one? (promise A3)

Two or more capitalised words, a family name before a given one with a comma, and of two who share a family name each
("Gideon and Prudence Ashcombe", "Mr. and Mrs. Bartholomew"). What may be no name is none: none is invented.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Final, TypeVar

from leadwell.reading.fold import folded_words
from leadwell.reading.tables import read_table
from leadwell.reading.word_kinds import is_medical

Bearer = TypeVar("Bearer")
_MOST_WORDS: Final = 5  # of a name; a longer run of capitals is a heading
_MOST_TOKENS: Final = 9
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
WRAPPED: Final = re.compile(r"[ \t]{0,4}\r?\n?[ \t]{0,4}")
_TURNED: Final = re.compile(rf"({_WORD}), ?({_WORD})(?=\s{{0,3}}(?:$|\n|[(;,/|–—-]|\d|(?i:dob\b|d\.o\.b)))")
_POSSESSIVE: Final = re.compile("['’]s$")
_COUPLE: Final = re.compile(rf"({_WORD})\s{{1,3}}(?:and|&|y|e)\s{{1,3}}(?=[{_UPPER}])")
_GIVEN: Final = re.compile(rf"(?<![\w'’-])({_WORD})\s{{1,3}}(?:and|&|y|e)\s{{1,3}}$")
_LONGEST_GIVEN: Final = 40
_INITIAL: Final = re.compile(rf"(?:[{_UPPER}]\. ?){{1,2}}({_WORD})")


def same_name(one: str, other: str) -> bool:
    """Whether both begin and end alike: what stands between is a middle name."""
    first, second = _ends(one), _ends(other)
    return bool(first) and first == second


def one_of_each(found: Iterable[Bearer], name: Callable[[Bearer], str]) -> list[Bearer]:
    """Of those of the same name the first."""
    each: list[Bearer] = []
    for one in found:
        if not any(same_name(name(one), name(other)) for other in each):
            each.append(one)
    return each


def _ends(name: str) -> tuple[str, ...]:
    words = [word for word in folded_words([name])[0] if word not in ("jr", "sr", "ii", "iii", "iv")]
    return (words[0], words[-1]) if words else ()


def after_title(text: str, at: int) -> int:
    """Behind the Mr. or Mrs. that stands there."""
    title = _before_name().match(text, at)
    return title.end() if title else at


def name_at(text: str, at: int) -> tuple[str, int] | None:
    """The name that begins there, given name first, and where it ends; one may run on into the next line."""
    if (turned := _TURNED.match(text, at)) and not any(map(_is_no_name, turned.groups())):
        return f"{turned[2]} {turned[1]}", turned.end()
    run: list[re.Match[str]] = []
    while len(run) < _MOST_TOKENS and (token := _TOKEN.match(text, at)) and not _is_no_name(token[0]):
        run.append(token)
        gap = (_GAP if sum(map(_is_word, run)) > 1 else WRAPPED).match(text, token.end())
        if gap is None or not gap[0]:
            break
        at = gap.end()
    while run and not _is_word(run[-1]):
        run.pop()
    name = _name_of(run)
    return (name, run[-1].start() + len(_POSSESSIVE.sub("", run[-1][0]))) if name else None


def name_before(text: str) -> tuple[int, str, int] | None:
    """The name with which a text ends: where it begins, and where it ends."""
    run: list[re.Match[str]] = []
    for token in reversed(list(_TOKEN.finditer(text))):
        until = run[-1].start() if run else len(text)
        if _is_no_name(token[0]) or not (token.end() == until or _GAP.fullmatch(text, token.end(), until)):
            break
        run.append(token)
    name = _name_of(run[::-1])
    return (run[-1].start(), name, run[0].end()) if name else None


def names_in(text: str) -> Iterator[tuple[int, str, int]]:
    """Each name of a text, from front to back: where it begins, and where it ends."""
    at = 0
    while token := _TOKEN.search(text, at):
        found = name_at(text, token.start()) if _is_word(token) and not _is_no_name(token[0]) else None
        at = found[1] if found else token.end()
        if found:
            yield token.start(), *found


def couple_at(text: str, at: int) -> tuple[str, int] | None:
    """The first of two who share a family name, given name or title first, and where what is said of them alone ends:
    "Gideon" of "Gideon and Prudence Ashcombe", "Mr." of "Mr. and Mrs. Bartholomew"."""
    first = _COUPLE.match(text, at)
    if first is None or _is_no_name(first[1]):
        return None
    second = name_at(text, after_title(text, first.end()))
    if second is None:
        return None
    return f"{first[1]} {second[0].split()[-1]}", first.end(1)


def given_before(text: str, start: int) -> tuple[int, str] | None:
    """The given name before that of another with the same family name, and where it begins."""
    since = max(0, start - _LONGEST_GIVEN)
    found = _GIVEN.search(text[since:start])
    return (since + found.start(1), found[1]) if found and not _is_no_name(found[1]) else None


def titled_couples(text: str) -> Iterator[tuple[int, tuple[str, str], int]]:
    for found in _titles().finditer(text):
        if both := titled_couple_at(text, found.start()):
            yield found.start(), *both


def titled_couple_at(text: str, at: int) -> tuple[tuple[str, str], int] | None:
    """Both of "Mr. and Mrs. Bartholomew", and where their names end."""
    found = _titles().match(text, at)
    if found is None or _is_no_name(found[3]) or is_medical(found[3]):
        return None
    whole = name_at(text, found.start(3))
    name, end = whole or (_POSSESSIVE.sub("", found[3]), found.start(3) + len(_POSSESSIVE.sub("", found[3])))
    his = f"{found[1]} {name}" if whole is None else name
    return (his, f"{found[2]} {name.split()[-1]}"), end


def initials_at(text: str, at: int) -> tuple[str, int] | None:
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
    return len(bare) > 1 and not bare.islower() and bare.lower() in _words("no_name")


@cache
def _words(group: str) -> frozenset[str]:
    return frozenset(read_table("person_names")[group]["words"])


def _title() -> str:
    return rf"(?:{'|'.join(sorted(_words('honorific')))})\b\.?"


def titles() -> str:
    """The words that may stand before a name, as a regular expression."""
    return rf"(?<!\w){_title()}"


@cache
def _before_name() -> re.Pattern[str]:
    return re.compile(titles() + r"\s{1,3}", re.I)


@cache
def _titles() -> re.Pattern[str]:
    title = f"((?i:{_title()}))"
    return re.compile(rf"(?<!\w){title}\s{{1,3}}(?:and|&|y)\s{{1,3}}{title}\s{{1,3}}({_WORD})")
