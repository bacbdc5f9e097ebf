"""What is to be done every so often? Each job is claimed by one conditional update, however many workers there are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db.models import Q
from django.utils import timezone

from leadwell.server.base.logs import log
from leadwell.server.base.models import Recurring

_LOG: Final = log("leadwell.recurring")


@dataclass(frozen=True)
class Job:
    every: timedelta
    does: Callable[[], object]


def run_due(jobs: Mapping[str, Job]) -> int:
    """Does what is due, each job once; one that fails says so and comes again. Returns how many were done."""
    return sum(_done(name, job) for name, job in jobs.items() if _claimed(name, job))


def _claimed(name: str, job: Job) -> bool:
    now = timezone.now()
    Recurring.objects.get_or_create(name=name, defaults={"due_at": now})
    # One put off further than twice its time was claimed by a clock that ran ahead; it is not waited for.
    due = Q(due_at__lte=now) | Q(due_at__gt=now + 2 * job.every)
    return bool(Recurring.objects.filter(due, name=name).update(due_at=now + job.every))


def _done(name: str, job: Job) -> bool:
    try:
        job.does()
    except Exception as error:  # noqa: BLE001  one job that fails never holds up the others
        _LOG.error("a recurring job failed", job=name, error=type(error).__name__, exc_info=error)
        return False
    return True
