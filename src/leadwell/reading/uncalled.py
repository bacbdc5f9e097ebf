"""Where in a sentence is it told how not to be reached? That denies a call or a text, and no symptom. (promise 18)

"Don't leave voicemail, chest pain right now": what stands behind it is said by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from leadwell.reading.grouped import Ints
from leadwell.reading.remembered import Remembered
from leadwell.reading.tokens import Words
from leadwell.reading.written import apart

_DENIES: Final = rb"(?:no|not|never|[a-z]+n't|dont|cant|wont|cannot|sin|nunca)"
_BETWEEN: Final = (
    rb"(?: (?:need|needs|want|wants|please|to|ever|have|you|me|us|my|any|a|an|more|the|leave|leaving|send|sending"
    rb"|answer|by|via|nos|le|les|dejen?|manden?|por|de)){0,4}"
)
_CONTACTS: Final = (
    "call|text|txt|phone|voicemail|voice mail|vm|messag|ring|e mail|email|contact|before|after|until|till"
    "|llam|mensaje|escrib|correo|marque|antes|despu"
)
_CONTACT: Final = rb"(?:" + _CONTACTS.encode() + rb")[a-z]*"
# How a word begins that stands in each of them.
_BEGINNINGS: Final = tuple(contact.split()[-1] for contact in _CONTACTS.split("|"))
_ABOUT: Final = rb"(?:(?:me|us|him|her|my) )?(?:about|for|regarding|over|sobre|acerca|or|nor|ni)"
# In folded letters (`fold`), where separators are below the apostrophe.
_TOLD: Final = re.compile(
    rb"(?<![a-z'])"
    + _DENIES
    + _BETWEEN
    + rb" "
    + _CONTACT
    + rb"(?![a-z'])(?=[ -%]{1,4}(?!"
    + _ABOUT
    + rb"[ -%])[a-z0-9'])"
)


def _learn(tokens: Sequence[str]) -> Iterator[tuple[bool]]:
    return ((apart(token)[1].startswith(_BEGINNINGS),) for token in tokens)


_NAMED: Final = Remembered(_learn, contact=np.bool_)


def behind(words: Words, sentences: Ints) -> Ints:
    """The words behind which they are told so, in these sentences."""
    block, bounds = words.block, words.block.bounds
    contact = _NAMED.of(block.distinct)["contact"][block.token]
    sentences = np.intersect1d(sentences, words.sentence[np.flatnonzero(contact)])
    first, beyond = (bounds[np.searchsorted(words.sentence, edge)].tolist() for edge in (sentences, sentences + 1))
    octets = block.folded.octets.tobytes()
    ends = [told.end() for place in zip(first, beyond, strict=True) for told in _TOLD.finditer(octets, *place)]
    return np.searchsorted(bounds, np.unique(ends), "right")
