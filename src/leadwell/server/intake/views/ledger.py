"""The ledger: was anything lost? Each day, what was received is what became of it, to the last one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from leadwell.server.access.needs import needs
from leadwell.server.access.requests import MemberRequest
from leadwell.server.access.roles import May
from leadwell.server.base.pages import show
from leadwell.server.intake.ledger import Counts, Ledger, ledger_of
from leadwell.server.intake.queries import names_by_handle

DAYS: Final = 14
# what a submission can become, in the words of the page
ENDS: Final = (
    ("made_leads", "Made leads"), ("repeats", "Repeats"), ("needs_mending", "To mend"), ("set_aside", "Set aside"),
    ("refused", "Refused"), ("joined", "Joined"), ("not_leads", "No lead"), ("waiting", "Waiting"),
    ("awaiting", "Awaiting"), ("not_taken", "Not taken in"),
)  # fmt: skip


@dataclass(frozen=True)
class Figure:
    word: str
    value: int


@dataclass(frozen=True)
class Row:
    """A day, or a source of one. `ends`: what became of what was received; `difference`: what cannot be explained."""

    day: date | None
    name: str
    received: int
    ends: tuple[Figure, ...]
    leads: int
    difference: int
    unexplained: tuple[UUID, ...] = ()

    @property
    def quiet(self) -> bool:
        return not (self.received or self.leads or self.difference)


@dataclass(frozen=True)
class Page:
    """`day`: the one that is looked at by source, None where none is; `difference`: of all days shown."""

    rows: tuple[Row, ...]
    words: tuple[str, ...]
    difference: int
    waiting: int
    awaiting: int
    to_mend: int
    not_taken: int
    day: date | None
    by_source: tuple[Row, ...]
    balance: Counts | None
    older: date | None
    newer: date | None


@needs(May.SEE_LEDGER)
@require_safe
def ledger(request: MemberRequest) -> HttpResponse:
    organization, today = request.member.organization, timezone.localdate()
    day = _asked(request.GET.get("day", ""))
    last = _asked(request.GET.get("to", "")) or day or today
    last = min(last, today)
    days = [last - timedelta(days=n) for n in range(DAYS)]
    rows = tuple(_row(one, ledger_of(organization, day=one)) for one in days)
    told = ledger_of(organization, day=day) if day else None
    page = Page(
        rows=rows,
        words=tuple(word for _, word in ENDS),
        difference=sum(row.difference for row in rows),
        waiting=sum(_of(row, "Waiting") for row in rows),
        awaiting=sum(_of(row, "Awaiting") for row in rows),
        to_mend=sum(_of(row, "To mend") + _of(row, "Set aside") for row in rows),
        not_taken=sum(_of(row, "Not taken in") for row in rows),
        day=day,
        by_source=_by_source(told, names_by_handle(organization.pk)) if told else (),
        balance=told.whole if told else None,
        older=last - timedelta(days=DAYS),
        newer=min(last + timedelta(days=DAYS), today) if last < today else None,
    )
    return show(request, "intake/ledger.html", page)


def _asked(text: str) -> date | None:
    if not text:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError as error:
        raise Http404 from error
    if not date(2000, 1, 1) <= found <= date(2200, 1, 1):
        raise Http404
    return found


def _row(day: date, told: Ledger) -> Row:
    counts = told.whole
    return Row(day, "", counts.received, _ends(counts), counts.leads, told.difference, tuple(told.unexplained))


def _by_source(told: Ledger, names: dict[str, str]) -> tuple[Row, ...]:
    return tuple(
        Row(None, names.get(handle, handle), one.received, _ends(one), one.leads, one.difference)
        for handle, one in told.by_source.items()
    )


def _ends(counts: Counts) -> tuple[Figure, ...]:
    return tuple(Figure(word, getattr(counts, name)) for name, word in ENDS)


def _of(row: Row, word: str) -> int:
    return next(figure.value for figure in row.ends if figure.word == word)
