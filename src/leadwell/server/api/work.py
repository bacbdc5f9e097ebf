"""Work on a lead, told by a program: a try to reach them, what became of it, a fact that was confirmed. (D22, E27)"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final, Literal
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Schema
from pydantic import Field, StrictBool

from leadwell.permission.values import Channel
from leadwell.server.access.models import ApiKey
from leadwell.server.api.documented import examples
from leadwell.server.api.keys import Key
from leadwell.server.api.leads import ERRORS
from leadwell.server.api.mistyped import Strict, StrictBody
from leadwell.server.api.moments import NearOrNow
from leadwell.server.api.once import OnceKey
from leadwell.server.api.problems import Problem
from leadwell.server.calls.actions import Made, note_attempt
from leadwell.server.calls.ending import Ended
from leadwell.server.calls.models import Attempt
from leadwell.server.consent.actions import SaidOtherwise
from leadwell.server.leads.asking import LONGEST, CannotBe
from leadwell.server.leads.queries import lead_of
from leadwell.server.leads.since import SHOWN_NOTHING
from leadwell.server.leads.verifying import Answer, Gone, Stand, verify
from leadwell.server.outcomes.actions import LONGEST_WORD, Became, CannotBecome, NotedOtherwise, note_outcome
from leadwell.server.outcomes.models import Outcome

router = Strict(tags=["work"])

LONGEST_NOTE: Final = 4_000
_LONGEST_CALL: Final = 86_400  # seconds
_SKEW: Final = timedelta(minutes=1)  # left to a clock that runs behind
_LED_TO_IT: Final = timedelta(hours=1)  # a call of theirs begins before the lead that is made of it
Ended_ = Literal["reached", "voicemail", "no-answer", "busy", "wrong-number", "asked-to-stop", "callback"]
_ATTEMPTS: Final = {
    "voicemail": {
        "summary": "A call of ours that reached a voicemail",
        "value": {"result": "voicemail", "seconds": 24},
    },
    "callback": {
        "summary": "They asked to be called back",
        "value": {"result": "callback", "callback_at": "2126-11-27T15:00:00-06:00", "note": "After her shift"},
    },
    "stop": {"summary": "They asked us to stop", "value": {"result": "asked-to-stop", "note": "Please stop calling"}},
}
_OUTCOMES: Final = {
    "booked": {"summary": "A visit is booked", "value": {"became": "booked", "ease": "easy", "word": "knew the date"}},
    "ended": {"summary": "It ended", "value": {"became": "declined", "reason": "chose-elsewhere"}},
}
_NOTED: Final = (
    "Something else has become of it since: `last` says what. Nothing was noted: leave it so, or send yours again with "
    "the id of `last` as `seen`."
)
_FACTS: Final = {
    "payer": {"summary": "Their insurance, as they said it", "value": {"column": "payer", "answer": "Aetna"}},
    "unknown": {"summary": "Asked, and they do not know", "value": {"column": "zip", "known": False}},
}


class AttemptMade(StrictBody):
    result: Ended_ = Field(description="How it ended: docs/calls.md.")
    channel: Channel = "call"
    direction: Literal["out", "in"] = Field("out", description="By us, or by them.")
    at: NearOrNow = Field(
        None,
        description="When it was made; null for now. No later than now, and no earlier than the lead came; a try of "
        "theirs at most an hour before it.",
    )
    seconds: int | None = Field(None, ge=0, le=_LONGEST_CALL)
    callback_at: NearOrNow = Field(None, description="Of `callback`: when. It lies ahead.")
    note: str = Field("", max_length=LONGEST_NOTE, description="Kept sealed. Of a stop: what they said.")


class AttemptNoted(Schema):
    id: UUID
    repeat: bool = Field(description="Whether this very request came before; then nothing was changed.")
    result: str
    at: datetime
    stop: UUID | None = Field(description="The event by which they are stopped.")


class OutcomeSaid(StrictBody):
    became: str = Field(max_length=100, description="A stage of the playbook that somebody notes, or an end: declined, "
                                                    "no-response.")  # fmt: skip
    reason: str = Field("", max_length=100, description="Of an end: one of the playbook's reasons.")
    ease: Literal["", "easy", "hard"] = ""
    word: str = Field("", max_length=LONGEST_WORD, description="What made it easy or hard. Kept sealed.")
    at: NearOrNow = Field(
        None, description="When it became so; null for now. No later than now, and no earlier than the lead came."
    )
    seen: UUID | Literal[""] | None = Field(
        None,
        description="The outcome that you know as the last, by its id; '' for none. Where something else was noted "
        "since, nothing is, and the answer is 409 with that as `last`: send its id as `seen` to note yours after it. "
        "null: what was noted is not looked at.",
    )


class OutcomeNoted(Schema):
    id: UUID
    repeat: bool
    became: str
    reason: str
    at: datetime


class FactSaid(StrictBody):
    column: str = Field(max_length=100, description="Where it stands: a column of docs/lead.md, or `answer.<fact>`.")
    answer: str = Field("", max_length=LONGEST, description="As they said it, of the fact's type.")
    known: StrictBool = Field(True, description="False where they were asked and do not know.")


class Standing(Schema):
    disposition: str
    grade: str
    score: int | None
    reasons: list[str]
    asks: list[str] = Field(description="The facts to ask for next, the most decisive first.")


class FactVerified(Schema):
    id: UUID | None = Field(description="null where the same was confirmed a moment ago.")
    before: Standing
    after: Standing


@router.post(
    "/leads/{lead}/attempts",
    auth=Key("work:write"),
    response={200: AttemptNoted, **ERRORS},
    summary="Note a try to reach somebody",
    openapi_extra=examples(_ATTEMPTS),
)
def post_attempt(
    request: HttpRequest, lead: UUID, made: AttemptMade, idempotency_key: OnceKey = None
) -> dict[str, Any]:
    """It counts where attempts are counted, whatever `may-contact` would have said: it was made. A stop is in force
    when this is answered; a wrong number is at fault for everybody who gives it, until it is confirmed with the
    person of this lead."""
    key: ApiKey = request.auth  # type: ignore[attr-defined]
    _not_ahead(made.at)
    _not_before(key, lead, made.at, _LED_TO_IT if made.direction == "in" else _SKEW)
    if made.callback_at is None and made.result == "callback":
        raise Problem(422, "`callback_at` is missing. Say when they are to be called back, or note another result.")
    if made.callback_at is not None and made.result != "callback":
        raise Problem(
            422, "`callback_at` is said of a callback, and of nothing else. Leave it out, or note `callback`."
        )
    if made.callback_at is not None and made.callback_at <= timezone.now():
        raise Problem(422, "`callback_at` is over. Say when they are to be called back.")
    zone = key.organization.time_zone if made.callback_at else ""
    ended = Ended(made.result, made.note, made.callback_at, zone, made.seconds)
    said = Made(ended, made.channel, made.direction, made.at, key=_said_by(key, idempotency_key))
    try:
        one, new = note_attempt(key.organization_id, lead, said, actor=_actor(key))
    except Gone as error:
        raise _missing() from error
    except SaidOtherwise as error:
        raise _otherwise() from error
    return _attempt(one, new=new)


@router.post(
    "/leads/{lead}/outcomes",
    auth=Key("work:write"),
    response={200: OutcomeNoted, **ERRORS},
    summary="Say what became of a lead",
    openapi_extra=examples(_OUTCOMES),
)
def post_outcome(
    request: HttpRequest, lead: UUID, said: OutcomeSaid, idempotency_key: OnceKey = None
) -> dict[str, Any]:
    """It answers no danger: that waits until a human has seen it."""
    key: ApiKey = request.auth  # type: ignore[attr-defined]
    _not_ahead(said.at)
    _not_before(key, lead, said.at, _SKEW)
    seen = None if said.seen is None else str(said.seen)
    once = _said_by(key, idempotency_key)
    became = Became(said.became, said.reason, said.ease, said.word, said.at, key=once, said=SHOWN_NOTHING, seen=seen)
    try:
        one, new = note_outcome(key.organization_id, lead, became, actor=_actor(key))
    except Gone as error:
        raise _missing() from error
    except SaidOtherwise as error:
        raise _otherwise() from error
    except NotedOtherwise as error:
        raise Problem(409, _NOTED, last=_last(error.one)) from error
    except CannotBecome as error:
        says = f"{error.asks}: {', '.join(error.allowed)}." if error.allowed else str(error)
        raise Problem(422, says, errors=[{"at": f"body.said.{error.key}", "says": says}]) from error
    return _outcome(one, new=new)


@router.post(
    "/leads/{lead}/facts",
    auth=Key("work:write"),
    response={200: FactVerified, **ERRORS},
    summary="Confirm a fact of a lead",
    openapi_extra=examples(_FACTS),
)
def post_fact(request: HttpRequest, lead: UUID, said: FactSaid) -> dict[str, Any]:
    """It outranks what they filled in and wrote, and the lead is judged anew before this is answered."""
    key: ApiKey = request.auth  # type: ignore[attr-defined]
    try:
        change = verify(
            key.organization_id, lead, Answer(said.column, said.answer, known=said.known), actor=_actor(key)
        )
    except Gone as error:
        raise _missing() from error
    except CannotBe as error:
        raise Problem(422, str(error), errors=[{"at": "body.said.answer", "says": str(error)}]) from error
    row = change.row
    return {"id": row.pk if row else None, "before": _standing(change.before), "after": _standing(change.after)}


def _actor(key: ApiKey) -> str:
    return f"key:{key.handle}"


def _said_by(key: ApiKey, given: str | None) -> str:
    """Programs do not know each other's keys, so none says what another has said."""
    return f"{key.handle}\n{given}" if given else ""


