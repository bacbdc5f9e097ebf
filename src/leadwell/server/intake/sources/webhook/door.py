"""How is another system's webhook believed? By its signature, once a secret was typed; else by its address alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from leadwell.server.intake.sources.doors import Door, Posted
from leadwell.server.intake.sources.webhook.signature import signed


class _Webhook(Door):
    def genuine(self, posted: Posted, settings: Mapping[str, Any]) -> bool:
        return not settings.get("secrets") or signed(posted.body, posted.headers, settings)


DOOR: Final = _Webhook()
