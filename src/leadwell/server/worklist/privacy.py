"""What does the worklist hold of somebody? That a lead of theirs waits; once they are erased it does not."""

from __future__ import annotations

from typing import Any

from leadwell.server.privacy.held import Held, Subject
from leadwell.server.worklist.changing import changed
from leadwell.server.worklist.models import Waiting


def _finds(subject: Subject) -> None:
    """Nothing: leads are found below."""


def _gives(subject: Subject) -> dict[str, Any]:
    return {}


def _erases(subject: Subject) -> None:
    if Waiting.objects.of(subject.organization).filter(lead__in=subject.leads).delete()[0]:
        changed(subject.organization)


HELD = Held(finds=_finds, gives=_gives, erases=_erases)
