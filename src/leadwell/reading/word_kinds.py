"""Of which kind are words that a playbook names: a condition, a procedure, a reason, a test?"""

from __future__ import annotations

import re
from functools import lru_cache

from leadwell.reading import lexicons
from leadwell.reading.fold import folded_words

# A playbook's "broken wrist" is an injury, whether or not the lexicon knows the part of the body.
_INJURED = frozenset(
    [
        "broken",
        "broke",
        "fractured",
        "torn",
        "sprained",
        "strained",
        "dislocated",
        "injured",
        "ruptured",
        "bruised",
        "burned",
        "injury",
        "injuries",
        "sprain",
        "strain",
        "quebrado",
        "quebrada",
        "quebro",
        "roto",
        "rota",
        "rotura",
        "esguince",
        "torcedura",
        "luxacion",
        "desgarro",
        "dislocado",
        "fracturado",
        "fracturada",
    ]
)


@lru_cache(maxsize=1)
def _kinds() -> tuple[dict[str, tuple[int, str]], int]:
    """The folded words of the lexicon -> where they stand and their kind; and the most words of one."""
    phrases = [p for p in lexicons.phrases() if p.kind in ("condition", "reason", "imaging", "procedure")]
    kinds: dict[str, tuple[int, str]] = {}
    for at, (phrase, words) in enumerate(zip(phrases, folded_words([p.text for p in phrases]), strict=True)):
        kinds.setdefault(" ".join(words), (at, phrase.kind))
    return kinds, max((text.count(" ") + 1 for text in kinds), default=0)


@lru_cache(maxsize=4096)
def _known(words: str) -> str | None:
    """The kind of the longest words of the lexicon that these hold; of equally long ones, those that stand first."""
    kinds, most = _kinds()
    said = re.sub(r"[^a-z0-9]+", " ", words.lower()).split()
    runs = (" ".join(said[i:j]) for i in range(len(said)) for j in range(i + 1, min(i + most, len(said)) + 1))
    held = [(-len(run), *kinds[run]) for run in runs if run in kinds]
    return min(held)[-1] if held else None


def kind_of(words: str) -> str:
    """Of which kind a playbook's specific words are; a condition unless the lexicon knows better."""
    return _known(words) or "condition"


def lasts(words: str) -> bool:
    """Whether words name a condition or an injury, which is asked about however long ago it began."""
    kind = _known(words)
    return kind in ("condition", "reason") or (kind is None and not _INJURED.isdisjoint(words.lower().split()))


def is_medical(words: str) -> bool:
    """Whether the lexicon knows any of these words: "Sleep Apnea" is no name."""
    return _known(words) is not None
