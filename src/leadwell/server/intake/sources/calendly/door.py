"""How is Calendly believed, and what is it told? By its signature of the last minutes, and with the id of what it
sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from leadwell.server.intake.sources.calendly.signature import signed
from leadwell.server.intake.sources.doors import Posted, Vendor


class _Calendly(Vendor):
    def genuine(self, posted: Posted, settings: Mapping[str, Any]) -> bool:
        secrets = [str(one) for one in settings.get("secrets", ())]
        return signed(posted.body, posted.headers, secrets, at=posted.at)


DOOR: Final = _Calendly()
