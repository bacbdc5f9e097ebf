"""Is a word answered the same whether it is remembered or not?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pytest

from leadwell.reading import remembered
from leadwell.reading.remembered import Distinct, Remembered


@pytest.fixture
def learnt() -> list[str]:
    return []


@pytest.fixture
def sizes(learnt: list[str]) -> Remembered:
    def learn(tokens: Sequence[str]) -> Iterator[tuple[int]]:
        learnt.extend(tokens)
        return ((len(token),) for token in tokens)

    return Remembered(learn, size=np.int32)


def told(sizes: Remembered, *tokens: str) -> list[int]:
    return sizes.of(Distinct.of(list(tokens)))["size"].tolist()  # type: ignore[no-any-return]


def test_a_word_is_looked_at_once(sizes: Remembered, learnt: list[str]) -> None:
    assert told(sizes, "knee ", "hip ") == [5, 4]
    assert told(sizes, "hip ", "x ", "knee ") == [4, 2, 5]
    assert learnt == ["knee ", "hip ", "x "]


def test_what_is_very_long_is_looked_at_each_time_and_never_kept(sizes: Remembered, learnt: list[str]) -> None:
    pasted = "x" * 1000
    assert told(sizes, "knee ", pasted) == told(sizes, "knee ", pasted) == [5, 1000]
    assert learnt == ["knee ", pasted, pasted]


def test_after_too_many_all_is_forgotten_and_answered_the_same(
    sizes: Remembered, learnt: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    words = [f"word{i} " for i in range(50)]
    before = Distinct.of(words)
    monkeypatch.setattr(remembered, "MOST", 10)
    assert told(sizes, "knee ", *words) == [5, *map(len, words)]
    assert told(sizes, "knee ") == [5]
    assert sizes.of(before)["size"].tolist() == list(map(len, words))
    assert learnt.count("knee ") == 2
