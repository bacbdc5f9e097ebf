"""How is CallRail believed, and what is it told? By the keyed digest of the body, and with the id of what it sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from leadwell.server.intake.sources.doors import Posted, Vendor
from leadwell.server.intake.sources.webhook.signature import signed


class _CallRail(Vendor):
    brings_texts = True

    def genuine(self, posted: Posted, settings: Mapping[str, Any]) -> bool:
        how = {"header": settings.get("header") or "Signature", "digest": settings.get("digest") or "sha1"}
        return signed(
            posted.body, posted.headers, {"secrets": settings.get("secrets", ()), **how, "encoding": "base64"}
        )


DOOR: Final = _CallRail()
