"""One submission: what was sent, exactly, what became of it, and what is wrong with it? (promise A2)"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from leadwell.server.access.needs import needs
from leadwell.server.access.queries import who_may
from leadwell.server.access.requests import MemberRequest
from leadwell.server.access.roles import May
from leadwell.server.base.pages import show
from leadwell.server.base.templatetags.look import day_of
from leadwell.server.intake import mending
from leadwell.server.intake.meant import said_in
from leadwell.server.intake.models import Source, State, Submission
from leadwell.server.intake.opening import is_erased, opened
from leadwell.server.intake.queries import settings_of, source_by_number, source_names, submission_of
from leadwell.server.intake.rejected import Row, rejected_rows
from leadwell.server.intake.showing import Shown, shown
from leadwell.server.intake.sources import KINDS
from leadwell.server.intake.views.inbox import Item, item, uploaders_of
from leadwell.server.intake.views.taken_for import COLUMNS, Header, header
from leadwell.server.leads.queries import kept_of
from leadwell.server.privacy.erased import erased_at
from leadwell.server.privacy.sealing import Unopenable
from leadwell.server.privacy.trail import record


@dataclass(frozen=True)
class One:
    """One submission. `first`: as it came, where somebody has mended it since."""

    item: Item
    kind: str
    words: str  # its kind, as people call it
    media_type: str
    size: int
    tries: int
    headers: Mapping[str, str]
    sent: Shown | None
    first: Shown | None
    lead: UUID | None
    leads: int
    repeat_of: UUID | None
    rejected: tuple[Row, ...]
    mendable: bool
    refused: bool
    waiting: bool
    may_mend: bool
    look: bool  # a list that somebody should look at before it is taken in
    menders: tuple[str, ...]  # who may mend it, told to those who may not
    source_number: int | None  # for a role that may see the source
    taken_for: tuple[Header, ...]  # what each field is taken for, where it is to be mended and has some
    columns: tuple[tuple[str, str], ...]
    why_no_lead: tuple[tuple[str, str], ...]
    put_aside: bool  # as no lead, by somebody who can take that back
    erased: str  # the day, where nothing of it is left
    typed: str  # what was put in to correct it, where that is still wrong
    wrong: str


@needs(May.SEE_INBOX)
@require_safe
def submission(request: MemberRequest, number: UUID) -> HttpResponse:
    return shown_one(request, found_one(request, number))


def shown_one(request: MemberRequest, found: Submission, *, typed: str = "", wrong: str = "") -> HttpResponse:
    """`typed` and `wrong`: a correction that is none, and why."""
    member, ours = request.member, found.organization_id
    source = source_by_number(ours, found.source)
    sent, first, headers = _opened(found)
    mends = found.state in mending.MENDABLE and member.may(May.MEND)
    record(ours, member.actor, "submission.viewed", f"submission/{found.pk}")
    page = One(
        item=item(found, source_names(ours), uploaders_of(ours, [found])),
        kind=source.kind if source else "",
        words=KINDS[source.kind].words if source else "Unknown",
        media_type=found.media_type.partition(";")[0],
        size=found.size,
        tries=found.tries,
        headers=headers,
        sent=sent,
        first=first,
        lead=next(iter(kept_of(ours, found.pk)), None) if found.state == State.ASSESSED else None,
        leads=found.leads,
        repeat_of=found.repeat_of,
        rejected=rejected_rows(found, source),
        mendable=found.state in mending.MENDABLE,
        refused=found.state == State.REFUSED,
        waiting=found.state == State.RECEIVED,
        may_mend=member.may(May.MEND),
        look=bool(source and source.kind == "file") and found.state in mending.TO_LOOK_AT and member.may(May.UPLOAD),
        menders=tuple(who_may(ours, May.MEND)) if not member.may(May.MEND) else (),
        source_number=source.pk if source and member.may(May.SEE_SOURCES) else None,
        taken_for=_taken_for(found, source) if mends and source else (),
        columns=COLUMNS,
        why_no_lead=tuple(mending.NO_LEAD.items()),
        put_aside=mending.is_put_aside(found) and member.may(May.MEND),
        erased=_erased(found),
        typed=typed,
        wrong=wrong,
    )
    return show(request, "intake/submission.html", page, status=400 if wrong else 200)


def _taken_for(found: Submission, source: Source) -> tuple[Header, ...]:
    """Each field, and what it is taken for; none where it has none that can be told apart."""
    try:
        fields = said_in(source.kind, opened(found), settings_of(source))
    except Unopenable:
        return ()
    return tuple(header(place, one.name, one.column, one.why, (one.value,)) for place, one in enumerate(fields))


def _erased(found: Submission) -> str:
    """“Erased on 26 November 2026”; '' where what was sent is there, or never was."""
    if not is_erased(found):
        return ""
    gone = erased_at(found.organization_id, "submissions", [found.pk]).get(found.pk)
    return f"Erased on {day_of(gone)}" if gone else "Erased"


def _opened(found: Submission) -> tuple[Shown | None, Shown | None, Mapping[str, str]]:
    """What is read now; what came first, where somebody mended it; the headers. Of a repeat nothing was kept."""
    if found.state == State.REPEAT or is_erased(found):
        return Shown("", 0), None, {}
    try:
        sent = opened(found)
        first = opened(found, as_mended=False) if found.mended is not None else None
    except Unopenable:
        return None, None, {}
    return shown(sent), shown(first) if first else None, sent.headers


def found_one(request: MemberRequest, number: UUID) -> Submission:
    found = submission_of(request.member.organization_id, number)
    if found is None:
        raise Http404
    return found
