"""What kind of message is it: from a provider, from an organisation, or no request for care at all? (promises 3, 14)

Words of `lexicon/enquiry.toml` weigh for one kind or another; a kind counts from a weight of three. What is no request
for care must outweigh every request: a complaint with a clear new request stays a lead.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from leadwell.playbook.model import Playbook
from leadwell.reading import wanted
from leadwell.reading.mentions import Mentions
from leadwell.reading.safety import with_words
from leadwell.reading.search import Search

Ints = npt.NDArray[np.int64]

_ENOUGH: Final = 3
_OTHERS: Final = ("complaint", "vendor", "job", "existing-patient")  # the first of equals
_KINDS: Final = (*_OTHERS, "referral", "business", "care")
_MOST_OF_WEAK: Final = 4  # weak words, however many, weigh no more
_CLINICAL: Final = r"\b\d{1,2} ?(yo|y o|yr old|year old|yom|yof)? ?[mf]\b"  # "63M", "58 yo f"
_CLINICAL_WEIGHS: Final = 2
_FAR: Final = 1 << 40  # more than any place of a word
_KEPT: Final = 8
_known: list[tuple[Search, tuple[Ints, Ints]]] = []


def _codes(search: Search) -> tuple[Ints, Ints]:
    """For each phrase its kind (an index into _KINDS, -1 none of ours) and what it weighs."""
    for known, codes in _known:
        if known is search:
            return codes
    names = zip(search.table["kind"].cast(pl.String), search.table["key"].cast(pl.String), strict=True)
    split = [key.split(".") if kind == "enquiry" else ("", "0") for kind, key in names]
    kinds = np.array([_KINDS.index(kind) if kind else -1 for kind, _ in split], dtype=np.int64)
    codes = kinds, np.array([int(weight) for _, weight in split], dtype=np.int64)
    _known.insert(0, (search, codes))
    del _known[_KEPT:]
    return codes


def enquiry(mentions: Mentions, frame: pl.DataFrame, playbook: Playbook) -> pl.DataFrame:
    kinds, weights = _codes(wanted.search(playbook))
    found = mentions.table.filter(pl.Series(kinds[mentions.table["phrase"].to_numpy()] >= 0))
    phrase = found["phrase"].to_numpy()
    kind, weight = kinds[phrase], weights[phrase]
    scores = _scores(found, kind, weight, mentions)
    other, sent = _decided(scores)
    told = [_told(mentions, n, found, _words_of(d, kind, weight, found)) for n, d in (("other", other), ("type", sent))]
    return pl.concat(told, how="horizontal")


def _scores(found: pl.DataFrame, kind: Ints, weight: Ints, mentions: Mentions) -> Ints:
    """What the words of each lead weigh for each kind: every phrase once, none that lies inside a longer one."""
    row = found["row"].to_numpy().astype(np.int64)
    first, last = (found[n].to_numpy().astype(np.int64) for n in ("first", "last"))
    place = row * len(_KINDS) + kind
    order = np.lexsort((-last, first, place))
    group = np.cumsum(np.concatenate([[0], place[order][1:] != place[order][:-1]]))[: len(order)]
    reached = np.maximum.accumulate(last[order] + group * _FAR)
    outer = order[np.concatenate([[True], (last[order] + group * _FAR)[1:] > reached[:-1]])[: len(order)]]
    _, once = np.unique(place[outer] * _FAR + found["phrase"].to_numpy()[outer], return_index=True)
    one = outer[once]
    size = mentions.height * len(_KINDS)
    strong = np.bincount(place[one], np.where(weight[one] >= _ENOUGH, weight[one], 0), size)
    weak = np.bincount(place[one], np.where(weight[one] < _ENOUGH, weight[one], 0), size)
    scores = (strong + np.minimum(weak, _MOST_OF_WEAK)).astype(np.int64).reshape(mentions.height, len(_KINDS))
    referral = _KINDS.index("referral")
    scores[_clinical(mentions, scores[:, referral] > 0), referral] += _CLINICAL_WEIGHS
    return scores


def _clinical(mentions: Mentions, asked: npt.NDArray[np.bool_]) -> Ints:
    """Which of these leads are written as clinicians write: an age with its sex."""
    texts = mentions.texts.frame
    texts = texts.filter(pl.Series(asked[texts["row"].to_numpy()])).filter(pl.col("folded").str.contains(_CLINICAL))
    return np.unique(texts["row"].to_numpy().astype(np.int64))


def _decided(scores: Ints) -> tuple[Ints, Ints]:
    """What each lead is, an index into _KINDS (-1 where the words do not say): no request for care, or sent by whom."""
    others = scores[:, : len(_OTHERS)]
    referral, business, care = scores[:, len(_OTHERS) :].T
    most = others.max(axis=1)
    request = np.maximum(np.maximum(referral, business), care)
    other = np.where((most >= _ENOUGH) & (most > request), others.argmax(axis=1), -1)
    sent = np.where(business >= _ENOUGH, _KINDS.index("business"), -1)
    sent = np.where((referral >= _ENOUGH) & (referral >= business), _KINDS.index("referral"), sent)
    return other, np.where(other >= 0, -1, sent)


def _words_of(decided: Ints, kind: Ints, weight: Ints, found: pl.DataFrame) -> Ints:
    """The weightiest words of each lead that say what was decided, the first of equals."""
    row = found["row"].to_numpy().astype(np.int64)
    at = np.flatnonzero(decided[row] == kind)
    order = at[np.lexsort((at, -weight[at], row[at]))]
    return order[np.unique(row[order], return_index=True)[1]]


def _told(mentions: Mentions, name: str, found: pl.DataFrame, at: Ints) -> pl.DataFrame:
    words = with_words(found[at], mentions).with_columns(says=pl.col("key").cast(pl.String).str.extract(r"^([a-z-]+)"))
    return mentions.fact(name, words, pl.col("says"))
