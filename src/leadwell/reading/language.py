"""In which language do they write? By the small words that every sentence of a language needs. (promise 10)"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from leadwell.contract import WORDS
from leadwell.reading.fold import SPACE
from leadwell.reading.grouped import Flags
from leadwell.reading.mentions import Mentions
from leadwell.reading.remembered import Remembered
from leadwell.reading.tokens import Block
from leadwell.reading.written import apart

_PLACES: Final = tuple(map(WORDS.index, ("message", "subject", "referral_reason")))
# Between spaces, frequent enough to tell most texts; neither list holds a word of the other language.
_ENGLISH: Final = (
    "the|and|to|of|for|my|i|i'm|im|is|are|was|you|your|have|has|had|with|need|want|can|do|does|please|on|at|it|this|that|be|we|"
    "our|he|she|his|her|how|what|when|where|would|like|get|from|just|not|don't|am|by|if|will|looking"
)
_SPANISH: Final = (
    "el|la|los|las|de|del|que|y|en|un|una|por|para|con|mi|mis|se|su|es|son|esta|estoy|tengo|tiene|necesito|quiero|quisiera|"
    "busco|cita|lo|le|les|al|pero|como|cuando|donde|soy|ya|muy|hay|anos"
)
# For what these leave open: more words, wherever they stand.
_MORE_ENGLISH: Final = _ENGLISH + (
    "|pls|an|any|all|new|old|year|time|out|asap|hi|hello|in|insurance|pain|knee|or|there|who|did|so|about|after|patient|"
    "referral|take|accept|back|schedule|book|free|see|needs|wants|thanks|thank|appointment|call|text|next|week|doctor|dont"
)
_MORE_SPANISH: Final = _SPANISH + (
    "|me|sus|si|cuanto|gracias|hola|buenos|buenas|dias|tardes|favor|somos|este|ese|esa|seguro|dolor|duele|puedo|pueden|nos|"
    "aceptan|desde|hasta|sin|sobre|tambien|porque|senora|doctora|hija|hijo|mama|papa|esposo|esposa|ustedes|"
    "informacion|precio|terapia|examen|examenes|consulta|cirugia|resonancia|rodilla|espalda|cadera|medico|ocupo|quien|kiero|llamenme|quieren|nomas|solo|todavia|ser|ver|hacer|ir|yo|pa|mas|q|x"
)
_SCRIPTS: Final = r"\p{Cyrillic}|\p{Han}|\p{Arabic}|\p{Hangul}|\p{Hiragana}|\p{Katakana}"
_SPANISH_SIGNS: Final = "[¿¡ñ]"
_SETS: Final = {words: frozenset(words.split("|")) for words in (_ENGLISH, _SPANISH, _MORE_ENGLISH, _MORE_SPANISH)}
_NAMES: Final = pl.Series([None, "en", "es", "other"], dtype=pl.String)
_OPEN, _EN, _ES, _OTHER = range(4)

Numbers = npt.NDArray[np.int64]


def language(mentions: Mentions) -> pl.DataFrame:
    """en | es | other; NULL where too few words say. Of a lead's texts the first counts, the message before others."""
    texts = mentions.texts.frame
    row = texts["row"].to_numpy()
    at = np.flatnonzero(np.isin(texts["field"].to_physical().to_numpy(), _PLACES))
    at = at[np.flatnonzero(np.diff(row[at].astype(np.int64), prepend=-1))]  # by lead and field
    told = _more(*_counts(mentions.texts.blocks, _between_spaces)[:, at])
    open_ = np.flatnonzero(told == _OPEN)
    if len(open_):
        received = texts["received"].gather(at[open_])
        told[open_] = _again(received, *_counts(mentions.texts.blocks, _anywhere)[:, at[open_]])
    by_lead = np.full(mentions.height, _OPEN, dtype=np.uint32)
    by_lead[row[at]] = told
    return pl.DataFrame([_NAMES.gather(by_lead).alias("read.language")])


def _more(english: Numbers, spanish: Numbers) -> Numbers:
    return np.select([spanish > english, spanish < english], [_ES, _EN], _OPEN)


def _again(received: pl.Series, english: Numbers, spanish: Numbers) -> Numbers:
    """What a closer look says of texts that their spaced words leave open."""
    if all(text.isascii() for text in received.to_list()):
        return _more(english, spanish)
    signs, scripts = (received.str.contains(pattern).to_numpy() for pattern in (_SPANISH_SIGNS, _SCRIPTS))
    told = _more(english, spanish + signs)
    return np.where(told != _OPEN, told, np.select([scripts, signs], [_OTHER, _ES], _OPEN))


def _counts(blocks: Sequence[Block], count: Callable[[Block], list[Numbers]]) -> Numbers:
    """How many English and Spanish words each text has."""
    return np.concatenate([np.zeros((2, 0), dtype=np.int64), *(np.array(count(block)) for block in blocks)], axis=1)


def _anywhere(block: Block) -> list[Numbers]:
    known = _KNOWN.of(block.distinct)
    return [_summed(known[name][block.token], block) for name in ("more_en", "more_es")]


def _summed(count: Numbers, block: Block) -> Numbers:
    """Counts of each token -> of each text."""
    some = np.flatnonzero(count)
    return np.bincount(block.text[some], count[some], minlength=block.texts).astype(np.int64)


def _between_spaces(block: Block) -> list[Numbers]:
    known = _KNOWN.of(block.distinct)
    token = block.token
    spaced = known["spaced"][token]
    spaced[1:] |= known["close"][token[1:]] & known["trails"][token[:-1]]
    return [_once(np.flatnonzero(known[name][token] & spaced), block, known["close"]) for name in ("en", "es")]


def _once(at: Numbers, block: Block, close: Flags) -> Numbers:
    """How many of these words stand in each text: two that stand side by side share a space, and it counts once."""
    number = np.arange(len(at))
    alone = (np.diff(at, prepend=-2) > 1) | ~close[block.token[at]]
    place = number - np.maximum.accumulate(np.where(alone, number, 0))
    return np.bincount(block.text[at[np.flatnonzero(place % 2 == 0)]], minlength=block.texts)


def _learn(tokens: Sequence[str]) -> Iterator[tuple[bool | int, ...]]:
    for before, word, after in map(apart, tokens):
        trails = after == SPACE
        yield (
            before.endswith(SPACE),
            not before,
            trails,
            trails and word in _SETS[_ENGLISH],
            trails and word in _SETS[_SPANISH],
            _held(word, _MORE_ENGLISH),
            _held(word, _MORE_SPANISH),
        )


def _held(word: str, words: str) -> int:
    """How many words of a list stand in one: quotes and the sign of an address divide words too."""
    return int(word in _SETS[words]) if word.isalnum() else len(_pattern(words).findall(word))


@cache
def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{words})\b", re.ASCII)


# `spaced`: a space of its own before the word; `close`: no separator but the last word's; `trails`: a space after it;
# `en`, `es`: it is in that list and a space follows.
_KNOWN: Final = Remembered(
    _learn,
    spaced=np.bool_, close=np.bool_, trails=np.bool_, en=np.bool_, es=np.bool_, more_en=np.int32, more_es=np.int32,
)  # fmt: skip
