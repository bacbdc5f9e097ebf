"""How does a referral stand, for whoever sent it? From what happened to its lead, by one table (`referred.toml`).

What ended stays ended: a sender who was told so may have referred the patient elsewhere. Only what the sender took back
and sends again is received once more. The policy's own judgement is no event and may change, so that it counts only
where nobody has taken it up, and as it is now.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Any, Final
from uuid import UUID

from leadwell.server.intake.models import State, Submission
from leadwell.server.leads import telling
from leadwell.server.leads.models import Lead
from leadwell.server.leads.queries import events_of
from leadwell.server.leads.taken_back import OF
from leadwell.server.leads.taken_back import WITHDRAWN as TAKEN_BACK

RECEIVED: Final = "received"
WITHDRAWN: Final = "withdrawn"
NEVER: Final = "not-asked"
Said = tuple[str, datetime]  # what happened, as an event is named, and when


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


def standing(
    submission: Submission, lead: Lead | None, unread: Sequence[Said] = (), *, of: UUID | None = None
) -> Standing:
    """Of the lead that a submission made or joined; of one that is no lead yet, that it was received, and of one that
    is to be none, as a draft, so until its sender says more."""
    if lead is not None:
        return of_lead(lead, unread, of=of)
    stands = Standing(step(RECEIVED), submission.received_at)
    if submission.state == State.NOT_A_LEAD:
        stands = Standing(step(NEVER), submission.received_at, submission.problem)
    return _after(stands, unread)


def of_lead(lead: Lead, unread: Sequence[Said] = (), *, of: UUID | None = None) -> Standing:
    """`of`: for whoever sent that submission, which asked for the lead; None: for whoever made it. `unread`: what its
    sender has said since, that nobody has read."""
    why = telling.reason(lead.reason) if lead.reason else ""
    theirs = str(of or lead.submission)
    told = reversed(events_of(lead.organization_id, lead.pk))
    events = [(one.name, one.at) for one in told if one.codes.get(OF, theirs) == theirs]
    stands = _after(Standing(step(RECEIVED), lead.received_at), [*events, *unread], why)
    judged = table()["dispositions"].get(lead.disposition)
    if judged and stands.step.name == RECEIVED:
        return Standing(step(judged), lead.current.at if lead.current else stands.at, why)
    return stands


def of_unread(said: Sequence[Said]) -> Standing | None:
    """Of a referral that is no lead yet, by what its sender has said of it, the oldest first; None where that is
    nothing, or only takes back what never came."""
    if all(name == TAKEN_BACK for name, _ in said):
        return None
    return _after(Standing(step(RECEIVED), said[0][1]), said)


def _after(stands: Standing, events: Iterable[Said], why: str = "") -> Standing:
    for name, at in events:
        if stands.step.name in table()["again"].get(name, ()):
            stands = Standing(step(RECEIVED), at)
        after = table()["events"].get(name)
        if after and not stands.step.ended:
            stands = Standing(step(after), at, why)
    return stands


def earlier() -> list[str]:
    """The versions of BSeR besides the latest that its codes are known of."""
    return sorted({v for one in table()["steps"].values() for v in one.get("business", {})} - {latest()})
