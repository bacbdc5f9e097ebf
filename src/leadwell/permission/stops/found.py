"""What of a wish to be left alone stands in each message, and which of it counts? Arrays, strictly text by text.

Fillers ("please", oaths) and long numbers are left out, so that words stand side by side that belong together. Of two
phrases that hold one another the longer counts; one that a harmless phrase reaches into counts no more ("I can't stop"
reaches into "stop calling"). A wish that is asked about ("how do I ...") or limited to hours is left to a person.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from leadwell.permission.stops.lexicon import lexicon
from leadwell.permission.values import CHANNELS
from leadwell.reading import matching, tokens
from leadwell.reading.fold import fold_texts
from leadwell.reading.grouped import Flags, Ints
from leadwell.reading.tokens import Words
from leadwell.reading.written import NUMBER, WRITTEN

# How sure: what a message says is the surest of all that it holds.
NOT, ASK, STOP = 0, 1, 2
WONDERS_REACH: Final = 8
LIMITED_REACH: Final = 5
_LONG_NUMBER: Final = 3  # digits
_SHORT: Final = 6  # words of a short message
_SIGNATURE: Final = 4  # words beside one that says it alone: a name, an address
_JOINED: Final = 3  # "calls, texts and e-mails"

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Marks:
    """For each phrase of the lexicon what it does; `reason`: the number of its key among `REASONS`."""

    word: Flags
    answer: Flags
    always: Flags
    booking: Flags
    stop: Flags
    ask: Flags
    harmless: Flags
    opening: Flags
    short: Flags
    instructs: Flags
    limitable: Flags
    wrong: Flags
    beside: Flags
    joint: Flags
    either: Flags
    instead: Flags
    wonders: Flags
    limited: Flags
    undo: Flags
    but: Flags
    whose: Flags
    channel: Numbers
    purpose: Numbers
    reason: Numbers


@lru_cache(maxsize=1)
def reasons() -> tuple[str, ...]:
    return tuple(dict.fromkeys(lexicon().keys))


@lru_cache(maxsize=1)
def marks() -> Marks:
    of, keys = lexicon().of, reasons()
    bits = [of("channel", key=name).astype(np.int64) << at for at, name in enumerate(CHANNELS)]
    purposes = [of("purpose", key=name).astype(np.int64) << at for at, name in enumerate(("marketing", "appointment"))]
    return Marks(
        word=of("word"),
        answer=of("answer"),
        always=of("word", key="always"),
        booking=of("word", key="booking"),
        stop=of("stop", "stop.opening"),
        ask=of("ask", "ask.opening", "ask.short"),
        harmless=of("harmless", "harmless.opening"),
        opening=of("stop.opening", "ask.opening", "harmless.opening"),
        short=of("ask.short"),
        instructs=of("harmless", key="instructions"),
        limitable=of("stop", key="limitable") | of("stop.opening", key="limitable"),
        wrong=of("stop", key="wrong-person"),
        beside=of("beside"),
        joint=of("joint"),
        either=of("or"),
        instead=of("instead"),
        wonders=of("wonders"),
        limited=of("limited"),
        undo=of("undo"),
        but=of("but"),
        whose=of("whose"),
        channel=np.bitwise_or.reduce(bits),
        purpose=np.bitwise_or.reduce(purposes),
        reason=np.array([keys.index(key) for key in lexicon().keys], dtype=np.int64),
    )


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


@dataclass(frozen=True, eq=False)
class Told:
    """A row a text. `sure`: NOT, ASK or STOP; `reason`: a number of `reasons()`, -1 for none; `start`, `end`: of the
    words that decide, -1 for none. `alone`: the whole message is one that answers or says it alone, `answer` its
    phrase, -1 for none. `words`: how many were kept. `channels`, `purposes`: bits of what the wishes name, 0 where one
    of them names none; `another`: they speak of somebody else's telephone.
    """

    sure: Numbers
    reason: Numbers
    start: Numbers
    end: Numbers
    answer: Numbers
    words: Numbers
    channels: Numbers
    purposes: Numbers
    another: Flags


def told(texts: Sequence[str]) -> Iterator[Told]:
    """What each text says, some texts after another."""
    for some in tokens.together(texts):
        block = tokens.cut(fold_texts(some))
        yield _Reading(tokens.words(block, lexicon().search.vocabulary)).told()


class _Reading:
    """The words of a block that were kept, and the phrases in them."""

    def __init__(self, words: Words) -> None:
        block = words.block
        size, signs = words.size[block.token], WRITTEN.of(block.distinct)["signs"][block.token]
        number = ((signs & NUMBER) > 0) & (size >= _LONG_NUMBER)
        fills = lexicon().fills[words.group]
        self.kept = np.flatnonzero((size > 0) & ~fills & ~(number & (words.form == 0) & (words.group == 0)))
        self.words = words
        some = replace(
            words,
            sentence=words.sentence[self.kept],
            clause=words.clause[self.kept],
            word=words.word[self.kept],
            form=words.form[self.kept],
            group=words.group[self.kept],
            heading=words.heading[self.kept],
        )
        self.sentence = some.sentence.astype(np.int64)
        self.clause = some.clause
        self.colons: Ints = np.cumsum(some.heading) - some.heading  # before each word
        self.text = block.text[self.kept].astype(np.int64)
        self.texts = block.texts
        self.size = len(self.kept)
        self.spans = Spans(*matching.spans(some, lexicon().search)) if self.size else Spans(*[self.kept] * 3)
        self.opens = self._opens(some.clause)
        self.short = (np.bincount(self.text, minlength=self.texts) <= _SHORT)[self.text]

    def _opens(self, clause: Ints) -> Flags:
        """Words that begin a clause, or follow one that joins two."""
        opens = np.ones(self.size, dtype=np.bool_)
        opens[1:] = clause[1:] != clause[:-1]
        joints = self.spans.of(marks().joint)
        after = joints.last + 1
        opens[after[after < self.size]] = True
        return opens

    def told(self) -> Told:
        counting = self._counting()
        wishes = counting.of(marks().stop)
        doubted = self._doubted(wishes)
        alone, whole, answer = self._alone()
        undone = np.zeros(self.texts, dtype=np.bool_)
        undone[self.text[self.spans.of(marks().undo).first]] = True
        found = [(STOP, alone), (STOP, wishes.where(~doubted)), (ASK, wishes.where(doubted)), (ASK, whole)]
        found.append((ASK, counting.of(marks().ask)))
        sure, which = self._surest(found)
        sure[undone & (sure == STOP)] = ASK
        scope = _Scope(self, wishes.where(~doubted), alone)
        return Told(
            sure=sure,
            answer=answer,
            words=np.bincount(self.text, minlength=self.texts),
            channels=scope.channels(),
            purposes=scope.purposes(),
            another=scope.another(),
            **self._deciding(which),
        )

    def _counting(self) -> Spans:
        """Phrases that count: none inside a longer one, none that a harmless one reaches into."""
        m = marks()
        some = self.spans.of(m.stop | m.ask | m.harmless)
        some = some.where(self.colons[some.first] == self.colons[some.last])
        opening = self.opens[some.first] & (self.clause[some.first] == self.clause[some.last])
        some = some.where((opening | ~m.opening[some.phrase]) & (self.short[some.first] | ~m.short[some.phrase]))
        some = some.where(~_inside(some))
        harmless = some.of(m.harmless)
        furthest = np.full(self.size + 1, -1, dtype=np.int64)
        np.maximum.at(furthest, harmless.first, harmless.last)
        reached = np.maximum.accumulate(furthest)[some.first] >= some.first
        return some.where(~reached)

    def _doubted(self, wishes: Spans) -> Flags:
        """Wishes that are asked about, or limited to hours or places."""
        m = marks()
        wonders, limited = self.spans.of(m.wonders), self.spans.of(m.limited)
        at = np.full(self.size + 1, -1, dtype=np.int64)
        at[wonders.last + 1] = wonders.last  # from the word after it on
        asked = np.maximum.accumulate(at)[wishes.first]
        doubted = (asked >= 0) & (wishes.first - asked <= WONDERS_REACH)
        doubted &= self.sentence[np.maximum(asked, 0)] == self.sentence[wishes.first]
        after = np.append(limited.first, self.size)[np.searchsorted(limited.first, wishes.last, "right")]
        near = (after - wishes.last <= LIMITED_REACH) & m.limitable[wishes.phrase]
        near &= np.append(self.sentence, -1)[after] == self.sentence[wishes.last]
        return (doubted | near) & ~m.wrong[wishes.phrase]

    def _alone(self) -> tuple[Spans, Spans, Numbers]:
        """Words that say it alone; those that would if no other sentence stood there; and whole answers."""
        m = marks()
        said = self.spans.of(m.word)
        instructed = self.spans.of(m.instructs).covered(self.size)
        said = said.where(~instructed[said.first])
        covered = said.covered(self.size)
        filled = covered | self.spans.of(m.beside).covered(self.size)
        other = np.bincount(self.sentence[~filled], minlength=self._sentences()) > 0
        others = np.bincount(self.text[~filled], minlength=self.texts)
        sentence, text = self.sentence[said.first], self.text[said.first]
        own = ~other[sentence]
        short = others[text] <= _SIGNATURE
        first = self._first_sentence()[text] == sentence
        strong = own & (m.always[said.phrase] | (short & first))
        return said.where(strong), said.where(own & ~strong), self._answers()

    def _sentences(self) -> int:
        return int(self.sentence[-1]) + 1 if self.size else 0

    def _first_sentence(self) -> Numbers:
        first = np.full(self.texts, -1, dtype=np.int64)
        first[self.text[::-1]] = self.sentence[::-1]
        return first

    def _answers(self) -> Numbers:
        """The phrase that is the whole message, of those that answer or say it alone; -1 where none is."""
        m = marks()
        some = self.spans.of(m.word | m.answer)
        beside = np.concatenate(([0], np.cumsum(self.spans.of(m.beside).covered(self.size))))
        count = np.bincount(self.text, minlength=self.texts)
        begin = np.cumsum(count) - count
        text = self.text[some.first]
        before = beside[some.first] - beside[begin[text]] == some.first - begin[text]
        end = begin[text] + count[text]
        whole = before & (beside[end] - beside[some.last + 1] == end - some.last - 1)
        answer = np.full(self.texts, -1, dtype=np.int64)
        for phrases in (m.word, m.answer):  # one that is both counts as an answer; the longer ones come last
            which = whole & phrases[some.phrase]
            answer[text[which]] = some.phrase[which]
        return answer

    def _surest(self, found: Sequence[tuple[int, Spans]]) -> tuple[Numbers, Spans]:
        """How sure each text is, and the first span of the surest kind, one a text (-1 where there is none)."""
        sure = np.zeros(self.texts, dtype=np.int64)
        which = Spans(*(np.full(self.texts, -1, dtype=np.int64) for _ in range(3)))
        for level, spans in reversed(found):  # what stands first in the list is written last
            text = self.text[spans.first][::-1]
            sure[text] = level
            for kept, values in ((which.phrase, spans.phrase), (which.first, spans.first), (which.last, spans.last)):
                kept[text] = values[::-1]
        return sure, which

    def _deciding(self, which: Spans) -> dict[str, Numbers]:
        """`reason`, `start` and `end` of the deciding words of each text."""
        some = np.flatnonzero(which.phrase >= 0)
        told = {name: np.full(self.texts, -1, dtype=np.int64) for name in ("reason", "start", "end")}
        if len(some):
            places = self.words.places(self.kept[which.first[some]], self.kept[which.last[some]])
            told["reason"][some] = marks().reason[which.phrase[some]]
            told["start"][some], told["end"][some] = places["start"], places["end"]
        return told


class _Scope:
    """What the wishes of each text are about: by which way, for what, on whose telephone."""

    def __init__(self, reading: _Reading, wishes: Spans, alone: Spans) -> None:
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
        own = _any(named, self.wishes.first, self._joined(named))
        later = _any(named, self.wishes.last, np.minimum(self._until(), self._clause_ends()))
        return self._every(np.where(own > 0, own, later))

    def _joined(self, named: Numbers) -> Ints:
        """The last word of each wish, and of the channels joined to it: "stop calling, texting and mailing"."""
        reading, m = self.reading, marks()
        either = np.append(reading.spans.of(m.either).covered(reading.size), False)
        instead = np.append(reading.spans.of(m.instead).covered(reading.size), False)
        clause, sentence = np.append(reading.clause, -1), np.append(reading.sentence, -1)
        until = self.wishes.last.copy()
        for _ in range(_JOINED):
            near, far = (np.minimum(until + step, reading.size) for step in (1, 2))
            listed = (named[near] > 0) & ((clause[near] == clause[until]) | ~instead[near])
            further = np.where(either[near] & (named[far] > 0), far, np.where(listed, near, until))
            until = np.where(sentence[further] == sentence[until], further, until)
        return until

    def _clause_ends(self) -> Ints:
        """The last word of the clause in which each wish ends."""
        return np.searchsorted(self.reading.clause, self.reading.clause[self.wishes.last], "right") - 1

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


def _inside(spans: Spans) -> Flags:
    """Which spans lie inside a longer one of them; they are by first word, then by last."""
    if not len(spans.first):
        return np.zeros(0, dtype=np.bool_)
    furthest = np.maximum.accumulate(spans.last)
    earlier = np.searchsorted(spans.first, spans.first, "left") - 1
    together = np.searchsorted(spans.first, spans.first, "right") - 1
    inside: Flags = ((earlier >= 0) & (furthest[earlier] >= spans.last)) | (spans.last[together] > spans.last)
    return inside
