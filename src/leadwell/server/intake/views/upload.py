"""A list is uploaded: what is each header taken for, before it is taken in? (promise A1)

It is kept, sealed, from the first moment, and waits in the inbox like anything else that a person must look at.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from leadwell.formats import CannotRead, WrongMapping
from leadwell.server.access.needs import needs
from leadwell.server.access.requests import MemberRequest
from leadwell.server.access.roles import May
from leadwell.server.base.pages import show
from leadwell.server.base.requests import said_size
from leadwell.server.intake import mending
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.actions import change_settings
from leadwell.server.intake.forms import List
from leadwell.server.intake.models import Source, State, Submission
from leadwell.server.intake.opening import opened
from leadwell.server.intake.queries import settings_of, source_by_number, source_of_kind, submission_of
from leadwell.server.intake.sources.file.adapter import frames, opened_list
from leadwell.server.intake.views.taken_for import COLUMNS, Header, header, said, twice
from leadwell.server.leads.telling import label
from leadwell.server.privacy.trail import record

MOST_BYTES: Final = 25_000_000
_SAMPLES: Final = 3
_TYPES: Final = {"csv": "text/csv", "tsv": "text/tab-separated-values", "jsonl": "application/jsonl"}


@dataclass(frozen=True)
class Upload:
    form: List


@dataclass(frozen=True)
class Looked:
    """A list before it is taken in. `problem`: why it cannot be read at all."""

    id: UUID
    says: tuple[str, ...]
    headers: tuple[Header, ...]
    columns: tuple[tuple[str, str], ...]  # ours, and as people call them
    rows: int
    problem: str
    wrong: str


@needs(May.UPLOAD)
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: MemberRequest) -> HttpResponse:
    form = List(request.POST, request.FILES) if request.method == "POST" else List()
    if request.method == "POST" and said_size(request) > MOST_BYTES:
        form.add_error("file", f"It has more than {MOST_BYTES // 1_000_000} MB. Send it in parts.")
    ours = request.member.organization_id
    source = source_of_kind(ours, "file")
    if source is None and form.is_bound:
        form.add_error("file", "Lists are not taken in any more: somebody has closed them on the page Sources.")
    if source is None or request.method != "POST" or not form.is_valid():
        return show(request, "intake/upload.html", Upload(form), status=400 if form.is_bound else 200)
    file = form.cleaned_data["file"]
    kind = _TYPES.get(file.name.rpartition(".")[2].lower(), "application/octet-stream")
    (receipt,) = accept(ours, source, [Delivery(file.read(), media_type=kind, look=True)])
    if receipt.repeat:
        messages.success(request, "This very list came before; it is not taken in twice.")
        first = submission_of(ours, receipt.id)
        waits = first is not None and first.state == State.NOT_TAKEN
        return HttpResponseRedirect(reverse("look" if waits else "submission", args=[receipt.id]))
    record(ours, request.member.actor, "list.uploaded", f"submission/{receipt.id}")
    return HttpResponseRedirect(reverse("look", args=[receipt.id]))


@needs(May.UPLOAD)
@require_http_methods(["GET", "HEAD", "POST"])
def look(request: MemberRequest, number: UUID) -> HttpResponse:
    """What each header is taken for; corrected where it is wrong, and taken in."""
    found, source = _waiting(request, number)
    if request.method != "POST":
        record(found.organization_id, request.member.actor, "submission.viewed", f"submission/{number}")
        return show(request, "intake/look.html", _looked(found, settings_of(source).get("mapping") or {}))
    known = settings_of(source)
    page = _looked(found, known.get("mapping") or {})
    if column := twice(request.POST, page.headers):
        wrong = f"two headers are both taken for {label(column).lower()}; leave one carried along."
        return show(request, "intake/look.html", replace(page, wrong=wrong), status=400)
    mapping = {**(known.get("mapping") or {}), **said(request.POST, page.headers)}
    page = _looked(found, mapping)
    if page.wrong or page.problem:
        return show(request, "intake/look.html", page, status=400)
    change_settings(source, {**known, "mapping": mapping})
    mending.take_in(found.organization_id, number)
    record(found.organization_id, request.member.actor, "list.taken", f"submission/{number}", {"rows": page.rows})
    messages.success(request, f"{page.rows:,} row{' is' if page.rows == 1 else 's are'} being judged now.")
    return HttpResponseRedirect(reverse("submission", args=[number]))


@needs(May.UPLOAD)
@require_POST
def withdraw(request: MemberRequest, number: UUID) -> HttpResponse:
    """It was the wrong list."""
    found, _ = _waiting(request, number)
    mending.withdraw(found.organization_id, number)
    record(found.organization_id, request.member.actor, "list.withdrawn", f"submission/{number}")
    messages.success(request, "It is not taken in. The inbox keeps that it came.")
    return HttpResponseRedirect(reverse("upload"))


def _waiting(request: MemberRequest, number: UUID) -> tuple[Submission, Source]:
    """A list that waits for somebody, and its source."""
    found = submission_of(request.member.organization_id, number)
    source = source_by_number(found.organization_id, found.source) if found else None
    if found is None or source is None or source.kind != "file" or found.state not in mending.TO_LOOK_AT:
        raise Http404
    return found, source


def _looked(found: Submission, mapping: Mapping[str, str]) -> Looked:
    body, wrong = opened(found).body, ""
    try:
        try:
            listed = opened_list(body, mapping)
        except WrongMapping as error:
            listed, wrong = opened_list(body, {}), str(error)
    except CannotRead as error:
        return Looked(found.pk, (), (), (), 0, _without_name(error), "")
    try:
        found_frames = frames(listed)
        rows = sum(frame.height for frame in found_frames)
        first = found_frames[0].head(_SAMPLES) if found_frames else None
        headers = tuple(
            header(
                place,
                meant.header,
                meant.column if meant.understood else "",
                meant.why or "",
                [str(value) for value in first[meant.column] if value] if first is not None else (),
            )
            for place, meant in enumerate(listed.meant)
        )
        empty = "" if rows else "It has a line of headers, and no row below."
        return Looked(found.pk, listed.says, headers, COLUMNS, rows, empty, wrong)
    except CannotRead as error:
        return Looked(found.pk, (), (), (), 0, _without_name(error), "")
    finally:
        listed.close()


def _without_name(error: CannotRead) -> str:
    return str(error).replace("standard input", "The list")
