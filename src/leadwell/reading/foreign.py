"""What do people seek that a clinic of another kind gives? (promise 10)

The words of `lexicon/other-care.toml`, as phrases of what is found elsewhere, under a key that no playbook names.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from leadwell.playbook.model import Playbook
from leadwell.reading import lexicons
from leadwell.reading.fold import folded_words
from leadwell.reading.phrases import Phrase

_FILE: Final = "other-care.toml"


def foreign(playbook: Playbook) -> Iterator[Phrase]:
    """Of the care that is neither offered nor near to what is, nor known elsewhere."""
    ours = _ours(playbook)
    for entry in lexicons.entries_of(_FILE):
        if not any(f" {word}" in ours for word in entry.of):
            yield from (replace(phrase, kind="elsewhere", key=entry.key) for phrase in entry.phrases)


def _ours(playbook: Playbook) -> str:
    """All words by which the playbook calls what it knows, folded, each after a space."""
    services, offers = playbook.services.values(), playbook.offers.values()
    named = [text for s in services for text in (s.name, *s.asks, *s.specific)]
    named += [text for o in offers for text in (o.name, *o.asks)]
    named += [text for e in playbook.elsewhere.values() for text in e.asks]
    return " ".join(["", *(word for words in folded_words(named) for word in words)])
