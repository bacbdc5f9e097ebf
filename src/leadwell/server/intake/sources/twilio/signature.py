"""Was this sent by Twilio? The address that it posted to, with what it posted, keyed with the account's token.

Of a form, each name with each of its values, sorted; of anything else the address alone, in which the digest of the
body stands. Twilio signs with the port, or without it. (Twilio, "Validating requests")
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from urllib.parse import parse_qs, urlsplit, urlunsplit

from leadwell.server.intake.sources.form.adapter import URLENCODED, pairs_of

_PORTS: Final = {"https": 443, "http": 80}


def signed(body: bytes, headers: Mapping[str, str], url: str, secrets: Sequence[str]) -> bool:
    """`url`: as the sender wrote it, with its query."""
    given = headers.get("x-twilio-signature", "").strip().encode(errors="replace")
    tokens = [one.encode() for one in secrets if one]
    said = _said(body, headers, url)
    if not given or not tokens or said is None:
        return False
    verdicts = [hmac.compare_digest(_signature(token, one, said), given) for token in tokens for one in _addresses(url)]
    return any(verdicts)


def _said(body: bytes, headers: Mapping[str, str], url: str) -> str | None:
    """What is signed behind the address; None where nothing could prove the body."""
    if headers.get("content-type", "").partition(";")[0].strip().lower() == URLENCODED:
        try:
            return "".join(name + value for name, value in sorted(set(pairs_of(body))))
        except ValueError:
            return None
    if not body:
        return ""
    told = parse_qs(urlsplit(url).query).get("bodySHA256", [""])[0].lower()
    proven = hmac.compare_digest(hashlib.sha256(body).hexdigest().encode(), told.encode(errors="replace"))
    return "" if proven else None


def _signature(token: bytes, url: str, said: str) -> bytes:
    return b64encode(hmac.new(token, (url + said).encode(errors="replace"), hashlib.sha1).digest())


def _addresses(url: str) -> Iterable[str]:
    """With the port and without it."""
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        return [url]
    host = parts.netloc.rpartition(":")[0] if port is not None else parts.netloc
    with_port = f"{host}:{port or _PORTS.get(parts.scheme, 443)}"
    return [urlunsplit(parts._replace(netloc=one)) for one in (host, with_port)]
