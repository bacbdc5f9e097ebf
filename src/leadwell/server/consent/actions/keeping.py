"""What held for somebody by a link holds for their addresses once they are erased: nobody is left to be linked."""

from __future__ import annotations

from leadwell.server.base import bulk
from leadwell.server.consent.addresses import OF_CHANNEL
from leadwell.server.consent.models import SuppressedAddress
from leadwell.server.consent.queries import Reach
from leadwell.server.consent.queries.standing import standing


def keep_stopped(organization: int, reach: Reach) -> None:
    """Every stop in force for whoever is one person with them holds at each of their own addresses that it concerns. An
    erasure that is done again after a restore writes it again."""
    new = [
        (organization, stop.pk, token)
        for stop, held in standing(organization, reach.heard, [token for _, token in reach.heard_at])
        for kind, token in sorted(reach.own)
        if kind in OF_CHANNEL[stop.channel] and token not in held
    ]
    bulk.insert_values(SuppressedAddress, ("organization", "suppression", "token"), new)
