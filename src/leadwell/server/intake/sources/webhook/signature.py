"""Was this sent by whom it says? A keyed hash of the raw body, compared in constant time.

Header, digest, encoding and prefix differ from system to system, so they are settings. Two secrets may hold at once,
while one is being changed. Without any secret nothing verifies.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Mapping
from typing import Any, Final

_DIGESTS: Final = {"sha1": hashlib.sha1, "sha256": hashlib.sha256, "sha512": hashlib.sha512}


def signed(body: bytes, headers: Mapping[str, str], settings: Mapping[str, Any]) -> bool:
    """`settings`: `secrets` (list of texts), `header`, `digest`, `encoding` (hex | base64), `prefix` (what must stand
    before it)."""
    before = str(settings.get("prefix") or "").strip()
    whole = headers.get(str(settings.get("header", "")).lower(), "").strip()
    given = whole.removeprefix(before).strip() if whole.startswith(before) else ""
    secrets = [str(one) for one in settings.get("secrets", ()) if one]
    digest = _DIGESTS.get(str(settings.get("digest", "sha256")))
    if not given or not secrets or digest is None:
        return False
    verdicts = [_equal(hmac.new(one.encode(), body, digest).digest(), given, settings) for one in secrets]
    return any(verdicts)


def _equal(made: bytes, given: str, settings: Mapping[str, Any]) -> bool:
    if settings.get("encoding", "hex") == "base64":
        return hmac.compare_digest(b64encode(made), given.encode())
    return hmac.compare_digest(made.hex().encode(), given.lower().encode())
