"""Where might days be named? Stretches of words that could be a date, as patterns of folded text.

A stretch holds at least one word that only stands where time is meant (an anchor), with the small words and numbers
around it. Signs count as spaces here: the grammar reads them in the text as received.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any, Final

from leadwell.reading.patterns import EDGE, SIGN
from leadwell.reading.when.vocabulary import UNSURE, vocabulary

_BETWEEN: Final = (
    "the",
    "a",
    "of",
    "about",
    "next",
    "coming",
    "last",
    "this",
    "couple",
    "few",
    "more",
    "and",
    "or",
    "half",
    "to",
)
# A figure, perhaps an ordinal or glued to its unit: "15th", "3weeks".
_NUMBER: Final = "[0-9]{1,4}(?:st|nd|rd|th|ro|er|ra|o|a|am|pm)?"
_GLUED: Final = "[0-9]{1,3}(?:d|days?|dias?|w|wks?|weeks?|semanas?|mos?|months?|mes|meses|yrs?|years?|hrs?|hours?)"
_PARTED: Final = "[ !]"  # figures that make a text worth a look; in a stretch any sign parts them
_FIGURES: Final = f"[0-9]{{1,4}}{_PARTED}[0-9]{{1,4}}"
# "mar3"
_STUCK: Final = "(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|ene|abr|ago|dic)[0-9]{1,2}"
_YEAR: Final = "(?:in|since|of|by|until|before|after|en|del?|desde|year|ano)~(?:19|20)[0-9]{2}"
_THE_NTH: Final = "(?:the|on|by|before|until|after|from|since)~{ordinals}|(?:dia|el|del)~[0-9]{{1,2}}"
ANCHORS: Final = ("M", "W", "S", "H", "Ue", "Uq", "today", "tomorrow", "yesterday", "overmorrow", "foreyesterday")
# A week or a day names none by itself: only with one of these before it, a number between, or one of those behind it.
_BEFORE_UNIT: Final = (
    "this", "next", "last", "coming", "in", "within", "nosooner", "hace", "early", "mid", "late", "later", "other",
    "weekday", "O",
)  # fmt: skip
_AFTER_UNIT: Final = (
    "next",
    "coming",
    "last",
    "ago",
    "hence",
    "now",
    "from",
    "after",
    "starting",
    "before",
    "of",
    "later",
)
_LEADS: Final = (
    "in", "on", "by", "this", "next", "last", "coming", "until", "to", "before", "after", "early", "mid", "late",
    "since", "from", "starting", "nosooner", "within", "the", "for",
)  # fmt: skip


def trie(words: Iterable[str]) -> str:
    """One pattern for many words that tries each letter once."""
    root: dict[str, Any] = {}
    for word in words:
        node = root
        for letter in word:
            node = node.setdefault(letter, {})
        node[""] = {}
    return _branch(root)


def _branch(node: dict[str, Any]) -> str:
    ends = "" in node
    parts = [
        (letter if letter == "~" else re.escape(letter)) + _branch(rest)
        for letter, rest in sorted(node.items())
        if letter
    ]
    if not parts:
        return ""
    inner = parts[0] if len(parts) == 1 and not ends else f"(?:{'|'.join(parts)})"
    return f"(?:{inner})?" if ends else inner


@cache
def patterns() -> tuple[str, str]:
    """What a folded text must hold to be looked at, and what a stretch of it looks like."""
    known = vocabulary()
    words = {word for phrase in known.tokens for word in phrase}
    ordinals = f"(?:[0-9]{{1,2}}(?:st|nd|rd|th)|{_gapped(known.phrases('O'))})"
    unsure = _gapped(known.phrases(UNSURE))
    leads = _gapped(phrase for phrase in known.phrases(*_LEADS) if " " not in phrase)
    number = f"(?:{_NUMBER}|{_gapped(known.phrases('N', 'O'))})"
    company = f"{leads}~{unsure}|{unsure}~(?:the~)?{number}|{number}~(?:of~|de~)?{unsure}"
    unit, some = _gapped(known.phrases("U")), f"(?:(?:{_gapped(known.phrases(*_BETWEEN))}|{number})~){{0,4}}"
    unit = f"(?:{unit}|{_GLUED})"
    units = f"{_gapped(known.phrases(*_BEFORE_UNIT))}~{some}{unit}|{unit}~{_gapped(known.phrases(*_AFTER_UNIT))}"
    anchors = _gapped(_forms())
    anchor = "|".join((anchors, units, _STUCK, company, _FIGURES, _THE_NTH.format(ordinals=ordinals), _YEAR))
    token = f"(?:{trie(words)}|{_NUMBER}|{_GLUED}|{_STUCK}|s)"
    must, stretch = f"{EDGE}(?:{anchor}){EDGE}", f"{EDGE}(?:{token}~)*(?:{anchor}){EDGE}(?:~{token}{EDGE})*"
    gap = f"{SIGN}{{1,3}}"
    return must.replace("~", gap), stretch.replace(_PARTED, SIGN).replace("~", gap)


@cache
def needed() -> frozenset[str]:
    """Words of which every stretch without a figure holds one."""
    return frozenset(map(longest_word, (*_forms(), *vocabulary().phrases("U", "O", UNSURE))))


def longest_word(phrase: str) -> str:
    """The one of its words by which it is best looked for."""
    words: list[str] = re.findall("[a-z0-9]+", phrase)
    return max(words, key=lambda word: (len(word), word))


def _gapped(phrases: Iterable[str]) -> str:
    """A pattern for all phrases; ~ stands for what may part two words."""
    return trie(phrase.replace(" ", "~") for phrase in phrases)


def _anchors() -> list[str]:
    """Single words, and of longer phrases (holidays) all."""
    return [phrase.replace(".", " ") for phrase in vocabulary().phrases(*ANCHORS)]


def _forms() -> list[str]:
    return [form for phrase in _anchors() for form in _owned(phrase)]


def _owned(phrase: str) -> list[str]:
    """ "mothers day" is also written "mother's day"; within a stretch the sign counts as a space."""
    words = phrase.split()
    if len(words) == 1 or not any(word.endswith("s") and len(word) > 3 for word in words):
        return [phrase]
    return [phrase, *(phrase.replace(w, w[:-1] + sign + "s") for w in words if w.endswith("s") for sign in "' ")]
