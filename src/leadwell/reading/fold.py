"""How does a text look once case, accents and signs no longer matter? (promise: the very words, as received)

Folded text is ASCII with one byte for one code point of the field as received, so an offset in one is an offset in the
other and `field[start:end] == text`. Signs become one of a few separators, all below the apostrophe, so that one
comparison of bytes finds every word. Characters that have no width of their own (combining accents, zero-width, marks
of direction) are left out where a text is searched, and a map leads back to what was received.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from leadwell.reading.grouped import Flags, Ints
from leadwell.reading.lines import breaks
from leadwell.reading.notices import notices
from leadwell.reading.quotes import quotes

Octets = npt.NDArray[np.uint8]

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
_NO_WIDTH: Final = 0x80  # what they are among plain letters, which are ASCII
_BEYOND: Final = 0xE0080  # a code point above which nothing is told apart

_SENTENCE_SIGNS: Final = ".?;|"
_CLAUSE_SIGNS: Final = ",([]{}\t"
_SPACE_SIGNS: Final = '\r\n"#$%&*+-/<=>\\^_`~\x7f'
# Signs beyond ASCII are first written as an ASCII sign of their kind.
_SIGNS: Final = {"…¿¡•·。！？": "!", "–—、": ",", "’‘ʼ´′＇": "'", "\u2028\u2029\x85→⇒": "\n"}
_LETTERS: Final = {"ß": "s", "ø": "o", "Ø": "O", "æ": "a", "Æ": "A", "œ": "o", "ł": "l", "Ł": "L", "đ": "d", "ı": "i"}

_NEW_LINES: Final = (b"\x0b", b"\x0c")
_SEPARATED: Final = re.compile(r"[\x00-\x26]+")

# What stands for a new line where somebody's HTML was taken for text.
_MARKED_LINE: Final = re.compile(rb"<(?:br|/?p|/?div|/?li|/?tr)[ \t]?/?>", re.IGNORECASE)

# A line that ends before a capital, a digit, a bullet or an empty line ends the sentence; other lines only wrap.
_NEW_LINE: Final = re.compile(r"[A-Z0-9*!-]")


def _base(character: str) -> str | None:
    """The plain letter under an accent, in the same case; None where there is none."""
    plain = unicodedata.normalize("NFKD", character)[0]
    return plain if plain.isascii() and plain.isalnum() else None


@lru_cache(maxsize=1)
def _plain() -> Octets:
    """Code point -> the ASCII character it is taken for; other scripts are spaces."""
    plain = np.full(_BEYOND + 1, ord(SPACE), dtype=np.uint8)
    plain[:0x80] = np.arange(0x80)
    for c in (*range(0xAA, 0x250), *range(0x1E00, 0x1F00), *range(0xFF10, 0xFF5B)):
        plain[c] = ord(_base(chr(c)) or SPACE)
    for c, letter in (*_LETTERS.items(), *((c, sign) for signs, sign in _SIGNS.items() for c in signs)):
        plain[ord(c)] = ord(letter)
    for first, last in re.findall(r"([^-\[\]])(?:-([^-\]]))?", WIDTHLESS.encode().decode("unicode_escape")):
        plain[ord(first) : ord(last or first) + 1] = _NO_WIDTH
    return plain


def _folding() -> bytes:
    """Plain character -> folded one."""
    pairs = {chr(c): SPACE for c in range(32)}
    pairs |= dict.fromkeys(_SENTENCE_SIGNS, SENTENCE) | dict.fromkeys(_CLAUSE_SIGNS, CLAUSE)
    pairs |= dict.fromkeys(_SPACE_SIGNS, SPACE) | {":": COLON, ")": CLOSING, chr(_NO_WIDTH): SPACE}
    return "".join(pairs.get(chr(c).lower(), chr(c).lower()) for c in range(0x100)).encode("latin-1", "replace")


_FOLDED: Final = _folding()
_BEGINS_LINE: Final = np.array([_NEW_LINE.match(chr(c)) is not None for c in range(0x100)])
_EMPTY_LINE: Final = np.array([chr(c) in "\r\n" for c in range(0x100)])


# A few words asked, and answered at once, as people do who know what they will be asked: "Prior auth? Not yet."
_ANSWER: Final = re.compile(
    rb"\?[ ]{1,2}(?=(?:no|nope|not yet|none|yes|yep|yeah|si|todavia no|aun no)[.,;!\n\x1f])", re.IGNORECASE
)
_QUESTION: Final = re.compile(rb"(?:^|[^A-Za-z' ] *)(?:[A-Za-z'-]+ ){0,3}[A-Za-z'-]+$")
_LONGEST_QUESTION: Final = 50


@dataclass(frozen=True, eq=False)
class Folded:
    """Texts folded and joined, with TEXT_END after each: their bytes, and where each one ends, TEXT_END included.

    `odd`: which of them lost characters without a width (their offsets need `received_offsets`). `breaks`: the new
    lines behind which a sentence of its own may begin (`lines`). `quoted`: from where to where somebody else's lines
    run (`quotes`).
    """

    octets: Octets
    ends: Ints
    odd: Flags
    breaks: Ints
    quoted: Ints

    def text(self, number: int) -> str:
        begin = self.ends[number - 1] if number else 0
        return self.octets[begin : self.ends[number] - 1].tobytes().decode()

    def series(self) -> pl.Series:
        """The texts by themselves."""
        texts = self.octets.tobytes().decode().split(TEXT_END)
        return pl.Series("text", texts[:-1], dtype=pl.String)


def fold_texts(texts: Sequence[str], *, keep_widthless: bool = False) -> Folded:
    """Texts as received, folded. `keep_widthless`: characters without a width are spaces instead."""
    ends = np.cumsum(np.fromiter(map(len, texts), dtype=np.int64, count=len(texts)) + 1)
    odd = np.zeros(len(texts), dtype=np.bool_)
    plain = TEXT_END.join((*_latin(texts), "")).encode("latin-1")
    if _NO_WIDTH in plain and not keep_widthless:
        lost = np.flatnonzero(np.frombuffer(plain, dtype=np.uint8) == _NO_WIDTH)
        each = np.bincount(np.searchsorted(ends, lost, "right"), minlength=len(texts))
        plain, ends, odd = plain.replace(bytes([_NO_WIDTH]), b""), ends - np.cumsum(each), each > 0
    for sign in _NEW_LINES:
        plain = plain.replace(sign, b"\n")
    if b"<" in plain:
        plain = _MARKED_LINE.sub(lambda mark: b"\n".rjust(len(mark[0])), plain)
    octets = np.frombuffer(bytearray(plain.translate(_FOLDED)), dtype=np.uint8)
    octets[_line_ends(plain)] = ord(SENTENCE)
    octets[_asked_and_answered(plain)] = ord(COLON)
    for start, end in notices(plain):
        octets[start:end] = ord(SENTENCE)
    octets[ends - 1] = ord(TEXT_END)
    return Folded(octets, ends, odd, breaks(plain), quotes(plain))


def _latin(texts: Sequence[str]) -> Sequence[str]:
    """The texts in plain letters; what has no width is the one character beyond ASCII."""
    wide = [at for at, text in enumerate(texts) if not text.isascii()]
    if not wide:
        return texts
    points = np.frombuffer("".join(texts[at] for at in wide).encode("utf-32-le"), dtype=np.uint32)
    letters = _plain()[np.minimum(points, _BEYOND)].tobytes().decode("latin-1")
    latin, begin = list(texts), 0
    for at in wide:
        end = begin + len(texts[at])
        latin[at] = letters[begin:end]
        begin = end
    return latin


def _line_ends(plain: bytes) -> Ints:
    """Which signs of a new line end a sentence. Of several in a row every second is the empty line after one."""
    if b"\n" not in plain:
        return np.zeros(0, dtype=np.int64)
    letters = np.frombuffer(plain, dtype=np.uint8)
    at = np.flatnonzero(letters == ord("\n"))
    number = np.arange(len(at))
    first = np.maximum.accumulate(np.where(np.diff(at, prepend=-2) > 1, number, 0))
    after = letters[at + 1]
    ends: Ints = at[((number - first) % 2 == 0) & (_BEGINS_LINE[after] | _EMPTY_LINE[after])]
    return ends


def _asked_and_answered(plain: bytes) -> list[int]:
    """Question marks that stand for a colon: "Prior auth? Not yet."."""
    if b"?" not in plain:
        return []
    marks = [found.start() for found in _ANSWER.finditer(plain)]
    return [at for at in marks if _QUESTION.search(plain[max(0, at - _LONGEST_QUESTION) : at])]


def fold(texts: pl.Series) -> pl.Series:
    """Texts without widthless characters -> folded texts of the same length in code points, pure ASCII."""
    if texts.null_count():
        return fold(texts.fill_null("")).zip_with(texts.is_not_null(), pl.Series([None], dtype=pl.String))
    return fold_texts(texts.to_list(), keep_widthless=True).series()


def folded_words(texts: Sequence[str]) -> list[tuple[str, ...]]:
    """The folded words of each of a few texts (the phrases of a lexicon or playbook)."""
    folded = fold_texts(texts).series()
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
