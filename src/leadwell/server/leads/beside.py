"""What do other apps show on the page of a lead? Each that has something has a module `on_lead` with `parts`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from leadwell.playbook import Playbook
from leadwell.server.access.models import Membership
from leadwell.server.base.declared import declared
from leadwell.server.consent.telling import Gate
from leadwell.server.leads.models import Lead


@dataclass(frozen=True)
class Part:
    """`place`: "bar" under the name, "deal" of an organisation, "where" and then "now" under what to do, "side" beside
    whom to reach; a call has "deal", "where" and "side" alone. `told`: what its template calls `part`."""

    place: str
    template: str
    told: Any


@dataclass(frozen=True)
class Seen:
    """What the page shows already. `visible`: whether this role sees who somebody is; `gate`: None once they are
    erased."""

    member: Membership
    lead: Lead
    said: Mapping[str, Any]
    playbook: Playbook
    gate: Gate | None
    visible: bool


def parts(seen: Seen) -> dict[str, tuple[Part, ...]]:
    found: dict[str, tuple[Part, ...]] = {}
    for app in declared("on_lead"):
        for one in app.parts(seen):
            found[one.place] = (*found.get(one.place, ()), one)
    return found
