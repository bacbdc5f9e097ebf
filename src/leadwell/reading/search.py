"""What has to stand where for a phrase to be found? Phrases compiled into tables that a frame of words joins with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial, reduce
from operator import itemgetter, or_
from typing import Final

import polars as pl

from leadwell.reading.inflect import GRAMMAR
from leadwell.reading.misspelling import Speller
from leadwell.reading.phrases import DOABLE, FLAGS, Phrase
from leadwell.reading.tree import CLASS_BITS, Part, Tree, patterns
from leadwell.reading.vocabulary import Vocabulary, Words

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


@dataclass(frozen=True)
class Search:
    """`alone`: group -> phrase, for phrases of one word.

    `starts`, `edges`, `emits`: exact phrases as a tree. The form of a word -> nodes; node and form -> nodes; node ->
    phrases. `begins`, `follows`: which forms stand first and second in one.
    `loose`: the class of a phrase's rarest word -> phrase, need_1 .. (classes, rarest first; null where there are no
    more), `span` (most words from first to last), `mask` (the bits of all its words). `bits`: class -> bit.
    """

    phrases: tuple[Phrase, ...]
    vocabulary: Vocabulary
    alone: pl.DataFrame
    begins: pl.Series
    follows: pl.Series
    starts: pl.DataFrame
    edges: pl.DataFrame
    emits: pl.DataFrame
    loose: pl.DataFrame
    rarest: pl.Series  # whether a class is the rarest of some loose phrase
    bits: pl.Series
    table: pl.DataFrame  # what each phrase means: kind, key, its words, and what it does as a cue

    @property
    def reach(self) -> int:
        """How far from its rarest word a loose phrase may go."""
        longest = self.loose["span"].max()
        return longest - 1 if isinstance(longest, int) else 0


def _looks_spanish(parts: Iterable[Part]) -> bool:
    return any(part in _SPANISH_SIGNS for part in parts)


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
    exact, loose = Tree(), {}
    for number, (phrase, parts) in enumerate(zip(phrases, patterns(phrases), strict=True)):
        spanish = phrase.language == "es" or (phrase.language == "?" and _looks_spanish(parts))
        needed = _needed(phrase, [part for part in parts if isinstance(part, str)])
        if len(parts) == len(needed) == 1 or (phrase.loose and len(needed) == 1):
            words.alone(needed[0], number, phrase, spanish=spanish)
        elif phrase.loose:
            loose[number] = needed[:LONGEST]
            words.width[number] = len(parts)
            words.beside(needed, phrase, spanish=spanish)
        elif parts:
            exact.add(number, phrase, parts, partial(words.side_by_side, phrase=phrase, spanish=spanish))
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
    starts, edges, emits = exact.frames()
    edges = edges.with_columns(ends=pl.col("node").is_in(emits["node"].unique().implode()))
    sought = _loose({n: [(of[w], _rarity(w)) for w in needed] for n, needed in loose.items()})
    no_class = pl.Series([False]).new_from_index(0, max(of.values(), default=0) + 1)
    no_form = pl.Series([False]).new_from_index(0, len(words.forms) + 1)
    return Search(
        phrases=phrases,
        vocabulary=Vocabulary(of, words.forms, words.groups(), Speller(words.targets(real), real)),
        alone=words.members(),
        begins=no_form.clone().scatter(starts["form"].unique(), True),
        follows=no_form.clone().scatter(_second(starts, edges), True),
        starts=starts,
        edges=edges,
        emits=emits,
        loose=sought,
        rarest=no_class.clone().scatter(sought["word"].unique(), True),
        bits=pl.Series([0, *(_bit(c) for c in range(1, len(no_class)))], dtype=pl.UInt64),
        table=_table(phrases, words.width),
    )


def _second(starts: pl.DataFrame, edges: pl.DataFrame) -> pl.Series:
    step = pl.col("step")
    follows = edges.filter((step // (1 << CLASS_BITS)).cast(pl.UInt32).is_in(starts["node"].implode()))
    return follows.select((step % (1 << CLASS_BITS)).cast(pl.UInt32)).to_series().unique()


def _bit(word: int) -> int:
    return 1 << (word % 64)


def _table(phrases: Sequence[Phrase], width: Mapping[int, int]) -> pl.DataFrame:
    """What each phrase means. `width` is how many words a loose one has itself, 0 where others cannot stand between.

    `bit` is the flag that a cue tells, `ends` the bits of the flags it ends, `opens` whether only opening a clause.
    """
    flag = {f"cue.{name}": 1 << i for i, name in enumerate(FLAGS)}
    every = (1 << len(FLAGS)) - 1
    ends = [flag.get(f"cue.{p.key}", every) if p.kind in ("cue.end", "cue.start") else 0 for p in phrases]
    return pl.DataFrame(
        {
            "kind": pl.Series([p.kind for p in phrases], dtype=pl.String),
            "key": pl.Series([p.key for p in phrases], dtype=pl.String),
            "wording": pl.Series([p.text for p in phrases], dtype=pl.String),
            "width": pl.Series([width.get(n, 0) for n in range(len(phrases))], dtype=pl.UInt32),
            "cue": pl.Series([p.kind.startswith("cue.") for p in phrases], dtype=pl.Boolean),
            "bit": pl.Series([flag.get(p.kind, 0) for p in phrases], dtype=pl.UInt8),
            "ends": pl.Series(ends, dtype=pl.UInt8),
            "opens": pl.Series([p.kind == "cue.start" for p in phrases], dtype=pl.Boolean),
            "forward": pl.Series([p.governs in ("after", "both") for p in phrases], dtype=pl.Boolean),
            "backward": pl.Series([p.governs in ("before", "both") for p in phrases], dtype=pl.Boolean),
            "reach": pl.Series([p.reach for p in phrases], dtype=pl.Int64),
            "doable": pl.Series([p.kind in DOABLE for p in phrases], dtype=pl.Boolean),
            "lasts": pl.Series([p.lasts for p in phrases], dtype=pl.Boolean),
        }
    )


def _loose(several: Mapping[int, Sequence[tuple[int, tuple[int, int]]]]) -> pl.DataFrame:
    rows = []
    for number, words in several.items():
        needs = [word for word, _ in sorted(words, key=itemgetter(1), reverse=True)]
        mask = reduce(or_, map(_bit, needs))
        rows.append((number, len(needs) + OTHERS_BETWEEN, mask, *needs, *[None] * (LONGEST - len(needs))))
    schema = {"phrase": pl.UInt32, "span": pl.Int32, "mask": pl.UInt64} | {
        f"need_{i}": pl.UInt64 for i in range(LONGEST)
    }
    frame = pl.DataFrame(rows, schema=schema, orient="row").rename({"need_0": "word"}).cast({"word": pl.UInt32})
    return frame.drop([c for c in frame.columns if c.startswith("need_") and frame[c].null_count() == frame.height])
