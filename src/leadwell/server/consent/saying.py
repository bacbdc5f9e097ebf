"""What did somebody say about being contacted, and how did we hear it?"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from leadwell.server.consent.addresses import Token


@dataclass(frozen=True)
class Saying:
    """`way`: one of `models.Way`; `by`: who noted it, as the trail has it. `address`: from which, or of which, it was
    said; '' where it was about all of theirs. `token`: of that address, for whoever knows no more of it. `at`: None for
    now. `key`: by which a program says the same again, so that it counts once; '' where it says everything once.
    `sent`: the time that the program gave, which may lie ahead of `at`. `submission`: what came
    in that it stands in, if it did."""

    way: str
    by: str
    words: str = field(default="", repr=False)
    address: str = field(default="", repr=False)
    token: Token | None = None
    at: datetime | None = None
    language: str = ""
    key: str = field(default="", repr=False)
    sent: datetime | None = None
    submission: UUID | None = None
