"""What would two be, taken for one person? They share stops, attempts and what was found of their addresses, and a
request that both made; what else each permits stays theirs."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from uuid import UUID

from leadwell.permission import may_contact
from leadwell.permission.values import CHANNELS, PURPOSES, Answer, Channel, Known, Purpose
from leadwell.playbook import Playbook
from leadwell.server.consent.deciding import own_rules
from leadwell.server.consent.models import Suppression
from leadwell.server.consent.queries.knowing import by_machine, known_at
from leadwell.server.consent.queries.reaching import Reach, reaches
from leadwell.server.consent.queries.reading import stops_in_force


@dataclass(frozen=True)
class Closes:
    """What of one of them is answered otherwise now than as one person with the other. `automated`: by a machine
    alone."""

    person: UUID
    channel: Channel
    purpose: Purpose
    now: Answer
    then: Answer
    automated: bool = False


def stops_together(organization: int, people: Collection[UUID]) -> list[Suppression]:
    """Every stop that holds for any of these, the newest first."""
    found = {one.pk: one for person in people for one in stops_in_force(organization, person)}
    return sorted(found.values(), key=lambda one: (one.at, one.pk), reverse=True)


def closed_by_joining(organization: int, one: UUID, other: UUID, *, now: datetime) -> list[Closes]:
    """For both of them, each channel and purpose whose answer would be another; of a machine, where it is not the same
    as by hand."""
    ours = own_rules(organization)
    reached = reaches(organization, (one, other))
    found: list[Closes] = []
    for asked in (None, "business"):
        apart = {reach.person: known_at(organization, reach, at=None, purpose=asked, now=now) for reach in reached}
        both = {reach.person: known_at(organization, reach, at=None, purpose=asked, now=now) for reach in _one(reached)}
        for purpose in (each for each in PURPOSES if (each == "business") == (asked == "business")):
            for who, alone in apart.items():
                found += _closes(who, purpose, (alone, both[who]), now, ours)
    return found


def _one(reached: Sequence[Reach]) -> list[Reach]:
    """The same people, each one with all the others: nothing is linked for it."""
    group = frozenset(chain.from_iterable(each.group for each in reached))
    every = frozenset(chain.from_iterable(each.all for each in reached))
    right = frozenset(chain.from_iterable(each.right for each in reached))
    of, confirmed, before, identities, askers = (
        dict(chain.from_iterable(told.items() for told in each))
        for each in zip(*((r.of, r.confirmed, r.before, r.identities, r.askers) for r in reached), strict=True)
    )
    return [Reach(each.person, group, of, every, right, confirmed, before, identities, askers) for each in reached]


def _closes(
    who: UUID, purpose: Purpose, pair: tuple[Known, Known], now: datetime, ours: Playbook | None
) -> Iterator[Closes]:
    alone, both = (_answers(it, purpose, now, ours) for it in pair)
    yield from (Closes(who, c, purpose, alone[c], both[c]) for c in CHANNELS if alone[c] != both[c])
    sent, then = (_answers(by_machine(it), purpose, now, ours) for it in pair)
    differs = [c for c in CHANNELS if sent[c] != then[c] and (sent[c], then[c]) != (alone[c], both[c])]
    yield from (Closes(who, c, purpose, sent[c], then[c], automated=True) for c in differs)


def _answers(theirs: Known, purpose: Purpose, now: datetime, ours: Playbook | None) -> dict[Channel, Answer]:
    return {c: may_contact(theirs, channel=c, purpose=purpose, at=now, playbook=ours).answer for c in CHANNELS}
