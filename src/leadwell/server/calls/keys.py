"""Which key says how a call ended? The same on every page (docs/calls.md)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from leadwell.server.calls.models import Result


@dataclass(frozen=True)
class Button:
    value: str
    word: str
    key: str


ENDS: Final = tuple(
    Button(result.value, str(result.label), key)
    for result, key in (
        (Result.REACHED, "r"),
        (Result.VOICEMAIL, "v"),
        (Result.NO_ANSWER, "a"),
        (Result.BUSY, "y"),
        (Result.WRONG_NUMBER, "w"),
        (Result.ASKED_TO_STOP, "s"),
    )
)
BY_THEM: Final = tuple(
    one for one in ENDS if one.value in (Result.REACHED, Result.ASKED_TO_STOP)
)  # they are on the line
CALLBACK: Final = Button(Result.CALLBACK.value, str(Result.CALLBACK.label), "p")
