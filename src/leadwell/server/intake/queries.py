"""Read what came in and what became of it, always of one organisation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import QuerySet
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from django.utils import timezone

from leadwell.server.base.shortly import Shortly
from leadwell.server.base.tallies import tallied
from leadwell.server.intake.models import Source, State, Submission, SubmissionTally
from leadwell.server.intake.opening import opened
from leadwell.server.intake.sources import KINDS, Reading, reader
from leadwell.server.leads.queries import current_assessment, person_of
from leadwell.server.privacy.sealing import if_opens, unseal_json


@Shortly
def source_of_kind(organization: int, kind: str) -> int | None:
    """The number of the organisation's one source of this kind; made where there is none, None where it was closed."""
    found = Source.objects.of(organization).filter(kind=kind, closed_at=None).order_by("pk").first()
    if found is None:
        found, _ = Source.objects.get_or_create(
            handle=f"{kind}-{organization}",
            defaults={
                "organization_id": organization,
                "kind": kind,
                "name": KINDS[kind].words,
                "created_at": timezone.now(),
            },
        )
    return found.pk if found.closed_at is None else None


def open_source(handle: str) -> Source | None:
    """The source whose secret address this is, if it is open. The one look-up without an organisation: it tells it."""
    return Source.objects.filter(handle=handle, closed_at=None).first()


def settings_of(source: Source) -> dict[str, Any]:
    """A source's settings and secrets, opened."""
    if source.sealed is None:
        return {}
    found: dict[str, Any] = unseal_json(source.organization_id, source.sealed, place=f"intake.source/{source.handle}")
    return found


def reader_of(source: Source) -> Callable[[Submission], Reading]:
    """What a submission of a source says; nothing of one that cannot be opened."""
    read, settings = reader(source.kind), {**settings_of(source), "source": source.pk}

    def told(submission: Submission) -> Reading:
        sent = if_opens(opened, submission)
        return read(sent, settings) if sent is not None else Reading()

    return told


def became(organization: int, submission: UUID) -> dict[str, Any] | None:
    """What became of a submission, as the API tells it; None where the organisation has none of this id."""
    found = Submission.objects.of(organization).filter(pk=submission).defer("sealed").first()
    if found is None:
        return None
    return {
        "id": found.id,
        "state": found.state,
        "problem": found.problem or None,
        "lead": found.lead,
        "person": person_of(organization, found.lead) if found.lead else None,
        "repeat_of": found.repeat_of,
        "assessment": current_assessment(organization, found.lead)
        if found.state in (State.ASSESSED, State.JOINED) and found.lead
        else None,
    }


def submissions(organization: int, *, state: str = "") -> QuerySet[Submission]:
    """All, or those of one state, the newest first, without what they say; `emptied`: whether it is there still."""
    emptied = Exact(Length("sealed"), 0)  # a length is read without the bytes
    ours = Submission.objects.of(organization).defer("sealed", "fetched", "mended").annotate(emptied=emptied)
    ours = ours.order_by("-received_at", "-pk")
    return ours.filter(state=state) if state else ours


def submission_of(organization: int, number: UUID) -> Submission | None:
    return Submission.objects.of(organization).filter(pk=number).first()


def counts_by_state(organization: int) -> dict[str, int]:
    return {state: number for (state,), number in tallied(SubmissionTally, organization, "state").items()}


def source_names(organization: int) -> dict[int, str]:
    return dict(Source.objects.of(organization).values_list("pk", "name"))


def source_by_number(organization: int, number: int) -> Source | None:
    return Source.objects.of(organization).filter(pk=number).first()


def sources_of(organization: int) -> list[Source]:
    """The open ones first, by name."""
    ours = Source.objects.of(organization).order_by(models.F("closed_at").asc(nulls_first=True), "name", "pk")
    return list(ours)


def arrivals(organization: int, *, since: datetime) -> dict[int, list[datetime]]:
    """Source -> when something came from it, in order of time. What was refused did not come from it."""
    ours = Submission.objects.of(organization).filter(received_at__gte=since).exclude(state=State.REFUSED)
    found: dict[int, list[datetime]] = {}
    for source, at in ours.order_by("received_at").values_list("source", "received_at").iterator():
        found.setdefault(source, []).append(at)
    return found


def newest(organization: int, *, state: str = "", most: int = 50) -> list[Submission]:
    """The newest submissions, without what they say."""
    return list(submissions(organization, state=state)[:most])


def to_mend(organization: int) -> list[UUID]:
    return list(Submission.objects.of(organization).filter(state=State.NEEDS_MENDING).values_list("pk", flat=True))


def how_many_to_mend(organization: int) -> int:
    return Submission.objects.of(organization).filter(state__in=(State.NEEDS_MENDING, State.SET_ASIDE)).count()


def names_by_handle(organization: int) -> dict[str, str]:
    return dict(Source.objects.of(organization).values_list("handle", "name"))


def sent_by(source: Source, number: UUID) -> Submission | None:
    """A submission of this source; of a repeat, the one that it repeats. Not what was refused."""
    ours = Submission.objects.of(source.organization_id).filter(source=source.pk).exclude(state=State.REFUSED)
    found = ours.filter(pk=number).first()
    return ours.filter(pk=found.repeat_of).first() if found and found.repeat_of else found
