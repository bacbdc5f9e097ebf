"""What intake does every so often: read the mailboxes, forget what never became a lead."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.utils import timezone

from leadwell.server.access.models import Organization
from leadwell.server.base.logs import log
from leadwell.server.intake import mentioning
from leadwell.server.intake.actions import in_trouble, out_of_trouble
from leadwell.server.intake.models import Source, State, Submission
from leadwell.server.intake.queries import settings_of
from leadwell.server.intake.sources.email.mailbox import Trouble, fetch

# State -> how long it is kept sealed. What waits for a person waits a year; a lead is kept as the playbook says.
UNREAD_FOR: Final = {
    State.REFUSED: timedelta(days=30),
    State.NOT_A_LEAD: timedelta(days=90),
    State.NEEDS_MENDING: timedelta(days=365),
    State.SET_ASIDE: timedelta(days=365),
    State.NOT_TAKEN: timedelta(days=365),
}
_EMPTY: Final = {"sealed": b"", "fetched": None, "mended": None}
_TOGETHER: Final = 500
_LOG: Final = log("leadwell.intake")


def read_mailboxes() -> int:
    """Takes what is new in every mailbox that is due; one that does not answer holds up no other."""
    taken, now = 0, timezone.now()
    for organization in Organization.objects.all():
        ours = Source.objects.of(organization).filter(kind="email", closed_at=None)
        for source in ours.exclude(ask_again_at__gt=now):
            settings = settings_of(source)
            if settings.get("host"):
                taken += _read(source, settings)
    return taken


def _read(source: Source, settings: dict[str, object]) -> int:
    try:
        taken = fetch(source, settings)
    except Trouble as trouble:
        in_trouble(source, str(trouble))
        _LOG.error("a mailbox could not be read", source=source.pk, trouble=str(trouble), times=source.troubles)
        return 0
    if source.troubles:
        out_of_trouble(source)
    return taken


def forget_unread() -> int:
    """Empties what came long ago and never became a lead; that it came stays, so that the ledger still closes."""
    count = 0
    for organization in Organization.objects.all():
        for state, span in UNREAD_FOR.items():
            old = Submission.objects.of(organization).filter(state=state, received_at__lt=timezone.now() - span)
            gone = list(old.exclude(sealed=b"").values_list("pk", flat=True))
            for start in range(0, len(gone), _TOGETHER):
                some = gone[start : start + _TOGETHER]
                count += Submission.objects.of(organization).filter(pk__in=some, state=state).update(**_EMPTY)
                mentioning.forget(organization.pk, some)
    return count
