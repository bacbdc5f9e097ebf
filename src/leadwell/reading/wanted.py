"""Which phrases does a playbook look for? Its own words and those of the lexicons, compiled once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from leadwell.playbook.model import Playbook
from leadwell.reading import lexicons
from leadwell.reading.phrases import Phrase
from leadwell.reading.search import Search, build

_KEPT = 8
_compiled: list[tuple[Playbook, Search]] = []


def _each(kind: str, key: str, words: Iterable[str]) -> Iterator[Phrase]:
    return map(partial(Phrase, kind, key, language="?"), words)


def phrases(playbook: Playbook) -> Iterator[Phrase]:
    """Kinds: service, specific, elsewhere, offer, decides, location, answer.<fact>, emergency, crisis."""
    for key, service in playbook.services.items():
        yield from _each("service", key, (*service.asks, service.name))
        yield from _each("specific", key, service.specific)
    for key, elsewhere in playbook.elsewhere.items():
        yield from _each("elsewhere", key, elsewhere.asks)
    for key, offer in playbook.offers.items():
        yield from _each("offer", key, (*offer.asks, offer.name))
        yield from _each("decides", key, offer.decides)
    for key, location in playbook.locations.items():
        yield from _each("location", key, (location.name, location.zip))
    for key, fact in playbook.own_facts.items():
        yield from _each(f"answer.{key}", "", fact.words)
        for option, words in fact.options.items():
            yield from _each(f"answer.{key}", option, (*words, option))
    yield from _each("emergency", "", playbook.safety.emergency)
    yield from _each("crisis", "", playbook.safety.crisis)


def search(playbook: Playbook) -> Search:
    """The compiled search of a playbook; the last few are kept."""
    for known, compiled in _compiled:
        if known is playbook:
            return compiled
    compiled = build((*phrases(playbook), *lexicons.phrases()), lexicons.families(), lexicons.real_words())
    _compiled.insert(0, (playbook, compiled))
    del _compiled[_KEPT:]
    return compiled
