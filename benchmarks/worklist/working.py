"""How is a lead worked? Through the product's own actions: taken, tried, reached, ended."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from benchmarks.worklist.stories import Asker, Plot, Story, body, story_of

CLOSED: Final = (
    ("take", "reach", "book"),
    ("take", "reach", "answer"),
    ("take", "miss", "reach", "decline"),
    ("take", "answer"),
)
OPEN: Final[tuple[tuple[str, ...], ...]] = ((), ("take",), ("take", "miss"))
Told = tuple[Plot, Asker]


@dataclass(frozen=True)
class Written:
    """`numbers`: the leads, in the order told; `moments`: when they had been judged, and when each step was done."""

    numbers: tuple[UUID, ...]
    moments: tuple[datetime, ...]


def really(organization: int, source: int, member: Any, told: Sequence[Told]) -> Written:
    """Each asks, is judged and worked by the product."""
    from django.utils import timezone

    from leadwell.server.intake.accepting import Delivery, accept
    from leadwell.server.intake.draining import drain
    from leadwell.server.leads.queries import first_leads

    receipts = [one.id for one in accept(organization, source, [Delivery(body(*one)) for one in told])]
    while drain().submissions:
        pass
    leads = first_leads(organization, receipts)
    numbers, moments = tuple(leads[one] for one in receipts), [timezone.now()]
    for step in range(max(len(plot.steps) for plot, _ in told)):
        for (plot, _), number in zip(told, numbers, strict=True):
            if step < len(plot.steps):
                STEPS[plot.steps[step]](member, number)
        moments.append(timezone.now())
    return Written(numbers, tuple(moments))


def stories(organization: int, member: Any, told: Sequence[Told], written: Written) -> list[Story]:
    from leadwell.server.leads.models import Lead

    now = Lead.objects.of(organization).in_bulk(written.numbers)
    each = zip(told, written.numbers, strict=True)
    return [story_of(organization, now[number], *one, member.actor, written.moments) for one, number in each]


def _take(member: Any, number: Any) -> None:
    from leadwell.server.worklist import actions

    actions.take(member, number)  # one that rests belongs to nobody


def _answer(member: Any, number: Any) -> None:
    from leadwell.server.worklist import actions

    actions.answer(member, number)


def _tried(result: str) -> Callable[[Any, Any], None]:
    def tried(member: Any, number: Any) -> None:
        from leadwell.server.calls.actions import Made, note_attempt
        from leadwell.server.calls.ending import Ended

        note_attempt(member.organization_id, number, Made(Ended(result, seconds=95)), actor=member.actor)

    return tried


def _became(became: str, reason: str = "") -> Callable[[Any, Any], None]:
    def noted(member: Any, number: Any) -> None:
        from leadwell.server.outcomes.actions import Became, note_outcome

        note_outcome(member.organization_id, number, Became(became, reason), actor=member.actor)

    return noted


STEPS: Final[dict[str, Callable[[Any, Any], None]]] = {
    "take": _take,
    "miss": _tried("voicemail"),
    "reach": _tried("reached"),
    "answer": _answer,
    "book": _became("booked"),
    "decline": _became("declined", "chose-elsewhere"),
}
