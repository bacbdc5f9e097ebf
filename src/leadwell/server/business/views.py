"""Who else is there in an organisation, who decides, and when do we meet? Two small pages, and what their buttons
say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from leadwell.permission.saying import city
from leadwell.server.access.models import Organization
from leadwell.server.access.needs import needs
from leadwell.server.access.requests import MemberRequest
from leadwell.server.access.roles import May
from leadwell.server.base.pages import show
from leadwell.server.business import forms, meeting, naming
from leadwell.server.business.calendar import MEDIA_TYPE, ics
from leadwell.server.business.models import Colleague, Meeting
from leadwell.server.business.queries import ahead_of, colleagues_of, is_colleague, told_by, told_of_meeting
from leadwell.server.business.showing import offer_of, said_of
from leadwell.server.leads import dealings, names, telling
from leadwell.server.leads.models import Lead
from leadwell.server.leads.permitting import address_for
from leadwell.server.leads.queries import current_assessment
from leadwell.server.leads.rows import columns_if_open
from leadwell.server.leads.since import shown_in
from leadwell.server.leads.verifying import Gone
from leadwell.server.playbooks.queries import loaded
from leadwell.server.privacy.sealing import if_opens
from leadwell.server.privacy.trail import record


@dataclass(frozen=True)
class ColleaguePage:
    lead: UUID
    firm: str
    deciders: str
    to: str
    form: forms.ColleagueForm


@dataclass(frozen=True)
class MeetingPage:
    """`ahead`: the meeting that stands, when, in words, and its number; `zones`: on whose clocks, each with how it is
    called; `moments`: what was meant, each with how it is said; `said`: what of theirs the page showed from which one
    comes."""

    lead: UUID
    firm: str
    to: str
    said: int
    typed: forms.Typed
    ahead: str
    instead_of: UUID | None
    zones: tuple[tuple[str, str], ...]
    minutes: tuple[int, ...]
    moments: tuple[tuple[str, str], ...]
    wrong: str


@needs(May.CALL)
@require_http_methods(["GET", "HEAD", "POST"])
def colleague_page(request: MemberRequest, number: UUID) -> HttpResponse:
    lead, said, columns = _open(request, number)
    if request.method != "POST":
        return _colleague(request, lead, said, columns, forms.ColleagueForm())
    form = forms.ColleagueForm(request.POST)
    if not form.is_valid():
        return _colleague(request, lead, said, columns, form, status=400)
    try:
        one, new = naming.name_colleague(lead.organization_id, number, form.named, actor=request.member.actor)
    except Gone as error:
        raise Http404 from error
    except naming.CannotName as error:
        form.add_error(error.key, str(error))
        return _colleague(request, lead, said, columns, form, status=400)
    whom = (
        "They are called from now on." if one.called else "There is no number for them yet, so nobody else is called."
    )
    messages.success(request, f"Noted. {whom}" if new else "They were named before already.")
    if new and one.decides and (others := _other_deciders(one)):
        messages.warning(request, f"{others} was named before as who decides. Both stand here: say whom to call.")
    return _back(request, number)


def _other_deciders(one: Colleague) -> str:
    """Those who are said to decide beside this one, also by somebody who named them at the same moment."""
    there = colleagues_of(one.organization_id, one.lead_id)
    told = [told_by(other) or {} for other in there if other.decides and other.pk != one.pk]
    return ", ".join(name for each in told if (name := each.get("name")))


def _colleague(  # noqa: PLR0913  the lead as it was opened, and its form
    request: MemberRequest, lead: Lead, said: Mapping[str, Any], columns: Mapping[str, str],
    form: forms.ColleagueForm, *, status: int = 200,
) -> HttpResponse:  # fmt: skip
    offer = offer_of(said, columns, loaded(lead.current.playbook_id)) if lead.current else None
    deciders = ", ".join(offer.decides) if offer else ""
    page = ColleaguePage(lead.pk, _firm(columns), deciders, _to(request), form)
    return show(request, "business/colleague.html", page, status=status)


@needs(May.CALL)
@require_POST
def call_colleague(request: MemberRequest, number: UUID) -> HttpResponse:
    """Who is called from now on; without a number of somebody else, whoever asked."""
    try:
        whom = _number(request, "colleague") if request.POST.get("colleague") else None
        done = naming.call_this(request.member.organization_id, number, whom, actor=request.member.actor)
    except Gone as error:
        raise Http404 from error
    messages.success(request, "They are called from now on." if done else "That is so already, or cannot be.")
    return _back(request, number)


@needs(May.CALL)
@require_POST
def take_back_colleague(request: MemberRequest, number: UUID) -> HttpResponse:
    try:
        colleague = _number(request, "colleague")
        done = naming.take_back(request.member.organization_id, number, colleague, actor=request.member.actor)
    except Gone as error:
        raise Http404 from error
    messages.success(request, "Taken back." if done else "That is too late, or was done before.")
    return _back(request, number)


@needs(May.CALL)
@require_http_methods(["GET", "HEAD", "POST"])
def meeting_page(request: MemberRequest, number: UUID) -> HttpResponse:
    """When we meet: in words first, which are shown back; saved once somebody has said that this is meant."""
    lead, said, columns = _open(request, number)
    zones = _zones(lead, said)
    if request.method != "POST":
        return _meeting(request, lead, columns, zones, _usual(lead, said, columns, zones))
    typed = forms.read(request.POST, zones)
    if typed.person is not None and not is_colleague(lead.organization_id, number, typed.person):
        return _meeting_without_erased(request, lead, columns, zones, typed)
    if not typed.chosen or typed.at is None:
        return _meeting(request, lead, columns, zones, typed)
    agreed = meeting.Agreed(
        typed.at,
        typed.zone,
        typed.minutes,
        typed.with_whom,
        typed.where,
        _instead(request),
        typed.person,
        _said(request),
    )
    try:
        one, new = meeting.agree(lead.organization_id, number, agreed, actor=request.member.actor)
    except Gone as error:
        raise Http404 from error
    except meeting.Erased:
        return _meeting_without_erased(request, lead, columns, zones, typed)
    except meeting.CannotMeet as error:
        return _meeting(request, lead, columns, zones, typed, wrong=str(error), status=400)
    except meeting.MetOtherwise as error:
        return _meeting(request, lead, columns, zones, typed, wrong=str(error), status=409)
    says = f"The meeting is {said_of(one.at, one.zone)}."
    messages.success(request, says if new else "That was agreed before already.")
    return _back(request, number)


def _usual(lead: Lead, said: Mapping[str, Any], columns: Mapping[str, str], zones: tuple[str, ...]) -> forms.Typed:
    """With whoever is called, by their number."""
    other = dealings.called(lead.organization_id, [lead.pk]).get(lead.pk)
    phone = other.phone if other else address_for(said, "call")
    whom, person = (other.name, other.person) if other else (names.name(columns), None)
    return forms.empty(zones[0], whom, telling.dialled(phone), person)


def _meeting(  # noqa: PLR0913  the lead as it was opened, and what was typed
    request: MemberRequest, lead: Lead, columns: Mapping[str, str], zones: tuple[str, ...], typed: forms.Typed, *,
    wrong: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    ahead = ahead_of(lead.organization_id, lead.pk)
    found = (typed.at,) if typed.at else typed.perhaps
    now = timezone.now()
    page = MeetingPage(
        lead=lead.pk,
        firm=_firm(columns),
        to=_to(request),
        said=_said(request),
        typed=typed,
        ahead=said_of(ahead.at, ahead.zone) if ahead else "",
        instead_of=ahead.pk if ahead else None,
        zones=tuple((one, _whose(one, zones)) for one in zones),
        minutes=meeting.MINUTES,
        moments=tuple((one.isoformat(), said_of(one, typed.zone)) for one in found if one > now),
        wrong=wrong,
    )
    return show(request, "business/meeting.html", page, status=status)


def _said(request: MemberRequest) -> int:
    return shown_in(request.POST if request.method == "POST" else request.GET)


def _meeting_without_erased(
    request: MemberRequest, lead: Lead, columns: Mapping[str, str], zones: tuple[str, ...], typed: forms.Typed
) -> HttpResponse:
    """Without whom it was filled in from: they were erased."""
    typed = replace(typed, with_whom="", where="", person=None)
    return _meeting(request, lead, columns, zones, typed, wrong=str(meeting.Erased()), status=410)


def _whose(zone: str, zones: tuple[str, ...]) -> str:
    if len(zones) == 1:
        return f"{city(zone)} time"
    return f"{'Theirs' if zone == zones[0] else 'Ours'}: {city(zone)} time"


def _zones(lead: Lead, said: Mapping[str, Any]) -> tuple[str, ...]:
    """Theirs first, where it is known; then ours."""
    ours = Organization.objects.values_list("time_zone", flat=True).get(pk=lead.organization_id)
    theirs = (said.get("contact") or {}).get("time_zone")
    return tuple(dict.fromkeys(one for one in (theirs, ours) if one))


@needs(May.CALL)
@require_POST
def tell_meeting(request: MemberRequest, number: UUID) -> HttpResponse:
    """Whether it was held."""
    result = request.POST.get("result", "")[:10]
    try:
        one = _number(request, "meeting")
        ours, actor = request.member.organization_id, request.member.actor
        new = meeting.tell_result(ours, number, one, result, actor=actor, said=_said(request))
    except Gone as error:
        raise Http404 from error
    except (meeting.CannotMeet, meeting.MetOtherwise) as error:
        messages.error(request, str(error))
        return _back(request, number)
    says = "The meeting was held." if result == "held" else "The meeting was not held."
    messages.success(request, says if new else "That was said before already.")
    return _back(request, number)


@needs(May.CALL)
@require_POST
def take_back_meeting(request: MemberRequest, number: UUID) -> HttpResponse:
    try:
        one = _number(request, "meeting")
        done = meeting.take_back(request.member.organization_id, number, one, actor=request.member.actor)
    except Gone as error:
        raise Http404 from error
    except meeting.MetOtherwise as error:
        messages.error(request, str(error))
        return _back(request, number)
    messages.success(request, "Taken back." if done else "That is too late, or somebody has moved it.")
    return _back(request, number)


@needs(May.CALL)
@require_safe
def meeting_file(request: MemberRequest, number: UUID) -> HttpResponse:
    """For a calendar: the meeting ahead, else 404."""
    lead, said, columns = _open(request, number)
    one: Meeting | None = ahead_of(lead.organization_id, number)
    told = told_of_meeting(one) if one else None
    if one is None or told is None:
        raise Http404
    offer = offer_of(said, columns, loaded(lead.current.playbook_id)) if lead.current else None
    about = ", ".join(part for part in (_firm(columns), offer.name if offer else "") if part)
    record(lead.organization_id, request.member.actor, "meeting.taken", f"lead/{number}", {"meeting": str(one.pk)})
    text = ics(one, about=about, with_whom=told.get("with_whom", ""), where=told.get("where", ""))
    headers = {"Content-Disposition": 'attachment; filename="meeting.ics"'}
    return HttpResponse(text, content_type=MEDIA_TYPE, headers=headers)


def _open(request: MemberRequest, number: UUID) -> tuple[Lead, Mapping[str, Any], Mapping[str, str]]:
    """A business lead, its judgement and its columns. 404 of another type, one that is erased or cannot be opened."""
    ours = request.member.organization_id
    try:
        lead = meeting.held(ours, number)
    except Gone as error:
        raise Http404 from error
    said, columns = if_opens(current_assessment, ours, number), columns_if_open(lead)
    if said is None or columns is None or lead.current is None:
        raise Http404
    return lead, said, columns


def _firm(columns: Mapping[str, str]) -> str:
    return columns.get("organization") or names.name(columns)


def _to(request: MemberRequest) -> str:
    """From where one came: the page of the call, or of the lead."""
    return "call" if "call" in (request.GET.get("to"), request.POST.get("to")) else "lead"


def _back(request: MemberRequest, number: UUID) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse(_to(request), args=[number]))


def _instead(request: MemberRequest) -> UUID | None:
    return _number(request, "instead_of") if request.POST.get("instead_of") else None


def _number(request: MemberRequest, name: str) -> UUID:
    try:
        return UUID(request.POST.get(name, "")[:36])
    except ValueError as error:
        raise Http404 from error
