"""Of which kind are words that a playbook names: a condition, a procedure, a reason, a test?"""

from __future__ import annotations

import re
from functools import lru_cache

from leadwell.reading import lexicons
from leadwell.reading.fold import folded_words


@lru_cache(maxsize=1)
def _kinds() -> tuple[tuple[str, str], ...]:
    """The folded words of the lexicon, longest first, with their kind."""
    phrases = [p for p in lexicons.phrases() if p.kind in ("condition", "reason", "imaging", "procedure")]
    folded = [" ".join(words) for words in folded_words([p.text for p in phrases])]
    return tuple(sorted(zip(folded, (p.kind for p in phrases), strict=True), key=lambda pair: -len(pair[0])))


@lru_cache(maxsize=4096)
def _known(words: str) -> str | None:
    """The kind of the longest words of the lexicon that these hold."""
    folded = f" {re.sub(r'[^a-z0-9]+', ' ', words.lower()).strip()} "
    return next((kind for known, kind in _kinds() if f" {known} " in folded), None)


def kind_of(words: str) -> str:
    """Of which kind a playbook's specific words are; a condition unless the lexicon knows better."""
    return _known(words) or "condition"


def lasts(words: str) -> bool:
    """Whether words name a condition or an injury, which is asked about however long ago it began."""
    return _known(words) in ("condition", "reason")
