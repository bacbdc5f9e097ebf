"""What is wrong with what came in? A ledger that does not close, a source gone quiet, a submission set aside."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db.models import Count, Min
from django.utils import timezone

from leadwell.server.access.models import Organization
from leadwell.server.alerts.actions import Cause, hold
from leadwell.server.intake.actions import LASTING
from leadwell.server.intake.ledger import ledger_of
from leadwell.server.intake.models import State, Submission
from leadwell.server.intake.queries import source_names, sources_of
from leadwell.server.intake.quiet import flows, watched

_GONE: Final = "a source that is gone"


def watch_ledger(organization: Organization, days: Iterable[date]) -> None:
    """Tells of each day that holds what cannot be accounted for."""
    looked_at = {f"ledger/{day}": day for day in days}
    causes = []
    for about, day in looked_at.items():
        if count := len(ledger_of(organization, day=day).unexplained):
            start = datetime.combine(day, time(), ZoneInfo(organization.time_zone))
            causes.append(Cause(about, start, count, {"day": day.isoformat(), "count": count}))
    hold(organization.pk, "ledger", causes, looked_at=looked_at)


def latest_days(organization: Organization, count: int) -> list[date]:
    today = timezone.localdate(timezone=ZoneInfo(organization.time_zone))
    return [today - timedelta(days=n) for n in range(count)]


def watch_sources(organization: Organization) -> None:
    """Tells of sources that have gone quiet. Of one about which nothing can be said, what was told stays."""
    ours = sources_of(organization.pk)
    told = flows(organization, [source for source in ours if watched(source)])
    causes, looked_at = [], {f"source/{source.pk}" for source in ours if not watched(source)}
    for source in ours:
        silence = told[source.pk].told if source.pk in told else None
        if silence is None:
            continue
        looked_at.add(f"source/{source.pk}")
        if silence.quiet:
            codes = {"source": source.pk, "name": source.name, "expected": round(silence.expected)}
            causes.append(
                Cause(f"source/{source.pk}", silence.since, codes={**codes, "chance": _rounded(silence.chance)})
            )
    hold(organization.pk, "quiet", causes, looked_at=looked_at)


def _rounded(chance: float) -> float:
    """Two digits: an estimate has no more."""
    return float(f"{chance:.1e}")


def watch_troubles(organization: Organization) -> None:
    """Tells of sources that we ask and that do not answer, some time after they began not to."""
    now = timezone.now()
    causes = [
        Cause(f"trouble/{one.pk}", now, codes={"source": one.pk, "name": one.name, "trouble": one.trouble})
        for one in sources_of(organization.pk)
        if one.troubles >= LASTING and one.closed_at is None
    ]
    hold(organization.pk, "trouble", causes)


def watch_set_aside(organization: Organization) -> None:
    """Tells of submissions that failed each time they were tried, by source."""
    names = source_names(organization.pk)
    rows = (
        Submission.objects.of(organization).filter(state=State.SET_ASIDE).order_by()
        .values_list("source").annotate(Count("pk"), Min("received_at"))
    )  # fmt: skip
    causes = [
        Cause(f"set-aside/{source}", since, count, {"count": count, "name": names.get(source, _GONE)})
        for source, count, since in rows
    ]
    hold(organization.pk, "set-aside", causes)
