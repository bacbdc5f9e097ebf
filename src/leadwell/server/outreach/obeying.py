"""How is a stop obeyed here? In its own transaction: what waits for whom it closes is not sent. (rule 1.12)

What is leaving at this very moment has taken its row, and the stop waits for it; whatever leaves later asks the gate.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q
from django.utils import timezone

from leadwell.server.base.scope import Scoped
from leadwell.server.consent.models import ALL, EVERY
from leadwell.server.consent.obeying import Closed
from leadwell.server.consent.queries import reached_by
from leadwell.server.consent.queries.standing import pages
from leadwell.server.outreach import gate
from leadwell.server.outreach.models import Message
from leadwell.server.outreach.queries import not_sent, still_here


def stopped(closed: Closed) -> int:
    """Cancels what waits; of a stop in doubt, nothing: the gate holds it back until somebody has looked.

    What it names is cancelled as it stands, and whatever else waits for anybody whom it reaches where the gate forbids
    that now: by another address of theirs, for somebody linked with them, or for a purpose that it takes along. Of a
    consent that was taken back, all of it is asked about.
    """
    if closed.doubt:
        return 0
    waiting = Message.objects.of(closed.organization).filter(still_here(), confirms=None)
    named = 0 if closed.asks else _cancelled(waiting.filter(_concerns(closed)), closed)
    return named + sum(_forbidden(one) for one in _reached(waiting, closed))


def _cancelled(named: Scoped[Message], closed: Closed) -> int:
    return named.update(
        **not_sent("stopped"), answer="never", rule="1.12", proof=f"event/{closed.event}",
        says="They asked us to stop.", asked_at=timezone.now(),
    )  # fmt: skip


def _reached(waiting: Scoped[Message], closed: Closed) -> Iterator[Message]:
    """What waits for whoever is reached at these addresses, and for whoever is one person with one of them."""
    for tokens in pages(sorted(closed.tokens)):
        yield from list(waiting.filter(token__in=tokens).defer("sealed"))
    for people in pages(sorted(reached_by(closed.organization, closed.people, closed.tokens))):
        yield from list(waiting.filter(person__in=people).defer("sealed"))


def _forbidden(message: Message) -> int:
    """Cancels it where nothing that they permit allows it any more."""
    now = timezone.now()
    verdict = gate.asked_again(message, now=now)
    if verdict.answer != "never" or gate.is_in_doubt(message, verdict):
        return 0
    return Message.objects.of(message.organization_id).filter(still_here(), pk=message.pk).update(
        **not_sent("never"), answer=verdict.answer, rule=verdict.rule, proof=verdict.proof, says=verdict.says,
        asked_at=now,
    )  # fmt: skip


def _concerns(closed: Closed) -> Q:
    whose = Q(person__in=closed.people) | Q(token__in=closed.tokens)
    if (ALL, EVERY) in closed.scopes:
        return whose
    what = Q(pk__in=())  # nothing, to which each scope adds
    for channel, purpose in closed.scopes:
        what |= Q(
            **({} if channel == ALL else {"channel": channel}), **({} if purpose == EVERY else {"purpose": purpose})
        )
    return whose & what
