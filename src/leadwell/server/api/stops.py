"""They asked us to stop: recorded by a program, of somebody whom we know or of an address alone. (promises B13, D23)"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final, Literal, NoReturn
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Schema
from pydantic import Field

from leadwell.permission.values import Purpose
from leadwell.server.access.models import ApiKey
from leadwell.server.api.documented import examples
from leadwell.server.api.keys import Key
from leadwell.server.api.leads import ERRORS
from leadwell.server.api.mistyped import Strict, StrictBody
from leadwell.server.api.moments import MomentOrNow
from leadwell.server.api.once import OnceKey
from leadwell.server.api.people import key_for, viewed
from leadwell.server.api.problems import Problem
from leadwell.server.consent.actions import Done, SaidOtherwise, scopes, stop
from leadwell.server.consent.addresses import OF_CHANNEL, normal, several
from leadwell.server.consent.models import EVERY, Suppression, Way
from leadwell.server.consent.queries import stops_in_force
from leadwell.server.consent.saying import Saying
from leadwell.server.consent.scope import FIRST_LAW, Scope

router = Strict(tags=["people"])

LONGEST_WORDS: Final = 2_000
LONGEST_ADDRESS: Final = 320
Which = Literal["call", "text", "email", "all"]
_EXAMPLES: Final = {
    "all": {"summary": "Nothing any more", "value": {"words": "Please leave me alone"}},
    "one": {
        "summary": "No more texts with offers",
        "value": {
            "channel": "text", "purpose": "marketing", "words": "no more ads pls", "at": "2026-11-26T19:02:11-05:00",
        },
    },
}  # fmt: skip
_OF_AN_ADDRESS: Final = {
    "number": {"summary": "Whoever has this number", "value": {"address": "312-555-0147", "words": "wrong number"}},
    "mail": {
        "summary": "No more offers by e-mail",
        "value": {"address": "ana@example.com", "channel": "email", "purpose": "marketing"},
    },
}


class StopAsked(StrictBody):
    channel: Which = Field("all", description="What to stop.")
    purpose: Purpose | None = Field(None, description="About what; null for everything.")
    words: str = Field("", max_length=LONGEST_WORDS, description="What they said, as they said it. Kept sealed.")
    at: MomentOrNow = Field(None, description="When they said it; null for now. No later than now.")


class AddressStopAsked(StopAsked):
    address: str = Field(max_length=LONGEST_ADDRESS, description="A telephone or an e-mail, as it is written.")


class Stop(Schema):
    id: UUID
    channel: Which
    purpose: Purpose | None = Field(description="null for everything.")
    at: datetime = Field(description="Since when.")
    day: date | None = Field(None, description="Of a list that gives a day and no time: that day.")
    way: str = Field(description="By what they said it: text, voice, link, api, import …")
    doubt: bool = Field(description="Whether somebody has yet to say that they meant it. It holds until then.")


class AddressStopped(Schema):
    event: UUID = Field(description="What stands in their history.")
    repeat: bool = Field(description="Whether this very request came before; then this is what was done then.")
    new: bool = Field(description="Whether it closed what was open.")
    cancelled: int = Field(description="How many messages were waiting and will not be sent.")


class Stopped(AddressStopped):
    in_force: list[Stop] = Field(description="Every stop that holds for them now, the newest first.")


class Stops(Schema):
    person: UUID
    in_force: list[Stop] = Field(description="Their own, of whom they are linked with and of their addresses.")


@router.post(
    "/people/{person}/stops",
    auth=Key("consent:write"),
    response={200: Stopped, **ERRORS},
    summary="Record that somebody asked us to stop",
    openapi_extra=examples(_EXAMPLES),
)
def post_stop(
    request: HttpRequest,
    person: UUID,
    asked: StopAsked,
    idempotency_key: OnceKey = None,
) -> dict[str, Any]:
    """In force when this is answered, with whatever waited to be sent to them cancelled. Sent again with the same
    Idempotency-Key it is the same stop; without one it is noted that they said it again, and closes no more."""
    key = key_for(request, person)
    said = f"{person}\n{idempotency_key}" if idempotency_key else ""
    done = _stopped(key, person, _saying(key, asked, said), scopes([asked.channel], asked.purpose or EVERY))
    return {**_told(done), "in_force": _in_force(key.organization_id, person)}


@router.post(
    "/stops",
    auth=Key("consent:write"),
    response={200: AddressStopped, **ERRORS},
    summary="Record that whoever has an address asked us to stop",
    openapi_extra=examples(_OF_AN_ADDRESS),
)
def post_address_stop(
    request: HttpRequest,
    asked: AddressStopAsked,
    idempotency_key: OnceKey = None,
) -> dict[str, Any]:
    """For everybody who is reached at it, those too who come with it later. In force when this is answered, with
    whatever waited to be sent to it cancelled. The same Idempotency-Key and address is the same stop."""
    key: ApiKey = request.auth  # type: ignore[attr-defined]
    if several(asked.address):
        _refused("address", "There are several; send each by itself.")
    address = normal(asked.address)
    if address is None:
        _refused("address", "It is neither a telephone with its area code nor an e-mail; as 312-555-0147.")
    if address[0] not in OF_CHANNEL[asked.channel]:
        _refused("channel", "Nobody is reached at this address so; leave the channel out to stop all of it.")
    said = f"{address[1]}\n{idempotency_key}" if idempotency_key else ""
    saying = _saying(key, asked, said, address=address[1])
    return _told(_stopped(key, None, saying, scopes([asked.channel], asked.purpose or EVERY)))


def _saying(key: ApiKey, asked: StopAsked, said: str, *, address: str = "") -> Saying:
    at = None if asked.at is None else _at(asked.at)
    return Saying(Way.API, f"key:{key.handle}", asked.words, address, at=at, key=said, sent=asked.at)


def _stopped(key: ApiKey, person: UUID | None, saying: Saying, closes: Sequence[Scope]) -> Done:
    try:
        return stop(key.organization_id, person, saying, closes=closes)
    except SaidOtherwise as error:
        says = "This Idempotency-Key was used before for another stop. Nothing was stopped: send it with a new key."
        raise Problem(409, says) from error


def _told(done: Done) -> dict[str, Any]:
    return {"event": done.event.pk, "repeat": done.repeat, "new": done.new, "cancelled": done.cancelled}


def _refused(field: str, says: str) -> NoReturn:
    raise Problem(422, "Nothing was stopped.", errors=[{"at": f"body.asked.{field}", "says": says}])


def _at(at: datetime) -> datetime:
    """A clock that runs ahead means now: a stop never waits."""
    if at < FIRST_LAW:
        says = "It must be a time since 1991; leave it out for now."
        raise Problem(422, "They cannot have said it then.", errors=[{"at": "body.asked.at", "says": says}])
    return min(at, timezone.now())


@router.get(
    "/people/{person}/stops",
    auth=Key("leads:read"),
    response={200: Stops, **ERRORS},
    summary="Every stop that holds for somebody",
)
def get_stops(request: HttpRequest, person: UUID) -> dict[str, Any]:
    key = key_for(request, person)
    viewed(key, person)
    return {"person": person, "in_force": _in_force(key.organization_id, person)}


def _in_force(organization: int, person: UUID) -> list[dict[str, Any]]:
    return [_stop(one) for one in stops_in_force(organization, person)]


def _stop(one: Suppression) -> dict[str, Any]:
    return {
        "id": one.pk, "channel": one.channel, "purpose": one.purpose or None, "at": one.since, "day": one.day,
        "way": one.way, "doubt": one.doubt,
    }  # fmt: skip
