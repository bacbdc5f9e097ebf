"""What is shown of whose lead it is on its page? Why them, and why nobody else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.utils import timezone

from leadwell.playbook import Playbook
from leadwell.routing.assigning import Why
from leadwell.server.access.queries import names_of_users, who_may
from leadwell.server.access.roles import May
from leadwell.server.assigning.actions import asked_now
from leadwell.server.assigning.models import Decision
from leadwell.server.assigning.queries import last_decision
from leadwell.server.assigning.showing import named
from leadwell.server.leads import telling
from leadwell.server.leads.beside import Part, Seen
from leadwell.server.leads.models import Lead
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
    """`now`: who has it, where that is another than was decided; '' where it is as decided. `chosen`: to whom it was
    given, '' for nobody; `because`: why them; `instead`: why people of another clinic could be given it too;
    `stands_in`: who answers where nobody is; `can`: who could take it by now, '' for nobody."""

    title: str
    now: str
    chosen: str
    team: str
    at: datetime
    because: str
    instead: str
    passed: tuple[Passed, ...]
    stands_in: tuple[str, ...]
    can: str


def parts(seen: Seen) -> Iterator[Part]:
    decision = last_decision(seen.lead.organization_id, seen.lead.pk)
    waits = seen.lead.answered_at is None
    if (
        decision is not None
        and decision.team == seen.lead.queue
        and (decision.chosen_id or seen.lead.owner_id or waits)
    ):
        yield Part("side", "assigning/why.html", _shown(seen, decision))


def _shown(seen: Seen, decision: Decision) -> Shown:
    ours = seen.lead.organization_id
    names, known = names_of_users(ours), seen.playbook.teams.get(decision.team)
    decision, can = _anew(seen.lead, decision)
    chosen = names.get(f"user:{decision.chosen_id}", _SOMEBODY) if decision.chosen_id else ""
    passed = [
        Passed(names.get(f"user:{user}", _SOMEBODY), Why[why.upper()].value) for user, why in decision.passed.items()
    ]
    now = _now(seen.lead, decision)
    return Shown(
        title=f"Why {chosen.split()[0] if chosen else 'nobody'}{' at first' if now else ''}?",
        now=now,
        chosen=chosen,
        team=named(decision.team),
        at=decision.at,
        because=_TURN.get(known.assign if known else "", "") if passed else "Nobody else works in this team.",
        instead=_instead(decision.instead, seen.playbook),
        passed=tuple(sorted(passed, key=lambda one: one.name)),
        stands_in=() if chosen or now else _stand_in(ours, decision.team),
        can=names.get(f"user:{can}", _SOMEBODY) if can else "",
    )


def _anew(lead: Lead, decision: Decision) -> tuple[Decision, str]:
    """What nobody could take is asked anew, for the reasons may be others by now; and who could take it, '' for
    nobody."""
    asked = asked_now(lead, now := timezone.now()) if decision.chosen_id is None and lead.owner_id is None else None
    if asked is None:
        return decision, ""
    told = {user: why.name.lower() for user, why in asked.passed.items()}
    return Decision(team=decision.team, at=now, passed=told, instead=decision.instead), asked.chosen or ""


def _now(lead: Lead, decision: Decision) -> str:
    if lead.owner_id == decision.chosen_id:
        return ""
    return f"{lead.owner.get_full_name()} has it now." if lead.owner else "It waits with the team again."


def _instead(told: Mapping[str, Any], policy: Playbook) -> str:
    """“Chicago Loop is full, so people of Evanston (next opening 3 December) could be given it too.”"""
    if not told:
        return ""
    full, until = telling.named(policy, "location", told["full"]), told["until"]
    others = [
        f"{telling.named(policy, 'location', key)} (next opening {_day(day)})" for key, day in told["also"].items()
    ]
    opens = f"has nothing before {_day(until)}" if until else "is full"
    return f"{full} {opens}, so people of {' and '.join(others)} could be given it too."


def _day(text: str) -> str:
    on = date.fromisoformat(text)
    return f"{on.day} {on:%B}"


def _stand_in(organization: int, team: str) -> tuple[str, ...]:
    """Who was named for it; else whoever leads intake."""
    theirs = [one for one in duties(organization) if team in one.teams and one.stands_in]
    return tuple(one.member.user.get_full_name() for one in theirs) or tuple(who_may(organization, May.LEAD_INTAKE))
