"""What may be typed about a Calendly account: what its questions mean, and the key by which it signs."""

from __future__ import annotations

from typing import ClassVar

from leadwell.server.intake.sources.typed import Mapped, Signed


class Form(Mapped, Signed):
    must_be_signed: ClassVar[bool] = True
    unproven: ClassVar[str] = (
        "Without the subscription's signing key nothing is believed: all that comes is kept as refused."
    )
