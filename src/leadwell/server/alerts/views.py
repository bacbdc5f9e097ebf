"""The page of alerts: what needs somebody now, since when, and what is to be done?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from leadwell.server.access.needs import needs
from leadwell.server.access.requests import MemberRequest
from leadwell.server.alerts import actions
from leadwell.server.alerts.kinds import KINDS, concerning
from leadwell.server.alerts.models import Alert
from leadwell.server.alerts.queries import alert_of, open_alerts, past_alerts, why
from leadwell.server.base.pages import Pager, asked_page, paged, show


@dataclass(frozen=True)
class Open:
    number: int
    icon: str
    title: str
    since: datetime
    says: str
    does: str
    link: str
    leads: str


@dataclass(frozen=True)
class Past:
    """`over_at`: when it ended by itself or was dealt with; `by` and `why` where somebody did."""

    title: str
    since: datetime
    over_at: datetime | None
    by: str
    why: str


@dataclass(frozen=True)
class Alerts:
    """`concerned`: whether this role is told of any kind at all."""

    open: tuple[Open, ...]
    past: tuple[Past, ...]
    pager: Pager
    concerned: bool


@needs()
@require_safe
def alerts(request: MemberRequest) -> HttpResponse:
    ours, kinds = request.member.organization_id, concerning(request.member)
    past, pager = paged(past_alerts(ours, kinds), asked_page(request))
    page = Alerts(
        open=tuple(map(opened, open_alerts(ours, kinds))),
        past=tuple(map(_past, past)),
        pager=pager,
        concerned=bool(kinds),
    )
    return show(request, "alerts/alerts.html", page)


def opened(alert: Alert) -> Open:
    """As pages show it."""
    kind = KINDS[alert.kind]
    return Open(
        number=alert.pk,
        icon=kind.icon,
        title=kind.title(alert.codes),
        since=alert.since,
        says=kind.says(alert.codes),
        does=kind.does,
        link=kind.link(alert.codes),
        leads=kind.leads,
    )


def _past(alert: Alert) -> Past:
    by = alert.dealt_by.get_full_name() if alert.dealt_by else ""
    title = KINDS[alert.kind].title(alert.codes)
    return Past(title, alert.since, alert.dealt_at or alert.ended_at, by, why(alert))


@needs()
@require_POST
def deal(request: MemberRequest, number: int) -> HttpResponse:
    """Notes that it is dealt with: by whom, when, and why."""
    found = alert_of(request.member.organization_id, number, concerning(request.member))
    if found is None:
        raise Http404
    try:
        done = actions.deal(found, request.member, request.POST.get("why", "")[:1000])
    except actions.NoReason as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Noted as dealt with." if done else "Somebody else was first, or it ended by itself.")
    return HttpResponseRedirect(reverse("alerts"))
