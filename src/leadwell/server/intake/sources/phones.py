"""What do telephone systems tell of? Whose number it is, what became of a call, and what a text is to us.

The same for every vendor: a call that was missed is a lead like one that was answered; all that is told of one call is
one lead.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from leadwell.permission.stops import is_stop
from leadwell.server.consent.models import Way
from leadwell.server.intake.sources import Reading
from leadwell.server.leads.joining import Later

MISSED: Final = ("no-answer", "busy", "abandoned", "failed", "voicemail")
COMPLETED: Final = "completed"
OURS: Final = "a call of ours"
_RESULT: Final = "extra.call_result"
_OF_THE_LAST: Final = ("message", "extra.call_seconds", "extra.recording")  # what the last call says of itself

# What stands in place of a number that its caller withholds; the digits spell ANONYMOUS, RESTRICTED, BLOCKED, UNKNOWN,
# UNAVAILABLE and PRIVATE on a dial.
_WITHHELD: Final = frozenset(
    {"anonymous", "restricted", "unavailable", "unknown", "blocked", "private", "withheld", "not available", "none",
     "wireless caller", "cell phone", "mobile caller", "toll free call", "out of area",
     "no caller id", "caller id unavailable", "private number", "unknown caller", "anonymous caller",
     "266696687", "7378742833", "2562533", "8656696", "86282452253", "7748283", "464", "0", "1"}
)  # fmt: skip
_BARE: Final = 3  # words at most of what is nothing but a keyword
_OTHER_LINES: Final = re.compile(r"^(?:client|sip|sips|messenger|user):", re.IGNORECASE)


def is_withheld(said: str) -> bool:
    plain = said.strip().lower().removeprefix("sip:").partition("@")[0].lstrip("+")
    return re.sub(r"[\s_-]+", " ", plain) in _WITHHELD or (plain.isdigit() and not plain[1:].strip("0"))


def number_of(said: str) -> str:
    """The telephone number of whoever calls or writes; '' where they withhold it, or speak by no telephone."""
    said = said.strip().removeprefix("whatsapp:").removeprefix("rcs:").strip()
    return "" if not said or is_withheld(said) or _OTHER_LINES.match(said) else said


def caller(said: str) -> dict[str, str]:
    """Their number as a column; what stood in its place is carried along."""
    if number := number_of(said):
        return {"phone": number}
    return {"extra.caller_id": said.strip()} if said.strip() else {}


def call(name: str, columns: Mapping[str, str], *, result: str, guessed: bool = False, alone: str = "") -> Reading:
    """`name`: of the call, by which all that is told of it comes together. `result`: COMPLETED, one of MISSED, or ''
    where this tells none; `guessed`: what another part of the call says of it counts more. That they have left their
    words always stays."""
    said = {name: text for name, text in columns.items() if text.strip()} | ({_RESULT: result} if result else {})
    stays: dict[str, tuple[str, ...]] = {_RESULT: () if guessed else ("voicemail",)}
    later = Later(
        event="call.noted",
        codes={"result": result} if result else {},
        way=Way.VOICE if said.get("message") else "",
        part=True,
        keeps=stays,
        spoken=True,
    )
    known: dict[str, tuple[str, ...]] = {name: () for name in said if name not in _OF_THE_LAST}
    return Reading(
        leads=(said,),
        names=(name,) if name else (),
        answers=(name,) if name else (),
        proven=True,
        number=said.get("phone", ""),
        later=later,
        beside=replace(later, keeps=known | stays, taken=_nameless),
        alone=alone,
        spoken=True,
    )


def ours(number: str, said: str) -> Reading:
    """A call of ours is no lead. What was said in it is heard all the same: a wish to be left alone, danger. `number`:
    which was called."""
    if not (theirs := number_of(number)) or not said.strip():
        return Reading(not_a_lead=OURS)
    return Reading(
        leads=({"phone": theirs, "message": said},),
        author=theirs,
        later=Later(way=Way.VOICE, spoken=True),
        alone=OURS,
        spoken=True,
    )


def _nameless(stands: Mapping[str, str], came: Mapping[str, str]) -> Mapping[str, str]:
    """A lead of something else takes no call's name for its own."""
    return {name: text for name, text in came.items() if name not in ("id", "received_at")}


def text(name: str, columns: Mapping[str, str], *, keyword: str = "") -> Reading:
    """A text that came in. `keyword`: what the vendor has understood it as (STOP, START, HELP), '' where it says
    nothing. Nothing but a keyword is no lead, but is obeyed."""
    said = {name: text for name, text in columns.items() if text.strip()}
    words = keyword or said.get("message", "")
    return Reading(
        leads=(said,),
        names=(name,) if name else (),
        answers=(name,) if name else (),
        proven=True,
        number=said.get("phone", ""),
        later=Later(way=Way.TEXT, keyword=keyword),
        alone=_keyword(words),
    )


def _keyword(words: str) -> str:
    if not words or len(words.split()) > _BARE:
        return ""
    heard = is_stop(words)
    if heard.verdict == "stop":
        return "a keyword: stop"
    if heard.restart:
        return "a keyword: start"
    return "a keyword: help" if heard.help else ""
