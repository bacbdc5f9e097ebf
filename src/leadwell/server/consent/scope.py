"""What does a stop close? Channels × purposes, nothing else."""

from __future__ import annotations

from typing import Final

from leadwell.permission.values import Purpose
from leadwell.server.consent.models import ALL, EVERY, Way

Scope = tuple[str, str]  # a channel or ALL, a purpose or EVERY

# To answer a request; the gate takes the visit that comes of it for covered by that.
SERVICE: Final[Purpose] = "care-request"

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
