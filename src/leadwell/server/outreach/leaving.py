"""By which link does somebody leave? Its token names a message and an address to us alone, and holds for ever.

Sealed under the organisation's index key, which no rotation changes (`privacy.keyring`); nothing need be kept for it to
work: where the message is long erased, the address is stopped.
"""

from __future__ import annotations

import binascii
import hashlib
import hmac
import secrets
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from leadwell.server.access.models import Organization
from leadwell.server.privacy.keyring import keyring

_HEAD: Final = struct.Struct(">I")
_BODY: Final = 16 + 16 + 16  # the seal, the message, the address
LENGTH: Final = -(-(_HEAD.size + _BODY) * 4 // 3)
_NOBODYS: Final = AESSIV(secrets.token_bytes(64))


@dataclass(frozen=True)
class Leaving:
    organization: Organization
    message: UUID
    token: bytes  # of the address


def token(organization: int, message: UUID, address: bytes) -> str:
    head = _HEAD.pack(organization)
    whole = head + _cipher(organization).encrypt(message.bytes + address, [head])
    return urlsafe_b64encode(whole).rstrip(b"=").decode()


def read(text: str) -> Leaving | None:
    """None for what we have not made. Every wrong one takes the same steps, so that time tells nothing of it."""
    raw, fits = _bytes(text)
    head, body = raw[: _HEAD.size], raw[_HEAD.size :]
    (number,) = _HEAD.unpack(head)
    organization = Organization.objects.filter(pk=number).first()
    cipher = _NOBODYS if organization is None else _cipher(number)
    try:
        opened = cipher.decrypt(body, [head])
    except InvalidTag:
        return None
    if organization is None or not fits:
        return None
    return Leaving(organization, UUID(bytes=opened[:16]), opened[16:])


def _bytes(text: str) -> tuple[bytes, bool]:
    """As many bytes as a token has, whatever was given; and whether it was one in its own and only writing."""
    try:
        raw = urlsafe_b64decode(text[:LENGTH] + "=" * (-len(text[:LENGTH]) % 4))
    except (binascii.Error, ValueError):
        raw = b""
    size = _HEAD.size + _BODY
    fits = len(raw) == size and hmac.compare_digest(urlsafe_b64encode(raw).rstrip(b"="), text.encode())
    return raw[:size].ljust(size, b"\0"), fits


def _cipher(organization: int) -> AESSIV:
    key = hmac.new(keyring(organization).index, b"leadwell unsubscribe", hashlib.sha512).digest()
    return AESSIV(key)
