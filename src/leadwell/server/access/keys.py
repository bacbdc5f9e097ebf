"""Who is calling? Keys of programs: made once, checked at every call."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime
from typing import Final

from django.utils import timezone

from leadwell.server.access.models import ApiKey, Organization
from leadwell.server.base.shortly import Shortly

SCOPES: Final = ("leads:write", "leads:read", "consent:write", "look-ups:write", "work:write", "openings:write")
_PREFIX: Final = "lw"


class UnknownScope(ValueError):  # noqa: N818  its message is for the person who typed it
    pass


def new_key(
    organization: Organization, scopes: list[str], *, name: str = "", expires_at: datetime | None = None
) -> str:
    """Makes a key and returns its text, which is kept nowhere. Raises UnknownScope."""
    if unknown := sorted(set(scopes) - set(SCOPES)):
        raise UnknownScope(f"There is no scope “{unknown[0]}”; there are {', '.join(SCOPES)}.")
    handle, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    ApiKey.objects.create(
        organization=organization,
        handle=handle,
        digest=_digest(secret),
        name=name,
        scopes=scopes,
        expires_at=expires_at,
    )
    return f"{_PREFIX}_{handle}_{secret}"


def known_key(text: str) -> ApiKey | None:
    """The key of this text, if it is one that still holds."""
    prefix, _, rest = text.partition("_")
    handle, _, secret = rest.partition("_")
    if prefix != _PREFIX or not secret:
        return None
    now, key = timezone.now(), key_of(handle)
    if key is None or not hmac.compare_digest(bytes(key.digest), _digest(secret)):
        return None
    if not key.holds:
        return None
    if key.last_used_on != now.date():
        ApiKey.objects.filter(pk=key.pk).update(last_used_on=now.date())
        key.last_used_on = now.date()
    return key


@Shortly
def key_of(handle: str) -> ApiKey | None:
    """The key of this handle, whether or not it holds. One that is revoked elsewhere is known here a second later."""
    return ApiKey.objects.filter(handle=handle).select_related("organization").first()


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
