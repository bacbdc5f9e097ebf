"""What has to stand where for a phrase to be found? Phrases compiled into arrays that words are looked up in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import itemgetter, or_
from typing import Final

import numpy as np
import polars as pl

from leadwell.reading.grouped import Bits, Flags, Grouped, Ints
from leadwell.reading.inflect import GRAMMAR
from leadwell.reading.misspelling import Speller
from leadwell.reading.phrases import DANGEROUS, DOABLE, FLAGS, Phrase
from leadwell.reading.tree import Exact, Part, Tree, patterns
from leadwell.reading.vocabulary import How, Vocabulary, Words

OTHERS_BETWEEN: Final = 3
LONGEST: Final = 8  # words of a phrase; what is longer is cut
# Words a loose phrase does without: "control of the bladder" is also "bladder control".
_ARTICLES: Final = "a an the of my her his their el la los las un una mi su del de lo"
_DISPENSABLE: Final = frozenset(_ARTICLES.split())
# Frequent words that no phrase should be looked up by where it has a rarer one, the most frequent first.
_FREQUENT: Final = """need want have appointment doctor help time pain call day looking please know see make like good
    work back insurance patient care today schedule book find health therapy therapist name new number medical test
    treatment surgery year month week ago old"""
_RANK: Final = {w: i for i, w in enumerate(_FREQUENT.split())}
_SPANISH: Final = "de la el los las mi una un con para por en del que al no tengo necesito quiero"
_SPANISH_SIGNS: Final = frozenset(_SPANISH.split())
_DENYING: Final = "no not never without can't cant cannot don't dont doesn't won't unable sin nunca"
_DENIALS: Final = frozenset(_DENYING.split())


@dataclass(frozen=True, eq=False)
class Loose:
    """Rows of phrases: their number, `span` (most words from first to last), `mask` (the bits of all their words),
    `needs` (classes, rarest first, -1 where there are no more). `by_rarest`: class -> rows; `rarest`: of which."""

    phrase: Ints
    span: Ints
    mask: Bits
    needs: Ints
    by_rarest: Grouped
    rarest: Flags


@dataclass(frozen=True, eq=False)
class Cues:
    """What each phrase does as a cue: `bit` of the flag it tells, `ends` of those it ends, `opens` whether only
    where it opens a clause. `doable`, `lasts`: what it does as a mention (`phrases`); `orders`: it says that
    an order or a referral exists; `denies`: it is a playbook's phrase that denies something itself ("no puedo quedar
    embarazada"), so that no other denial is meant for it. `danger`: it may say danger."""

    cue: Flags
    bit: Ints
    ends: Ints
    opens: Flags
    forward: Flags
    bound: Flags
    backward: Flags
    reach: Ints
    doable: Flags
    lasts: Flags
    orders: Flags
    denies: Flags
    danger: Flags


@dataclass(frozen=True, eq=False)
class Search:
    """`alone`: group -> phrases of one word. `bits`: class -> its bit. `table`: `kind`, `key`, `wording` and `width` of
    each phrase: how many words a loose one has itself, 0 where others cannot stand between."""

    vocabulary: Vocabulary
    alone: Grouped
    exact: Exact
    loose: Loose
    bits: Bits
    cues: Cues
    table: pl.DataFrame

    @cached_property
    def kinds(self) -> dict[str, Ints]:
        """Each kind's phrases."""
        numbers: dict[str, list[int]] = {}
        for number, kind in enumerate(self.table["kind"]):
            numbers.setdefault(kind, []).append(number)
        return {kind: np.array(of, dtype=np.int64) for kind, of in numbers.items()}

    @cached_property
    def keys(self) -> tuple[tuple[str, ...], Ints]:
        """All keys, and which of them each phrase has."""
        number: dict[str, int] = {}
        which = [number.setdefault(key, len(number)) for key in self.table["key"]]
        return tuple(number), np.array(which, dtype=np.int64)


def _how(phrase: Phrase, parts: Iterable[Part]) -> How:
    spanish = phrase.language == "es" or (phrase.language == "?" and not _SPANISH_SIGNS.isdisjoint(parts))
    return How(phrase.inflect, phrase.misspelt, spanish)


def _needed(phrase: Phrase, words: Sequence[str]) -> Sequence[str]:
    content = [w for w in words if w not in _DISPENSABLE]
    meaning = [w for w in content if w not in GRAMMAR]
    return content if phrase.loose and len(meaning) >= 2 else words


def _rarity(word: str) -> tuple[int, int]:
    return (-1 if word in GRAMMAR else _RANK.get(word, len(_RANK)), len(word))


