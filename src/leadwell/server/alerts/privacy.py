"""What do alerts hold of somebody? Nothing; but what was typed when one was dealt with may speak of them."""

from __future__ import annotations

from typing import Any

from leadwell.server.alerts.models import Alert
from leadwell.server.privacy.held import Held, Sealed, Subject


def _gives(subject: Subject) -> dict[str, Any]:
    return {}


def _erases(subject: Subject) -> None:
    ours = Alert.objects.of(subject.organization).filter(codes__person=str(subject.person))
    ours.update(sealed=None)


HELD = Held(
    finds=lambda subject: None,
    gives=_gives,
    erases=_erases,
    sealed=(Sealed(Alert, "sealed", lambda alert: f"alerts.alert/{alert.pk}"),),
)
