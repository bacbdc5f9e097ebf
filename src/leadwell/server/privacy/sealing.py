"""How is what names or describes a person kept? Compressed, then sealed with AES-GCM, bound to its place.

A sealed value is: 1 byte format, 2 bytes key version, 12 bytes nonce, then ciphertext and tag. `place` ("leads.lead",
and the row's id) is authenticated with it, so that a value moved to another row or column does not open.
"""

from __future__ import annotations

import secrets
import struct
import zlib
from collections.abc import Callable
from typing import Any, Final, ParamSpec, TypeVar

import orjson
from cryptography.exceptions import InvalidTag

from leadwell.server.privacy.keyring import NONCE, keyring

_FORMAT: Final = 1
_HEAD: Final = struct.Struct(">BH")
HEAD_BYTES: Final = _HEAD.size
Asked = ParamSpec("Asked")
Opened = TypeVar("Opened")
_LEVEL: Final = 3
# Of zlib's own memory: a lead has a few kB, and clearing the usual quarter of a megabyte takes longer than packing it.
_WINDOW: Final = 13
_STATE: Final = 6


class Unopenable(Exception):  # noqa: N818  says what happened
    """A sealed value that is damaged, moved, or of another organisation."""


def seal(organization: int, value: bytes, *, place: str) -> bytes:
    ring = keyring(organization)
    nonce = secrets.token_bytes(NONCE)
    start = head(ring.seal_version)
    return start + nonce + ring.seal.encrypt(nonce, _packed(value), _bound(organization, place, start))


def _packed(value: bytes) -> bytes:
    packing = zlib.compressobj(_LEVEL, zlib.DEFLATED, _WINDOW, _STATE)
    return packing.compress(value) + packing.flush()


def head(version: int) -> bytes:
    """With which bytes a value begins that is sealed under this version of the data key."""
    return _HEAD.pack(_FORMAT, version)


def version_of(start: bytes) -> int:
    version: int = _HEAD.unpack(start)[1]
    return version


def unseal(organization: int, sealed: bytes | memoryview, *, place: str) -> bytes:
    """Raises Unopenable, or LostKey where the master key is another."""
    raw = bytes(sealed)
    start, body = raw[: _HEAD.size], raw[_HEAD.size :]
    try:
        kind, version = _HEAD.unpack(start)
        ring = keyring(organization)
        if version not in ring.opens:
            ring = keyring(organization, fresh=True)
        opened = ring.opens[version].decrypt(body[:NONCE], body[NONCE:], _bound(organization, place, start))
        if kind != _FORMAT:
            raise Unopenable(place)
        return zlib.decompress(opened)
    except (InvalidTag, KeyError, struct.error, zlib.error, ValueError) as error:
        raise Unopenable(place.partition("/")[0]) from error


def seal_json(organization: int, value: Any, *, place: str) -> bytes:
    return seal(organization, orjson.dumps(value), place=place)


def unseal_json(organization: int, sealed: bytes | memoryview, *, place: str) -> Any:
    return orjson.loads(unseal(organization, sealed, place=place))


def _bound(organization: int, place: str, start: bytes) -> bytes:
    return start + f"{organization}/{place}".encode()


def if_opens(opens: Callable[Asked, Opened], *args: Asked.args, **kwargs: Asked.kwargs) -> Opened | None:
    """What it gives, None where it meets a value that cannot be opened: one that is damaged takes no others down."""
    try:
        return opens(*args, **kwargs)
    except Unopenable:
        return None
