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

MORE: Final = "more"  # says a job that has more to do at once: it comes due again, and others have their turn before
_LOG: Final = log("leadwell.recurring")


@dataclass(frozen=True)
class Job:
    every: timedelta
    does: Callable[[], object]


@dataclass(frozen=True)
class Ran:
    """How many were done, and whether one of them has more to do at once."""

    done: int
    more: bool


def run_due(jobs: Mapping[str, Job]) -> Ran:
    """Does what is due, each job once; one that fails says so and comes again."""
    told = [_done(name, job) for name, job in jobs.items() if _claimed(name, job)]
    return Ran(sum(one.done for one in told), more=any(one.more for one in told))


def _claimed(name: str, job: Job) -> bool:
    now = timezone.now()
    Recurring.objects.get_or_create(name=name, defaults={"due_at": now})
    # One put off further than twice its time was claimed by a clock that ran ahead; it is not waited for.
    due = Q(due_at__lte=now) | Q(due_at__gt=now + 2 * job.every)
    return bool(Recurring.objects.filter(due, name=name).update(due_at=now + job.every))


def _done(name: str, job: Job) -> Ran:
    try:
        more = job.does() is MORE
    except Exception as error:  # noqa: BLE001  one job that fails never holds up the others
        _LOG.error("a recurring job failed", job=name, error=type(error).__name__, exc_info=error)
        return Ran(0, more=False)
    if more:
        Recurring.objects.filter(name=name).update(due_at=timezone.now())
    return Ran(1, more=more)
