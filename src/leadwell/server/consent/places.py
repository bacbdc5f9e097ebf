"""Where may somebody be? Every zone and state that a fact of their record makes plausible, with the fact."""

from __future__ import annotations

from collections.abc import Mapping

from leadwell.contact import whereabouts
from leadwell.permission.values import Place


def places_of(identity: Mapping[str, str]) -> tuple[Place, ...]:
    """Of what they filled in; none where nothing says it. Each of their numbers may be the one that is dialled."""
    found: dict[Place, None] = {}
    for column in ("phone", "phone_2"):
        said = whereabouts(zip=identity.get("zip"), address_state=identity.get("state"), phone=identity.get(column))
        found |= dict.fromkeys(Place(one.fact, one.zone, one.state) for one in said)
    return tuple(found)