def build(
    phrases: Iterable[Phrase], families: Iterable[frozenset[str]] = (), real: frozenset[str] = frozenset()
) -> Search:
    """Compile phrases. Words that share a form share a class, so one word never stands for two."""
    phrases = tuple(phrases)
    words = Words(families)
    exact, loose = Tree(words.side_by_side), {}
    for number, (phrase, parts) in enumerate(zip(phrases, patterns(phrases), strict=True)):
        how = _how(phrase, parts)
        needed = _needed(phrase, [part for part in parts if isinstance(part, str)])
        if not parts:  # a playbook's word in a script that is not read
            continue
        if len(parts) == len(needed) == 1 or (phrase.loose and len(needed) == 1):
            words.alone(needed[0], number, how)
        elif phrase.loose:
            loose[number] = needed[:LONGEST]
            words.width[number] = len(parts)
            words.beside(needed, how)
        else:
            exact.add(number, parts, how)
    return _search(phrases, words, exact=exact, loose=loose, real=real)


def _search(
    phrases: tuple[Phrase, ...],
    words: Words,
    *,
    exact: Tree,
    loose: Mapping[int, Sequence[str]],
    real: frozenset[str],
) -> Search:
    of = words.classes.settled()
    known = max(of.values(), default=0) + 1
    return Search(
        vocabulary=Vocabulary(of, words.forms, words.groups(), Speller(words.targets(real), real)),
        alone=words.members(),
        exact=exact.compiled(),
        loose=_loose({n: [(of[w], _rarity(w)) for w in needed] for n, needed in loose.items()}, known),
        bits=np.array([0, *(_bit(c) for c in range(1, known))], dtype=np.uint64),
        cues=_cues(phrases),
        table=pl.DataFrame(
            {
                "kind": [p.kind for p in phrases],
                "key": [p.key for p in phrases],
                "wording": [p.text for p in phrases],
                "width": [words.width.get(n, 0) for n in range(len(phrases))],
            },
            schema={"kind": pl.String, "key": pl.String, "wording": pl.String, "width": pl.UInt32},
        ),
    )


def _bit(word: int) -> int:
    return 1 << (word % 64)


def _cues(phrases: Sequence[Phrase]) -> Cues:
    flag = {f"cue.{name}": 1 << i for i, name in enumerate(FLAGS)}
    every = (1 << len(FLAGS)) - 1
    ending = flag | {"cue.all": every, "cue.said": every - flag["cue.hypothetical"]}
    ends = [ending.get(f"cue.{p.key}", every) if p.kind in ("cue.end", "cue.start") else 0 for p in phrases]
    return Cues(
        cue=np.array([p.kind.startswith("cue.") for p in phrases], dtype=np.bool_),
        bit=np.array([flag.get(p.kind, 0) for p in phrases], dtype=np.int64),
        ends=np.array(ends, dtype=np.int64),
        opens=np.array([p.kind == "cue.start" for p in phrases], dtype=np.bool_),
        forward=np.array([p.governs in ("after", "both", "clause") for p in phrases], dtype=np.bool_),
        bound=np.array([p.governs == "clause" for p in phrases], dtype=np.bool_),
        backward=np.array([p.governs in ("before", "both") for p in phrases], dtype=np.bool_),
        reach=np.array([p.reach for p in phrases], dtype=np.int64),
        doable=np.array([p.kind in DOABLE for p in phrases], dtype=np.bool_),
        lasts=np.array([p.lasts for p in phrases], dtype=np.bool_),
        orders=np.array([p.kind in ("order", "referral") and p.key == "yes" for p in phrases], dtype=np.bool_),
        denies=np.array([_denies(p) for p in phrases], dtype=np.bool_),
        danger=np.array([p.kind in DANGEROUS for p in phrases], dtype=np.bool_),
    )


def _denies(phrase: Phrase) -> bool:
    ours = phrase.kind in ("service", "elsewhere", "offer") or phrase.kind.startswith("answer.")
    return ours and not _DENIALS.isdisjoint(phrase.text.lower().split())


def _loose(several: Mapping[int, Sequence[tuple[int, tuple[int, int]]]], known: int) -> Loose:
    needs = [[word for word, _ in sorted(words, key=itemgetter(1), reverse=True)] for words in several.values()]
    rarest = Grouped.of([classes[0] for classes in needs], range(len(needs)), known)
    padded = [classes + [-1] * (LONGEST - len(classes)) for classes in needs]
    return Loose(
        phrase=np.array(list(several), dtype=np.int64),
        span=np.array([len(classes) + OTHERS_BETWEEN for classes in needs], dtype=np.int64),
        mask=np.array([reduce(or_, map(_bit, classes)) for classes in needs], dtype=np.uint64),
        needs=np.array(padded, dtype=np.int64).reshape(-1, LONGEST),
        by_rarest=rarest,
        rarest=rarest.any(),
    )
