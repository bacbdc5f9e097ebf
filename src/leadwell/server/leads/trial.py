"""What would another version of the playbook do to the leads that came last? Judged once more; nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from leadwell.server.access.needs import needs
from leadwell.server.access.requests import MemberRequest
from leadwell.server.access.roles import May
from leadwell.server.base.pages import show
from leadwell.server.leads import names
from leadwell.server.leads.judging import judged
from leadwell.server.leads.models import Lead
from leadwell.server.leads.rejudging import again
from leadwell.server.playbooks.queries import NoPlaybook, loaded, version_in_force, version_of
from leadwell.server.privacy.sealing import if_opens
from leadwell.server.privacy.trail import record

LAST: Final = 200  # leads: a second of work at most
_SHOWN: Final = 6  # of each move


@dataclass(frozen=True)
class Move:
    """From one disposition to another: how many, and some of them."""

    before: str
    after: str
    count: int
    leads: tuple[tuple[UUID, str], ...]

    @property
    def more(self) -> int:
        return self.count - len(self.leads)


@dataclass(frozen=True)
class Trial:
    """`tried`: how many leads were judged; `moved`: how many would be handled otherwise."""

    number: int
    now: int
    tried: int
    moved: int
    moves: tuple[Move, ...]


@needs(May.PUBLISH_PLAYBOOK)
@require_safe
def trial(request: MemberRequest, number: int) -> HttpResponse:
    ours, found = request.member.organization_id, version_of(request.member.organization_id, number)
    try:
        now = version_in_force(ours)
    except NoPlaybook as error:
        raise Http404 from error
    if found is None:
        raise Http404
    tried, moves = _moves(ours, now.pk, found.pk)
    record(ours, request.member.actor, "playbook.tried", f"playbook/{number}", {"leads": tried})
    page = Trial(number, now.number, tried, sum(one.count for one in moves), moves)
    return show(request, "leads/trial.html", page)


def _moves(organization: int, now: int, other: int) -> tuple[int, tuple[Move, ...]]:
    """How many were judged by both versions, as of when each came; and the moves, the most frequent first."""
    newest = Lead.objects.of(organization).exclude(sealed=b"").order_by("-received_at", "-pk")[:LAST]
    opened = [(lead, one) for lead in newest if (one := if_opens(again, lead))]
    if not opened:
        return 0, ()
    arrived = [one for _, one in opened]
    by_move: dict[tuple[str, str], list[Lead]] = {}
    verdicts = zip(judged(arrived, loaded(now)), judged(arrived, loaded(other)), strict=True)
    for (lead, _), (before, after) in zip(opened, verdicts, strict=True):
        move = before.said["disposition"], after.said["disposition"]
        if move[0] != move[1]:
            by_move.setdefault(move, []).append(lead)
    moves = (Move(*move, len(leads), _some(leads)) for move, leads in by_move.items())
    return len(arrived), tuple(sorted(moves, key=lambda one: -one.count))


def _some(leads: Sequence[Lead]) -> tuple[tuple[UUID, str], ...]:
    """Address and name of the first of them; by their codes, for nobody is looked at here."""
    return tuple((lead.pk, names.code(lead.pk)) for lead in leads[:_SHOWN])
