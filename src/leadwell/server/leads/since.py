"""What have they said of a lead since somebody's page showed it, and what has become of it? (promise C18)

A page carries how often they had said something when it was shown (`said`). Whoever notes something on it answers what
it showed: danger that came later is not cleared by it, but stands until somebody has seen it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from leadwell.server.leads import worked
from leadwell.server.leads.models import Event, Joined, Lead
from leadwell.server.leads.queries import UNSEEN, answer_of, asked_again, joined_columns, said_when
from leadwell.server.privacy.sealing import if_opens

_BECAME: Final = ("outcome.noted", "outcome.corrected", "outcome.taken-back")
_DIGITS: Final = 6  # nobody says something a million times
SHOWN_NOTHING: Final = -1  # what of theirs a program was shown: not even what they said first


@dataclass(frozen=True)
class Mark:
    """`said`: how often they have said something new, or it was judged as danger; `done`: how often it was said what
    became of it."""

    said: int
    done: int


@dataclass(frozen=True)
class Since:
    """What a page does not show. `words`: theirs, the first first; `wrote`: whether they said something; `danger`:
    whether that waits, and sounds like danger; `became`: what others noted, each with who did."""

    lead: UUID
    words: tuple[str, ...]
    wrote: bool
    danger: bool
    became: tuple[tuple[str, str, datetime], ...]
    mark: Mark


@dataclass(frozen=True)
class _Came:
    at: datetime
    row: Joined | Event


def said_so_far(organization: int, leads: Collection[UUID]) -> dict[UUID, int]:
    """Lead -> how often they have said something; without those that said all at once."""
    return dict(Counter(one.row.lead_id for one in _came(organization, leads)))


def mark_of(organization: int, number: UUID) -> Mark:
    """Counted before a page reads what it shows: what comes between the two is new to it, and no danger is lost."""
    return Mark(said_so_far(organization, [number]).get(number, 0), len(_became(organization, number)))


def since(lead: Lead, shown: Mark, *, by: int, visible: bool) -> Since | None:
    """None where the page shows all. `by`: who looks at it: what they noted themselves is no news."""
    came, done = _came(lead.organization_id, [lead.pk]), _became(lead.organization_id, lead.pk)
    later, others = came[shown.said :], [one for one in done[shown.done :] if one.by_id != by]
    if not later and not others:
        return None
    words = [said for one in later if (said := _words(one.row))] if visible else []
    became = [(worked.says(one), one.by.get_full_name() if one.by else "A program", one.at) for one in others]
    danger = bool(later) and waits_in_danger(lead)
    return Since(lead.pk, tuple(words), bool(later), danger, tuple(became), Mark(len(came), len(done)))


def shown_in(given: Mapping[str, str], name: str = "said") -> int:
    """As a page says it; of one that says nothing, that it showed what they said first."""
    text = given.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else 0


def waits_in_danger(lead: Lead) -> bool:
    return bool(lead.safety) and lead.answered_at is None


def unseen(lead: Lead, said: int) -> bool:
    """Whether they said something since then that waits, of a lead that sounds like danger."""
    return waits_in_danger(lead) and said_so_far(lead.organization_id, [lead.pk]).get(lead.pk, 0) > said


def leave_unseen(lead: Lead, said: int, at: datetime) -> bool:
    """In the caller's transaction, which holds the lead: what was just noted of it, at that moment, answers nothing
    that came after what its page showed. False where it showed all."""
    if not unseen(lead, said):
        return False
    ours = lead.organization_id
    wrote = said_when(ours, asked_again(ours, [lead.pk])).get(lead.pk)
    codes = {"asks": "yes"} | ({"wrote": wrote.isoformat()} if wrote else {})
    after = max(timezone.now(), at) + timedelta(microseconds=1)
    Event.objects.create(organization_id=ours, lead_id=lead.pk, name=UNSEEN, at=after, codes=codes)
    return True


def _came(organization: int, leads: Collection[UUID]) -> list[_Came]:
    """The first first. What was parted since counts still: a page has shown it."""
    told = Q(codes__asks="yes") | Q(name="lead.rejudged")
    events = Event.objects.of(organization).filter(told, lead__in=leads).exclude(name=UNSEEN).defer("sealed")
    joined = Joined.objects.of(organization).filter(lead__in=leads, new=True).defer("sealed")
    rows = [_Came(one.at, one) for one in events if one.name != "lead.rejudged" or _alarming(one)]
    rows += [_Came(one.at, one) for one in joined]
    return sorted(rows, key=lambda one: (one.at, one.row.pk))


def _alarming(rejudged: Event) -> bool:
    moved = rejudged.codes.get("safety")
    return isinstance(moved, list) and bool(moved[1])


def _words(row: Joined | Event) -> str:
    if isinstance(row, Event):
        return (if_opens(answer_of, row) or {}).get("message", "") if row.sealed else ""
    return (if_opens(joined_columns, row) or {}).get("message", "") if row.sealed else ""


def _became(organization: int, number: UUID) -> list[Event]:
    ours = Event.objects.of(organization).filter(lead=number, name__in=_BECAME)
    return list(ours.select_related("by").order_by("at", "pk"))
