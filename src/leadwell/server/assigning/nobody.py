"""The page of the leads that no colleague has, which the page Team counts. (promise D19)"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from leadwell.server.access.needs import needs
from leadwell.server.access.requests import MemberRequest
from leadwell.server.access.roles import May
from leadwell.server.assigning.showing import named, nobody_can, with_nobody
from leadwell.server.base.pages import Pager, asked_page, paged, show
from leadwell.server.playbooks.requests import policy_needed
from leadwell.server.privacy.trail import record_list
from leadwell.server.worklist.rows import Row, rows


@dataclass(frozen=True)
class Nobody:
    """Leads that no colleague has: of `team`, '' for all; `stuck`: only those that nobody can take now."""

    rows: tuple[Row, ...]
    total: int
    team: str
    stuck: bool
    pager: Pager


@needs(May.PLAN_TEAM)
@require_safe
def waits_with_nobody(request: MemberRequest) -> HttpResponse:
    member, policy, now = request.member, policy_needed(request), timezone.now()
    ours, team, stuck = member.organization_id, request.GET.get("team", ""), request.GET.get("can") == "nobody"
    if team and team not in policy.teams:
        raise Http404
    waits = nobody_can(ours, policy, now) if stuck else with_nobody(ours, policy)
    waits = (waits.filter(lead__queue=team) if team else waits).select_related("lead__owner", "lead__current")
    query = urlencode([("team", team)] * bool(team) + [("can", "nobody")] * stuck)
    found, pager = paged(waits.defer("lead__current__sealed"), asked_page(request), query=f"{query}&" if query else "")
    if found and member.may(May.SEE_IDENTITIES):
        record_list(ours, member.actor, "lead.listed", [f"lead/{one.pk}" for one in found])
    page = Nobody(rows(member, found, now), pager.total, named(team) if team else "", stuck, pager)
    return show(request, "assigning/nobody.html", page)
