"""What did somebody permit, and what happened to that since? Read by a program. (promises B13, D23)"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Schema
from pydantic import Field

from leadwell.permission.values import Channel, Kind, Purpose
from leadwell.server.api.keys import Key
from leadwell.server.api.leads import ERRORS
from leadwell.server.api.mistyped import Strict
from leadwell.server.api.people import key_for, viewed
from leadwell.server.consent.models import Consent, ConsentEvent
from leadwell.server.consent.queries import consents_of, history_of, shown_to, words_of

router = Strict(tags=["people"])

MOST_EVENTS: Final = 500


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


def _agreed(one: Consent) -> dict[str, Any]:
    return {
        "id": one.pk, "channel": one.channel, "purpose": one.purpose, "kind": one.kind, "words": shown_to(one),
        "source": one.source, "version": one.version, "language": one.language, "given_at": one.given_at,
        "until": one.until, "withdrawn_at": one.withdrawn_at,
    }  # fmt: skip


def _event(one: ConsentEvent) -> dict[str, Any]:
    return {"id": one.pk, "name": one.name, "at": one.at, "by": one.by, "said": words_of(one), "codes": one.codes}
