"""What did they write themselves, in which letters? Without what they quote, words drawn apart put together.

Every change keeps the length, so that evidence is cut from the message as received: what is left out becomes a
character without a width (within a word) or a space.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

import polars as pl

MOST: Final = 20_000  # characters of a message that are read; whoever sends more has pasted something
_NO_WIDTH: Final = "\u200b"

_WEEKDAYS: Final = r"(?:mon|tue|wed|thu|fri|sat|sun|lun|mar|mi[eé]|jue|vie|s[aá]b|dom)"
# From here on an e-mail quotes what it answers.
_QUOTED: Final = re.compile(
    rf"(?:^|\n|(?<=\s))(?:on|el) (?:{_WEEKDAYS}|\d|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[^\n]{{0,120}}?"
    rf"(?:\n[^\n]{{0,80}})?\b(?:wrote|escribi[oó]):"
    r"|^\s*-{2,}\s*(?:original message|mensaje original|forwarded|reply above)"
    r"|^\s*begin forwarded message"
    r"|^\s*_{8,}\s*$"
    r"|^\s*(?:from|de):[^\n]+\n\s*(?:sent|to|date|subject|enviado|para|fecha|asunto):",
    re.IGNORECASE | re.MULTILINE,
)
_QUOTING_LINE: Final = re.compile(r"^[ \t]*>[^\n]*$", re.MULTILINE)
# A telephone tells that somebody liked a message of ours, and repeats it.
_REACTION: Final = re.compile(
    r"^\s*(?:(?:dis)?liked|loved|laughed at|emphasized|questioned|reacted \S+ to|removed an? [\w ]+ from|le gust[oó]|"
    r"no le gust[oó]|le encant[oó]|se ri[oó] de|[^\w\s]+ to)\s*[“\"«].*[”\"»]?\s*$",
    re.IGNORECASE | re.DOTALL,
)
_SENT_FROM: Final = re.compile(
    r"^[ \t]*(?:sent (?:from|via)|get outlook|enviado desde|obtener outlook|sent with)\b[^\n]*$",
    re.IGNORECASE | re.MULTILINE,
)
_ADDRESS: Final = re.compile(r"<?\b[\w.+'-]+@[\w-]+(?:\.[\w-]+)+>?|\bhttps?://\S+|\bwww\.\S+", re.IGNORECASE)
_NAME: Final = r"[A-ZÁÉÍÓÚÑ][\w.'-]*(?: [A-ZÁÉÍÓÚÑ][\w.'-]*){0,3}"
_SIGNED: Final = re.compile(rf"(?<=[\w.!])(?:\s+[-–—~]\s*{_NAME}|\s*\n\s*--?\s*\n[^\n]{{0,60}}|\s*\n\s*{_NAME})\s*$")
_APART: Final = re.compile(r"(?<![^\W_])(?:[^\W\d_][\s.\-_*·,/|~+]{1,3}){2,11}[^\W\d_](?![^\W_])")
_WORD_BY_WORD: Final = re.compile(r"^\W*(?:(?:[\w']+[.!]+\s+){2,}|(?:[\w']+\.){2,})[\w']+\W*$")
_AGAIN: Final = re.compile(r"([^\W\d_])\1{2,}", re.IGNORECASE)
_TWICE: Final = frozenset("lL")  # "calll" is "call", "stoppp" is "stop"
# Letters of other scripts that look like ours.
_LOOKS: Final = str.maketrans(
    "АВЕЅЗКМНОРСТУХІЈаеорсухіѕјԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", "ABESSKMHOPCTYXIJaeopcyxisjqwABEZHIKMNOPTYXo"
)
_REPEATED: Final = "|".join(f"{letter}{{3}}" for letter in "abcdefghijklmnopqrstuvwxyz")
# Whether a text needs any of this, asked of all at once.
_ODD: Final = (
    rf"(?i)[^\x00-\x7f]|[@>]|https?:|www\.|wrote|original message|sent (?:from|via|with)|forwarded|from:"
    rf"|\n|get outlook|____|\bliked|\bloved|laughed at|emphasized|questioned|reacted|removed an? "
    rf"|\s[-~]\s*[a-z]|enviado|^\W*[\w']+[.!]+\s+[\w']+[.!]+\s|^\W*[\w']+\.[\w']+\.\w|\b[a-z][\s.\-_*,/|~+]{{1,3}}[a-z]\b|{_REPEATED}"
)


def own(texts: pl.Series) -> pl.Series:
    """Messages as received -> what they say of their own, of the same lengths; NULL stays."""
    texts = texts.str.slice(0, MOST)
    odd = texts.str.contains(_ODD).fill_null(False)
    if not odd.any():
        return texts
    at = odd.arg_true()
    return texts.scatter(at, [_own(text) for text in texts.gather(at)])


def _own(text: str) -> str:
    if not text.isascii():
        text = "".join(map(_plain, text)).translate(_LOOKS)
    if _REACTION.match(text):
        return " " * len(text)
    quoted = _QUOTED.search(text)
    if quoted:
        text = text[: quoted.start()] + _answer_below(text[quoted.start() :])
    for pattern in (_QUOTING_LINE, _SENT_FROM, _ADDRESS, _SIGNED):
        text = pattern.sub(_blank, text)
    if _WORD_BY_WORD.match(text):  # "Don't. Call. Me.", "do.not.call"
        text = re.sub(r"[.!]", " ", text)
    for pattern, joined in ((_APART, _join), (_AGAIN, _once)):
        text = pattern.sub(joined, text)
    return text


def _plain(character: str) -> str:
    """Letters for mathematicians and in circles are letters."""
    if character < "ℂ" or ord(character) < 0x2100:
        return character
    plain = unicodedata.normalize("NFKC", character)
    return plain if len(plain) == 1 else character


def _answer_below(quoted: str) -> str:
    """What stands under a quotation whose lines are marked; nothing where they are not."""
    if not _QUOTING_LINE.search(quoted):
        return " " * len(quoted)
    head = quoted.index(">")
    return " " * head + quoted[head:]


def _blank(found: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", found[0])


def _join(found: re.Match[str]) -> str:
    """The letters, with nothing between; only where they stand one by one throughout."""
    return "".join(c if c.isalpha() else _NO_WIDTH for c in found[0])


def _once(found: re.Match[str]) -> str:
    kept = 2 if found[1] in _TWICE else 1
    return found[0][:kept] + _NO_WIDTH * (len(found[0]) - kept)
