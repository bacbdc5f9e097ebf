"""Was anything lost? Each day, what was received is what became of it, to the last one. (the daily ledger)

    received = repeats + needs mending + set aside + refused + joined + not leads + made leads
               (+ still waiting + awaiting answers + lists not taken in yet)
    leads    = made leads + extra leads of submissions that held several
    leads    = assessed = in a queue + resting

Counted from two sides, the inbox and the leads, which are written apart: whatever one side has and the other lacks is
a difference, and is listed by id.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet, Sum

from leadwell.server.access.models import Organization
from leadwell.server.intake.models import Source, State, Submission
from leadwell.server.leads.models import Lead

_STATES = {
    State.REPEAT: "repeats",
    State.NEEDS_MENDING: "needs_mending",
    State.SET_ASIDE: "set_aside",
    State.REFUSED: "refused",
    State.JOINED: "joined",
    State.NOT_A_LEAD: "not_leads",
    State.ASSESSED: "made_leads",
    State.RECEIVED: "waiting",
    State.AWAITING: "awaiting",
    State.NOT_TAKEN: "not_taken",
}


@dataclass
class Counts:
    received: int = 0
    repeats: int = 0
    needs_mending: int = 0
    set_aside: int = 0
    refused: int = 0
    joined: int = 0
    not_leads: int = 0
    made_leads: int = 0
    waiting: int = 0
    awaiting: int = 0
    not_taken: int = 0
    split: int = 0
    leads: int = 0
    assessed: int = 0
    in_queues: int = 0
    resting: int = 0

    @property
    def difference(self) -> int:
        """What cannot be accounted for; 0 where nothing is lost. What waits is not lost, but is not done either: its
        leads are written first, and may stand there already."""
        ahead = self.leads - self.made_leads - self.split
        ends: int = sum(getattr(self, name) for name in _STATES.values())
        left: int = (
            abs(self.received - ends)
            + (0 if self.waiting and ahead > 0 else abs(ahead))
            + abs(self.leads - self.assessed)
            + abs(self.leads - self.in_queues - self.resting)
        )
        return left


@dataclass
class Ledger:
    whole: Counts
    by_source: dict[str, Counts]
    unexplained: list[UUID] = field(default_factory=list)

    @property
    def difference(self) -> int:
        return max(self.whole.difference, len(self.unexplained))

    def as_json(self) -> dict[str, Any]:
        whole = _plain(self.whole) | {"difference": self.difference}
        by_source = {
            name: _plain(counts) | {"difference": counts.difference} for name, counts in self.by_source.items()
        }
        return whole | {"by_source": by_source, "unexplained": [str(one) for one in self.unexplained]}

    def as_text(self) -> str:
        rows = [
            f"{name.replace('_', ' '):16s}{value:10,d}"
            for name, value in self.as_json().items()
            if isinstance(value, int)
        ]
        return "\n".join(rows)


def _plain(counts: Counts) -> dict[str, Any]:
    return {one.name: getattr(counts, one.name) for one in fields(Counts)}


def ledger_of(organization: Organization, *, day: date | None = None) -> Ledger:
    """The ledger of one day of the organisation's calendar, or of all days."""
    submissions = Submission.objects.of(organization)
    leads = Lead.objects.of(organization)
    if day is not None:
        start, end = _bounds(day, organization.time_zone)
        submissions = submissions.filter(received_at__gte=start, received_at__lt=end)
        leads = leads.filter(received_at__gte=start, received_at__lt=end)
    by_source: dict[int, Counts] = {}
    _count_submissions(submissions, by_source)
    _count_leads(leads, by_source)
    names = dict(Source.objects.of(organization).values_list("pk", "handle"))
    return Ledger(
        _sum(by_source.values()),
        {names.get(number, f"source {number}"): counts for number, counts in sorted(by_source.items())},
        _unexplained(organization, submissions, leads),
    )


def _bounds(day: date, zone: str) -> tuple[datetime, datetime]:
    local = ZoneInfo(zone)
    return tuple(  # type: ignore[return-value]
        datetime.combine(one, time(), local).astimezone(UTC) for one in (day, day + timedelta(days=1))
    )


def _count_submissions(submissions: QuerySet[Submission], by_source: dict[int, Counts]) -> None:
    rows = submissions.order_by().values("source", "state").annotate(n=Count("pk"), held=Sum("leads"))
    for row in rows:
        counts = by_source.setdefault(row["source"], Counts())
        counts.received += row["n"]
        name = _STATES[State(row["state"])]
        setattr(counts, name, getattr(counts, name) + row["n"])
        if row["state"] == State.ASSESSED:
            counts.split += row["held"] - row["n"]


def _count_leads(leads: QuerySet[Lead], by_source: dict[int, Counts]) -> None:
    rows = leads.order_by().values("source").annotate(
        n=Count("pk"),
        judged=Count("pk", filter=Q(current__isnull=False)),
        queued=Count("pk", filter=~Q(queue="")),
        rests=Count("pk", filter=Q(queue="") & ~Q(resting="")),
    )  # fmt: skip
    for row in rows:
        counts = by_source.setdefault(row["source"], Counts())
        counts.leads, counts.assessed = row["n"], row["judged"]
        counts.in_queues, counts.resting = row["queued"], row["rests"]


def _sum(parts: Iterable[Counts]) -> Counts:
    whole = Counts()
    for part in parts:
        for one in fields(Counts):
            setattr(whole, one.name, getattr(whole, one.name) + getattr(part, one.name))
    return whole


def _unexplained(organization: Organization, submissions: QuerySet[Submission], leads: QuerySet[Lead]) -> list[UUID]:
    """What is apart when it is looked at, and still is when it is looked at by itself: the two sides are read one after
    the other, and what is being written meanwhile is no difference."""
    found = _apart(submissions, leads)
    if not found:
        return []
    again = Lead.objects.of(organization).filter(Q(submission__in=found) | Q(pk__in=found))
    sent = {*found, *again.values_list("submission", flat=True)}
    return _apart(Submission.objects.of(organization).filter(pk__in=sent), again)


def _apart(submissions: QuerySet[Submission], leads: QuerySet[Lead]) -> list[UUID]:
    """Submissions said to be assessed without their lead, leads of submissions that are not, and leads nobody judged
    or nobody answers for."""
    ended = dict(submissions.filter(state=State.ASSESSED).values_list("pk", "leads"))
    made: dict[UUID, int] = dict(leads.order_by().values_list("submission").annotate(Count("pk")))
    apart = {one for one in ended.keys() | made.keys() if ended.get(one, 0) != made.get(one, 0)}
    waiting = (
        set(submissions.filter(state=State.RECEIVED, pk__in=apart).values_list("pk", flat=True)) if apart else set()
    )
    adrift = leads.filter(Q(current=None) | (Q(queue="") & Q(resting=""))).values_list("pk", flat=True)
    return sorted((apart - waiting) | set(adrift))
