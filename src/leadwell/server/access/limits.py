"""By what are tries to sign in counted? By the address that was typed and where it came from, neither kept in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from allauth.account.adapter import get_adapter
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

_SALT: Final = "leadwell.access.limits"


def address_tried(request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> str:
    """As it is kept of somebody who works here. allauth says `email` where axes looks for `username`."""
    given = (credentials or {}).get("email") or request.POST.get("login", "")
    return str(given).strip().lower()


def counted_by(request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> str:
    """For axes: a keyed hash, because people also type their password where the address belongs."""
    return salted_hmac(_SALT, address_tried(request, credentials), algorithm="sha256").hexdigest()


def came_from(request: HttpRequest) -> str | None:
    """For axes: where allauth, too, says that a request came from; behind proxies, whom the outermost of ours saw."""
    return str(get_adapter(request).get_client_ip(request)) if "REMOTE_ADDR" in request.META else None
