"""Where do phrases stand among the words of some messages?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from leadwell.reading.grouped import Flags, Ints


@dataclass(frozen=True, eq=False)
class Spans:
    """Phrases and their first and last word among those kept, by first word, then by last."""

    phrase: Ints
    first: Ints
    last: Ints

    def where(self, which: Flags) -> Spans:
        return Spans(self.phrase[which], self.first[which], self.last[which])

    def of(self, phrases: Flags) -> Spans:
        return self.where(phrases[self.phrase])

    def covered(self, size: int) -> Flags:
        """Which of so many words they cover."""
        steps = np.zeros(size + 1, dtype=np.int64)
        np.add.at(steps, self.first, 1)
        np.add.at(steps, self.last + 1, -1)
        covered: Flags = np.cumsum(steps)[:-1] > 0
        return covered


def inside(some: Spans, longer: Spans) -> Flags:
    """Which spans lie inside a longer one of others; all are by first word, then by last."""
    if not len(longer.first):
        return np.zeros(len(some.first), dtype=np.bool_)
    furthest = np.maximum.accumulate(longer.last)
    earlier = np.searchsorted(longer.first, some.first, "left") - 1
    together = np.searchsorted(longer.first, some.first, "right") - 1
    found: Flags = (earlier >= 0) & (furthest[earlier] >= some.last)
    found |= (together > earlier) & (longer.last[together] > some.last)
    return found
