"""May we contact somebody, now? The gate's verdict by channel, with its rule and its proof. (promises B13, D23)"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Schema
from pydantic import Field

from leadwell import permission
from leadwell.permission.values import CHANNELS, Answer, Channel, Purpose
from leadwell.server.access.models import ApiKey
from leadwell.server.api.keys import Key
from leadwell.server.api.leads import ERRORS
from leadwell.server.api.mistyped import Strict
from leadwell.server.api.problems import Problem
from leadwell.server.consent.deciding import own_rules
from leadwell.server.consent.queries import known
from leadwell.server.people.queries import is_known
from leadwell.server.privacy.trail import record

router = Strict(tags=["people"])

_EXAMPLE: Final = {
    "person": "0190a7c2-5f3e-7d21-9c4b-2a6f01d3e8b7",
    "purpose": "care-request",
    "at": "2026-11-26T21:41:07Z",
    "automated": False,
    "channels": {
        "call": {
            "answer": "not_before",
            "not_before": "2026-11-27T14:00:00Z",
            "rule": "1.1",
            "says": "Not before 8:00 tomorrow where they may be (Chicago): federal law allows no calls after 21:00.",
            "proof": "lead/0190a7c2-5f3e-7d21-9c4b-2a6f01d3e8b8",
        },
        "text": {
            "answer": "never",
            "not_before": None,
            "rule": "1.12",
            "says": "Never: they asked us to stop, and have not agreed to texts about their request since.",
            "proof": "stop/0190a7c2-5f3e-7d21-9c4b-2a6f01d3e8b9",
        },
        "email": {
            "answer": "yes",
            "not_before": None,
            "rule": "2.1",
            "says": "Yes: they agreed to e-mails about their request on 26 Nov 2026.",
            "proof": "lead/0190a7c2-5f3e-7d21-9c4b-2a6f01d3e8b8",
        },
    },
}
_DOCUMENTED: Final[dict[str, Any]] = {
    "responses": {200: {"content": {"application/json": {"example": _EXAMPLE}}}},
}


class Verdict(Schema):
    answer: Answer
    not_before: datetime | None = Field(None, description="The first instant at which the answer will be yes.")
    rule: str = Field(description="The number of the rule that decided, as docs/contact-rules.md has it.")
    says: str = Field(description="The verdict in a sentence. It names nobody.")
    proof: str = Field(
        description="The record that decides: lead/…, consent/…, stop/…, attempt/…, message/…; empty for none."
    )


class MayContact(Schema):
    person: UUID
    purpose: Purpose
    at: datetime
    automated: bool
    channels: dict[Channel, Verdict]


@router.get(
    "/people/{person}/may-contact",
    auth=Key("leads:read"),
    response={200: MayContact, **ERRORS},
    summary="Whether somebody may be called, texted or e-mailed now",
    openapi_extra=_DOCUMENTED,
)
def may_contact(
    request: HttpRequest,
    person: UUID,
    purpose: Annotated[Purpose, Query(description="What it is about.")] = "care-request",
    automated: Annotated[bool, Query(description="Whether no human being sends or dials it.")] = True,
) -> dict[str, Any]:
    """Decided at this moment, by the law, the clock where they may be, and what they told us. It is an answer and not a
    leave to send later: whoever sends asks again at that moment."""
    key = key_for(request, person)
    now = timezone.now().replace(microsecond=0)
    found = known(key.organization_id, person, automated=automated, purpose=purpose, now=now)
    record(key.organization_id, f"key:{key.handle}", "consent.asked", f"person/{person}")
    ours = own_rules(key.organization_id)
    verdicts = {c: permission.may_contact(found, channel=c, purpose=purpose, at=now, playbook=ours) for c in CHANNELS}
    return {"person": person, "purpose": purpose, "at": now, "automated": automated, "channels": verdicts}


def key_for(request: HttpRequest, person: UUID) -> ApiKey:
    """Of whoever asks about somebody who is known to them."""
    key: ApiKey = request.auth  # type: ignore[attr-defined]
    if not is_known(key.organization_id, person):
        raise Problem(404, "There is nobody of this id here.")
    return key


def viewed(key: ApiKey, person: UUID) -> None:
    """Somebody's program has looked at what they permit."""
    record(key.organization_id, f"key:{key.handle}", "consent.viewed", f"person/{person}")
