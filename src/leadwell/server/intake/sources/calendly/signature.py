"""Was this sent by Calendly, and just now? A keyed digest of its time and the raw body.

(Calendly, "Webhook signatures") What was caught on the way and is sent again later is not believed.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

TOLERANCE: Final = 180  # seconds
_LONGEST: Final = 15  # digits of a time


def signed(body: bytes, headers: Mapping[str, str], secrets: Sequence[str], *, at: datetime) -> bool:
    time, given = _parts(headers.get("calendly-webhook-signature", ""))
    keys = [one.encode() for one in secrets if one]
    if not given or not keys or not (time.isascii() and time.isdigit() and len(time) <= _LONGEST):
        return False
    if abs(at.timestamp() - int(time)) > TOLERANCE:
        return False
    said = time.encode() + b"." + body
    made = [hmac.new(key, said, hashlib.sha256).hexdigest().encode() for key in keys]
    verdicts = [hmac.compare_digest(one, other) for one in made for other in given]
    return any(verdicts)


def _parts(header: str) -> tuple[str, list[bytes]]:
    """Its time, and each signature of the version that we know."""
    pairs = [one.strip().partition("=") for one in header.split(",")[:10]]
    time = next((value for name, _, value in pairs if name == "t"), "")
    return time, [value.lower().encode(errors="replace") for name, _, value in pairs if name == "v1" and value]
