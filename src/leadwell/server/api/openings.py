"""When clinics have openings, told by a program: a scheduling system for one. (promise D19)"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.utils import timezone
from ninja import Schema
from pydantic import Field, StrictBool, StrictInt

from leadwell.playbook import Playbook
from leadwell.routing.openings import slots
from leadwell.server.access.models import ApiKey
from leadwell.server.api.documented import MOST_AT_ONCE, examples
from leadwell.server.api.keys import Key
from leadwell.server.api.leads import ERRORS, ProblemDetails
from leadwell.server.api.mistyped import Strict, StrictBody
from leadwell.server.api.moments import NearOrNow
from leadwell.server.api.problems import Problem
from leadwell.server.openings import queries as read
from leadwell.server.openings.actions import MOST_A_WEEK, MOST_WEEKS, CannotState, Said, SaidSince, Told, slot, state
from leadwell.server.playbooks.queries import NoPlaybook, in_force

router = Strict(tags=["openings"])

_EXAMPLES: Final = {
    "next": {
        "summary": "The next opening, with its hour, and how many there are",
        "value": {
            "openings": [
                {"service": "knee-replacement", "location": "evanston", "visit": "consult",
                 "opens_at": "2126-12-03T09:30:00-06:00", "weeks": [3, 5]}
            ]
        },
    },
    "full": {
        "summary": "Full until a day",
        "value": {
            "openings": [
                {"service": "knee-replacement", "location": "loop", "full": True, "opens_on": "2127-01-12"}
            ]
        },
    },
}  # fmt: skip


class OpeningSaid(StrictBody):
    service: str = Field(max_length=100, description="A service of the playbook.")
    location: str = Field("", max_length=100, description="A clinic that offers it; left out by video.")
    visit: str = Field("", max_length=100, description="Which of its visits, where the playbook has several there.")
    opens_on: date | None = Field(None, description="The day of the next opening; where it is full, until when.")
    opens_at: NearOrNow = Field(None, description="The same with its hour and offset, in the place of the day.")
    full: StrictBool = Field(False, description="Whether it is full until then; without a day nobody knows until when.")
    weeks: list[Annotated[StrictInt, Field(ge=0, le=MOST_A_WEEK)]] = Field(
        [], max_length=MOST_WEEKS, description="How many in the next seven days, and in each seven after."
    )
    as_of: NearOrNow = Field(None, description="When that was so; null for now. What was so earlier changes nothing.")
    version: StrictInt | None = Field(
        None, ge=0, description="The one that you have read; where another stands nothing is changed (412)."
    )


class OpeningsSaid(StrictBody):
    openings: list[OpeningSaid] = Field(min_length=1, max_length=MOST_AT_ONCE)


class OpeningNoted(Schema):
    service: str
    location: str
    visit: str
    version: int = Field(description="As it stands now.")
    changed: bool = Field(description="Whether something else is said now than before.")
    late: bool = Field(description="Whether something later was known, so that nothing was changed.")


class OpeningsNoted(Schema):
    openings: list[OpeningNoted]


class OpeningKnown(Schema):
    service: str
    location: str
    visit: str
    state: str = Field(description="`open`, `full`, or `not known`: nobody said, or what was said is too old or over.")
    opens_on: date | None
    opens_at: datetime | None
    weeks: list[int]
    as_of: datetime | None = Field(description="When what was said last was so, also where it holds no more.")
    booked: int | None = Field(description="Where it is full by the policy's bound: so many are booked.")
    version: int


class OpeningsKnown(Schema):
    openings: list[OpeningKnown]


@router.get(
    "/openings",
    auth=Key("openings:write"),
    response={200: OpeningsKnown, **ERRORS},
    summary="When each clinic opens next, as far as is known",
)
def get_openings(request: HttpRequest) -> dict[str, Any]:
    key: ApiKey = request.auth  # type: ignore[attr-defined]
    try:
        policy = in_force(key.organization_id)[1]
    except NoPlaybook:
        return {"openings": []}
    return {"openings": _known(key.organization_id, policy)}


@router.post(
    "/openings",
    auth=Key("openings:write"),
    response={200: OpeningsNoted, 412: ProblemDetails, **ERRORS},
    summary="Say when clinics open next",
    openapi_extra=examples(_EXAMPLES),
)
def post_openings(request: HttpRequest, said: OpeningsSaid) -> dict[str, Any]:
    """All of them or none. Said again, the same changes nothing but that it is known anew. It decides where and when
    somebody is seen, never whether."""
    key: ApiKey = request.auth  # type: ignore[attr-defined]
    try:
        policy = in_force(key.organization_id)[1]
        meant = [_said(one, number, policy) for number, one in enumerate(said.openings)]
        told = state(key.organization_id, meant, actor=f"key:{key.handle}")
    except NoPlaybook as error:
        raise Problem(422, "No playbook is published, so there are no services of which to say it.") from error
    except CannotState as error:
        raise _wrong(error.number, error.key, str(error)) from error
    except SaidSince as error:
        at = f"body.said.openings.{error.number}.version"
        raise Problem(412, "None of them was noted.", errors=[{"at": at, "says": str(error)}]) from error
    return {"openings": [_noted(one) for one in told]}


def _said(one: OpeningSaid, number: int, policy: Playbook) -> Said:
    """Raises CannotState."""
    try:
        meant = slot(policy, one.service, one.location, one.visit)
    except CannotState as error:
        raise CannotState(error.key, str(error), number) from error
    if one.opens_on is not None and one.opens_at is not None:
        raise CannotState("opens_on", "Say `opens_on` or `opens_at`, not both.", number)
    at = one.opens_at
    on = at.astimezone(ZoneInfo(policy.organization.time_zone)).date() if at is not None else one.opens_on
    return Said(meant, on, None if one.full else at, one.full, tuple(one.weeks), one.as_of, one.version)


def _wrong(number: int, key: str, says: str) -> Problem:
    named = {"on": "opens_on", "hour": "opens_at"}.get(key, key)
    return Problem(
        422, "None of them was noted.", errors=[{"at": f"body.said.openings.{number}.{named}", "says": says}]
    )


def _noted(one: Told) -> dict[str, Any]:
    row = one.opening
    return {"service": row.service, "location": row.location, "visit": row.visit, "version": row.version,
            "changed": one.new, "late": one.late}  # fmt: skip


def _known(organization: int, policy: Playbook) -> list[dict[str, Any]]:
    board, rows = read.board(organization, policy, timezone.now()), read.openings(organization)
    known = [(one, board.place(one)) for one in slots(policy)]
    return [
        {
            "service": one.service, "location": one.location, "visit": one.visit, "state": place.state.value,
            "opens_on": place.on, "opens_at": place.hour,
            "weeks": list(place.said.weeks) if place.said and place.is_known and not place.booked else [],
            "as_of": place.said.at if place.said else None,
            "booked": place.booked.count if place.booked else None,
            "version": rows[one].version if one in rows else 0,
        }
        for one, place in known
    ]  # fmt: skip
