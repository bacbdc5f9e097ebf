"""Which pictures were taken already? "MRI 10/28 shows a herniated disc" says why they ask, and asks for no MRI.

What is told of a picture stands right behind its name: what it shows, when or where it was taken. Behind a wish ("I
need an MRI done at your place") it is still to be taken.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from leadwell.reading.evidence import Spans
from leadwell.reading.evidence import said as words
from leadwell.reading.grouped import Flags, Ints
from leadwell.reading.patterns import holds
from leadwell.reading.picked import Picked

_MONTH: Final = (
    "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|"
    "octubre|noviembre|diciembre)[a-z]*"
)
_DATE: Final = (
    rf"(?:[0-9]{{1,2}}[/-][0-9]{{1,2}}(?:[/-][0-9]{{2,4}})?|[0-9]{{1,2}} de {_MONTH}"
    rf"|{_MONTH}\.?(?: [0-9]{{1,2}}(?:st|nd|rd|th)?\b)?(?:,? (?:19|20)[0-9]{{2}})?|(?:19|20)[0-9]{{2}}"
    r"|last (?:week|month|year|spring|summer|fall|winter|[a-z]+day)|yesterday|ayer"
    r"|(?:la semana|el mes|el a[nñ]o) pasad[oa])"
)
_WHOSE: Final = r"(?:'?s\b)?(?: (?:results?|report|scans?|images?|films?|reads?)\b)?"
_OF: Final = r"(?: (?:of|de|l|c|t) ?(?:the |my |la |el |mi )?[a-z0-9-]+(?: spine)?)?"
_SHOWS: Final = (
    r"(?:shows?|showed|showing|demonstrat\w+|reveal\w*|confirm\w*|positive for|consistent with|c/w|says|said|"
    r"reads|found|"
    r"muestra\w*|mostr[oó]|revela\w*|revel[oó]|confirma\w*|confirm[oó]|sali[oó]|indica|reporta|dice)"
)
_TAKEN: Final = (
    r"(?:(?:was |were |is |already )?(?:done|taken|performed|completed|obtained) (?:at|in|on|by|last|"
    rf"already|yesterday|there|elsewhere|"
    rf"{_MONTH})\b|(?:hech[ao]|tomad[ao])s? (?:en|el|la|hace)\b)"
)
_BEHIND: Final = (
    rf"(?i)^{_WHOSE}{_OF}(?:"
    rf"[ ,:(]*(?:(?:from|on|of|dated|in|done|del?|el) )?{_DATE}\)?[ ,:]*"
    rf"(?:that |which |que )?(?:{_SHOWS}|with\b|con\b|w/|=|:)"
    rf"|[ ,:]*{_SHOWS}"
    rf"| ?\(?(?:from|dated|de|del) (?:el )?{_DATE}"
    rf"| {_TAKEN})"
)
_WISHED: Final = (
    r"(?i)\b(?:need|needs|want|wants|get|getting|have|schedule|book|like|looking for|would|can|could|"
    r"order for|do|another|new|repeat|necesito|quiero|"
    r"hacerme|hacer|ocupo|otra|agendar|cita para)\b(?: [a-z'-]+){0,3} *$"
)
_HOW: Final = "(?i)^.{0,20}(?:with|without|w/|w/o|con|sin) (?:and without )?(?:iv )?contrast"
_BEFORE: Final = 40
_AFTER: Final = 70  # characters looked at


def taken_already(picked: Picked, named: Ints) -> Ints:
    """Those of the named services that are pictures taken already."""
    pictures = picked.of_kind("imaging")
    if not len(pictures) or not len(named):
        return named[:0]
    at = named[np.isin(picked.last[named], picked.last[pictures])]
    if not len(at):
        return at
    received, (text, start, end) = picked.mentions.texts.frame["received"], picked.spans(at)
    after = words(received, Spans(text, end, end + _AFTER))
    told = holds(after, _BEHIND) & ~holds(after, _HOW)
    at, text, start = at[told], text[told], start[told]
    wished: Flags = holds(words(received, Spans(text, np.maximum(start - _BEFORE, 0), start)), _WISHED)
    taken: Ints = at[~wished]
    return taken