def _missing() -> Problem:
    return Problem(404, "There is no lead of this id here, or nothing is left of it.")


def _otherwise() -> Problem:
    return Problem(
        409, "This Idempotency-Key was used before for something else. Nothing was noted: send it with a new key."
    )


def _not_ahead(at: datetime | None) -> None:
    if at is not None and at > timezone.now():
        raise Problem(422, "`at` lies ahead. Say when it was, or leave it out for now.")


def _not_before(key: ApiKey, lead: UUID, at: datetime | None, within: timedelta) -> None:
    """Nobody was answered before they asked: a lead that is late would be in time, and one in danger out of sight."""
    known = lead_of(key.organization_id, lead)
    if at is not None and known is not None and at < known.received_at - within:
        raise Problem(422, "`at` is before this lead came. Say when it was, or leave it out for now.")


def _attempt(one: Attempt, *, new: bool) -> dict[str, Any]:
    return {"id": one.pk, "repeat": not new, "result": one.result, "at": one.at, "stop": one.stop}


def _outcome(one: Outcome, *, new: bool) -> dict[str, Any]:
    return {"id": one.pk, "repeat": not new, "became": one.became, "reason": one.reason, "at": one.at}


def _last(one: Outcome) -> dict[str, str]:
    at = one.at.isoformat().replace("+00:00", "Z")
    return {"id": str(one.pk), "became": one.became, "reason": one.reason, "at": at}


def _standing(one: Stand) -> dict[str, Any]:
    return {
        "disposition": one.disposition, "grade": one.grade, "score": one.score, "reasons": list(one.reasons),
        "asks": list(one.asks),
    }  # fmt: skip
