"""Which rows of a list could not be read? They are no leads; they are shown where the submission is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from leadwell.server.intake import sources
from leadwell.server.intake.models import Source, State, Submission
from leadwell.server.intake.opening import opened
from leadwell.server.intake.queries import settings_of
from leadwell.server.privacy.sealing import Unopenable

_MOST_BYTES: Final = 5_000_000  # a larger list would be read too long for a page


@dataclass(frozen=True)
class Row:
    number: int
    reason: str


def rejected_rows(submission: Submission, source: Source | None) -> tuple[Row, ...]:
    """Found by reading the list again: they are kept nowhere apart."""
    if source is None or source.kind != "file" or submission.state != State.ASSESSED or submission.size > _MOST_BYTES:
        return ()
    try:
        reading = sources.reader(source.kind)(opened(submission), settings_of(source))
    except Unopenable:
        return ()
    return tuple(Row(number, reason) for number, reason in reading.rejected)
