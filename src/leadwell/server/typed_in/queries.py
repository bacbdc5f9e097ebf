"""Which submissions were typed in, by whom and since when was the caller on the line? Always of one organisation."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from leadwell.server.base.shortly import Shortly
from leadwell.server.intake.models import Source, State, Submission
from leadwell.server.intake.opening import opened
from leadwell.server.leads.models import Lead
from leadwell.server.privacy.sealing import if_opens

KIND: Final = "typed-in"
_BY, _SINCE = "typed-by", "on-the-line-since"


@dataclass(frozen=True)
class Typed:
    """`by`: as the trail names them."""

    by: str
    since: datetime

    @property
    def headers(self) -> dict[str, str]:
        return {_BY: self.by, _SINCE: self.since.isoformat()}

    @property
    def user(self) -> int:
        return int(self.by.partition(":")[2])


@Shortly
def _ways(organization: int) -> frozenset[int] | None:
    """None where there are none yet: that is not kept, for the first call makes one."""
    return frozenset(Source.objects.of(organization).filter(kind=KIND).values_list("pk", flat=True)) or None


def sources(organization: int) -> frozenset[int]:
    """By which calls were ever typed in."""
    return _ways(organization) or frozenset()


def typed(submission: Submission) -> Typed | None:
    """None where it is emptied or damaged."""
    sent = if_opens(opened, submission) if submission.sealed else None
    return _of(sent.headers) if sent else None


def _of(headers: Mapping[str, str]) -> Typed | None:
    by, since = headers.get(_BY, ""), headers.get(_SINCE, "")
    return Typed(by, datetime.fromisoformat(since)) if by.startswith("user:") and since else None


def typed_submission(organization: int, number: UUID) -> Submission | None:
    """One that was typed in; None where there is no such."""
    found = Submission.objects.of(organization).filter(pk=number, source__in=sources(organization))
    return found.first()


def typists(organization: int, leads: Collection[Lead]) -> dict[UUID, int]:
    """Lead -> the number of whoever typed it in; without those that came another way."""
    ways = sources(organization)
    ours = {lead.submission: lead.pk for lead in leads if lead.source in ways}
    if not ours:
        return {}
    told = {one.pk: typed(one) for one in Submission.objects.of(organization).filter(pk__in=ours)}
    return {ours[number]: one.user for number, one in told.items() if one is not None}


def lately_judged(organization: int, *, since: datetime) -> list[Submission]:
    ways = sources(organization)
    if not ways:
        return []
    states = (State.ASSESSED, State.JOINED)
    ours = Submission.objects.of(organization).filter(state__in=states, received_at__gt=since, source__in=ways)
    return list(ours.exclude(lead=None).order_by("received_at"))
