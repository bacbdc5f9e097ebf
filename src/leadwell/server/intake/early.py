"""What came before that of which it speaks? A cancellation that overtakes its booking is no lead yet; it is kept under
the names of what it waits for, and read again once one of these is of a lead. (promise A2)
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final
from uuid import UUID

from django.db import transaction

from leadwell.server.base.routers import inbox_database
from leadwell.server.base.turns import inbox_turn
from leadwell.server.intake.mending import due_again
from leadwell.server.intake.models import Mentioned, State, Submission
from leadwell.server.privacy.tokens import Blind

_AWAITED: Final = "awaited"  # the kind of the tokens


def await_names(organization: int, submission: UUID, names: Iterable[str]) -> None:
    rows = [
        Mentioned(organization_id=organization, submission=submission, token=t) for t in _tokens(organization, names)
    ]
    Mentioned.objects.bulk_create(rows, ignore_conflicts=True)


def came(organization: int, names: Iterable[str]) -> None:
    """What waits for one of these names is read again; what is being read at this moment looks for itself."""
    if tokens := _tokens(organization, names):
        waiting = Mentioned.objects.of(organization).filter(token__in=tokens)
        read_again(organization, list(waiting.values_list("submission", flat=True)))


def read_again(organization: int, submissions: Collection[UUID]) -> None:
    if submissions:
        ours = Submission.objects.of(organization).filter(pk__in=submissions, state=State.NOT_A_LEAD)
        with inbox_turn(), transaction.atomic(using=inbox_database()):
            ours.exclude(sealed=b"").update(**due_again())


def _tokens(organization: int, names: Iterable[str]) -> list[bytes]:
    blind = Blind(organization)
    return [blind.token(_AWAITED, name) for name in dict.fromkeys(names)]
