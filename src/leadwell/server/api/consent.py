"""They asked us to stop; and what did they permit and stop before? By a program. (promises B13, D23)"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Header, Query, Schema
from pydantic import AwareDatetime, Field

from leadwell.permission.values import Channel, Kind, Purpose
from leadwell.server.api.keys import Key
from leadwell.server.api.leads import ERRORS, LONGEST_KEY
from leadwell.server.api.mistyped import Strict, StrictBody
from leadwell.server.api.people import key_for, viewed
from leadwell.server.api.problems import Problem
from leadwell.server.consent.actions import SaidOtherwise, scopes, stop
from leadwell.server.consent.models import EVERY, Consent, ConsentEvent, Suppression, Way
from leadwell.server.consent.queries import consents_of, history_of, shown_to, stops_in_force, words_of
from leadwell.server.consent.saying import Saying
from leadwell.server.consent.scope import FIRST_LAW

router = Strict(tags=["people"])

LONGEST_WORDS: Final = 2_000
MOST_EVENTS: Final = 500
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
_DOCUMENTED: Final[dict[str, Any]] = {"requestBody": {"content": {"application/json": {"examples": _EXAMPLES}}}}


class StopAsked(StrictBody):
    channel: Which = Field("all", description="What to stop.")
    purpose: Purpose | None = Field(None, description="About what; null for everything.")
    words: str = Field("", max_length=LONGEST_WORDS, description="What they said, as they said it. Kept sealed.")
    at: AwareDatetime | None = Field(None, description="When they said it; null for now. No later than now.")


class Stop(Schema):
    id: UUID
    channel: Which
    purpose: Purpose | None = Field(description="null for everything.")
    at: datetime
    way: str = Field(description="By what they said it: text, voice, link, api, import …")
    doubt: bool = Field(description="Whether somebody has yet to say that they meant it. It holds until then.")


class Stopped(Schema):
    event: UUID = Field(description="What stands in their history.")
    repeat: bool = Field(description="Whether this very request came before; then this is what was done then.")
    new: bool = Field(description="Whether it closed what was open.")
    cancelled: int = Field(description="How many messages were waiting and will not be sent.")
    in_force: list[Stop] = Field(description="Every stop that holds for them now, the newest first.")


class Stops(Schema):
    person: UUID
    in_force: list[Stop] = Field(description="Their own, of whom they are linked with and of their addresses.")


class Agreed(Schema):
    id: UUID
    channel: Channel
    purpose: Purpose
    kind: Kind
    words: str | None = Field(description="The words that they agreed to; null where they cannot be opened.")
    source: str
    version: str
    language: str
    given_at: datetime
    until: datetime | None
    withdrawn_at: datetime | None


class Consents(Schema):
    person: UUID
    consents: list[Agreed] = Field(description="The newest first, with what was taken back since.")


class Happened(Schema):
    id: UUID
    name: str = Field(description="consent.given, consent.withdrawn, stop.given, stop.repeated, stop.doubted …")
    at: datetime
    by: str
    said: str | None = Field(
        description="In their words; empty where they gave none, or were erased, null where they cannot be opened."
    )
    codes: dict[str, Any]


class History(Schema):
    person: UUID
    events: list[Happened] = Field(description="The newest first.")


@router.post(
    "/people/{person}/stops",
    auth=Key("consent:write"),
    response={200: Stopped, **ERRORS},
    summary="Record that somebody asked us to stop",
    openapi_extra=_DOCUMENTED,
)
def post_stop(
    request: HttpRequest,
    person: UUID,
    asked: StopAsked,
    idempotency_key: Annotated[str | None, Header(alias="Idempotency-Key", max_length=LONGEST_KEY)] = None,
) -> dict[str, Any]:
    """In force when this is answered, with whatever waited to be sent to them cancelled. Sent again with the same
    Idempotency-Key it is the same stop; without one it is noted that they said it again, and closes no more."""
    key = key_for(request, person)
    at = None if asked.at is None else _at(asked.at)
    said = f"{person}\n{idempotency_key}" if idempotency_key else ""
    saying = Saying(Way.API, f"key:{key.handle}", asked.words, at=at, key=said, sent=asked.at)
    try:
        done = stop(key.organization_id, person, saying, closes=scopes([asked.channel], asked.purpose or EVERY))
    except SaidOtherwise as error:
        says = "This Idempotency-Key was used before for another stop. Nothing was stopped: send it with a new key."
        raise Problem(409, says) from error
    return {
        "event": done.event.pk, "repeat": done.repeat, "new": done.new, "cancelled": done.cancelled,
        "in_force": _in_force(key.organization_id, person),
    }  # fmt: skip


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


@router.get(
    "/people/{person}/consents",
    auth=Key("leads:read"),
    response={200: Consents, **ERRORS},
    summary="What somebody agreed to, in which words",
)
def get_consents(request: HttpRequest, person: UUID) -> dict[str, Any]:
    """That they asked us for something permits its answer too; of that, `may-contact` tells."""
    key = key_for(request, person)
    viewed(key, person)
    return {"person": person, "consents": [_agreed(one) for one in consents_of(key.organization_id, person)]}


@router.get(
    "/people/{person}/consent-history",
    auth=Key("leads:read"),
    response={200: History, **ERRORS},
    summary="What happened to somebody's permissions and stops",
)
def get_history(
    request: HttpRequest,
    person: UUID,
    most: Annotated[int, Query(ge=1, le=MOST_EVENTS, description="How many events, the newest first.")] = 100,
) -> dict[str, Any]:
    key = key_for(request, person)
    viewed(key, person)
    return {"person": person, "events": [_event(one) for one in history_of(key.organization_id, person)[:most]]}


def _in_force(organization: int, person: UUID) -> list[dict[str, Any]]:
    return [_stop(one) for one in stops_in_force(organization, person)]


def _stop(one: Suppression) -> dict[str, Any]:
    return {
        "id": one.pk, "channel": one.channel, "purpose": one.purpose or None, "at": one.at, "way": one.way,
        "doubt": one.doubt,
    }  # fmt: skip


def _agreed(one: Consent) -> dict[str, Any]:
    return {
        "id": one.pk, "channel": one.channel, "purpose": one.purpose, "kind": one.kind, "words": shown_to(one),
        "source": one.source, "version": one.version, "language": one.language, "given_at": one.given_at,
        "until": one.until, "withdrawn_at": one.withdrawn_at,
    }  # fmt: skip


def _event(one: ConsentEvent) -> dict[str, Any]:
    return {"id": one.pk, "name": one.name, "at": one.at, "by": one.by, "said": words_of(one), "codes": one.codes}
