"""The pages of imported stops: upload a list, read its report, mend what could not be read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from leadwell.server.access.needs import needs
from leadwell.server.access.queries import names_of_users
from leadwell.server.access.requests import MemberRequest
from leadwell.server.access.roles import May
from leadwell.server.base.pages import Pager, asked_page, paged, show
from leadwell.server.base.requests import said_size
from leadwell.server.consent import actions, forms
from leadwell.server.consent.lists import Odd, Unread
from leadwell.server.consent.models import StopList
from leadwell.server.consent.queries import odd_of, stop_list, stop_lists, unread_of
from leadwell.server.privacy.receipts import whose
from leadwell.server.privacy.trail import record

MOST_BYTES: Final = 25_000_000
_MENDED_AT_ONCE: Final = 200
_ODD_SHOWN: Final = 20


@dataclass(frozen=True)
class Row:
    number: UUID
    at: datetime
    by: str
    taken: int
    known: int
    unread: int
    problem: str


@dataclass(frozen=True)
class Lists:
    form: forms.List
    rows: tuple[Row, ...]
    pager: Pager


@dataclass(frozen=True)
class One:
    """`left`: how many rows wait beyond those shown; `odd`: of those that were not understood whole, the first."""

    row: Row
    unread: tuple[Unread, ...]
    left: int
    odd: tuple[Odd, ...]
    odd_rows: int


@needs(May.IMPORT_STOPS)
@require_http_methods(["GET", "HEAD", "POST"])
def lists(request: MemberRequest) -> HttpResponse:
    ours = request.member.organization_id
    form = forms.List(request.POST, request.FILES) if request.method == "POST" else forms.List()
    if request.method == "POST" and said_size(request) > MOST_BYTES:
        form.add_error("file", f"It has more than {MOST_BYTES // 1_000_000} MB. Send it in parts, or by command.")
    if request.method == "POST" and form.is_valid():
        made = actions.import_suppressions(ours, form.cleaned_data["file"].read(), actor=request.member.actor)
        return HttpResponseRedirect(reverse("stop_list", args=[made.pk]))
    found, pager = paged(stop_lists(ours), asked_page(request))
    names = names_of_users(ours)
    page = Lists(form, tuple(_row(one, names) for one in found), pager)
    return show(request, "consent/lists.html", page, status=400 if form.is_bound else 200)


@needs(May.IMPORT_STOPS)
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: MemberRequest, number: UUID) -> HttpResponse:
    """The report of a list; rows that could not be read are corrected here, and taken."""
    ours = request.member.organization_id
    found = stop_list(ours, number)
    if found is None:
        raise Http404
    if request.method == "POST":
        before = found.unread
        typed = {row.row: text for row in unread_of(found) if (text := request.POST.get(f"row-{row.row}")) is not None}
        found = actions.mend(ours, number, typed, actor=request.member.actor) or found
        mended = before - found.unread
        messages.success(request, f"{mended:,} mended." if mended else "None of them can be read yet.")
        return HttpResponseRedirect(reverse("stop_list", args=[number]))
    record(ours, request.member.actor, "stops.viewed")
    unread = unread_of(found)
    shown = tuple(unread[:_MENDED_AT_ONCE])
    odd, odd_rows = odd_of(found)
    page = One(_row(found, names_of_users(ours)), shown, len(unread) - len(shown), tuple(odd[:_ODD_SHOWN]), odd_rows)
    return show(request, "consent/list.html", page)


def _row(one: StopList, names: dict[str, str]) -> Row:
    return Row(one.pk, one.at, whose(one.by, names), one.taken, one.known, one.unread, one.problem)
