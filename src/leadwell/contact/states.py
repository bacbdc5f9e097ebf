"""Which state is meant? Two letters from an abbreviation or a name, in English or Spanish."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_NAMES: Final = """
AL alabama|ala
AK alaska
AZ arizona|ariz
AR arkansas|ark
CA california|calif|cal|cali
CO colorado|colo
CT connecticut|conn|conética|conetica
DE delaware|del
DC district of columbia|washington dc|washington d.c|d.c|distrito de columbia
FL florida|fla
GA georgia
HI hawaii|hawai'i|hawái|hawai
ID idaho
IL illinois|ill|ills
IN indiana|ind
IA iowa
KS kansas|kan|kans
KY kentucky|ken
LA louisiana|luisiana
ME maine
MD maryland
MA massachusetts|mass|masachusetts
MI michigan|mich|míchigan
MN minnesota|minn
MS mississippi|miss|misisipi|misisipí
MO missouri|misuri|misurí
MT montana|mont
NE nebraska|neb|nebr
NV nevada|nev
NH new hampshire|nuevo hampshire|nueva hampshire|n.h
NJ new jersey|nueva jersey|n.j
NM new mexico|nuevo mexico|nuevo méxico|nuevo méjico|n.m
NY new york|new york state|nueva york|n.y
NC north carolina|carolina del norte|n.c|n carolina|n. carolina
ND north dakota|dakota del norte|n.d|n dakota|n. dakota
OH ohio
OK oklahoma|okla
OR oregon|oregón|ore
PA pennsylvania|pensilvania|penn|penna
RI rhode island|r.i
SC south carolina|carolina del sur|s.c|s carolina|s. carolina
SD south dakota|dakota del sur|s.d|s dakota|s. dakota
TN tennessee|tenn|tenesi|tennesse
TX texas|tejas|tex
UT utah
VT vermont
VA virginia
WA washington|washington state|wash|estado de washington
WV west virginia|virginia occidental|w.va|w. va|w.v
WI wisconsin|wis|wisc
WY wyoming|wyo
PR puerto rico|p.r
VI virgin islands|u.s. virgin islands|us virgin islands|islas vírgenes|islas virgenes
GU guam
AS american samoa|samoa americana
MP northern mariana islands|islas marianas del norte
FM federated states of micronesia|micronesia
MH marshall islands|islas marshall
PW palau|palaos
AA armed forces americas
AE armed forces europe
AP armed forces pacific
"""


@lru_cache(maxsize=1)
def names() -> dict[str, str]:
    """Every way to write a state, in lower case, to its two letters."""
    known: dict[str, str] = {}
    for line in _NAMES.strip().splitlines():
        state, written = line[:2], line[3:].split("|")
        known |= dict.fromkeys((state.lower(), *written), state)
    return known


# The two letters may stand beside the name: "Illinois (IL)", "IL - Illinois", "US-IL".
_LETTERS: Final = re.compile(
    r"^([a-z]{2})\s*[-–(,]\s*[a-z.\s]{4,}\)?$|^(?:[a-z.\s]{4,}[\s,(–-]+|usa?[\s,-]+)([a-z]{2})\)?$"
)


def state_of(text: str) -> str | None:
    """The state's two letters; None where there is none or it is none of ours."""
    text = " ".join(text[:64].lower().split()).strip(" .,;")
    if text in names():
        return names()[text]
    letters = _LETTERS.match(text)
    return names().get(letters[1] or letters[2]) if letters else None
