"""How does a referral stand, for whoever sent it? From what happened to its lead, by one table (`referred.toml`).

What ended stays ended: a sender who was told so may have referred the patient elsewhere. Only what the sender took back
and sends again is received once more. The policy's own judgement is no event and may change, so that it counts only
where nobody has taken it up, and as it is now.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Any, Final

from leadwell.server.intake.models import State, Submission
from leadwell.server.leads import telling
from leadwell.server.leads.models import Lead
from leadwell.server.leads.queries import events_of, lead_of

RECEIVED: Final = "received"
WITHDRAWN: Final = "withdrawn"


@dataclass(frozen=True)
class Step:
    name: str
    task: str
    hl7: str
    display: str = ""
    order: str = "active"
    ended: bool = False
    business: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Standing:
    """`why`: the reason of an end, in words of ours; '' where there is none. `at`: since when."""

    step: Step
    at: datetime
    why: str = ""


@cache
def table() -> dict[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath("referred.toml").read_text())


def step(name: str) -> Step:
    return Step(name, **table()["steps"][name])


def latest() -> str:
    return str(table()["latest"])


def standing(submission: Submission) -> Standing:
    """Of the lead that a submission made or joined; of one that is no lead yet, that it was received."""
    lead = lead_of(submission.organization_id, submission.lead) if submission.lead else None
    if lead is not None:
        return of_lead(lead)
    if submission.state == State.NOT_A_LEAD:
        return Standing(step("declined"), submission.received_at, submission.problem)
    return Standing(step(RECEIVED), submission.received_at)


def of_lead(lead: Lead) -> Standing:
    return _told(lead, [(one.name, one.at) for one in reversed(events_of(lead.organization_id, lead.pk))])


def _told(lead: Lead, events: Iterable[tuple[str, datetime]]) -> Standing:
    stands = Standing(step(RECEIVED), lead.received_at)
    for name, at in events:
        if stands.step.name == table()["again"].get(name):
            stands = Standing(step(RECEIVED), at)
        after = table()["events"].get(name)
        if after and not stands.step.ended:
            stands = Standing(step(after), at, telling.reason(lead.reason) if lead.reason else "")
    judged = table()["dispositions"].get(lead.disposition)
    if judged and stands.step.name == RECEIVED:
        at = lead.current.at if lead.current else stands.at
        return Standing(step(judged), at, telling.reason(lead.reason) if lead.reason else "")
    return stands


def earlier() -> list[str]:
    """The versions of BSeR besides the latest that its codes are known of."""
    return sorted({v for one in table()["steps"].values() for v in one.get("business", {})} - {latest()})
