"""What does a stop close? Channels × purposes, nothing else."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from leadwell.permission.values import Purpose
from leadwell.server.consent.models import ALL, EVERY, Way

Scope = tuple[str, str]  # a channel or ALL, a purpose or EVERY

# Of the first law on stops: what is older is an empty field of theirs.
FIRST_LAW: Final = datetime(1991, 1, 1, tzinfo=UTC)
# To answer a request; the gate takes the visit that comes of it for covered by that.
SERVICE: Final[Purpose] = "care-request"
REOPENED: Final[tuple[Purpose, ...]] = ("care-request", "appointment")  # by whoever takes a stop back

# What is closed where they did not say by which channel. That a STOP by text ends calls by machine too (DA 26-12), the
# gate knows; whoever says it on the telephone means texts as well (47 CFR 64.1200(d)(3)); free words end everything.
CLOSES: Final[dict[str, tuple[str, ...]]] = {
    Way.TEXT: ("text",),
    Way.VOICE: ("call", "text"),
    Way.CARRIER: ("text",),
    Way.EMAIL_REPLY: ("email",),
    Way.COMPLAINT: ("email",),
    Way.LINK: ("email",),
    Way.MESSAGE: (ALL,),
    Way.STAFF: (ALL,),
    Way.API: (ALL,),
}


def covers(one: Scope, other: Scope) -> bool:
    """Whether whatever `other` closes is closed by `one` already."""
    return one[0] in (ALL, other[0]) and one[1] in (EVERY, other[1])
