"""What do we hold of somebody in drafts? What was typed on their pages and not sent. It is erased with them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Min, Q

from leadwell.server.base.scope import Scoped
from leadwell.server.privacy.held import Held, Kept, Sealed, Subject
from leadwell.server.signin.models import Draft
from leadwell.server.signin.queries import place, words


def _finds(subject: Subject) -> None:
    """Drafts lead to nobody else."""


def _gives(subject: Subject) -> dict[str, Any]:
    drafts = _theirs(subject).order_by("kept_at")
    return {"drafts": [{"at": one.kept_at.isoformat(), "said": list(words(one).values())} for one in drafts]}


def _erases(subject: Subject) -> None:
    _theirs(subject).delete()


def _theirs(subject: Subject) -> Scoped[Draft]:
    """Of the pages whose address names them, a lead or a submission of theirs."""
    names = Q(page__contains=str(subject.person))
    for one in subject.leads | subject.submissions:
        names |= Q(page__contains=str(one))
    return Draft.objects.of(subject.organization).filter(names)


def _counts(subject: Subject) -> Iterator[Kept]:
    drafts = _theirs(subject)
    yield Kept("Drafts", drafts.count(), drafts.aggregate(first=Min("kept_at"))["first"], "typed and not sent")


HELD = Held(
    finds=_finds,
    gives=_gives,
    erases=_erases,
    counts=_counts,
    sealed=(Sealed(Draft, "sealed", lambda draft: place(draft.user_id, draft.page)),),
)
