"""By which channels and for what may we contact these people at all, now or at the next hour that is allowed?"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from leadwell.permission import may_contact
from leadwell.permission.values import CHANNELS, PURPOSES, Channel, Purpose
from leadwell.server.consent.deciding import own_rules
from leadwell.server.consent.queries.knowing import by_machine, known_of

Open = tuple[UUID, Channel, Purpose, bool]  # the last: by a machine


def open_to(organization: int, people: Collection[UUID], now: datetime) -> frozenset[Open]:
    """What the gate does not answer with never."""
    ours = own_rules(organization)
    found: set[Open] = set()
    for asked in (None, "business"):
        purposes = [one for one in PURPOSES if (one == "business") == (asked == "business")]
        for person, by_hand in known_of(organization, people, purpose=asked, now=now).items():
            found.update(
                (person, channel, purpose, known is not by_hand)
                for known in (by_hand, by_machine(by_hand))
                for purpose in purposes
                for channel in CHANNELS
                if may_contact(known, channel=channel, purpose=purpose, at=now, playbook=ours).answer != "never"
            )
    return frozenset(found)
