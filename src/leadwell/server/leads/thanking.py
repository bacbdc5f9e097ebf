"""Do words ask anything of us, or do they only thank us, greet us and say that it is fine?"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_FOR: Final = (
    r"(?:everything|all|calling(?: me)?(?: back)?|getting back(?: to me)?|letting me know|reaching out|replying|"
    r"responding|(?:the|your|all your|this|that) (?:quick |prompt |kind |great )?(?:help|reply|response|call|info|"
    r"information|update|time|message|answer|support|service))"
)
_POR: Final = r"(?:todo|su (?:ayuda|tiempo|respuesta|llamada)|la (?:informacion|ayuda|llamada|respuesta)|llamar(?:me)?)"
_POLITE: Final = (
    rf"(?:many )?(?:thanks|thank you|thank u|thx|ty)(?: (?:so|very) much| a lot| again| all)*(?: for {_FOR})?",
    r"(?:i |we )?(?:really )?appreciate (?:it|that|this|your (?:help|time))",
    r"(?:ok|okay|k|great|perfect|awesome|excellent|wonderful|cool|nice|fine|alright|all right|understood)",
    r"(?:received|noted|got it|will do)",
    r"sounds (?:good|great|perfect)",
    r"(?:hi|hello|hey|bye|goodbye|cheers|take care|see you(?: then| soon)?|best regards|regards|sincerely|best)",
    r"(?:have a|god) (?:great|good|nice|blessed|bless)(?: (?:day|one|evening|weekend|you))?",
    rf"(?:muchas |mil |muchisimas )?gracias(?: (?:de nuevo|por {_POR}))?",
    r"(?:vale|perfecto|listo|excelente|de acuerdo|entendido|recibido|muy amables?|esta bien|muy bien)",
    r"(?:saludos|adios|hola)",
    r"(?:que tenga |tenga )?(?:un )?buen(?:a|os|as)? (?:dia|dias|tarde|tardes|noche|noches)",
)
_ONLY: Final = re.compile(rf"(?:(?:{'|'.join(_POLITE)})(?: |$))*")


def asks(words: str) -> bool:
    """Whether they say anything else than thanks; a picture of a thumb says nothing."""
    plain = unicodedata.normalize("NFKD", words.casefold())
    letters = "".join(one for one in plain if not unicodedata.combining(one))
    return not _ONLY.fullmatch(" ".join(re.findall(r"[a-z0-9]+|[^\W_]+", letters)))
