"""What may be typed of a call: how it ended, what was noted, and when they asked to be called back?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils import timezone

from leadwell.reading.callback import callback
from leadwell.server.calls.clocks import Clock
from leadwell.server.calls.ending import Ended
from leadwell.server.calls.models import Result

LONGEST_NOTE: Final = 4_000
_LONGEST_WORDS: Final = 200


@dataclass(frozen=True)
class When:
    """What the words of a callback mean. `at`: shown back before it is saved; else `asks`, and what may be meant.
    `clock`: on which they speak."""

    words: str
    at: datetime | None
    asks: str
    perhaps: tuple[datetime, ...]
    clock: Clock


@dataclass(frozen=True)
class Typed:
    """`ended`: None where something is to be shown or asked first: `when`, or `wrong`. `direction`: "in" where they
    called us. `otherwise`: how it is said to have ended, where the words of a callback would be lost by that."""

    ended: Ended | None
    note: str
    when: When | None = None
    wrong: str = ""
    direction: str = "out"
    otherwise: str = ""


def read(given: QueryDict, clock: Clock) -> Typed:
    """`clock`: on which they speak."""
    return replace(_read(given, clock), direction="in" if given.get("direction") == "in" else "out")


def _read(given: QueryDict, clock: Clock) -> Typed:
    result, note = given.get("result", ""), given.get("note", "").strip()
    if result not in Result:
        return Typed(None, note[:LONGEST_NOTE], wrong="Say how it ended: choose one of these.")
    if len(note) > LONGEST_NOTE:
        return Typed(None, note[:LONGEST_NOTE], wrong=f"The note is longer than {LONGEST_NOTE:,} characters.")
    words = given.get("when", "")[: _LONGEST_WORDS + 1]
    if result == Result.ASKED_TO_STOP or (result != Result.CALLBACK and (not words.strip() or "anyway" in given)):
        return Typed(Ended(result, note), note)
    chosen = _moment(given.get("callback_at", ""), clock)
    if chosen is not None:
        return Typed(Ended(result, note, chosen, clock.zone), note)
    meant = callback(words, timezone.now(), ZoneInfo(clock.zone), ZoneInfo(clock.here) if clock.here else None)
    when = When(words[:_LONGEST_WORDS], meant.at, meant.asks, meant.perhaps, clock)
    return Typed(None, note, when, otherwise="" if result == Result.CALLBACK else result)


def _moment(text: str, clock: Clock) -> datetime | None:
    """One that was shown, and lies ahead still."""
    try:
        at = datetime.fromisoformat(text[:40])
    except ValueError:
        return None
    return at.astimezone(ZoneInfo(clock.zone)) if at.tzinfo and at > timezone.now() else None
