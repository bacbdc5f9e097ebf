"""Which leads has a page shown already, so that looking again is no second view for the trail?

A page that looks every few seconds would fill the trail with what stood on it all the while. What it was shown it holds
signed, for the one session: nobody can claim to have been shown what they were not. A lead that stays is one view.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.core import signing
from django.http import HttpRequest

HEADER: Final = "X-Shown"
_HOLDS: Final = timedelta(minutes=15)


def token(request: HttpRequest, leads: Iterable[UUID]) -> str:
    """To be sent back with the next look."""
    return signing.dumps([one.hex for one in leads], salt=_salt(request), compress=True)


def shown(request: HttpRequest) -> frozenset[UUID]:
    """What the page of this request shows already; nothing where it says what is not true."""
    try:
        told = signing.loads(request.headers.get(HEADER, ""), salt=_salt(request), max_age=_HOLDS)
    except signing.BadSignature:
        return frozenset()
    return frozenset(UUID(one) for one in told)


def _salt(request: HttpRequest) -> str:
    return f"worklist.shown/{request.session.session_key}"
