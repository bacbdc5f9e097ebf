"""What would be heard in a sample: a wish to be left alone, a death, danger? By what hears it when it really comes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from leadwell.formats.referral import says_died
from leadwell.permission.stops import Stopped, is_stop
from leadwell.server.consent.actions import what_follows
from leadwell.server.intake.conversations import said_alone
from leadwell.server.intake.sources import Reading
from leadwell.server.leads.judging import Judged
from leadwell.server.leads.permitting import heard
from leadwell.server.leads.taken_back import WITHDRAWN

_DIED: Final = "It says that the patient has died"
_FOLLOWS: Final = {
    "stop": "it would be obeyed at once for {whom}",
    "doubt": "nobody would be called or written to until somebody has looked",
    "": "it would hold nothing back, for they may be in danger",
}
_PATIENT: Final = "the patient of that referral, where it is here"
_JOINS: Final = {
    WITHDRAWN: "Of a referral that is here it would be noted on the lead, which rests where nobody else asks for it.",
    "booking.cancelled": "Of a booking that is here it would be noted on the lead that the appointment is cancelled.",
}
_JOINS_ELSE: Final = "It would be noted on the lead that it belongs to, where that is here."


def joins(reading: Reading) -> str:
    """What it would do where what it belongs to is here; '' of what belongs to nothing."""
    if not (reading.answers or reading.number):
        return ""
    return _JOINS.get(reading.later.event, _JOINS_ELSE)


def in_lead(one: Judged) -> tuple[str, ...]:
    """In what would become a lead."""
    (said,) = heard([one])
    holds, died = not one.said["safety"], says_died(one.arrived.columns)
    told = [_danger(one)]
    for words, what in said:
        says = _DIED if words == died else _asks(what)
        told.append(f"{says}: {_follows(what, 'whoever asks', holds=holds)}.")
    return tuple(dict.fromkeys(filter(None, told)))


def in_no_lead(reading: Reading, columns: Judged | None) -> tuple[str, ...]:
    """In what would be none by itself. `columns`: as they would be judged on a lead; None where there is no policy."""
    saying = said_alone(reading)
    told = [_danger(columns) if columns else "", *(f"{_DIED}." for row in reading.leads if says_died(row))]
    if columns and reading.numbered and not reading.only_danger:
        told += _of_the_patient(columns)
    if saying is not None and (what := is_stop(saying.words)).verdict != "not":
        told.append(f"{_asks(what)}: {_follows(what, saying.address, holds=True)}.")
    return tuple(dict.fromkeys(filter(None, told)))


def _of_the_patient(columns: Judged) -> Iterator[str]:
    """In what a health system says of a referral: obeyed once it is noted on the lead of that."""
    (said,) = heard([columns])
    holds, died = not columns.said["safety"], says_died(columns.arrived.columns)
    for words, what in said:
        if words != died:
            yield f"{_asks(what)}: {_follows(what, _PATIENT, holds=holds)}."


def _danger(one: Judged) -> str:
    because = list(_because(one))
    return f"Danger: {'; '.join(because)}." if because else ""


def _because(one: Judged) -> Iterator[str]:
    for entry in one.said["safety_because"] or ():
        words = (entry.get("evidence") or {}).get("text") or ""
        yield f"{entry['says']} (“{words}”)" if words else entry["says"]


def _asks(what: Stopped) -> str:
    asks = "It asks to stop" if what.verdict == "stop" else "It may ask to stop"
    return f"{asks} (“{what.evidence}”)"


def _follows(what: Stopped, whom: str, *, holds: bool) -> str:
    return _FOLLOWS[what_follows(what, holds=holds)].format(whom=whom)
