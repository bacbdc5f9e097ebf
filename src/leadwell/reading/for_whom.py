"""Does whoever writes a mail ask for themselves, or for another? (promises A3, B8, B16)

Sure is only who tells of a wish or a body of their own and speaks of nobody else: everything else is in doubt, and a
coordinator's next patient is never taken for their last one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from leadwell.contract import WORDS

_LONGEST: Final = 20_000  # characters of one text that are looked through
_KIN: Final = (
    r"(?:(?:grand)?(?:son|daughter|mother|father|mom|dad|child(?:ren)?|kids?)|mum|wife|husband|spouse|partner|"
    r"fianc[eé]e?|brother|sister|aunt|uncle|niece|nephew|cousin|friend|neighbou?r|hij[oa]s?|madre|padre|mam[aá]|"
    r"pap[aá]|espos[oa]|marido|mujer|pareja|herman[oa]|t[ií][oa]|abuel[oa]|niet[oa]|sobrin[oa]|amig[oa]|vecin[oa])"
)
_OF_AN_OFFICE: Final = (
    r"(?:office|practice|clinic|name|team|colleague|staff|schedule|scheduler|number|direct|e-?mail|phone|cell|fax|"
    r"ext(?:ension)?|line|desk|best|apologies|thanks|pleasure|understanding|notes?|doctor'?s office|pts?|patients?|"
    r"clients?|residents?|(?:last|previous|earlier|first|other) (?:e-?mail|message|note|referral)|pacientes?|oficina|"
    r"cl[ií]nica|nombre|equipo|colega)"
)
_DOES_FOR_OTHERS: Final = (
    r"(?:also |now |just )?(?:refer|send|fax|forward|schedul|call|e-?mail|writ|attach|request|follow|reach|"
    r"the|with|from|at|on behalf)|your|his|her|their|been (?:treating|seeing|following)"
)
# A body, a payer, a doctor of their own.
_OWN: Final = re.compile(
    rf"\b(?:my (?!{_KIN}\b|{_OF_AN_OFFICE}\b)[a-z]|(?:i have|i've|i had|i am|i'm|im) "
    rf"(?!a[n ]|one|two|three|more|several|some|\d+ |{_DOES_FOR_OTHERS})"
    r"(?-i:[a-z]|[A-Z]{2,}\b|Med|Aetna|Blue|Cigna|Humana|United)|"
    r"(?:i am|i'm) \d{2}\b|i (?:hurt|suffer|fell|tore|broke|injured|can'?t|cannot)|"
    r"tengo (?!un[ao]? (?:pacientes?|persona)|otr[oa])|sufro|padezco|estoy (?!refiriendo|enviando|remitiendo)|"
    rf"me (?:duele|doli[oó]|ca[ií]|lastim)|mis? (?!{_KIN}\b|{_OF_AN_OFFICE}\b)[a-z])",
    re.I,
)
_WISH: Final = re.compile(
    r"\b(?:i(?:'d| would)? (?:also |really |still |just |only )?(?:like|want|need|prefer)|"
    r"(?:i'?m|i am|just) (?:still )?(?:looking|interested|hoping)|(?:send|give|tell) me (?!the|his|her|their)|"
    r"your (?:prices?|fees?|rates?|costs?|hours)|sus (?:precios|costos|horarios)|(?:m[aá]nden|env[ií]en|d[ií]gan)me|"
    r"(?:necesito|quiero|quisiera|busco|ocupo|me gustar[ií]a)(?! que\b))\b",
    re.I,
)
_OTHER: Final = re.compile(
    r"\b(?:he|she|him|her|his|hers|he's|she's|himself|herself|pts?|patients?|clients?|residents?|mrs?|ms|miss|mx|sir|"
    r"lady|another (?:one|person|case|gentleman|lady|man|woman)|"
    r"(?:one|two|three|four|five|\d) (?:more|others?)\b(?! (?:question|thing|time))|next one|both of them|them|"
    r"gentleman|these two|refer(?:ring)?(?! me\b)|pacientes?|él|ella|otr[oa] (?:persona|caso|se[ñn]or)|se[ñn]ora?|"
    rf"sra?|srta|refiero|referimos|remito|remitimos|{_KIN})\b",
    re.I,
)
_OF_OFFICES: Final = re.compile(r"\b(?:referrals?|attached|new (?:pt|patient|lead)|fax|referencia|remisi[oó]n)\b", re.I)
_OWN_KIN: Final = re.compile(rf"\b(?:my|our|mis?|nuestr[oa]s?) (?:[a-z]{{1,12}} ){{0,2}}{_KIN}\b", re.I)


def of_themselves(texts: Mapping[str, str]) -> bool:
    """Whether its words (column -> text) are of what ails, or is, the writer's own, whoever else they name."""
    return any(map(_OWN.search, _told(texts)))


def of_own_kin(texts: Mapping[str, str]) -> bool:
    """Whether they ask for somebody of their own: "my mother"."""
    return any(map(_OWN_KIN.search, _told(texts)))


def surely_for_themselves(texts: Mapping[str, str]) -> bool:
    """Whether they ask for something, and speak of nobody else."""
    told = _told(texts)
    wishes = any(map(_WISH.search, told)) and not any(map(_OF_OFFICES.search, told))
    return (wishes or any(map(_OWN.search, told))) and not any(map(_OTHER.search, told))


def _told(texts: Mapping[str, str]) -> list[str]:
    return [texts[name][:_LONGEST].replace("’", "'") for name in WORDS if texts.get(name)]
