"""With which keys is an organisation's data sealed and looked up? Data keys, wrapped by one master key.

The master key is LEADWELL_MASTER_KEY (32 bytes, base64), or a file that is made once in the data folder; while it is
being changed, LEADWELL_MASTER_KEY_OLD, or keys/master-old.key, holds the one before (`rotation`). Earlier ones that
still lie in keys/ open what was sealed under them, as an older backup.
"""

from __future__ import annotations

import binascii
import hashlib
import secrets
import threading
import time
from base64 import b64decode
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, transaction

from leadwell.server import environment
from leadwell.server.privacy.models import DataKey

NONCE: Final = 12
EARLIER: Final = "master-old*.key"  # in keys/: the master keys before
_SIZE: Final = 32
_FRESH: Final = 60.0  # seconds after which a process looks whether keys were changed


@dataclass(frozen=True)
class Master:
    key: bytes

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(b"leadwell master" + self.key).hexdigest()[:16]

    def wrap(self, key: bytes, about: bytes) -> bytes:
        nonce = secrets.token_bytes(NONCE)
        return nonce + AESGCM(self.key).encrypt(nonce, key, about)

    def unwrap(self, wrapped: bytes, about: bytes) -> bytes:
        return AESGCM(self.key).decrypt(wrapped[:NONCE], wrapped[NONCE:], about)


class LostKey(Exception):  # noqa: N818  says what happened
    """Data was sealed under a master key that is not here."""

    def __init__(self, fingerprint: str) -> None:
        super().__init__(
            f"Data of this organisation was sealed under the master key {fingerprint}…, which is not the one given. "
            "Set LEADWELL_MASTER_KEY (or LEADWELL_MASTER_KEY_OLD) to it, or restore keys/master.key from the backup."
        )


@lru_cache(maxsize=1)
def masters() -> tuple[Master, ...]:
    """The master key, then those before, where they are given."""
    before = sorted((environment.home() / "keys").glob(EARLIER))
    given = (
        environment.kept_secret("LEADWELL_MASTER_KEY", "master.key"),
        environment.secret("LEADWELL_MASTER_KEY_OLD"),
        *(path.read_text(encoding="utf-8").strip() for path in before),
    )
    return tuple(Master(_read(text)) for text in given if text)


def is_given() -> bool:
    """Whether there is a master key, so that none would be made."""
    return bool(environment.secret("LEADWELL_MASTER_KEY")) or (environment.home() / "keys" / "master.key").exists()


def _read(text: str) -> bytes:
    try:
        key = b64decode(text, validate=True)
    except binascii.Error:
        key = b""
    if len(key) != _SIZE:
        raise ImproperlyConfigured("A master key is 32 bytes in base64, as `openssl rand -base64 32` makes it.")
    return key


class Keyring:
    """The keys of one organisation, unwrapped: `seal` (of `seal_version`) seals, `opens` open, `index` makes tokens."""

    def __init__(self, rows: list[DataKey]) -> None:
        self.read_at = time.monotonic()
        self.opens = {row.version: AESGCM(_unwrapped(row)) for row in rows if row.purpose == "seal"}
        self.seal_version = max(self.opens)
        self.seal = self.opens[self.seal_version]
        self.index = next(_unwrapped(row) for row in rows if row.purpose == "index")


_KEYRINGS: dict[int, Keyring] = {}
_LOCK: Final = threading.Lock()


def keyring(organization: int, *, fresh: bool = False) -> Keyring:
    """The keyring of an organisation, by its number; made where it has none. Kept in memory for a minute. `fresh`:
    read now. Raises LostKey."""
    known = _KEYRINGS.get(organization)
    if known is not None and not fresh and time.monotonic() - known.read_at < _FRESH:
        return known
    with _LOCK:
        rows = _rows(organization) or _made(organization)
        try:
            _KEYRINGS[organization] = Keyring(rows)
        except LostKey:
            if known is None or fresh:
                raise
            known.read_at = time.monotonic()  # wrapped by a key that this process was not started with: it goes on
        return _KEYRINGS[organization]


def opens_all() -> None:
    """Raises LostKey where the master keys given do not open every data key."""
    for row in DataKey.objects.all():
        _unwrapped(row)


def forget_keyrings() -> None:
    """After a rotation or in tests."""
    _KEYRINGS.clear()
    masters.cache_clear()


def _rows(organization: int) -> list[DataKey]:
    return list(DataKey.objects.of(organization))


def _made(organization: int) -> list[DataKey]:
    try:
        with transaction.atomic():
            for purpose in ("seal", "index"):
                new_data_key(organization, purpose, 1)
    except IntegrityError:  # another process was first
        pass
    return _rows(organization)


def new_data_key(organization: int, purpose: str, version: int) -> DataKey:
    row = DataKey(organization_id=organization, purpose=purpose, version=version)
    row.wrapped, row.master = masters()[0].wrap(secrets.token_bytes(_SIZE), _about(row)), masters()[0].fingerprint
    row.save(force_insert=True)
    return row


def rewrap(row: DataKey) -> None:
    """Wraps a data key under the current master key."""
    key = _unwrapped(row)
    row.wrapped, row.master = masters()[0].wrap(key, _about(row)), masters()[0].fingerprint
    row.save(update_fields=["wrapped", "master"])


def _about(row: DataKey) -> bytes:
    return f"{row.organization_id}/{row.purpose}/{row.version}".encode()


def _unwrapped(row: DataKey) -> bytes:
    master = _master(row.master)
    if master is None:  # changed since this process began
        masters.cache_clear()
        master = _master(row.master)
    if master is None:
        raise LostKey(row.master)
    try:
        return master.unwrap(bytes(row.wrapped), _about(row))
    except InvalidTag as error:
        raise LostKey(row.master) from error


def _master(fingerprint: str) -> Master | None:
    return next((one for one in masters() if one.fingerprint == fingerprint), None)
