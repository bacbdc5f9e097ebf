"""Which addresses has somebody here confirmed with them, on which lead, and do they stand?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from leadwell.server.consent.models import ConfirmedAddress
from leadwell.server.consent.queries.standing import pages
from leadwell.server.privacy.sealing import if_opens, unseal_json


def confirmed_of(organization: int, people: Collection[UUID], now: datetime) -> Mapping[UUID, list[ConfirmedAddress]]:
    """What stands of each; of nearly everybody nothing does."""
    found = defaultdict[UUID, list[ConfirmedAddress]](list)
    for page in pages(list(people)):
        ours = ConfirmedAddress.objects.of(organization).filter(person__in=page, ended_at=None, at__lte=now)
        for one in ours.order_by("at", "pk"):
            found[one.person].append(one)
    return found


def numbers(confirmed: Sequence[ConfirmedAddress]) -> list[str]:
    """The telephone numbers among them, as they can be dialled."""
    opened = [opened_address(one) for one in confirmed if one.kind == "phone"]
    return list(dict.fromkeys(filter(None, opened)))


def opened_address(one: ConfirmedAddress) -> str | None:
    """None of who is erased, and where it cannot be opened."""
    place = f"consent.confirmed/{one.pk}"
    return if_opens(unseal_json, one.organization_id, one.sealed, place=place) if one.sealed else None


def lead_of_fact(organization: int, fact: UUID) -> UUID | None:
    """On which lead an answer confirmed an address."""
    return ConfirmedAddress.objects.of(organization).filter(fact=fact).values_list("lead", flat=True).first()
