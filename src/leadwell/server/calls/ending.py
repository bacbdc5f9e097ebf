"""What follows from how a try ended? In the one transaction that notes it: a stop, or that a number is not theirs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from leadwell.permission.stops import is_stop
from leadwell.permission.values import ANOTHER
from leadwell.server.base.alone import alone, beside
from leadwell.server.calls.models import Attempt, Direction, Result
from leadwell.server.consent.actions import note_wrong, obey, stop, take_back_wrong
from leadwell.server.consent.addresses import token_of
from leadwell.server.consent.models import Way
from leadwell.server.consent.saying import Saying
from leadwell.server.leads.noting import note
from leadwell.server.leads.queries import columns_of
from leadwell.server.leads.verifying import Answer, Gone, Prepared, prepare, prepare_back, write
from leadwell.server.people.queries import keep
from leadwell.server.privacy.sealing import if_opens, seal_json
from leadwell.server.privacy.tokens import Blind
from leadwell.server.privacy.trail import record

_PROOF: Final = "attempt/{}"  # that an address is wrong
_NUMBERS: Final = ("phone", "phone_2")
_EVER: Final = timedelta(days=36_500)
_WAYS: Final = {"call": Way.VOICE, "text": Way.TEXT, "email": Way.EMAIL_REPLY}


@dataclass(frozen=True)
class Ended:
    """`note`: in the words of whoever tried; of a stop, in theirs who asked. `callback_at`: when they asked to be
    called back, with `zone`, whose clock they meant. `seconds`: None where a call was begun here, which measures it.
    `said`: what of theirs the page showed on which it is said (`leads.since`), None where nobody looked at any."""

    result: str
    note: str = ""
    callback_at: datetime | None = None
    zone: str = ""
    seconds: int | None = None
    said: int | None = None


class Again(Exception):  # noqa: N818  says what to do
    """The lead has changed meanwhile: nothing was written, and all is done again."""


def fill(one: Attempt, ended: Ended, *, now: datetime) -> Attempt:
    """The row as it is to be, sealed; nothing is written."""
    one.result, one.ended_at = ended.result, now
    one.callback_at, one.callback_zone = ended.callback_at, ended.zone
    if one.begun:
        one.seconds = one.seconds if one.seconds is not None else max(int((now - one.at).total_seconds()), 0)
    else:
        one.seconds = ended.seconds
    if ended.note:
        one.sealed = seal_json(one.organization_id, ended.note, place=f"calls.attempt/{one.pk}")
    return one


def take_locks(one: Attempt) -> None:
    """First of its transaction: a stop, which may stand in a note too, then whose they are. Raises Gone."""
    if one.result == Result.ASKED_TO_STOP or one.sealed:
        alone(one.organization_id)
    else:
        beside(one.organization_id)
    if one.person is None or not keep(one.organization_id, one.person):
        raise Gone


def not_theirs(one: Attempt) -> Prepared | None:
    """That this number is not theirs, judged before any lock; None where it is no such end, or the lead names none."""
    if one.result != Result.WRONG_NUMBER:
        return None
    blind = Blind(one.organization_id)
    columns = if_opens(columns_of, one.lead) or {}
    column = next((c for c in _NUMBERS if _token(blind, columns.get(c, "")) == bytes(one.token)), None)
    if column is None:
        return None
    answer = Answer(column, empties=True, call=one.pk)
    return prepare(one.organization_id, one.lead_id, answer, actor=one.by)


def theirs_again(one: Attempt, *, actor: str) -> Prepared | None:
    """The number of one that was no wrong number after all; None where nothing was noted of it."""
    if one.verified is None:
        return None
    return prepare_back(one.organization_id, one.lead_id, one.verified, actor=actor, within=_EVER)


def _token(blind: Blind, number: str) -> bytes:
    found = token_of(blind, number)
    return found[1] if found else b""


def settle(prepared: Prepared | None) -> None:
    """Raises Again."""
    if prepared is not None and not write(prepared):
        raise Again


def note_wrong_number(one: Attempt) -> None:
    """The gate knows it from now on, for whoever gives that number."""
    if one.result == Result.WRONG_NUMBER:
        token, proof = bytes(one.token), _PROOF.format(one.pk)
        note_wrong(one.organization_id, token, why=ANOTHER, person=one.person, proof=proof, at=one.at)


def take_back_wrong_number(one: Attempt) -> None:
    """That it ended so is taken back."""
    if one.result == Result.WRONG_NUMBER:
        take_back_wrong(one.organization_id, proof=_PROOF.format(one.pk))


def stopped(one: Attempt, words: str) -> UUID | None:
    """They asked us to stop, or a note says so: in force with the row that has it. Said twice by the same try, it is
    said once. Of a wrong number the words are somebody else's."""
    key = f"attempt/{one.pk}"
    if one.result == Result.ASKED_TO_STOP:
        said = Saying(_WAYS.get(one.channel, Way.STAFF), one.by, words, key=key)
        return stop(one.organization_id, one.person, said).event.pk
    if not words or one.result == Result.WRONG_NUMBER:
        return None
    way = _WAYS.get(one.channel, Way.STAFF) if one.direction == Direction.IN else Way.STAFF
    return obey(one.organization_id, one.person, Saying(way, one.by, words, key=key), is_stop(words))


def on_the_timeline(one: Attempt, name: str, *, actor: str, at: datetime) -> None:
    """Before a stop: whoever has written to the trail waits for no lead any more."""
    codes = {"result": one.result, "channel": one.channel, "direction": one.direction, "attempt": str(one.pk)}
    note(one.lead, name, actor=actor, at=at, codes=codes)


def in_the_trail(one: Attempt, name: str, *, actor: str) -> None:
    """Last of its transaction."""
    codes = {"result": one.result, "channel": one.channel}
    record(one.organization_id, actor, name, f"lead/{one.lead_id}", codes)
