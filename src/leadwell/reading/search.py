"""What has to stand where for a phrase to be found? Phrases compiled into tables that a frame of words joins with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from leadwell.reading.fold import folded_words
from leadwell.reading.inflect import GRAMMAR
from leadwell.reading.misspelling import Speller
from leadwell.reading.phrases import Phrase
from leadwell.reading.vocabulary import Classes, Vocabulary

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
    """`alone`: group -> phrase. `loose`, `exact`: the class of a phrase's rarest word -> phrase, what else it needs.

    `loose`: need_1.. (classes, rarest first; null where there is none), `reach` (words to either side) and `span` (most
    words from first to last). `exact`: need_1.. with step_1.. (how far from the rarest word), `before`, `after`.
    """

    phrases: tuple[Phrase, ...]
    vocabulary: Vocabulary
    alone: pl.DataFrame
    loose: pl.DataFrame
    exact: pl.DataFrame
    table: pl.DataFrame  # kind, key, governs, reach of each phrase

    @property
    def most(self) -> tuple[int, int]:
        return _width(self.loose), _width(self.exact)


def _width(frame: pl.DataFrame) -> int:
    return sum(name.startswith("need_") for name in frame.columns)


def _is_spanish(phrase: Phrase, words: Sequence[str]) -> bool:
    return phrase.language == "es" or (not _SPANISH_SIGNS.isdisjoint(words) and phrase.language == "?")


def _needed(phrase: Phrase, words: tuple[str, ...]) -> tuple[str, ...]:
    content = tuple(w for w in words if w not in _DISPENSABLE)
    meaning = [w for w in content if w not in GRAMMAR]
    return content if phrase.loose and len(meaning) >= 2 else words


def _rarity(word: str) -> tuple[int, int]:
    return (-1 if word in GRAMMAR else _RANK.get(word, len(_RANK)), len(word))


def build(
    phrases: Iterable[Phrase], families: Iterable[frozenset[str]] = (), real: frozenset[str] = frozenset()
) -> Search:
    """Compile phrases. Words that share a form share a class, so one word never stands for two."""
    phrases = tuple(phrases)
    cut = [words[:LONGEST] for words in folded_words([p.text for p in phrases])]
    classes = Classes(families)
    single: dict[str, list[int]] = {}
    several: list[tuple[int, tuple[str, ...]]] = []
    targets: set[str] = set()
    for number, (phrase, words) in enumerate(zip(phrases, cut, strict=True)):
        needed = _needed(phrase, words)
        spanish = _is_spanish(phrase, words)
        if len(needed) == 1:
            found = classes.forms(needed[0], inflect=phrase.inflect, spanish=spanish)
            for form in sorted(found):
                single.setdefault(form, []).append(number)
            targets |= found if phrase.misspelt else set()
            continue
        if not needed:
            continue
        several.append((number, needed))
        for word in needed:
            classes.add(word, inflect=phrase.inflect, spanish=spanish)
        targets |= {w for w in needed if w not in GRAMMAR} if phrase.misspelt else set()
    of = classes.settled()
    groups: dict[tuple[int, ...], int] = {}
    alone = {form: groups.setdefault(tuple(numbers), len(groups) + 1) for form, numbers in sorted(single.items())}
    pairs = [(group, number) for numbers, group in groups.items() for number in numbers]
    return Search(
        phrases=phrases,
        vocabulary=Vocabulary(of, alone, Speller(targets, real)),
        alone=pl.DataFrame(pairs, schema={"group": pl.UInt32, "phrase": pl.UInt32}, orient="row"),
        loose=_loose([(n, words, of) for n, words in several if phrases[n].loose]),
        exact=_exact([(n, words, of) for n, words in several if not phrases[n].loose]),
        table=_table(phrases),
    )


def _table(phrases: Sequence[Phrase]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "kind": pl.Series([p.kind for p in phrases], dtype=pl.String),
            "key": pl.Series([p.key for p in phrases], dtype=pl.String),
            "governs": pl.Series([p.governs for p in phrases], dtype=pl.String),
            "reach": pl.Series([p.reach for p in phrases], dtype=pl.UInt32),
        }
    )


_Several = list[tuple[int, tuple[str, ...], dict[str, int]]]


def _loose(several: _Several) -> pl.DataFrame:
    rows = []
    for number, words, of in several:
        order = sorted(range(len(words)), key=lambda i: (_rarity(words[i]), -i), reverse=True)
        needs = [of[words[i]] for i in order]
        rows.append((number, len(words) + OTHERS_BETWEEN, *needs, *[None] * (LONGEST - len(needs))))
    schema = {"phrase": pl.UInt32, "span": pl.Int32} | {f"need_{i}": pl.UInt64 for i in range(LONGEST)}
    frame = pl.DataFrame(rows, schema=schema, orient="row").rename({"need_0": "word"})
    return _narrow(frame)


def _exact(several: _Several) -> pl.DataFrame:
    rows = []
    for number, words, of in several:
        rarest = max(range(len(words)), key=lambda i: (_rarity(words[i]), -i))
        others = [i for i in range(len(words)) if i != rarest]
        pad = [None] * (LONGEST - len(words))
        needs, steps = [of[words[i]] for i in others], [i - rarest for i in others]
        rows.append((number, of[words[rarest]], rarest, len(words) - 1 - rarest, *needs, *pad, *steps, *pad))
    schema: dict[str, type[pl.DataType]] = {
        "phrase": pl.UInt32,
        "word": pl.UInt64,
        "before": pl.UInt32,
        "after": pl.UInt32,
    }
    schema |= {f"need_{i}": pl.UInt64 for i in range(1, LONGEST)} | {f"step_{i}": pl.Int64 for i in range(1, LONGEST)}
    return _narrow(pl.DataFrame(rows, schema=schema, orient="row"))


def _narrow(frame: pl.DataFrame) -> pl.DataFrame:
    """Without the columns that no phrase is long enough to use."""
    empty = [c for c in frame.columns if c.startswith(("need_", "step_")) and frame[c].null_count() == frame.height]
    return frame.drop(empty).with_columns(pl.col("word").cast(pl.UInt32))
