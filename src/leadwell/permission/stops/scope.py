"""What are wishes to be left alone about: by which way, for what, on whose telephone?"""

from __future__ import annotations

from typing import Final, Protocol

import numpy as np

from leadwell.permission.stops.marks import Numbers, marks
from leadwell.permission.stops.spans import Spans, inside
from leadwell.reading.grouped import Flags, Ints

_JOINED: Final = 3  # "calls, texts and e-mails"


class Read(Protocol):
    """The words that were read: how many, of how many texts, and of each its text, sentence and clause, which
    one may begin."""

    size: int
    texts: int
    text: Numbers
    sentence: Numbers
    clause: Ints
    opens: Flags
    spans: Spans


class Scope:
    """What the wishes of each text are about: by which way, for what, on whose telephone."""

    def __init__(self, reading: Read, wishes: Spans, alone: Spans) -> None:
        self.reading, self.wishes = reading, wishes
        self.text = reading.text[wishes.first]
        self.unlimited = np.zeros(reading.texts, dtype=np.bool_)
        self.unlimited[reading.text[alone.first]] = True

    def channels(self) -> Numbers:
        """Bits of the channels that the wishes name, in their own words or joined to them."""
        reading, m = self.reading, marks()
        named = np.zeros(reading.size + 1, dtype=np.int64)
        spans = reading.spans.where(m.channel[reading.spans.phrase] > 0)
        for at in (spans.first, spans.last):
            np.bitwise_or.at(named, at, m.channel[spans.phrase])
        # "STOP please call me instead" and "STOP calls are ok" end no calls.
        fine = m.spoken | (m.welcome > 0)
        named[:-1][reading.spans.of(fine).covered(reading.size)] = 0
        own = _any(named, self.wishes.first, self._joined(named))
        later = _any(named, self.wishes.last, np.minimum(self._until(), self._clause_ends()))
        return self._every(np.where(own > 0, own, later))

    def _joined(self, named: Numbers) -> Ints:
        """The last word of each wish, and of the channels joined to it: "stop calling, texting and mailing"."""
        reading, m = self.reading, marks()
        either = np.append(reading.spans.of(m.either).covered(reading.size), False)
        instead = np.append(reading.spans.of(m.instead).covered(reading.size), False)
        article = np.append(reading.spans.of(m.article).covered(reading.size), False)
        object_ = np.append(reading.spans.of(m.object).covered(reading.size), False)
        clause, sentence = (np.append(numbers, [-1, -1, -1]) for numbers in (reading.clause, reading.sentence))
        until = self.wishes.last.copy()
        for _ in range(_JOINED):
            near, far, third = (np.minimum(until + step, reading.size) for step in (1, 2, 3))
            # "..., texting me" goes on; "..., text me" and "..., calls are fine" say what is welcome.
            goes_on = ~instead[near] & ((clause[far] != clause[near]) | (named[far] > 0) | either[far] | object_[far])
            listed = (named[near] > 0) & ((clause[near] == clause[until]) | goes_on)
            further = np.where(either[near] & (named[far] > 0), far, np.where(listed, near, until))
            further = np.where(either[near] & article[far] & (named[third] > 0), third, further)
            until = np.where(sentence[further] == sentence[until], further, until)
        return until

    def _clause_ends(self) -> Ints:
        """The last word of the clause in which each wish ends."""
        return np.searchsorted(self.reading.clause, self.reading.clause[self.wishes.last], "right") - 1

    def welcome(self) -> Numbers:
        """Bits of the channels that each text asks for instead: "email only"."""
        reading, m = self.reading, marks()
        spans = reading.spans.where(m.welcome[reading.spans.phrase] > 0)
        found = np.zeros(reading.texts, dtype=np.int64)
        np.bitwise_or.at(found, reading.text[spans.first], m.welcome[spans.phrase])
        return found

    def purposes(self) -> Numbers:
        """Bits of the purposes that the wishes name, before any "but"."""
        reading, m = self.reading, marks()
        named = np.zeros(reading.size + 1, dtype=np.int64)
        spans = reading.spans.where(m.purpose[reading.spans.phrase] > 0)
        np.bitwise_or.at(named, spans.first, m.purpose[spans.phrase])
        return self._every(_any(named, self.wishes.first, self._until()))

    def another(self) -> Flags:
        """Whether a wish speaks of somebody else's telephone, or of one at work."""
        reading = self.reading
        named = np.zeros(reading.size + 1, dtype=np.int64)
        named[reading.spans.of(marks().whose).first] = 1
        told = np.zeros(reading.texts, dtype=np.bool_)
        told[self.text[_any(named, self.wishes.first, self._until()) > 0]] = True
        return told & ~self.unlimited

    def redirected(self) -> Flags:
        """Whether a text that speaks of another telephone gives the one to use in its place."""
        reading, m = self.reading, marks()
        some = reading.spans.of(m.redirect)
        some = some.where(~inside(some, reading.spans.of(m.no_redirect)) & ~m.no_redirect[some.phrase])
        some = some.where(reading.opens[some.first])
        told = np.zeros(reading.texts, dtype=np.bool_)
        told[reading.text[some.first]] = True
        return told & self.another()

    def _until(self) -> Ints:
        """The last word of each wish's sentence, or the last before a "but"."""
        reading = self.reading
        ends = np.searchsorted(reading.sentence, reading.sentence[self.wishes.first], "right") - 1
        but = reading.spans.of(marks().but).first
        after = np.append(but, reading.size)[np.searchsorted(but, self.wishes.last, "right")]
        until: Ints = np.minimum(ends, after - 1)
        return until

    def _every(self, bits: Numbers) -> Numbers:
        """The bits of all wishes of a text; none where one of them has none."""
        found = np.zeros(self.reading.texts, dtype=np.int64)
        np.bitwise_or.at(found, self.text, bits)
        found[self.text[bits == 0]] = 0
        found[self.unlimited] = 0
        return found


def _any(named: Numbers, first: Ints, last: Ints) -> Numbers:
    """The bits of all words from first to last."""
    bits = np.zeros(len(first), dtype=np.int64)
    for bit in (1, 2, 4):
        counts = np.concatenate(([0], np.cumsum((named & bit) > 0)))
        bits |= np.where(counts[last + 1] > counts[first], bit, 0)
    return bits
