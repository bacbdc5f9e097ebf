"""What kind of message is it: from a provider, from an organisation, or no request for care at all? (promises 3, 14)

Words of `lexicon/enquiry.toml` weigh for one kind or another; a kind counts from a weight of three. What is no request
for care must outweigh every request: a complaint with a clear new request stays a lead.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import polars as pl

from leadwell.contract import READ_VALUES
from leadwell.playbook.model import Playbook
from leadwell.reading import wanted
from leadwell.reading.facts import Facts
from leadwell.reading.grouped import Flags, Ints
from leadwell.reading.mentions import Mentions
from leadwell.reading.patterns import holds
from leadwell.reading.picked import KEPT, Codes, Picked, codes
from leadwell.reading.why import SPECIFIC

_TOLD: Final = ("other", "type")
_ENOUGH: Final = 3
_OTHERS: Final = ("complaint", "vendor", "job", "existing-patient")  # the first of equals
_KINDS: Final = (*_OTHERS, "referral", "business", "care")
_MOST_OF_WEAK: Final = 4  # weak words, however many, weigh no more
_CLINICAL: Final = r"\b\d{1,2} ?(yo|y o|yr old|year old|yom|yof)? ?[mf]\b"  # "63M", "58 yo f"
_CLINICAL_WEIGHS: Final = 2
_FAR: Final = 1 << 40  # more than any place of a word


@dataclass(frozen=True, eq=False)
class _Weights:
    """Of each key of a search the kind it speaks for (an index into _KINDS), what it weighs, and its name."""

    kind: Ints
    weight: Ints
    names: pl.Series


@lru_cache(maxsize=KEPT)
def _weights(codes: Codes) -> _Weights:
    ours = set(codes.key[codes.kind >= 0].tolist())
    split = [key.split(".") if at in ours else ("", "0") for at, key in enumerate(codes.keys)]
    kind = [_KINDS.index(kind) if kind else -1 for kind, _ in split]
    names = pl.Series([kind for kind, _ in split], dtype=pl.String)
    return _Weights(np.array(kind), np.array([int(weight) for _, weight in split]), names)


def enquiry(mentions: Mentions, frame: pl.DataFrame, playbook: Playbook) -> pl.DataFrame:
    picked, facts = Picked.of(mentions, codes(wanted.search(playbook), ("enquiry",))), Facts.of(mentions)
    if len(picked.at):
        weights = _weights(picked.codes)
        kind, weight = weights.kind[picked.key], weights.weight[picked.key]
        weight = np.where(_of_the_playbook(picked, playbook) & (kind < len(_OTHERS)), 0, weight)
        for name, decided in zip(_TOLD, _decided(_scores(picked, kind, weight)), strict=True):
            found = _words_of(decided, kind, weight, picked.row)
            facts.add(name, picked, found, weights.names, picked.key[found])
    return pl.DataFrame(facts.complete({name: READ_VALUES[name] for name in _TOLD}))


def _of_the_playbook(picked: Picked, playbook: Playbook) -> Flags:
    """Which of these stand inside what the playbook knows, in leads that name a service: "TB test for my clinical
    rotation" seeks no job."""
    ours = Picked.of(picked.mentions, codes(wanted.search(playbook), ("service", "elsewhere", *SPECIFIC)))
    if not len(ours.at):
        return np.zeros(len(picked.at), dtype=np.bool_)
    order = np.argsort(ours.first, kind="stable")
    begin, furthest = ours.first[order], np.maximum.accumulate(ours.last[order])
    at = np.searchsorted(begin, picked.first, "right") - 1
    asks = ours.leads(ours.of_kind("service"))[picked.row]
    inside: Flags = (at >= 0) & (furthest[at] >= picked.last) & asks
    return inside


def _scores(picked: Picked, kind: Ints, weight: Ints) -> Ints:
    """What the words of each lead weigh for each kind: every phrase once, none that lies inside a longer one."""
    first, last, height = picked.first, picked.last, picked.mentions.height
    place = picked.row * len(_KINDS) + kind
    order = np.lexsort((-last, first, place))
    group = np.cumsum(np.concatenate([[0], place[order][1:] != place[order][:-1]]))
    reached = np.maximum.accumulate(last[order] + group * _FAR)
    outer = order[np.concatenate([[True], (last[order] + group * _FAR)[1:] > reached[:-1]])]
    _, once = np.unique(place[outer] * _FAR + picked.phrase[outer], return_index=True)
    one = outer[once]
    size = height * len(_KINDS)
    strong = np.bincount(place[one], np.where(weight[one] >= _ENOUGH, weight[one], 0), size)
    weak = np.bincount(place[one], np.where(weight[one] < _ENOUGH, weight[one], 0), size)
    scores = (strong + np.minimum(weak, _MOST_OF_WEAK)).astype(np.int64).reshape(height, len(_KINDS))
    referral = _KINDS.index("referral")
    scores[_clinical(picked.mentions, scores[:, referral] > 0), referral] += _CLINICAL_WEIGHS
    return scores


def _clinical(mentions: Mentions, asked: Flags) -> Ints:
    """Which of these leads are written as clinicians write: an age with its sex."""
    texts = mentions.texts.frame
    row = texts["row"].to_numpy()
    at = np.flatnonzero(asked[row])
    return np.unique(row[at[holds(texts["folded"][pl.Series(at)], _CLINICAL)]]) if len(at) else at


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


def _words_of(decided: Ints, kind: Ints, weight: Ints, row: Ints) -> Ints:
    """The weightiest words of each lead that say what was decided, the first of equals."""
    at = np.flatnonzero(decided[row] == kind)
    return at[np.lexsort((at, -weight[at], row[at]))]
