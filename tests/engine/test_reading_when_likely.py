"""Does the look at single words pass over a text in which a day, an age or haste stands?"""

from __future__ import annotations

from itertools import product

import pytest

from leadwell.reading.fold import fold_texts
from leadwell.reading.patterns import holds
from leadwell.reading.tokens import cut
from leadwell.reading.when import Likely, ages, stretches, timeline
from leadwell.reading.when.vocabulary import vocabulary

ROUND = (
    "{}",
    "knee {} please",
    "in {} months",
    "next {}",
    "{} 5",
    "the {}",
    "{} ago",
    "may-{}",
    "my son, {}",
    "I'm {}yo",
)
NUMBERS = ("can I freeze my eggs at forty", "treinta y un anos", "treintaicinco anos", "veintidos anos", "son de once")
PATTERNS = {
    "day": stretches.patterns()[0],
    "age": ages._stretch(),
    "haste": timeline._haste("soon", "opening"),
}


@pytest.mark.parametrize("what", PATTERNS)
def test_no_text_is_passed_over(what: str) -> None:
    around = vocabulary().around
    phrases = [
        *vocabulary().phrases(""),
        *around["soon"],
        *around["opening"],
        "mother's day",
        "mar3",
        "3weeks",
        "12/15",
    ]
    texts = [*NUMBERS, *(said.format(phrase) for said, phrase in product(ROUND, phrases))]
    block = cut(fold_texts(texts))
    stands = holds(block.folded.series(), PATTERNS[what])
    likely = getattr(Likely.of([block]), what)
    assert stands.sum() > 100
    assert not [texts[at] for at in (stands & ~likely).nonzero()[0]]


def test_most_words_are_of_none_of_them() -> None:
    likely = Likely.of([cut(fold_texts(["My knee hurts when I walk", ""]))])
    assert not any(flags.any() for flags in likely)
