"""By which key is a request known when it comes again? The header Idempotency-Key, as it can be read.

The web server hands over an empty header where it holds anything beyond ASCII, so that the two cannot be told apart.
"""

from __future__ import annotations

from typing import Annotated, Final

from ninja import Header
from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

LONGEST_KEY: Final = 255
_ALLOWED: Final = "letters, digits and signs of ASCII, as call-1709"


def _plain(key: str) -> str:
    """A key that is cut or changed on its way would be another request's."""
    place = next((place for place, sign in enumerate(key, 1) if not " " <= sign <= "~"), None)
    if place is not None:
        says = f"Character {place} of {len(key):,} is none that a key may have; use {_ALLOWED}."
        raise PydanticCustomError("key", "{says}", {"says": says})
    return key


def _there(key: str) -> str:
    if not key:
        says = f"It is empty, or has characters beyond ASCII; leave it out, or use {_ALLOWED}."
        raise PydanticCustomError("key", "{says}", {"says": says})
    return key


_Plain = Annotated[str, Field(max_length=LONGEST_KEY), BeforeValidator(_plain)]
_There = Annotated[str, Field(max_length=LONGEST_KEY), BeforeValidator(_there), BeforeValidator(_plain)]
# Of leads an empty one counts as none: no lead is refused for that.
LeadKey = Annotated[_Plain | None, Header(alias="Idempotency-Key")]
OnceKey = Annotated[_There | None, Header(alias="Idempotency-Key")]
