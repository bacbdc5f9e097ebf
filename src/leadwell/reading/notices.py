"""Where does a notice speak to its readers? "If you have chest pain, call 911" is nobody's danger. (promise 18)

Such a sentence supposes something of "you" and says whom to call, or what this mailbox is not for. Whoever speaks of
themselves or of somebody near in it ("my chest hurts, should I call 911?") asks. Looked for beside its own few words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import numpy as np

from leadwell.reading.grouped import Ints

_SIGNS: Final = (b"911", b"9-1-1", b"988", b"741741", b"mergenc", b"MERGENC", b"rgencia", b"RGENCIA", b"not use this")
_END: Final = re.compile(rb"[.?!;|\x1f](?=\s|\x1f|$|[\"')])|\x1f|\n[ \t>]*(?=\n|[A-Z])")
_FAR: Final = 600  # characters of a sentence

_YOU: Final = (
    r"(?:you(?:'re|re)?(?: or (?:someone|somebody|a|your|anyone)[a-z ]{0,30})?,? "
    r"(?:are|have|feel|think|believe|experience|need|ever|notice|"
    r"become|begin|start|develop|suspect|know|require|suddenly|currently|also|had|want|would like)"
    r"|you're|youre|someone you|anyone you|your (?:child|baby|symptoms|condition|pain|loved|life)"
    r"|this is an?|it is an?|it's an?|symptoms|experiencing|having|in crisis)\b"
)
_DO: Final = r"\b(?:call|dial|text|phone|go|visit|contact|seek|hang up|proceed|report|chat|reach|use|try)\b"
_THERE: Final = r"(?:911|9-1-1|988|741741|emergenc)"
_IF: Final = rf"\b(?:(?:if|when|whenever|in case|unless) {_YOU}|should (?:you|someone you|your)\b)"
_SI: Final = (
    r"\b(?:si|cuando) (?:usted |ud\.? |tu )?(?:o alguien [a-z ]{1,20})?(?:se )?"
    r"(?:tiene|tienes|siente|sientes|esta|estas|presenta|sufre|"
    r"experimenta|piensa|piensas|necesita|es una|trata de|cree|nota|alguien)\b"
)
_LLAME: Final = r"\b(?:llame|llama|marque|marca|acuda|vaya|dirijase|busque|envie|mande|comuniquese|contacte)\b"
BIDS: Final = f"(?:{_DO}|{_LLAME})"  # in plain small letters
_ALLI: Final = r"(?:911|9-1-1|988|emergencia|urgencia)"
_NOT_FOR: Final = (
    r"\b(?:not|never|isn't|isnt)\b[a-z ]{0,30}\b(?:for|in) (?:an? )?"
    r"(?:medical |urgent |life[- ]threatening |mental health )?emergenc"
    r"|\bdo not use this (?:form|page|portal|web ?site|site|chat|inbox|mailbox)\b[a-z ]{0,30}\b(?:if|for|to|in)\b"
    r"|\bno (?:es|use|usar|utilice)\b[a-z ]{0,30}\b(?:para|en) (?:una )?(?:emergencia|urgencia)"
)
_NOTICE: Final = re.compile(
    rf"{_IF}.*?{_DO}.*?{_THERE}[a-z]*|{_SI}.*?{_LLAME}.*?{_ALLI}[a-z]*"
    rf"|(?:{_DO}.{{0,80}}?{_THERE}.{{0,60}}?{_IF}|{_LLAME}.{{0,60}}?{_ALLI}.{{0,60}}?{_SI}|{_NOT_FOR}).*".encode(),
    re.DOTALL,
)
_ASKS_YOU: Final = re.compile(rb"\W*(?:(?:are|do|have) you\b|(?:esta|tiene|se siente|piensa) )")
_SENDS: Final = re.compile(rf"\W*(?:please |por favor )?{BIDS}.{{0,40}}?{_THERE}".encode(), re.DOTALL)
OWN: Final = (
    r"\b(?:i|i'm|im|i'll|ill|i've|ive|i'd|me|my|myself|he(?! or she)|(?<!he or )she|him|his(?! or her)|he's|she's|mom"
    r"|mother|dad|father|now|hurry|pls|plz|mi|mis|yo|estoy|tengo|siento|quiero|voy|llamo|puedo|mama|papa|ahorita)\b"
)  # of themselves, or of somebody near
_OWN: Final = re.compile(OWN.encode())


def notices(plain: bytes) -> Ints:
    """From where to where such sentences run in texts in plain letters (`fold`), not yet folded: a row each."""
    signs = sorted({at for sign in _SIGNS for at in _places(plain, sign)})
    return np.array(sorted(set(_sentences(plain, signs))), dtype=np.int64).reshape(-1, 2)


def _places(plain: bytes, sign: bytes) -> Iterator[int]:
    at = plain.find(sign)
    while at >= 0:
        yield at
        at = plain.find(sign, at + 1)


def _sentences(plain: bytes, signs: list[int]) -> Iterator[tuple[int, int]]:
    for at in signs:
        start, end = _begin(plain, at), _end(plain, at)
        said = plain[start:end].lower()
        notice = _NOTICE.search(said)
        if notice is not None and not _OWN.search(notice[0]):
            yield start + notice.start(), start + notice.end()
        elif _SENDS.match(said) and not _OWN.search(said) and plain[end : end + 1] != b"?":
            before = _begin(plain, start - 2) if start > 1 else start
            asked = plain[before:start].lower()
            if _ASKS_YOU.match(asked) and b"?" in asked and not _OWN.search(asked):
                yield before, end


def _begin(plain: bytes, at: int) -> int:
    """Where the sentence begins that stands at this place."""
    since = max(0, at - _FAR)
    return max((found.end() for found in _END.finditer(plain, since, at)), default=since)


def _end(plain: bytes, at: int) -> int:
    found = _END.search(plain, at, at + _FAR)
    return found.start() if found else min(len(plain), at + _FAR)
