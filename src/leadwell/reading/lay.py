"""What do people call a line of service? Lay words that a service takes as its own where it is of that line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Final

from leadwell.playbook.model import Playbook
from leadwell.reading import lexicons
from leadwell.reading.fold import folded_words
from leadwell.reading.phrases import Phrase
from leadwell.reading.word_kinds import lasts

_NARROWER: Final = [
    [word]
    for word in (
        "pediatric", "paediatric", "children", "children's", "childrens", "child", "infant", "veterinary", "equine",
        "teen", "teens", "adolescent", "geriatric", "cosmetic", "infantil", "pediatrica", "pediatrico",
    )
]  # fmt: skip


def adopted(playbook: Playbook) -> Iterator[Phrase]:
    """Lay words as phrases of the services, and of what is found elsewhere, that are of their line.

    Words that the playbook itself gives to one of them are nobody else's, nor are those that hold what makes another
    one's request specific: where "rotator cuff" is of sports medicine, a torn one asks for no new shoulder.
    """
    own = [("service", key, (*s.asks, s.name)) for key, s in playbook.services.items()]
    own += [("elsewhere", key, e.asks) for key, e in playbook.elsewhere.items()]
    said = [{" ".join(words) for words in folded_words(asks)} for _, _, asks in own]
    taken = set().union(*said) if said else set()
    theirs = [(key, _folded(service.specific)) for key, service in playbook.services.items()]
    for (kind, key, _), asks in zip(own, said, strict=True):
        for line, phrases in _lines():
            if any(_is_of(ask, of) for of in line for ask in asks):
                yield from (
                    replace(p, kind=kind, key=key, lasts=lasts(p.text))
                    for wording, p in phrases
                    if wording not in taken and not _elses(wording, key, theirs)
                )


def _elses(wording: str, key: str, theirs: list[tuple[str, tuple[str, ...]]]) -> bool:
    holding = {of for of, specific in theirs for words in specific if f" {words} " in f" {wording} "}
    return bool(holding) and key not in holding


def _is_of(ask: str, line: str) -> bool:
    """Whether a phrase is of a line as a whole: "pediatric orthopedics" is not all of orthopedics."""
    before, found, _ = f" {ask} ".partition(f" {line} ")
    return bool(found) and before.split()[-1:] not in _NARROWER


@lru_cache(maxsize=1)
def _lines() -> tuple[tuple[tuple[str, ...], tuple[tuple[str, Phrase], ...]], ...]:
    """Each line: what a service of it is called, and its words, folded, with their phrases."""
    entries = [entry for entry in lexicons.entries() if entry.kind == lexicons.LAY]
    return tuple(
        (_folded(entry.of), tuple(zip(_folded([p.text for p in entry.phrases]), entry.phrases, strict=True)))
        for entry in entries
    )


def _folded(texts: tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return tuple(" ".join(words) for words in folded_words(texts))
