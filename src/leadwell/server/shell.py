"""What stands around every page? Where this person may go, how much waits there, and who they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.http import HttpRequest
from django.urls import reverse

from leadwell.server.access.idle import end_after, warn_after
from leadwell.server.access.models import Membership
from leadwell.server.access.needs import password_is_given, second_factor_missing
from leadwell.server.access.roles import May, Role
from leadwell.server.alerts.kinds import concerning
from leadwell.server.alerts.queries import open_alerts
from leadwell.server.intake.queries import how_many_to_mend
from leadwell.server.outreach.queries import how_many_dead
from leadwell.server.people.queries import open_emergencies
from leadwell.server.signin.queries import Kept, kept_on
from leadwell.server.worklist.queries import how_many_press


@dataclass(frozen=True)
class Place:
    """`opt`: left to the page “More” on a phone, where five places fit. `counts`: what `count` counts; `alarm`: red.
    `key`: opens it from every page."""

    name: str
    url: str
    icon: str
    here: bool
    opt: bool = False
    count: int = 0
    counts: str = ""
    alarm: bool = False
    key: str = ""


@dataclass(frozen=True)
class Shell:
    """`emergency`: until when somebody has opened an identity that their role does not show; None mostly."""

    places: tuple[Place, ...]
    name: str
    initials: str
    role: str
    organization: str
    more_here: bool
    me_here: bool
    warn_after: int  # seconds
    end_after: int
    kept: Kept | None  # what was typed on this page and not sent
    emergency: datetime | None


@dataclass(frozen=True)
class _Way:
    """`may`: without it, whoever is told of alerts."""

    name: str
    view: str
    icon: str
    may: May | None
    key: str = ""


# In the order of a day's work.
_PLACES: Final = (
    _Way("Worklist", "worklist", "list", May.WORK_LEADS),
    _Way("New call", "new_call", "phone", May.WORK_LEADS, key="n"),
    _Way("Review", "review", "merge", May.WORK_LEADS),
    _Way("Inbox", "inbox", "inbox", May.SEE_INBOX),
    _Way("Leads", "leads", "user", May.SEE_LEADS),
    _Way("Team", "team", "swap", May.PLAN_TEAM),
    _Way("Openings", "openings", "cal", May.WORK_LEADS),
    _Way("Outbox", "outbox", "send", May.SEE_OUTBOX),
    _Way("Ledger", "ledger", "scale", May.SEE_LEDGER),
    _Way("Alerts", "alerts", "alert", None),
    _Way("Sources", "sources", "plug", May.SEE_SOURCES),
    _Way("Stops", "stop_lists", "no", May.IMPORT_STOPS),
    _Way("Playbook", "playbook", "book", May.SEE_PLAYBOOK),
    _Way("People", "people", "people", May.MANAGE_PEOPLE),
    _Way("Keys", "keys", "key", May.MANAGE_KEYS),
    _Way("Trail", "trail", "trail", May.SEE_TRAIL),
)
_ON_A_PHONE: Final = 4


def shell(request: HttpRequest) -> dict[str, Any]:
    """The context processor; nothing where nobody is signed in, or not with all that their role demands."""
    member: Membership | None = getattr(request, "member", None)
    if member is None or password_is_given(request, member) or second_factor_missing(member):
        return {}
    name = member.user.get_full_name()
    allowed = [way for way in _PLACES if (member.may(way.may) if way.may else concerning(member))]
    places = tuple(_place(request, member, way, opt=n >= _ON_A_PHONE) for n, way in enumerate(allowed))
    me_here = request.path == reverse("me") or request.path.startswith("/account/")
    return {
        "shell": Shell(
            places=places,
            name=name,
            initials="".join(part[0] for part in name.split()[:2]).upper(),
            role=Role(member.role).label,
            organization=member.organization.name,
            more_here=request.path == reverse("more") or any(place.here and place.opt for place in places),
            me_here=me_here,
            warn_after=int(warn_after()),
            end_after=int(end_after()),
            kept=kept_on(member, request.path) if request.method == "GET" else None,
            emergency=_emergency(member),
        )
    }


def _emergency(member: Membership) -> datetime | None:
    opened = [] if member.may(May.SEE_IDENTITIES) else open_emergencies(member)
    return opened[0].until if opened else None


def _place(request: HttpRequest, member: Membership, way: _Way, *, opt: bool) -> Place:
    url = reverse(way.view)
    here = request.path == url or request.path.startswith(f"{url}/")
    if way.view == "worklist":
        count = how_many_press(member.organization_id)
        return Place(way.name, url, way.icon, here, opt, count, "due now" if count else "")
    if way.view == "inbox":
        count = how_many_to_mend(member.organization_id)
        return Place(way.name, url, way.icon, here, opt, count, "to mend" if count else "")
    if way.view == "outbox":
        count = how_many_dead(member.organization_id)
        return Place(way.name, url, way.icon, here, opt, count, "to decide" if count else "")
    if way.view == "alerts":
        count = open_alerts(member.organization_id, concerning(member)).count()
        return Place(way.name, url, way.icon, here, opt, count, "open" if count else "", alarm=bool(count))
    return Place(way.name, url, way.icon, here, opt, key=way.key)
