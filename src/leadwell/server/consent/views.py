"""What has somebody permitted and forbidden? Shown with its proof, and recorded as they say it. (promises B13, D23)"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from leadwell.server.access.needs import needs, refused
from leadwell.server.access.requests import MemberRequest
from leadwell.server.access.roles import May
from leadwell.server.base.pages import show
from leadwell.server.consent import actions, forms
from leadwell.server.consent.models import Consent as Row
from leadwell.server.consent.models import LookUp, Way
from leadwell.server.consent.queries import (
    consents_of,
    contacts_of,
    doubts_of,
    numbers_looked_up,
    shown_to,
    stops_in_force,
)
from leadwell.server.consent.saying import Saying
from leadwell.server.consent.telling import FOR, NAMES, Ended, Line, Past, ended, every_purpose, happened
from leadwell.server.people.forms import short
from leadwell.server.people.queries import is_known, sees
from leadwell.server.privacy.trail import record

_CONTACTS_SHOWN: Final = 20
_LONGEST_LIST: Final = 300  # characters of the list to which the way back leads


@dataclass(frozen=True)
class Agreed:
    number: UUID
    says: str
    kind: str
    words: str | None
    where: str
    at: datetime
    until: datetime | None
    withdrawn_at: datetime | None


@dataclass(frozen=True)
class Reached:
    """`counts`: whether its words left."""

    says: str
    rule: str
    at: datetime
    counts: bool


@dataclass(frozen=True)
class Look:
    says: str
    at: datetime


@dataclass(frozen=True)
class Number:
    phone: str
    looks: tuple[Look, ...]


@dataclass(frozen=True)
class Consent:
    """`stop`, `give`, `look`: None for a role that may not record it."""

    number: UUID
    code: str
    purposes: tuple[tuple[str, tuple[Line, ...]], ...]
    agreed: tuple[Agreed, ...]
    stopped: tuple[Ended, ...]
    reached: tuple[Reached, ...]
    past: tuple[Past, ...]
    numbers: tuple[Number, ...]
    stop: forms.Stop | None
    give: forms.Consent | None
    look: forms.LookUp | None


@needs(May.SEE_LEADS)
@require_safe
def consent(request: MemberRequest, number: UUID) -> HttpResponse:
    if not sees(request.member, number):
        return refused(request, request.member, May.SEE_IDENTITIES)
    may = request.member.may(May.RECORD_CONSENT)
    return _consent(request, number, forms.Stop() if may else None, forms.Consent() if may else None)


def _consent(  # noqa: PLR0913  a form each, as it was filled in
    request: MemberRequest, number: UUID, stop: forms.Stop | None, give: forms.Consent | None,
    look: forms.LookUp | None = None, *, status: int = 200,
) -> HttpResponse:  # fmt: skip
    ours = request.member.organization_id
    must_know(ours, number)
    record(ours, request.member.actor, "consent.viewed", f"person/{number}")
    numbers = numbers_looked_up(ours, number)
    page = Consent(
        number=number,
        code=short(number),
        purposes=every_purpose(ours, number, timezone.now()),
        agreed=tuple(map(_agreed, consents_of(ours, number))),
        stopped=tuple(ended(one, of=number) for one in stops_in_force(ours, number)),
        reached=tuple(
            Reached(f"{NAMES[one.channel]} about {FOR[one.purpose]}", one.rule, one.at, one.taken_back_at is None)
            for one in contacts_of(ours, number, most=_CONTACTS_SHOWN)
        ),
        past=happened(ours, number, visible=True),
        numbers=tuple(Number(phone, tuple(map(_look, looks))) for phone, looks in numbers.items()),
        stop=stop,
        give=give,
        look=look or (forms.LookUp(list(numbers)) if stop and numbers else None),
    )
    return show(request, "consent/consent.html", page, status=status)


def must_know(organization: int, number: UUID) -> None:
    if not is_known(organization, number):
        raise Http404


def _agreed(one: Row) -> Agreed:
    return Agreed(
        number=one.pk,
        says=f"{NAMES[one.channel]} about {FOR[one.purpose]}",
        kind=one.kind,
        words=shown_to(one),
        where=", ".join(part for part in (_where(one.source), one.version, one.language) if part),
        at=one.given_at,
        until=one.until,
        withdrawn_at=one.withdrawn_at,
    )


def _look(one: LookUp) -> Look:
    said = [] if one.listed is None else ["On the do-not-call registry" if one.listed else "Not on the registry"]
    return Look(", ".join(said + ([one.line_type] if one.line_type else [])).capitalize(), one.checked_at)


def _where(source: str) -> str:
    return str(Way(source).label) if source in Way else source


@needs(May.RECORD_CONSENT)
@require_POST
def stop_person(request: MemberRequest, number: UUID) -> HttpResponse:
    """They asked us to stop. In force when this is answered."""
    ours, member = request.member.organization_id, request.member
    must_know(ours, number)
    form = forms.Stop(request.POST)
    if not form.is_valid():
        return _consent(request, number, form, forms.Consent(), status=400)
    said = form.cleaned_data
    saying = Saying(said["way"], member.actor, said["words"])
    done = actions.stop(ours, number, saying, closes=actions.scopes(said["channels"], said["purpose"]))
    now = f"Stopped, from this moment on.{_cancelled(done)}"
    messages.success(request, now if done.new else "It was stopped before already.")
    return _back(request, number)


def _cancelled(done: actions.Done | None) -> str:
    count = done.cancelled if done else 0
    return f" {count} {'message' if count == 1 else 'messages'} that waited will not be sent." if count else ""


@needs(May.RECORD_CONSENT)
@require_POST
def give_consent(request: MemberRequest, number: UUID) -> HttpResponse:
    """They agreed, and to which words."""
    ours = request.member.organization_id
    must_know(ours, number)
    form = forms.Consent(request.POST)
    if form.is_valid():
        try:
            actions.give(ours, number, form.given(), form.proof(), actor=request.member.actor)
        except actions.CannotGive as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Recorded, with the words that they agreed to.")
            return _back(request, number)
    return _consent(request, number, forms.Stop(), form, status=400)


@needs(May.RECORD_CONSENT)
@require_POST
def look_up_number(request: MemberRequest, number: UUID) -> HttpResponse:
    """Somebody has looked a number of theirs up."""
    ours = request.member.organization_id
    must_know(ours, number)
    form = forms.LookUp(list(numbers_looked_up(ours, number)), request.POST)
    if form.is_valid():
        try:
            actions.note_look_ups(ours, [form.looked()], actor=request.member.actor)
        except actions.CannotLookUp as error:
            form.add_error({"checked_at": "day"}.get(error.key, error.key), str(error))
        else:
            messages.success(request, "Noted. It counts from now on.")
            return _back(request, number)
    return _consent(request, number, forms.Stop(), forms.Consent(), form, status=400)


@needs(May.RECORD_CONSENT)
@require_POST
def withdraw_consent(request: MemberRequest, number: UUID) -> HttpResponse:
    """They take back something that they had agreed to."""
    ours = request.member.organization_id
    must_know(ours, number)
    theirs = {str(one.pk): one.pk for one in consents_of(ours, number)}
    chosen = theirs.get(request.POST.get("consent", ""))
    if chosen is None:
        raise Http404
    done = actions.withdraw(ours, chosen, actor=request.member.actor)
    messages.success(request, "Taken back, from this moment on." if done else "It was taken back before already.")
    return _back(request, number)


@needs(May.RECORD_CONSENT)
@require_POST
def decide_doubt(request: MemberRequest, number: UUID) -> HttpResponse:
    """Somebody has looked at words that may have asked us to stop."""
    ours = request.member.organization_id
    must_know(ours, number)
    waiting = {str(one): one for one in doubts_of(ours, number)}
    event, meant = waiting.get(request.POST.get("event", "")), request.POST.get("meant", "")
    if meant not in ("yes", "no"):
        raise Http404
    done = actions.decide(ours, event, meant=meant == "yes", actor=request.member.actor) if event else None
    said = "It was none. Nothing is stopped by it." if meant == "no" else f"It holds as a stop.{_cancelled(done)}"
    messages.success(request, said if done else "Somebody else has decided that before.")
    return _back(request, number)


def _back(request: MemberRequest, number: UUID) -> HttpResponse:
    """To the lead from which it was recorded, with the way back to its list; or to this person's page."""
    try:
        lead = UUID(request.POST.get("lead", ""))
    except ValueError:
        return HttpResponseRedirect(reverse("consent", args=[number]))
    listed = urlencode(parse_qsl(request.POST.get("list", "")[:_LONGEST_LIST]))
    return HttpResponseRedirect(reverse("lead", args=[lead]) + (f"?{listed}" if listed else ""))
