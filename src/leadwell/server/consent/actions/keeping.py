"""What held for somebody by a link holds for their addresses once they are erased: nobody is left to be linked."""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

from leadwell.server.base import bulk
from leadwell.server.consent.addresses import OF_CHANNEL
from leadwell.server.consent.models import SuppressedAddress
from leadwell.server.consent.queries import Reach
from leadwell.server.consent.queries.standing import pages, stops_of


def keep_stopped(organization: int, reach: Reach) -> None:
    """Every stop in force for whoever is one person with them holds at each of their own addresses that it concerns. An
    erasure that is done again after a restore writes it again."""
    stops = {one.pk: one for _, _, one in stops_of(organization, reach.group, [token for _, token in reach.all])}
    held: dict[UUID, set[bytes]] = defaultdict(set)
    for page in pages(list(stops)):
        rows = SuppressedAddress.objects.of(organization).filter(suppression__in=page)
        for number, token in rows.values_list("suppression", "token"):
            held[number].add(bytes(token))
    new = [
        (organization, number, token)
        for number, one in stops.items()
        for kind, token in sorted(reach.own)
        if kind in OF_CHANNEL[one.channel] and token not in held[number]
    ]
    bulk.insert_values(SuppressedAddress, ("organization", "suppression", "token"), new)
