"""The trail's page: who saw, searched or changed what, and is the chain of it whole? (promise F33)"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from leadwell.server.access.needs import needs
from leadwell.server.access.queries import names_of_users
from leadwell.server.access.requests import MemberRequest
from leadwell.server.access.roles import May
from leadwell.server.base.pages import Pager, asked_page, paged, show
from leadwell.server.privacy.models import TrailEntry
from leadwell.server.privacy.trail import Verdict, entries, record, verify


@dataclass(frozen=True)
class Row:
    number: int
    at: datetime
    who: str
    did: str
    subject: str
    codes: str


@dataclass(frozen=True)
class Trail:
    """`subject`: what alone is shown, '' where everything; `verdict`: of the chain, where it was asked for."""

    rows: tuple[Row, ...]
    pager: Pager
    subject: str
    verdict: Verdict | None


@needs(May.SEE_TRAIL)
@require_http_methods(["GET", "HEAD", "POST"])
def trail(request: MemberRequest) -> HttpResponse:
    ours, subject = request.member.organization_id, request.GET.get("subject", "").strip()[:80]
    verdict = verify(ours) if request.method == "POST" else None
    query = f"subject={quote(subject, safe='')}&" if subject else ""
    found, pager = paged(entries(ours, subject=subject), asked_page(request), query=query)
    known = subject if pager.total else ""  # what the trail has no entry of is somebody's own words
    record(ours, request.member.actor, "trail.verified" if verdict else "trail.viewed", known)
    return show(request, "privacy/trail.html", Trail(_rows(ours, found), pager, subject, verdict))


def _rows(organization: int, found: Iterable[TrailEntry]) -> tuple[Row, ...]:
    names = names_of_users(organization)
    return tuple(
        Row(
            one.number,
            one.at,
            names.get(one.actor, one.actor),
            one.action.replace(".", " ").replace("-", " ").capitalize(),
            one.subject,
            ", ".join(f"{key} {value}" for key, value in one.codes.items()),
        )
        for one in found
    )
