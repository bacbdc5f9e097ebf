"""Which dangers does a form answer with no ("chest pain: no") or yes, and which does a history date ("TIA 2018")?
(promise 18)

All are told by what stands right behind the words, and mentions do not keep that: texts are looked at again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import numpy as np
import polars as pl

from leadwell.reading.grouped import Flags, Ints

_NO: Final = r"(?:no|none|nope|never|n|nil|neg|negative|denie[sd]|nunca|ningun[oa]|negad[oa]|niega|negativ[oa])"
_ENDS: Final = r"[\])]?(?=\s*(?:$|[.,;|\n]|/(?!\s*(?:y|yes|s[ií])\b))|\s+[\w.-]+\s?=)"
# What a form adds to its question ("or pressure"); with a verb it were a question of its own ("is he awake? no").
_MORE: Final = r"(?:[ /_]+(?!(?:is|are|was|he|she|it|i|we|you|can|did|does|do|should|will|have|has|call)\b)[\w'’]+)"
_ANSWERED: Final = re.compile(rf"{_MORE}{{0,3}}\s*[:?=\-–—\[(]+\s*{_NO}{_ENDS}", re.IGNORECASE)
_YES: Final = re.compile(
    rf"{_MORE}{{0,3}}\s*[:?=\-–—\[(]+\s*(?:yes|yep|y|s[ií]|true|pos|positive|afirmativ[oa])\b(?!\s*/)", re.IGNORECASE
)
_NEXT_QUESTION: Final = re.compile(r"[,;|.?/\t\n]|=\s?\w+\s")
_DENIES: Final = re.compile(
    r"\b(?:no|not|never|none|den(?:y|ies)|without|sin|ning[uú]n[oa]?|niega)\b|n['’]t\b", re.IGNORECASE
)
_LONGEST: Final = 60  # characters of a question before what it names
_LISTED: Final = re.compile(rf"{_MORE}?\s+{_NO}{_ENDS}", re.IGNORECASE)
_ANY_ANSWER: Final = re.compile(rf"\S\s*[:?=\-–—\[(]+\s*{_NO}{_ENDS}", re.IGNORECASE)
_ANY_LISTED: Final = re.compile(rf"\w\s+{_NO}{_ENDS}", re.IGNORECASE)
_LIST: Final = 2  # answers without a colon make a list: one alone may be anything ("he fell no, he jumped")
_MONTH: Final = r"""(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|ene|abr|ago|dic)[a-z]*\.?"""
_DATED: Final = re.compile(
    rf"(?:\s*[(:]?\s*(?:yes|s[ií])\)?[,;]?\s*(?:when|cu[aá]ndo|in|en)?)?\s*[(,:]?\s*(?:(?:back\s+)?(?:in|en|of|el)\s+)?(?:{_MONTH}\s*(?:of|del?|,)?\s*|\d{{1,2}}/)?(?:del?\s+)?"
    r"(?:19[3-9]\d|20[01]\d|202[0-5])\b(?!\s*(?:[ap]\.?m|mg|hours|hrs)\b|\s+(?-i:[A-Z]))",
    re.IGNORECASE,
)


# What a text must have at least for either, as Polars searches.
_MAY_ANSWER: Final = rf"(?i)\b{_NO}[\])]?\s*(?:$|[.,;|\n/]|\s[\w.-]+\s?=)"
_MAY_AFFIRM: Final = r"(?i)[:?=\-–—\[(]\s*(?:y|s[ií]|true|pos|afirm)"
_MAY_DATE: Final = r"\b(?:19[3-9]\d|20[01]\d|202[0-5])\b"


def answered_no(texts: pl.Series, text: Ints, end: Ints) -> Flags:
    """Whether what ends here is answered with no, one flag a mention."""
    found = np.zeros(len(text), dtype=np.bool_)
    for words, at in _telling(texts, text, _MAY_ANSWER):
        asked, listed = _ANY_ANSWER.search(words) is not None, len(_ANY_LISTED.findall(words)) >= _LIST
        for place in at.tolist():
            answered = asked and _ANSWERED.match(words, int(end[place]))
            found[place] = bool(answered or (listed and _LISTED.match(words, int(end[place]))))
    return found


def answered_yes(texts: pl.Series, text: Ints, start: Ints, end: Ints) -> Flags:
    """Whether what stands here is asked and answered with yes: no answer before it denies that. Not of what is asked
    for with a denial ("No chest pain: yes")."""
    found = np.zeros(len(text), dtype=np.bool_)
    for words, at in _telling(texts, text, _MAY_AFFIRM):
        for place in at.tolist():
            question = _NEXT_QUESTION.split(words[max(0, start[place] - _LONGEST) : start[place]])[-1]
            found[place] = not _DENIES.search(question) and _YES.match(words, int(end[place])) is not None
    return found


def dated(texts: pl.Series, text: Ints, end: Ints) -> Flags:
    """Whether the year of what ends here is given, and it is over."""
    found = np.zeros(len(text), dtype=np.bool_)
    for words, at in _telling(texts, text, _MAY_DATE):
        found[at] = [_DATED.match(words, place) is not None for place in end[at].tolist()]
    return found


def _telling(texts: pl.Series, text: Ints, pattern: str) -> Iterator[tuple[str, Ints]]:
    """Texts with such words in which something is mentioned, and where in the table their mentions stand.

    `text`: the text of each mention, in order.
    """
    here, begins = np.unique(text, return_index=True)
    ends = np.append(begins[1:], len(text))
    words = texts.gather(pl.Series(here))
    for number in np.flatnonzero(words.str.contains(pattern).to_numpy()).tolist():
        yield words[number], np.arange(begins[number], ends[number])
