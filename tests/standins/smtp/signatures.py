"""Is a received message signed by whom it says, and which of its headers are covered?"""

import base64
import re
from email import message_from_bytes

import dkim  # type: ignore[import-untyped, unused-ignore]
from cryptography.hazmat.primitives import serialization


def dkim_holds(raw: bytes, *, public_key: str | bytes, domain: str | None = None, selector: str | None = None) -> bool:
    """Whether any DKIM-Signature verifies by this RSA key, without asking DNS.

    The key is PEM, a whole record ("v=DKIM1; k=rsa; p=...") or its bare base64. With `domain` or `selector`, only
    signatures that name them count.
    """
    record = _record(public_key)
    for index, tags in enumerate(_signatures(raw)):
        if domain not in (None, tags.get("d")) or selector not in (None, tags.get("s")):
            continue
        try:
            if dkim.DKIM(raw, minkey=1024).verify(idx=index, dnsfunc=lambda name, timeout=5: record):
                return True
        except dkim.DKIMException:
            continue
    return False


def signed_headers(raw: bytes) -> frozenset[str]:
    """The names, in lower case, of the headers that the first DKIM-Signature says it covers (RFC 6376 `h=`)."""
    signatures = _signatures(raw)
    return (
        frozenset(name.strip().lower() for name in signatures[0].get("h", "").split(":")) if signatures else frozenset()
    )


def _signatures(raw: bytes) -> list[dict[str, str]]:
    found = message_from_bytes(raw).get_all("DKIM-Signature", [])
    pairs = [[part.partition("=") for part in re.sub(r"\s+", "", str(one)).split(";")] for one in found]
    return [{name: value for name, _, value in one} for one in pairs]


def _record(public_key: str | bytes) -> bytes:
    key = public_key.encode() if isinstance(public_key, str) else public_key
    if b"-----BEGIN" in key:
        der = serialization.load_pem_public_key(key).public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        key = base64.b64encode(der)
    return key if b"p=" in key else b"v=DKIM1; k=rsa; p=" + re.sub(rb"\s+", b"", key)
