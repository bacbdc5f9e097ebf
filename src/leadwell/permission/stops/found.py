"""What of a wish to be left alone stands in each message, and which of it counts? Arrays, strictly text by text.

Fillers ("please", oaths) and long numbers are left out, so that words stand side by side that belong together. Of two
phrases that hold one another the longer counts; one that a harmless phrase reaches into counts no more ("I can't stop"
reaches into "stop calling"). A wish that is asked about ("how do I ...") or limited to hours is left to a person.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from leadwell.permission.stops.heard import sounds_like_a_wish
from leadwell.permission.stops.lexicon import lexicon
from leadwell.permission.stops.marks import Numbers, marks
from leadwell.permission.stops.scope import Scope
from leadwell.permission.stops.spans import Spans, around, inside, ordered
from leadwell.reading import matching, tokens
from leadwell.reading.fold import fold_texts
from leadwell.reading.grouped import Flags, Ints
from leadwell.reading.tokens import Words
from leadwell.reading.written import NUMBER, WRITTEN

# How sure: what a message says is the surest of all that it holds.
NOT, ASK, STOP = 0, 1, 2
WONDERS_REACH: Final = 8
LIMITED_REACH: Final = 5
SPOKEN_REACH: Final = 12
_LONG_NUMBER: Final = 3  # digits
_NAME: Final = 3  # words of a name
_SHORT: Final = 8  # words of a short message


@dataclass(frozen=True, eq=False)
class Told:
    """A row a text. `sure`: NOT, ASK or STOP; `reason`: a number of `reasons()`, -1 for none; `start`, `end`: of the
    words that decide, -1 for none. `answer`: the phrase that is the whole message, of those that answer or say it
    alone, -1 for none. `words`: how many were kept. `channels`, `purposes`: bits of what the wishes name, 0 where one
    of them names none; `welcome`: of the channels asked for instead; `another`: they speak of somebody else's
    telephone; `redirected`: and give the one to use in its place. `unknown`: no rule says anything of it, not even
    that it is harmless; `sounds`: and yet it sounds like a wish. `again`: they say that they ended it by mistake, and
    ask for messages again. `odd`: characters without a width were left out, so that `start` and `end` need
    `received_offsets`.
    """

    sure: Numbers
    reason: Numbers
    start: Numbers
    end: Numbers
    answer: Numbers
    words: Numbers
    channels: Numbers
    welcome: Numbers
    purposes: Numbers
    another: Flags
    redirected: Flags
    unknown: Flags
    sounds: Flags
    again: Flags
    odd: Flags


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
        fills[:-1] |= lexicon().leads[words.group[:-1]] & fills[1:]
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
        spans = Spans(*matching.spans(some, lexicon().search)) if self.size else Spans(*[self.kept] * 3)
        self.spans = _named(spans, (some.form > 0) | (some.group > 0))
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
        counting, put_off = self._not_put_off(self._counting())
        wishes = counting.of(marks().stop)
        doubted = self._doubted(wishes)
        alone, whole, answer = self._alone()
        undone = np.zeros(self.texts, dtype=np.bool_)
        undone[self.text[self._taken_back().first]] = True
        found = [(STOP, alone), (STOP, wishes.where(~doubted)), (ASK, wishes.where(doubted)), (ASK, whole)]
        found.append((ASK, counting.of(marks().ask)))
        begun = self.spans.of(marks().always)  # "ALTO perdón era para mi hermano"
        found.append((ASK, begun.where(undone[self.text[begun.first]] & self.opens[begun.first])))
        sure, which = self._surest(found)
        sure[undone & (sure == STOP)] = ASK
        unknown = (sure == NOT) & (answer < 0)
        unknown[self.text[self._harmless().first]] = False
        unknown[self.text[put_off.first]] = False
        scope = Scope(self, wishes.where(~doubted), alone)
        return Told(
            sure=sure,
            answer=answer,
            words=np.bincount(self.text, minlength=self.texts),
            channels=scope.channels(),
            welcome=scope.welcome(),
            purposes=scope.purposes(),
            another=scope.another(),
            redirected=scope.redirected(),
            unknown=unknown,
            sounds=sounds_like_a_wish(self.words.block, unknown),
            again=self._wants_back(),
            odd=self.words.block.folded.odd,
            **self._deciding(which),
        )

    def _counting(self) -> Spans:
        """Phrases that count: none inside a longer one, none that a harmless one reaches into."""
        m = marks()
        some = self.spans.of(m.stop | m.ask | m.harmless)
        some = some.where(self.colons[some.first] == self.colons[some.last])
        one_clause = self.clause[some.first] == self.clause[some.last]
        some = some.where(one_clause | ~(m.opening | m.harmless | m.named)[some.phrase])
        some = some.where(self.opens[some.first] | ~m.opening[some.phrase])
        some = some.where(self.short[some.first] | ~m.short[some.phrase])
        some = some.where(self._whole(some) | ~m.whole[some.phrase])
        some = some.where(self._spoken_of(some) | ~m.after[some.phrase])
        some = some.where(~inside(some, some.of(~m.loose)))
        return some.where(~self._reached(some, some.of(m.harmless)))

    def _spoken_of(self, some: Spans) -> Flags:
        """Which spans follow what they are about: "them" the calls that were named."""
        m = marks()
        found = np.zeros(len(some.first), dtype=np.bool_)
        for key in np.unique(m.reason[m.after]):
            heads = self.spans.of(m.before & (m.reason == key))
            at = np.full(self.size + 1, -1, dtype=np.int64)
            at[heads.last + 1] = heads.last  # from the word after it on
            named = np.maximum.accumulate(at)[some.first]
            near = (named >= 0) & (some.first - named <= SPOKEN_REACH) & (m.reason[some.phrase] == key)
            found |= near & (self.text[np.maximum(named, 0)] == self.text[some.first])
        return found

    def _taken_back(self) -> Spans:
        """What takes a wish back, unless it is part of what takes none back: "still want my visit"."""
        m = marks()
        some = self.spans.of(m.undo)
        return some.where(~inside(some, self.spans.of(m.held)))

    def _wants_back(self) -> Flags:
        m = marks()
        mistaken, asking = np.zeros((2, self.texts), dtype=np.bool_)
        mistaken[self.text[self.spans.of(m.mistake).first]] = True
        asks = self.spans.of(m.again)
        asks = asks.where(~inside(asks, self.spans.of(m.not_again)))
        asking[self.text[asks.first]] = True
        back: Flags = mistaken & asking
        return back

    def _not_put_off(self, some: Spans) -> tuple[Spans, Spans]:
        """Without wishes that are limited to an hour, or to a day where another time is named, and nothing is for good;
        and those."""
        m = marks()
        another, for_good = np.zeros((2, self.texts), dtype=np.bool_)
        another[self.text[self.spans.of(m.another_time).first]] = True
        for_good[self.text[self.spans.of(m.for_good).first]] = True
        later = self._for_a_day(some) & another[self.text[some.first]]
        limited = (later | self._to_an_hour(some)) & m.limitable[some.phrase]
        put_off = some.where(limited & ~for_good[self.text[some.first]])
        covered = put_off.covered(self.size)
        return some.where(~covered[some.first]), put_off

    def _to_an_hour(self, some: Spans) -> Flags:
        """Which spans name an hour soon behind them: "don't call before 3"."""
        m = marks()
        hours = self.spans.of(m.hour)
        hours = hours.where(~inside(hours, hours.of(m.no_hour)) & ~m.no_hour[hours.phrase])
        at = np.full(self.size + 1, self.size, dtype=np.int64)
        at[hours.first] = hours.first
        at = np.minimum.accumulate(at[::-1])[::-1]
        near = at[some.last + 1]
        found: Flags = near - some.last <= LIMITED_REACH
        found &= np.append(self.clause, -1)[near] == self.clause[some.last]
        return found

    def _behind(self, some: Spans, phrases: Flags, *, joined: int = 0) -> Flags:
        """Which spans have such a phrase soon behind them, in their sentence; it may share so many words with them."""
        first = self.spans.of(phrases).first
        at = np.append(first, self.size)[np.searchsorted(first, some.last - joined, "right")]
        found: Flags = at - some.last <= LIMITED_REACH
        found &= np.append(self.sentence, -1)[at] == self.sentence[some.last]
        return found

    def _for_a_day(self, some: Spans) -> Flags:
        """Which spans name a day behind them, or directly follow one that opens their clause: "hoy no me llame"."""
        heads = self.spans.of(marks().day)
        heads = heads.where(self.opens[heads.first])
        at = np.full(self.size + 1, -1, dtype=np.int64)
        at[heads.last + 1] = heads.last
        before = at[some.first]
        found: Flags = (before >= 0) & (self.clause[np.maximum(before, 0)] == self.clause[some.first])
        return found | self._behind(some, marks().day, joined=1)  # "don't call me this" is one, and "this week"

    def _harmless(self) -> Spans:
        """What holds such words and says something else, whatever it reaches into."""
        m = marks()
        some = self.spans.of(m.harmless)
        return some.where(self.opens[some.first] | ~m.opening[some.phrase])

    def _whole(self, some: Spans) -> Flags:
        """Which spans are the whole of a clause, but for a word that joins it to the one before."""
        begins = self.opens[some.first]
        ends = np.append(self.clause, -1)[some.last + 1] != self.clause[some.last]
        whole: Flags = begins & ends
        return whole

    def _reached(self, some: Spans, harmless: Spans) -> Flags:
        """Which spans a harmless one reaches into from before; of loose ones, which share a word with it."""
        furthest = np.full(self.size + 1, -1, dtype=np.int64)
        np.maximum.at(furthest, harmless.first, harmless.last)
        furthest = np.maximum.accumulate(furthest)
        until = np.where(marks().loose[some.phrase], some.last, some.first)
        reached: Flags = furthest[until] >= some.first
        return reached

    def _doubted(self, wishes: Spans) -> Flags:
        """Wishes that are asked about, or limited to hours or places."""
        m = marks()
        wonders = self.spans.of(m.wonders)
        at = np.full(self.size + 1, -1, dtype=np.int64)
        at[wonders.last + 1] = wonders.last  # from the word after it on
        asked = np.maximum.accumulate(at)[wishes.first]
        doubted = (asked >= 0) & (wishes.first - asked <= WONDERS_REACH)
        doubted &= self.clause[np.maximum(asked, 0)] == self.clause[wishes.first]
        near = self._behind(wishes, m.limited) | self._for_a_day(wishes)
        near &= m.limitable[wishes.phrase]
        return (doubted & ~m.sure[wishes.phrase]) | near

    def _alone(self) -> tuple[Spans, Spans, Numbers]:
        """Words that say it alone; those that would if no other sentence stood there; and whole answers."""
        m = marks()
        said = self.spans.of(m.word)
        instructed = self.spans.of(m.instructs).covered(self.size)
        count = np.bincount(self.text, minlength=self.texts)
        every = said.last - said.first + 1 == count[self.text[said.first]]
        said = said.where(every | ~instructed[said.first])
        covered = said.covered(self.size)
        filled = covered | self.spans.of(m.beside).covered(self.size)
        other = np.bincount(self.sentence[~filled], minlength=self._sentences()) > 0
        others = np.bincount(self.text[~filled], minlength=self.texts)
        sentence, text = self.sentence[said.first], self.text[said.first]
        own = ~other[sentence]
        clause = np.bincount(self.clause[~covered], minlength=self._clauses())[self.clause[said.first]] == 0
        lone = others[text] == 0
        strong = clause & m.always[said.phrase]
        strong |= own & ((m.always | m.sentence)[said.phrase] | lone)
        return said.where(strong), said.where(own & ~strong), self._answers()

    def _sentences(self) -> int:
        return int(self.sentence[-1]) + 1 if self.size else 0

    def _clauses(self) -> int:
        return int(self.clause[-1]) + 1 if self.size else 0

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


def _named(spans: Spans, known: Flags) -> Spans:
    """The same, those that stand round a name with what of their key follows it, and none of them without."""
    m = marks()
    heads = spans.of(m.named)
    found = spans.of(~m.named) if len(heads.first) else spans
    for key in np.unique(m.reason[heads.phrase]):
        own = m.reason == key
        found = ordered(found, around(heads.of(own), spans.of(m.after_name & own), known, _NAME))
    return found
