"""Sources: through which doors do leads come, and is one of them stuck? (promise A1)"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.conf import settings as site
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from leadwell.playbook import Playbook
from leadwell.server.access.needs import needs
from leadwell.server.access.requests import MemberRequest
from leadwell.server.access.roles import May
from leadwell.server.base.pages import show
from leadwell.server.intake import forms
from leadwell.server.intake.actions import add_source, change_settings, close
from leadwell.server.intake.models import Source
from leadwell.server.intake.queries import settings_of, source_by_number, sources_of
from leadwell.server.intake.quiet import Flow, flows
from leadwell.server.intake.sources import KINDS, settings_form
from leadwell.server.intake.sources.typed import Settings
from leadwell.server.intake.trying import Tried, as_posted, tried
from leadwell.server.playbooks.queries import NoPlaybook, in_force
from leadwell.server.privacy.trail import record

_TRIED: Final = [kind for kind, one in KINDS.items() if one.posted or kind in ("api", "email")]


@dataclass(frozen=True)
class Row:
    number: int
    name: str
    kind: str
    flow: Flow
    closed: bool


@dataclass(frozen=True)
class Sources:
    rows: tuple[Row, ...]
    quiet: tuple[Row, ...]
    may_change: bool
    may_upload: bool


@dataclass(frozen=True)
class New:
    form: forms.NewSource


@dataclass(frozen=True)
class One:
    """`address`: where it posts or mails to, '' for kinds that send nowhere; `steps`: the template that says how;
    `can_try`: a sample. `signed`: how many secrets hold. `trouble`: why it could not be asked the last time."""

    row: Row
    kind: str
    steps: str
    can_try: bool
    created_at: datetime
    closed_at: datetime | None
    address: str
    trouble: str
    ask_again_at: datetime | None
    signed: int
    form: Settings
    sample: forms.Sample
    tried: Tried | None
    may_change: bool


@needs(May.SEE_SOURCES)
@require_safe
def all_sources(request: MemberRequest) -> HttpResponse:
    organization = request.member.organization
    ours = sources_of(organization.pk)
    flow = flows(organization, ours)
    rows = tuple(_row(source, flow[source.pk]) for source in ours)
    quiet = tuple(row for row in rows if row.flow.quiet)
    member = request.member
    page = Sources(rows, quiet, member.may(May.CHANGE_SOURCES), member.may(May.UPLOAD))
    return show(request, "intake/sources.html", page)


def _row(source: Source, flow: Flow) -> Row:
    return Row(source.pk, source.name, KINDS[source.kind].words, flow, source.closed_at is not None)


@needs(May.CHANGE_SOURCES)
@require_http_methods(["GET", "HEAD", "POST"])
def new_source(request: MemberRequest) -> HttpResponse:
    form = forms.NewSource(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return show(request, "intake/new_source.html", New(form), status=400 if form.is_bound else 200)
    made = add_source(request.member.organization, form.cleaned_data["kind"], form.cleaned_data["name"])
    record(made.organization_id, request.member.actor, "source.added", f"source/{made.pk}", {"kind": made.kind})
    messages.success(request, "It is open. Send one test lead and watch it arrive.")
    return HttpResponseRedirect(reverse("source", args=[made.pk]))


@needs(May.SEE_SOURCES)
@require_safe
def source(request: MemberRequest, number: int) -> HttpResponse:
    return _shown(request, _found(request, number))


@needs(May.CHANGE_SOURCES)
@require_POST
def change(request: MemberRequest, number: int) -> HttpResponse:
    found = _found(request, number)
    form = settings_form(found.kind).of(settings_of(found), request.POST)
    if not form.is_valid():
        return _shown(request, found, form=form, status=400)
    change_settings(found, form.settings())
    record(found.organization_id, request.member.actor, "source.changed", f"source/{found.pk}")
    messages.success(request, "Saved. From the next submission on it counts; what waits can be played again.")
    return HttpResponseRedirect(reverse("source", args=[number]))


@needs(May.SEE_SOURCES)
@require_POST
def try_sample(request: MemberRequest, number: int) -> HttpResponse:
    """What a pasted sample would become, and what each of its fields is taken for. Nothing is kept."""
    found, sample = _found(request, number), forms.Sample(request.POST)
    if found.kind not in _TRIED:
        raise Http404
    if not sample.is_valid():
        return _shown(request, found, sample=sample, status=400)
    posted = as_posted(found.kind, sample.cleaned_data["sample"].strip().encode())
    told = tried(found.kind, posted, settings_of(found), _policy(found.organization_id))
    return _shown(request, found, sample=sample, told=told)


def _policy(organization: int) -> Playbook | None:
    try:
        return in_force(organization)[1]
    except NoPlaybook:
        return None


@needs(May.CHANGE_SOURCES)
@require_POST
def close_source(request: MemberRequest, number: int) -> HttpResponse:
    found = _found(request, number)
    if found.closed_at is None:
        close(found)
        record(found.organization_id, request.member.actor, "source.closed", f"source/{found.pk}")
    messages.success(request, "Closed. Nothing is taken in there any more; what came stays.")
    return HttpResponseRedirect(reverse("sources"))


def _found(request: MemberRequest, number: int) -> Source:
    found = source_by_number(request.member.organization_id, number)
    if found is None:
        raise Http404
    return found


def _shown(  # noqa: PLR0913  each is what somebody has just typed or asked
    request: MemberRequest,
    found: Source,
    *,
    form: Settings | None = None,
    sample: forms.Sample | None = None,
    told: Tried | None = None,
    status: int = 200,
) -> HttpResponse:
    known: Mapping[str, Any] = settings_of(found)
    organization = request.member.organization
    page = One(
        row=_row(found, flows(organization, [found])[found.pk]),
        kind=found.kind,
        steps=f"intake/kinds/{found.kind}.html",
        can_try=found.kind in _TRIED,
        created_at=found.created_at,
        closed_at=found.closed_at,
        address=_address(found),
        trouble=found.trouble,
        ask_again_at=found.ask_again_at,
        signed=len(known.get("secrets", ())),
        form=form or settings_form(found.kind).of(known),
        sample=sample or forms.Sample(),
        tried=told,
        may_change=request.member.may(May.CHANGE_SOURCES) and found.closed_at is None,
    )
    return show(request, "intake/source.html", page, status=status)


def _address(found: Source) -> str:
    if found.kind == "email":
        return f"{found.handle}@your-domain"
    kind = KINDS[found.kind]
    return f"{site.PUBLIC_URL}/{kind.under}/{found.handle}" if kind.posted else ""
