"""How does a text look once case, accents and signs no longer matter? (promise: the very words, as received)

Folded text is ASCII with one byte for one code point of the field as received, so an offset in one is an offset in the
other and `field[start:end] == text`. Signs become one of a few separators, all below the apostrophe, so that one
comparison of bytes finds every word. Rows with characters that have no width of their own (combining accents,
zero-width, marks of direction) are cleaned first and keep a map back to what was received.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import polars as pl

TEXT_END: Final = "\x1f"
SPACE: Final = " "
SENTENCE: Final = "!"
CLAUSE: Final = '"'
COLON: Final = "$"
CLOSING: Final = "%"
EDGES: Final = TEXT_END + SPACE + SENTENCE + CLAUSE + COLON + CLOSING  # whatever may stand round a folded text
FIRST_WORD_BYTE: Final = ord("'")  # whatever is below separates words

# Characters without a width of their own: combining marks, joiners, directions, soft hyphen, variation selectors.
WIDTHLESS: Final = (
    r"[\u0300-\u036f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff\U000e0000-\U000e007f]"
)
_WIDTHLESS: Final = re.compile(WIDTHLESS)
_RUST_WIDTHLESS: Final = re.sub(r"\\[uU]([0-9a-f]+)", r"\\x{\1}", WIDTHLESS)

_SENTENCE_SIGNS: Final = ".?;|"
_CLAUSE_SIGNS: Final = ",([]{}\t"
_SPACE_SIGNS: Final = '\r\n"#$%&*+-/<=>\\^_`~\x7f'
# Signs beyond ASCII are first written as an ASCII sign of their kind.
_SIGNS: Final = {"…¿¡•·。！？": "!", "–—、": ",", "’‘ʼ´′＇": "'"}

_SEPARATED: Final = re.compile(r"[\x00-\x26]+")

# A line that ends before a capital, a digit, a bullet or an empty line ends the sentence; other lines only wrap.
_LINE_END: Final = r"\n([\r\n]|[A-Z0-9*!-])"


def _base(character: str) -> str | None:
    """The plain letter under an accent, in the same case; None where there is none."""
    plain = unicodedata.normalize("NFKD", character)[0]
    return plain if plain.isascii() and plain.isalnum() else None


def _implode(pairs: dict[str, str]) -> tuple[pl.Expr, pl.Expr]:
    return pl.lit(pl.Series([list(pairs)])), pl.lit(pl.Series([list(pairs.values())]))


@lru_cache(maxsize=1)
def _plain_letters() -> tuple[pl.Expr, pl.Expr]:
    accented = (chr(c) for c in (*range(0xAA, 0x250), *range(0x1E00, 0x1F00), *range(0xFF10, 0xFF5B)))
    pairs = {c: base for c in accented if (base := _base(c))}
    pairs |= {"ß": "s", "ø": "o", "Ø": "O", "æ": "a", "Æ": "A", "œ": "o", "ł": "l", "Ł": "L", "đ": "d", "ı": "i"}
    return _implode(pairs | {c: sign for signs, sign in _SIGNS.items() for c in signs})


@lru_cache(maxsize=1)
def _separators() -> tuple[pl.Expr, pl.Expr]:
    pairs = {chr(c): SPACE for c in range(32)}
    pairs |= dict.fromkeys(_SENTENCE_SIGNS, SENTENCE) | dict.fromkeys(_CLAUSE_SIGNS, CLAUSE)
    return _implode(pairs | dict.fromkeys(_SPACE_SIGNS, SPACE) | {":": COLON, ")": CLOSING})


def _to_ascii(texts: pl.Series) -> pl.Series:
    """The same text, one ASCII character for each; characters of other scripts become spaces."""
    wide = (texts.str.len_bytes() != texts.str.len_chars()).arg_true()
    if wide.is_empty():
        return texts
    text = pl.col("text").str.replace_many(*_plain_letters()).str.replace_all(r"[^\x00-\x7f]", SPACE)
    ascii_only = texts.gather(wide).to_frame("text").select(text).to_series()
    return texts.clone().scatter(wide, ascii_only)


def fold(texts: pl.Series) -> pl.Series:
    """Texts without widthless characters -> folded texts of the same length in code points, pure ASCII."""
    text = pl.col("text").str.replace_all(_LINE_END, SENTENCE + "$1")
    text = text.str.to_lowercase().str.replace_many(*_separators())
    return _to_ascii(texts).to_frame("text").select(text).to_series()


def folded_words(texts: Sequence[str]) -> list[tuple[str, ...]]:
    """The folded words of each of a few texts (the phrases of a lexicon or playbook)."""
    folded = fold(pl.Series("text", [_WIDTHLESS.sub("", t) for t in texts], dtype=pl.String))
    return [tuple(w for part in _SEPARATED.split(text) if (w := part.strip("'"))) for text in folded]


def without_widthless(texts: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Texts as received -> texts to fold, and which of them lost characters (their offsets need `received_offsets`)."""
    wide = texts.str.len_bytes() != texts.str.len_chars()
    if not wide.any():
        return texts, pl.repeat(False, len(texts), eager=True)
    odd = (wide & texts.str.contains(_RUST_WIDTHLESS)).fill_null(False)
    if not odd.any():
        return texts, odd
    return texts.zip_with(~odd, texts.str.replace_all(_RUST_WIDTHLESS, "")), odd


def received_offsets(received: str) -> list[int]:
    """For each character that folding kept, where it stood in the text as received; at the end, its length."""
    return [i for i, c in enumerate(received) if not _WIDTHLESS.match(c)] + [len(received)]
