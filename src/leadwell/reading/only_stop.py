"""Does a text ask us to stop calling or writing, or greet us, and say nothing else? To the ear it sounds like fear, and
is none.

Only where every word of it is of that request: "leave me alone" may be said to somebody else, and a person looks.
"""

from __future__ import annotations

import re
from typing import Final

_DOING: Final = r"(?:calling|phoning|ringing|dialing|dialling|texting|messaging|(?:e-?)?mailing|contacting)"
_WHERE: Final = r"(?:me|us|here|this (?:number|phone|house)|my (?:number|phone|cell(?: phone)?|house|home|work))"
_STOP: Final = rf"(?:you need to |can you |could you |would you |just )?(?:stop|quit) {_DOING}(?: {_WHERE})?"
_NOT: Final = rf"(?:don['’]?t|do not) (?:call|phone|ring|text|message|contact|(?:e-?)?mail)(?: {_WHERE})?"
_LISTS: Final = (
    r"(?:your|the|this|all|any) (?:call(?:ing)? |mailing |e-?mail |contact |text )?(?:lists?|system|records)"
)
_OFF: Final = (
    rf"(?:take|get|remove|delete) (?:me|us|(?:my|this|our) (?:number|phone|name|info)) (?:off(?: of)?|from) {_LISTS}"
    r"|(?:put|add) (?:me|us) (?:on|to) (?:your|the) do[- ]not[- ]call list|unsubscribe(?: me)?"
)
_PARE: Final = (
    r"(?:ya )?no (?:me|nos) (?:llame|llamen|escriba|escriban|contacte|contacten|manden mensajes)"
    r"|(?:deje|dejen|paren|pare) de (?:llamar(?:me|nos)?|escribir(?:me|nos)?|contactar(?:me|nos)?)"
)
_AGAIN: Final = r"(?: (?:again|any ?more|now|please|ever(?: again)?|m[aá]s|por favor|gracias|thanks|thank you))*"
_POLITE: Final = r"(?:please|hi|hello|hey|thanks|thank you|hola|por favor|gracias)"
_PART: Final = rf"(?:{_POLITE}|(?:{_POLITE},? )*(?:{_STOP}|{_NOT}|{_OFF}|{_PARE}){_AGAIN})"
_ONLY: Final = re.compile(rf"\W*{_PART}(?:\W+(?:and )?{_PART})*\W*", re.IGNORECASE)
_SPEAKER: Final = re.compile(
    r"\b(?:agent|caller|customer|(?:speaker|channel) ?\d) ?:", re.IGNORECASE
)  # of a transcript
LONGEST: Final = 200  # characters; who writes more says more


def only_asks_to_stop(text: str) -> bool:
    plain = " ".join(_SPEAKER.sub(" ", text).split())
    return len(plain) <= LONGEST and _ONLY.fullmatch(plain) is not None
