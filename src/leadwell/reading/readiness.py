"""Do they want to be seen, are they weighing it, only asking, not for now, or in a hurry? (promise 11)

A wish is said outright ("book me"), or something is wanted ("I need a dentist") that is no answer ("I need to know").
Wanting is no wish where they are still weighing it; nothing is where they say that they only ask.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from leadwell.reading.evidence import Spans
from leadwell.reading.evidence import said as words
from leadwell.reading.facts import TRUE, Facts
from leadwell.reading.grouped import Flags, Ints
from leadwell.reading.heard import Heard
from leadwell.reading.patterns import holds

_BUT: Final = r"(?-u:\b)(?:but|pero)(?-u:\b)"
_SENTENCE: Final = "!"  # as its end is folded
KINDS = ("wish", "want", "considering", "information", "information.only", "not_yet", "urgent")
BESIDE = ("wish", "want", "urgent")


class Readiness(NamedTuple):
    """`wanting`: mentions of who wants or weighs something; `asking`: of who asks for information."""

    wanting: Ints
    asking: Ints


def readiness(heard: Heard, facts: Facts) -> Readiness:
    outright, wanted = _wanted(heard, "wish"), _wanted(heard, "want")
    wanted = wanted[~heard.fits(wanted, "want-answer")]
    needs = wanted[heard.keyed(wanted, "need") & ~heard.said.negated[wanted]]
    weighing = _without_supposed(heard, heard.not_denied("considering"), outright)
    only = _not_overtaken(heard, heard.not_denied("information.only"), needs)
    asking = np.concatenate([only, _not_overtaken(heard, heard.not_denied("information"), needs)])
    informing = _not_overtaken(heard, heard.all("information"), needs)
    wanted = heard.of_others(heard.of_others(wanted, only), weighing)
    wished = np.concatenate([outright, _plainly(heard, wanted, informing)])
    found = {
        "wish": wished,
        "considering": heard.of_others(weighing, only),
        "information": asking,
        "only_asks": only,
        "not_yet": _without_supposed(heard, heard.not_denied("not_yet"), outright),
        "urgent": _hurried(heard),
    }
    for name, mentions in found.items():
        facts.add(name, heard.said, mentions, TRUE)
    return Readiness(np.concatenate([wished, weighing]), asking)


def _plainly(heard: Heard, wanted: Ints, informing: Ints) -> Ints:
    """Of what is wanted that which says a wish. Who asks for information must want care."""
    asks = heard.said.leads(informing)[heard.said.row[wanted]]
    plain = ~asks & heard.keyed(wanted, "need")
    doubtful = wanted[~plain]
    care = doubtful[heard.fits(doubtful, "want-care")]
    return np.concatenate([wanted[plain], care])


def _hurried(heard: Heard) -> Ints:
    """ "Same day" says no hurry where it tells when something else was: "told my boss the same day"."""
    found = heard.asserted("urgent")
    told = heard.keyed(found, "same day")
    if not told.any():
        return found
    return found[~(told & heard.fits(found, "same-day-told")) | heard.fits(found, "same-day-wanted")]


def _wanted(heard: Heard, kind: str) -> Ints:
    """Denied only right before: "no insurance, text me, need a dentist" denies no wish."""
    found, said = heard.all(kind), heard.said
    found = found[~said.hypothetical[found] & ~said.past[found] & ~said.other[found]]
    priced = heard.keyed(found, "opening")
    priced[priced] = heard.fits(found[priced], "priced")
    return found[~heard.fits(found, "unwanted") & ~priced]


def _not_overtaken(heard: Heard, found: Ints, needs: Ints) -> Ints:
    """Without what stands in a sentence before one of `needs`: whoever only looked, and wrote again, wants it."""
    return found[~_followed(heard, found, needs, after=_SENTENCE)]


def _without_supposed(heard: Heard, found: Ints, wished: Ints) -> Ints:
    """Without what is only supposed, where a wish follows a "but": "may need it some day, but sign me up for class"."""
    supposed = heard.said.hypothetical[found] | heard.said.uncertain[found]
    return found[~(supposed & _followed(heard, found, wished, after=_BUT))]


def _followed(heard: Heard, found: Ints, later: Ints, *, after: str) -> Flags:
    """Of each of `found`, whether one of `later` stands behind it in its text, and `after` anywhere between them and
    the last of those."""
    said, texts = heard.said, heard.mentions.texts.frame
    followed = np.zeros(len(found), dtype=np.bool_)
    if not len(found) or not len(later):
        return followed
    last = np.full(texts.height, -1, dtype=np.int64)
    np.maximum.at(last, said.text[later], said.start[later])
    end, then = said.end[found], last[said.text[found]]
    ahead = np.flatnonzero(then > end)
    if len(ahead):
        between = words(texts["folded"], Spans(said.text[found[ahead]], end[ahead], then[ahead]))
        followed[ahead] = holds(between, after)
    return followed
