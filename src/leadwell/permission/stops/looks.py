"""Is a word that ends messages written in letters of other scripts, or in another language? "сTOP", "🆂🆃🅾🅿", "стоп".

Only whole words that are such a word letter by letter are put into our letters, so that a sentence in another script
stays what it is.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib import resources
from itertools import product
from typing import Any, Final

from leadwell.permission.stops.lexicon import entries

_NO_WIDTH: Final = "\u200b"
_MOST: Final = 256  # ways to read a word; more letters in doubt are no word of ours
_LONGEST: Final = 24
_SHORTEST: Final = 3
_WORD: Final = re.compile(rf"[^\W_](?:{_NO_WIDTH}?[^\W_])*")
_FLAGS: Final = re.compile("[\U0001f1e6-\U0001f1ff](?:[\\s\u200b-\u200d\ufe0f]*[\U0001f1e6-\U0001f1ff]){2,}")
# Letters in circles and squares, light on dark, and those that make flags in pairs; Unicode tells of no letter in them.
_ENCLOSED: Final = ((0x1F150, 0x1F169), (0x1F170, 0x1F189))
_REGIONAL: Final = 0x1F1E6
# What a bare word in another script may mean, once it is read by its sound.
_PLAIN_STOPS: Final = frozenset(("stop", "stopall", "unsubscribe", "quit", "cancel", "alto", "basta"))


@lru_cache(maxsize=1)
def _table() -> Mapping[str, Any]:
    file = resources.files("leadwell.permission.stops").joinpath("looks.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def drawn() -> Mapping[int, str]:
    """For `str.translate`: letters that look like ours wherever they stand."""
    both = [*_table()["drawn"].items(), *_table()["small"].items()]
    return {ord(o): letter.upper() if o.isupper() else letter for letter, others in both for o in others}


@lru_cache(maxsize=1)
def _ways() -> Mapping[str, str]:
    """A letter of another script or a figure -> the letters that it may stand for, the likeliest first."""
    found: dict[str, str] = {}
    for name in ("drawn", "small", "near", "digits"):
        for letter, others in _table()[name].items():
            for other in others:
                found[other] = found.get(other, "") + (letter if letter not in found.get(other, "") else "")
    return found


@lru_cache(maxsize=1)
def _foreign() -> re.Pattern[str]:
    return re.compile(f"[{re.escape(''.join(other for other in _ways() if not other.isascii()))}]")


@lru_cache(maxsize=1)
def keywords() -> frozenset[str]:
    """The single words that say it alone."""
    return frozenset(
        phrase.text for entry in entries() if entry.kind == "word" for phrase in entry.phrases
        if phrase.text.isascii() and phrase.text.isalpha() and len(phrase.text) >= _SHORTEST
    )  # fmt: skip


def plain(character: str) -> str:
    """Letters for mathematicians, in circles and in squares are letters; marks that are set over one have no width."""
    point = ord(character)
    if point < 0x20D0 or 0x3000 <= point < 0xA66F:
        return character
    for first, last in _ENCLOSED:
        if first <= point <= last:
            return chr(ord("A") + point - first)
    if unicodedata.category(character) in ("Mn", "Me"):
        return _NO_WIDTH
    found = unicodedata.normalize("NFKC", character)
    return found if len(found) == 1 else character


def unmasked(text: str) -> str:
    """The text, of the same length, with such words in our letters."""
    if _FLAGS.search(text):
        text = _FLAGS.sub(_unflagged, text)
    return _WORD.sub(_unmasked, text) if _foreign().search(text) else text


def says_stop_elsewhere(text: str) -> bool:
    """Whether a message is nothing but a word of another script or language that may end messages."""
    manners = _table()["elsewhere"]["manners"]
    found = re.findall(r"[\w\u0300-\u036f\u0900-\u097f]+", unicodedata.normalize("NFC", text.casefold()))
    words = [word for word in found if word not in manners]
    said = " ".join(words)
    if said in _table()["elsewhere"]["words"]:
        return True
    return len(words) == 1 and not said.isascii() and any(one in _PLAIN_STOPS for one in _readings(said))


def _unflagged(found: re.Match[str]) -> str:
    letters = "".join(chr(ord("A") + ord(c) - _REGIONAL) for c in found[0] if ord(c) >= _REGIONAL)
    if letters.casefold() not in keywords():
        return found[0]
    named = iter(letters)
    return "".join(next(named) if ord(c) >= _REGIONAL else _NO_WIDTH for c in found[0])


def _unmasked(found: re.Match[str]) -> str:
    """A word that is drawn so throughout is one where it looks like ours; of one that mixes scripts, anything fits."""
    word = found[0].replace(_NO_WIDTH, "")
    if word.isascii() or not _SHORTEST <= len(word) <= _LONGEST or not _foreign().search(word):
        return found[0]
    mixed = any(c.isascii() and c.isalpha() for c in word)
    readings = _readings(word) if mixed else iter([word.translate(drawn()).casefold()])
    read = next((one for one in readings if one in keywords()), None)
    if read is None:
        return found[0]
    letters = iter(read)
    return "".join(_NO_WIDTH if c == _NO_WIDTH else next(letters) for c in found[0])


def _readings(word: str) -> Iterator[str]:
    """What a word may be, letter by letter; nothing where one of them is none of ours."""
    ways = [_ways().get(c) or _base(c) for c in word]
    count = 1
    for some in ways:
        count *= len(some)
    if 0 < count <= _MOST:
        yield from ("".join(one) for one in product(*ways))


def _base(character: str) -> str:
    """The letter under an accent; '' where it is none of ours."""
    bare = unicodedata.normalize("NFKD", character)[0].lower()
    return bare if bare.isascii() and bare.isalpha() else _ways().get(bare, "")
