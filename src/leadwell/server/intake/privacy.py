"""What do we hold of what somebody sent? The bytes of each submission that made one of their leads, or joined it;
and of those that are no lead but hold an address of theirs (`mentioning`).

A list holds many people in one body, which cannot be emptied for one of them alone; it is emptied whole once every row
has become a lead, which is kept with that lead. Until then the rows of who is erased are struck (`striking`).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any, Final

from django.db import transaction
from django.db.models import Min

from leadwell.server.consent.addresses import KINDS
from leadwell.server.consent.queries import reaches
from leadwell.server.intake.mentioning import forget, mentioning
from leadwell.server.intake.models import MailRef, Source, State, Submission
from leadwell.server.intake.opening import opened
from leadwell.server.intake.striking import empty, strike
from leadwell.server.people.models import PersonToken
from leadwell.server.privacy.held import Held, Kept, Sealed, Subject

_GONE: Final = "erased before it was taken in"


def _finds(subject: Subject) -> None:
    """What joined a lead later, as an answer by mail, is theirs too, and what came from an address of theirs."""
    joined = Submission.objects.of(subject.organization).filter(state=State.JOINED, lead__in=subject.leads)
    subject.submissions.update(joined.values_list("pk", flat=True))
    (reach,) = reaches(subject.organization, [subject.person])
    others = PersonToken.objects.of(subject.organization).exclude(person__in=reach.group)
    shared = others.filter(kind__in=KINDS, token__in=[token for _, token in reach.own]).values_list("token", flat=True)
    theirs = mentioning(subject.organization, reach.own, shared=list(map(bytes, shared)))
    subject.submissions.update(theirs)


def _gives(subject: Subject) -> dict[str, Any]:
    theirs = Submission.objects.of(subject.organization).filter(pk__in=subject.submissions, leads__lte=1)
    return {"submissions": [_submission(one) for one in theirs.order_by("received_at") if one.sealed]}


def _submission(one: Submission) -> dict[str, Any]:
    sent = opened(one)
    return {
        "id": str(one.pk),
        "received_at": one.received_at.isoformat(),
        "media_type": sent.media_type,
        "headers": dict(sent.headers),
        "body": sent.body.decode("utf-8", errors="replace"),
    }


def _erases(subject: Subject) -> None:
    organization, listed = subject.organization, {submission for submission, _ in subject.rows}
    strike(organization, subject.rows)
    empty(organization, listed)
    transaction.on_commit(partial(empty, organization, listed))  # what a worker has ended meanwhile, without knowing
    answers = Submission.objects.of(organization).filter(pk__in=subject.submissions - listed)
    answers.update(sealed=b"", fetched=None, mended=None)  # theirs alone, and no lead of its own
    answers.filter(state__in=(State.NEEDS_MENDING, State.SET_ASIDE)).update(state=State.NOT_A_LEAD, problem=_GONE)
    forget(organization, subject.submissions)
    MailRef.objects.of(subject.organization).filter(lead__in=subject.leads).delete()


def _counts(subject: Subject) -> Iterator[Kept]:
    theirs = Submission.objects.of(subject.organization).filter(pk__in=subject.submissions).exclude(sealed=b"")
    alone, listed = theirs.filter(leads__lte=1), theirs.filter(leads__gt=1)
    yield Kept("What was sent", alone.count(), alone.aggregate(first=Min("received_at"))["first"], "exactly as it came")
    yield Kept(
        "Lists", listed.count(), listed.aggregate(first=Min("received_at"))["first"], "in which others stand too"
    )


HELD = Held(
    finds=_finds,
    gives=_gives,
    erases=_erases,
    counts=_counts,
    sealed=(
        Sealed(Submission, "sealed", lambda one: f"intake.submission/{one.pk}"),
        Sealed(Submission, "fetched", lambda one: f"intake.fetched/{one.pk}"),
        Sealed(Submission, "mended", lambda one: f"intake.mended/{one.pk}"),
        Sealed(Source, "sealed", lambda source: f"intake.source/{source.handle}"),
    ),
)
