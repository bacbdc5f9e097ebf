"""Where in a sentence is it told how not to be reached? That denies a call or a text, and no symptom. (promise 18)

"Don't leave voicemail, chest pain right now": what stands behind it is said by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np

from leadwell.reading.grouped import Ints
from leadwell.reading.tokens import Words

_DENIES: Final = rb"(?:no|not|never|[a-z]+n't|dont|cant|wont|cannot|sin|nunca)"
_BETWEEN: Final = (
    rb"(?: (?:need|needs|want|wants|please|to|ever|have|you|me|us|my|any|a|an|more|the|leave|leaving|send|sending"
    rb"|answer|by|via|nos|le|les|dejen?|manden?|por|de)){0,4}"
)
_CONTACT: Final = (
    rb"(?:call|text|txt|phone|voicemail|voice mail|vm|messag|ring|e mail|email|contact|before|after|until|till"
    rb"|llam|mensaje|escrib|correo|marque|antes|despu)[a-z]*"
)
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


def behind(words: Words, sentences: Iterable[int]) -> Ints:
    """The words behind which they are told so, in these sentences."""
    return np.unique(np.fromiter(_behind(words, sentences), dtype=np.int64))


def _behind(words: Words, sentences: Iterable[int]) -> Iterator[int]:
    octets, bounds = words.block.folded.octets, words.block.bounds
    for sentence in sentences:
        first, beyond = np.searchsorted(words.sentence, [sentence, sentence + 1])
        begin = bounds[first]
        for told in _TOLD.finditer(octets[begin : bounds[beyond]].tobytes()):
            yield int(np.searchsorted(bounds, begin + told.end(), "right"))
