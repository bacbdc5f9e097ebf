"""The trail's page: who saw, searched or changed what, and is the chain of it whole? (promise F33)"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from leadwell.server.access.needs import needs
from leadwell.server.access.queries import names_of_users
from leadwell.server.access.requests import MemberRequest
from leadwell.server.access.roles import May
from leadwell.server.base.pages import Pager, asked_page, paged, show
from leadwell.server.privacy.models import TrailEntry
from leadwell.server.privacy.receipts import whose
from leadwell.server.privacy.trail import SHOWN, Asked, Verdict, actions_and_actors, entries, record, verify


@dataclass(frozen=True)
class Subject:
    """`text`: as the trail has it, and as it is asked for; `word`: as people call it."""

    text: str
    word: str


@dataclass(frozen=True)
class Row:
    """`shown`: what a list showed."""

    number: int
    at: datetime
    who: str
    did: str
    subject: Subject | None
    shown: tuple[Subject, ...]
    codes: str


@dataclass(frozen=True)
class Choice:
    value: str
    word: str
    chosen: bool


@dataclass(frozen=True)
class Trail:
    """`subject`: of what alone it is shown, None where of everything; `filtered`: whether not everything is shown;
    `verdict`: of the chain, where it was asked for."""

    rows: tuple[Row, ...]
    pager: Pager
    subject: Subject | None
    actions: tuple[Choice, ...]
    actors: tuple[Choice, ...]
    day: str
    filtered: bool
    verdict: Verdict | None


@needs(May.SEE_TRAIL)
@require_http_methods(["GET", "HEAD", "POST"])
def trail(request: MemberRequest) -> HttpResponse:
    ours, names = request.member.organization_id, names_of_users(request.member.organization_id)
    known = actions_and_actors(ours)
    asked, said = _asked(request.GET, known)
    verdict = verify(ours) if request.method == "POST" else None
    query = f"{urlencode(said)}&" if said else ""
    found, pager = paged(entries(ours, asked), asked_page(request), query=query)
    subject = asked.subject if pager.total else ""  # what the trail has no entry of is somebody's own words
    record(ours, request.member.actor, "trail.verified" if verdict else "trail.viewed", subject)
    page = Trail(
        rows=_rows(found, names),
        pager=pager,
        subject=_subject(asked.subject, names) if asked.subject else None,
        actions=tuple(Choice(one, _did(one), one == asked.action) for one in known[0]),
        actors=_actors(known[1], asked.actor, names),
        day=said.get("day", ""),
        filtered=bool(said),
        verdict=verdict,
    )
    return show(request, "privacy/trail.html", page)


def _asked(typed: Mapping[str, str], known: tuple[list[str], list[str]]) -> tuple[Asked, dict[str, str]]:
    """What is asked for, and the same for an address. What the trail does not know is passed over."""
    day = _day(typed.get("day", ""))
    said = {
        "subject": typed.get("subject", "").strip()[:80],
        "action": typed.get("action", "") if typed.get("action", "") in known[0] else "",
        "actor": typed.get("actor", "") if typed.get("actor", "") in known[1] else "",
        "day": day.isoformat() if day else "",
    }
    zone = timezone.get_current_timezone()
    since, until = (
        datetime(one.year, one.month, one.day, tzinfo=zone) if one else None
        for one in (day, day and day + timedelta(days=1))
    )
    asked = Asked(said["subject"], said["action"], said["actor"], since, until)
    return asked, {name: text for name, text in said.items() if text}


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if date(2000, 1, 1) <= day <= date(2200, 1, 1) else None


def _actors(known: Iterable[str], chosen: str, names: Mapping[str, str]) -> tuple[Choice, ...]:
    choices = [Choice(one, _who(one, names), one == chosen) for one in known]
    return tuple(sorted(choices, key=lambda one: one.word.lower()))


def _who(actor: str, names: Mapping[str, str]) -> str:
    return "A visitor, not signed in" if actor == "visitor" else whose(actor, names)


def _rows(found: Iterable[TrailEntry], names: Mapping[str, str]) -> tuple[Row, ...]:
    return tuple(
        Row(
            one.number,
            one.at,
            _who(one.actor, names),
            _did(one.action),
            _subject(one.subject, names) if one.subject else None,
            tuple(_subject(text, names) for text in one.codes.get(SHOWN, ())),
            _said(one.codes),
        )
        for one in found
    )


def _did(action: str) -> str:
    return action.replace(".", " ").replace("-", " ").capitalize()


def _subject(text: str, names: Mapping[str, str]) -> Subject:
    """“lead/01a2…33f0” -> Lead 33F0; a colleague by name."""
    kind, _, number = text.partition("/")
    short = f"{kind.capitalize()} {number[-4:].upper() if len(number) > len('123456789') else number}"
    return Subject(text, names.get(text) or (short if number else text))


def _said(codes: Mapping[str, Any]) -> str:
    """Codes as a person reads them; those of a list are shown as its subjects."""
    words = [_code(name, value) for name, value in codes.items() if name != SHOWN]
    return ", ".join(words)


def _code(name: str, value: Any) -> str:
    if name == "names":
        return "with names" if value else "without names"
    text = " and ".join(map(str, value)) if isinstance(value, list) else str(value)
    return f"{name.replace('_', ' ')} {text}"
