"""What stands behind a name where it is a patient's: a birth date, an age, a part of the body, what they need? (A3)"""

from __future__ import annotations

import re
from typing import Final

from leadwell.reading.word_kinds import is_medical

_DAY: Final = r"\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d{2})|\d{4}-\d{2}-\d{2}|[A-Za-z]{3,9}\.? \d{1,2},? \d{4}"
_CALLED_BORN: Final = (
    r"(?i:\b(?:d\.?o\.?b\b\.?|date of birth|birth ?date|born(?: on)?|(?:fecha de )?nacimiento|f\.?n\.|"
    r"nacid[oa](?: el)?))"
)
IS_BORN: Final = re.compile(_CALLED_BORN)
BORN: Final = re.compile(rf"{_CALLED_BORN}\s{{0,3}}(?:is|:|-|#)?\s{{0,3}}({_DAY})(?!\d)")
BORN_BEHIND: Final = re.compile(
    rf"\s{{0,3}}[,;:(/|–—-]{{0,3}}\s{{0,3}}(?:{_CALLED_BORN})?\s{{0,3}}[:-]?\s{{0,3}}({_DAY})(?!\d)"
    r"(?!,?\s{1,2}(?:at\s|a las\s)?\d{1,2}(?::\d\d|\s?[ap]\.?m\b))"  # of an appointment
)
TELEPHONE: Final = re.compile(r"(?<![\w+])(?:\+?1[ .-]?)?\(?\d{3}\)?[ .-]{0,2}\d{3}[ .-]?\d{4}(?!\w)")
_KIN: Final = (
    r"(?:wife|husband|spouse|partner|brother|sister|mother|father|mom|dad|son|daughter|twin|cousin|aunt|uncle|"
    r"espos[oa]|marido|herman[oa]|madre|padre|mam[aá]|pap[aá]|hij[oa])"
)
_AGE: Final = r"(?:is )?(?:an? )?\d{1,3}\s?-?(?:y\s?[./]?\s?o\b|y\b|yrs?\b|years?\b|años|[mf]\b)"
_PART: Final = (
    r"(?:(?:left|right|bilateral|total|l|r|new) )?(?:knee|hip|shoulder|spine|back|neck|hand|wrist|ankle|foot|elbow|"
    r"tka|tha|mri|rodilla|cadera|hombro|espalda|columna)\b"
)
_DOES: Final = (
    r"(?:(?:both|each|all) )?(?:needs?|requires?|would (?:benefit|like)|has (?:had |been )?[a-z]|"
    r"is (?:having|interested|looking|in need|a candidate)|was seen|presents?|suffers?|failed|"
    r"necesitan?|requieren?|tienen?|quieren?)"
)
_OF_PATIENTS: Final = re.compile(
    rf"['’]?s?[ \t]{{0,2}}(?:[,;:(–—-]\s{{0,2}})?(?:{_AGE}|(?:needs? )?{_PART}|{_DOES}\b)", re.I
)
# A wish that is theirs whoever else is named, with who they are to another between: "Jo Pell, his brother, wants a".
_NEEDS: Final = re.compile(
    rf"(?:[ \t]{{0,2}}[,(]\s{{0,2}}(?:(?:and|y)\s)?(?:his|her|their|the|su|la|el)\s(?:\w{{1,12}}\s)?{_KIN}\b\s?[,)]?)?"
    r"[ \t]{0,2}(?:[,;:(–—-]\s{0,2})?"
    r"(?:(?:both |each |all |also |who |que |tambi[eé]n |now ){0,2}"
    r"(?:(?:needs?|wants?|requires?|would (?:benefit from|like|need)|necesitan?|quieren?|requieren?)\s{1,2}"
    r"(?:(?:an?|his|her|their|un[ao]?|su)\s)?|(?:for|with|para|con)\s(?:(?:his|her|their|an?|the|las?|los|el|su|un[ao]?)\s)?))"
    r"(?P<what>[^\n.;,()]{2,40})",
    re.I,
)
_PAPERS: Final = re.compile(r"\b(?:results?|records?|reports?|notes?|images?|films?|auth\w*|approval|bill\w*)\b", re.I)
_BODY: Final = re.compile(_PART, re.I)


def needs_behind(text: str, end: int) -> bool:
    """Whether a part of the body or a treatment that they need stands right behind a name."""
    found = _NEEDS.match(text, end)
    return found is not None and tells_need(found["what"])


def tells_need(words: str) -> bool:
    """Whether these name a part of the body or a treatment, and no papers of one."""
    return (bool(_BODY.search(words)) or is_medical(words)) and not _PAPERS.search(words)


def is_aged(text: str, end: int) -> bool:
    """Whether an age, a part of the body or a need stands right behind a name."""
    return _OF_PATIENTS.match(text, end) is not None
