"""What did they write themselves, in which letters? Without what they quote, words drawn apart put together.

Every change keeps the length, so that evidence is cut from the message as received: what is left out becomes a
character without a width (within a word) or a space.
"""

from __future__ import annotations

import re
from typing import Final

import polars as pl

from leadwell.permission.stops.lexicon import knows
from leadwell.permission.stops.looks import drawn, plain, unmasked
from leadwell.reading.fold import folded_words

MOST: Final = 20_000  # characters of a message that are read; whoever sends more has pasted something
_NO_WIDTH: Final = "\u200b"
_FLAGS: Final = re.IGNORECASE | re.MULTILINE

# From here on an e-mail quotes what it answers.
_WHEN: Final = (
    r"(?:mon|tue|wed|thu|fri|sat|sun|lun|mar|mi[eé]|jue|vie|s[aá]b|dom|\d|jan|feb|apr|may|jun|jul|aug|sep|oct|nov|dec)"
)
_QUOTED: Final = re.compile(
    rf"(?:^|(?<=\s))(?:on|el) {_WHEN}[^\n]{{0,120}}?(?:\n[^\n]{{0,80}})?\b(?:wrote|escribi[oó]):"
    r"|^[ \t]{0,9}-{2,9} ?(?:original message|mensaje original|forwarded|reply above)"
    r"|^[ \t]{0,9}begin forwarded message"
    r"|^[ \t]{0,9}_{8,99}[ \t]{0,9}$"
    r"|^[ \t]{0,9}(?:from|de):[^\n]{1,200}\n[ \t]{0,9}(?:sent|to|date|subject|enviado|para|fecha|asunto):",
    _FLAGS,
)
_QUOTING_LINE: Final = re.compile(r"^[ \t]{0,9}>[^\n]*$", re.MULTILINE)
# A telephone tells that somebody liked a message of ours, and repeats it.
_REACTION: Final = re.compile(
    r"^\s{0,9}(?:(?:dis)?liked|loved|laughed at|emphasized|questioned|reacted \S{1,9} to|removed an? [\w ]{1,30} from|"
    r"le gust[oó]|no le gust[oó]|le encant[oó]|se ri[oó] de|[^\w\s]{1,9} to)\s{0,9}[“\"«]",
    re.IGNORECASE,
)
_SENT_FROM: Final = re.compile(
    r"^[ \t]{0,9}(?:sent (?:from|via|with)|get outlook|enviado desde|obtener outlook)\b[^\n]*$", _FLAGS
)
_ADDRESS: Final = re.compile(
    r"<?\b[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,9}>?|\bhttps?://\S{1,2000}|\bwww\.\S{1,2000}", re.IGNORECASE
)
_NAME: Final = r"[A-ZÁÉÍÓÚÑ][\w.'-]{0,30}(?: [A-ZÁÉÍÓÚÑ][\w.'-]{0,30}){0,3}"
_SIGNED: Final = re.compile(rf"(?:[ \n][-–—~] ?|\n--? ?\n|\n{{1,3}})[ \t]{{0,9}}{_NAME}\s{{0,9}}$")
_LONGEST_NAME: Final = 160
_APART: Final = re.compile(r"(?<![^\W_])(?:[^\W\d_][\s.\-_*·,/|~+]{1,3}){2,11}[^\W\d_](?![^\W_])")
_WORD_BY_WORD: Final = re.compile(r"\W{0,9}(?:(?:[\w']+[.!]{1,9}\s{1,9}){2,20}|(?:[\w']+\.){2,20})[\w']+\W{0,9}$")
_LATIN: Final = "\u024f"  # beyond it are the letters that are drawn like ours, and signs
_AGAIN: Final = re.compile(r"([^\W\d_])\1{2,}", re.IGNORECASE)
_TWICE: Final = frozenset("lL")  # "calll" is "call", "stoppp" is "stop"
_REPEATED: Final = "|".join(f"{letter}{{3}}" for letter in "abcdefghijklmnopqrstuvwxyz")
# Whether a text needs any of this, asked of all at once.
_ODD: Final = (
    r"(?i)[^\x00-\x7f]|[\n@>]|https?:|www\.|__|\s[-~]\s*[a-z]|\bsent |\benviado |\boutlook|\bwrote:"
    r"|^\s*(?:dis)?liked|^\s*loved|^\s*laughed at|^\s*emphasized|^\s*questioned|^\s*reacted|^\s*removed an? "
    r"|^\W*[\w']+[.!]+\s+[\w']+[.!]+\s|^\W*[\w']+\.[\w']+\.\w|\b[a-z][\s.\-_*,/|~+]{1,3}[a-z]\b"
    rf"|{_REPEATED}"
)


_E_MAIL: Final = r"\b([eE])[- ]([mM][aA][iI][lL]\w*)"  # "e-mail only" is "email only"; of the same length


def own(texts: pl.Series) -> pl.Series:
    """Messages as received -> what they say of their own, of the same lengths; NULL stays."""
    texts = texts.str.slice(0, MOST).str.replace_all(_E_MAIL, " ${1}${2}")
    odd = texts.str.contains(_ODD).fill_null(False)
    if not odd.any():
        return texts
    at = odd.arg_true()
    return texts.scatter(at, [_own(text) for text in texts.gather(at)])


def _own(text: str) -> str:
    odd = not text.isascii() and max(text) > _LATIN
    if odd:
        text = unmasked("".join(map(plain, text)))
    if _REACTION.match(text):
        return " " * len(text)
    text = _unquoted(text)
    if "@" in text or "http" in text or "www." in text.lower():
        text = _ADDRESS.sub(_blank, text)
    if text.count(".") + text.count("!") > 1 and _WORD_BY_WORD.match(text):  # "Don't. Call. Me.", "do.not.call"
        text = re.sub(r"[.!]", " ", text)
    text = _AGAIN.sub(_once, _APART.sub(_join, _unsigned(text)))
    return unmasked(text).translate(drawn()) if odd else text  # again, for what was drawn apart


def _unquoted(text: str) -> str:
    """Without what is quoted, and the line in which a telephone names itself."""
    if ":" in text or "--" in text or "__" in text or "orwarded" in text:
        quoted = _QUOTED.search(text)
        if quoted:
            text = text[: quoted.start()] + _answer_below(text[quoted.start() :])
    if ">" in text:
        text = _QUOTING_LINE.sub(_blank, text)
    return _SENT_FROM.sub(_blank, text) if "\n" in text else text


def _answer_below(quoted: str) -> str:
    """What stands under a quotation whose lines are marked; nothing where they are not."""
    if not _QUOTING_LINE.search(quoted):
        return " " * len(quoted)
    head = quoted.index(">")
    return re.sub(r"[^\n]", " ", quoted[:head]) + quoted[head:]


def _unsigned(text: str) -> str:
    """Without a name at the end, unless one of its words is one that we look for."""
    tail = max(0, len(text) - _LONGEST_NAME)
    signed = _SIGNED.search(text, tail)
    if signed is None or any(map(knows, folded_words([signed[0]])[0])):
        return text
    return text[: signed.start()] + _blank(signed)


def _blank(found: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", found[0])


def _join(found: re.Match[str]) -> str:
    """The letters, with nothing between."""
    return "".join(c if c.isalpha() else _NO_WIDTH for c in found[0])


def _once(found: re.Match[str]) -> str:
    kept = 2 if found[1] in _TWICE else 1
    return found[0][:kept] + _NO_WIDTH * (len(found[0]) - kept)
