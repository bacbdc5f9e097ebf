"""What was looked up of telephone numbers: noted, and read. By a program. (promises B13, D23)"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest
from ninja import Schema
from pydantic import Field, StrictBool

from leadwell.permission.values import LineType
from leadwell.server.access.models import ApiKey
from leadwell.server.api.documented import MOST_AT_ONCE, examples
from leadwell.server.api.keys import Key
from leadwell.server.api.leads import ERRORS
from leadwell.server.api.mistyped import Strict, StrictBody
from leadwell.server.api.moments import Moment
from leadwell.server.api.people import key_for, viewed
from leadwell.server.api.problems import Problem
from leadwell.server.consent.actions import CannotLookUp, LookedUp, note_look_ups
from leadwell.server.consent.queries import numbers_looked_up

router = Strict(tags=["people"])

_EXAMPLES: Final = {
    "one": {
        "summary": "A number that the registry does not list",
        "value": {
            "look_ups": [
                {
                    "phone": "312-555-0147",
                    "listed": False,
                    "checked_at": "2026-11-24T08:00:00-06:00",
                    "source": "registry",
                }
            ]
        },
    },
    "line": {
        "summary": "Which line it is",
        "value": {
            "look_ups": [
                {
                    "phone": "+1 312 555 0147",
                    "line_type": "mobile",
                    "checked_at": "2026-11-24T08:00:00-06:00",
                    "source": "carrier",
                }
            ]
        },
    },
}


class Look(StrictBody):
    phone: str = Field(max_length=200)
    listed: StrictBool | None = Field(
        None, description="Whether the national do-not-call registry has it; null: not asked."
    )
    line_type: LineType | None = None
    checked_at: Moment = Field(
        description="When it was looked up, with its offset, by which the same look is known when it is sent again. No "
        "later than now; five minutes are left to a clock that runs ahead."
    )
    source: str = Field("", max_length=40, description="Where.")


class LooksAsked(StrictBody):
    look_ups: list[Look] = Field(min_length=1, max_length=MOST_AT_ONCE)


class Noted(Schema):
    noted: int = Field(description="How many were not known before.")


class NumberLookedUp(Schema):
    phone: str
    listed: bool | None
    line_type: LineType | None
    checked_at: datetime
    source: str


class LookedUpNumbers(Schema):
    person: UUID
    look_ups: list[NumberLookedUp] = Field(description="Of each of their numbers, the newest first.")


@router.post(
    "/look-ups",
    auth=Key("look-ups:write"),
    response={200: Noted, **ERRORS},
    summary="Note what was looked up of telephone numbers",
    openapi_extra=examples(_EXAMPLES),
)
def post_look_ups(request: HttpRequest, asked: LooksAsked) -> dict[str, Any]:
    """All of them or none. The same twice is noted once. Whether somebody may be contacted is decided by the latest."""
    key: ApiKey = request.auth  # type: ignore[attr-defined]
    looked = [
        LookedUp(one.phone, one.listed, one.line_type or "", one.checked_at, one.source) for one in asked.look_ups
    ]
    try:
        return {"noted": note_look_ups(key.organization_id, looked, actor=f"key:{key.handle}")}
    except CannotLookUp as error:
        at = f"body.asked.look_ups.{error.number}.{error.key}"
        raise Problem(422, "None of them was noted.", errors=[{"at": at, "says": str(error)}]) from error


@router.get(
    "/people/{person}/look-ups",
    auth=Key("leads:read"),
    response={200: LookedUpNumbers, **ERRORS},
    summary="What was looked up of somebody's telephone numbers",
)
def get_look_ups(request: HttpRequest, person: UUID) -> dict[str, Any]:
    key = key_for(request, person)
    viewed(key, person)
    told = [
        {"phone": number, "listed": one.listed, "line_type": one.line_type or None, "checked_at": one.checked_at,
         "source": one.source}
        for number, looks in numbers_looked_up(key.organization_id, person).items() for one in looks
    ]  # fmt: skip
    return {"person": person, "look_ups": told}
