"""How are second factors and sessions sealed? With keys of the installation, which the master key wraps. (promise F33)

A sealed text is: 2 bytes key version, 12 bytes nonce, ciphertext and tag, in base64; `place` is authenticated with it.
Rotation of the master key wraps these keys anew (`rewrap`) and leaves what they seal.
"""

from __future__ import annotations

import binascii
import secrets
import struct
from base64 import b64decode, b64encode
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import IntegrityError, transaction

from leadwell.server.privacy.keyring import NONCE, LostKey, masters
from leadwell.server.privacy.sealing import Unopenable
from leadwell.server.signin.models import SignInKey

_SIZE: Final = 32
_VERSION: Final = struct.Struct(">H")
_KEYS: dict[int, AESGCM] = {}


def seal(text: str, *, place: str) -> str:
    keys = _keys()
    version = max(keys)
    nonce = secrets.token_bytes(NONCE)
    head = _VERSION.pack(version)
    return b64encode(head + nonce + keys[version].encrypt(nonce, text.encode(), head + place.encode())).decode()


def unseal(sealed: str, *, place: str) -> str:
    """Raises Unopenable, or LostKey where the master key is another."""
    try:
        raw = b64decode(sealed, validate=True)
        head, body = raw[: _VERSION.size], raw[_VERSION.size :]
        (version,) = _VERSION.unpack(head)
        keys = _keys() if version in _KEYS else _keys(fresh=True)
        return keys[version].decrypt(body[:NONCE], body[NONCE:], head + place.encode()).decode()
    except (binascii.Error, struct.error, InvalidTag, KeyError, ValueError) as error:
        raise Unopenable(place) from error


def new_key(version: int) -> None:
    master, key = masters()[0], secrets.token_bytes(_SIZE)
    SignInKey.objects.create(version=version, wrapped=master.wrap(key, _about(version)), master=master.fingerprint)
    forget_keys()


def waiting() -> int:
    """How many keys a master key wraps that is not the current one."""
    return SignInKey.objects.exclude(master=masters()[0].fingerprint).count()


def rewrap() -> int:
    """Wraps every key under the current master key; returns how many were not. Raises LostKey."""
    master = masters()[0]
    with transaction.atomic():
        rows = list(SignInKey.objects.exclude(master=master.fingerprint))
        for row in rows:
            row.wrapped, row.master = master.wrap(_unwrapped(row), _about(row.version)), master.fingerprint
            row.save(update_fields=["wrapped", "master"])
    return len(rows)


def opens_all() -> None:
    """Raises LostKey where the master key given does not open every key."""
    for row in SignInKey.objects.all():
        _unwrapped(row)


def forget_keys() -> None:
    """After a rotation or in tests."""
    _KEYS.clear()


def _keys(*, fresh: bool = False) -> dict[int, AESGCM]:
    if fresh or not _KEYS:
        rows = list(SignInKey.objects.all()) or _made()
        _KEYS.update({row.version: AESGCM(_unwrapped(row)) for row in rows})
    return _KEYS


def _made() -> list[SignInKey]:
    try:
        with transaction.atomic():
            new_key(1)
    except IntegrityError:  # another process was first
        pass
    return list(SignInKey.objects.all())


def _about(version: int) -> bytes:
    return f"sign-in/{version}".encode()


def _unwrapped(row: SignInKey) -> bytes:
    for master in masters():
        if master.fingerprint == row.master:
            try:
                return master.unwrap(bytes(row.wrapped), _about(row.version))
            except InvalidTag as error:
                raise LostKey(row.master) from error
    raise LostKey(row.master)
