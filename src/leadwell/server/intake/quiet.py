"""Which sources send, how much, and has one gone quiet? In sentences, for the list of sources."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone

from leadwell.server.access.models import Organization
from leadwell.server.intake.models import Source
from leadwell.server.intake.queries import arrivals
from leadwell.server.intake.silence import WEEKS, Silence, silence

_BY_HAND: Final = ("file", "typed-in")  # somebody here sends it, when there is something to send
_WEEK: Final = timedelta(days=7)
_MOST: Final = 20_000  # arrivals looked at; a busier source has a habit in fewer


@dataclass(frozen=True)
class Flow:
    """`this_week`: in the last seven days; `usual`: how many would have come since the last, by habit; `told`: what
    its silence means, None where nothing can be said yet."""

    this_week: int
    last: datetime | None
    quiet: bool = False
    usual: int = 0
    told: Silence | None = None


def watched(source: Source) -> bool:
    """Whether it has a habit at all: a list comes when somebody uploads one."""
    return source.kind not in _BY_HAND and not source.closed_at


def flows(organization: Organization, sources: list[Source]) -> dict[int, Flow]:
    now = timezone.now()
    came = arrivals(organization.pk, since=now - timedelta(weeks=WEEKS))
    return {source.pk: _flow(organization, source, came.get(source.pk, []), now) for source in sources}


def _flow(organization: Organization, source: Source, came: list[datetime], now: datetime) -> Flow:
    week = sum(1 for at in came if at > now - _WEEK)
    told = _silence(organization, source, came, now) if watched(source) else None
    last = came[-1] if came else None
    return Flow(week, last, told.quiet, round(told.expected), told) if told else Flow(week, last)


def _silence(organization: Organization, source: Source, came: list[datetime], now: datetime) -> Silence | None:
    recent = came[-_MOST:]
    since = max(source.created_at, recent[0]) if len(came) > _MOST else source.created_at
    return silence(recent, now=now, since=since, zone=organization.time_zone)
