"""What is shown of whose lead it is on its page? Why them, and why nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from leadwell.routing.assigning import Why
from leadwell.server.access.queries import names_of_users, who_may
from leadwell.server.access.roles import May
from leadwell.server.assigning.models import Decision
from leadwell.server.assigning.queries import last_decision
from leadwell.server.assigning.showing import named
from leadwell.server.leads.beside import Part, Seen
from leadwell.server.teams.queries import duties

_TURN: Final = {
    "capacity": "They had most room of those who could take it.",
    "round-robin": "It was their turn of those who could take it.",
}
_SOMEBODY: Final = "Somebody who works here no more"


@dataclass(frozen=True)
class Passed:
    name: str
    why: str


@dataclass(frozen=True)
class Shown:
    """`chosen`: to whom it was given, '' for nobody; `because`: why them; `stands_in`: who answers where nobody is."""

    title: str
    chosen: str
    team: str
    at: datetime
    because: str
    passed: tuple[Passed, ...]
    stands_in: tuple[str, ...]


def parts(seen: Seen) -> Iterator[Part]:
    decision = last_decision(seen.lead.organization_id, seen.lead.pk)
    if decision is not None and decision.team == seen.lead.queue:
        yield Part("side", "assigning/why.html", _shown(seen, decision))


def _shown(seen: Seen, decision: Decision) -> Shown:
    ours = seen.lead.organization_id
    names, known = names_of_users(ours), seen.playbook.teams.get(decision.team)
    chosen = names.get(f"user:{decision.chosen_id}", _SOMEBODY) if decision.chosen_id else ""
    passed = [
        Passed(names.get(f"user:{user}", _SOMEBODY), Why[why.upper()].value) for user, why in decision.passed.items()
    ]
    return Shown(
        title=f"Why {chosen.split()[0]}?" if chosen else "Why nobody?",
        chosen=chosen,
        team=named(decision.team),
        at=decision.at,
        because=_TURN.get(known.assign if known else "", "") if passed else "Nobody else works in this team.",
        passed=tuple(sorted(passed, key=lambda one: one.name)),
        stands_in=() if chosen else _stand_in(ours, decision.team),
    )


def _stand_in(organization: int, team: str) -> tuple[str, ...]:
    """Who was named for it; else whoever leads intake."""
    theirs = [one for one in duties(organization) if team in one.teams and one.stands_in]
    return tuple(one.member.user.get_full_name() for one in theirs) or tuple(who_may(organization, May.LEAD_INTAKE))
