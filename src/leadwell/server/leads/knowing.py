"""What is known of who asks, before their lead is written? Which one it joins, may repeat, or follows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from leadwell import contract
from leadwell.server.base.ids import new_id
from leadwell.server.leads.asking_again import Again, asked_again
from leadwell.server.leads.judging import Judged, judged_knowing
from leadwell.server.people.recognising import Recognised
from leadwell.server.playbooks.queries import loaded

_NOTHING: Final = Again(None, None, None, nothing_new=False)


@dataclass(frozen=True)
class Known:
    """A lead that is about to be written, by its number; judged with what is known of who asks. `joins`: the lead that
    it joins; `may_repeat`, `same_person_as`: as of a lead."""

    judged: Judged
    number: UUID
    joins: UUID | None = None
    may_repeat: UUID | None = None
    same_person_as: UUID | None = None


def knowing(
    organization: int, version: int, told: Sequence[Judged], people: Sequence[UUID], recognised: Recognised
) -> list[Known]:
    """In the order given; judged anew only where something is known that bears on the judgement."""
    known = [Known(one, new_id()) for one in told]
    playbook = loaded(version)
    again = asked_again(organization, told, people, recognised, playbook.checks.same_need_within)
    if not again:
        return known
    joins = _joins(known, again)
    for at, one in again.items():
        number = known[at].number
        links = [_lead(other, known, joins) for other in (one.may_repeat, one.same_person_as)]
        may_repeat, same_person_as = (None if link == number else link for link in links)
        known[at] = replace(known[at], joins=joins.get(at), may_repeat=may_repeat, same_person_as=same_person_as)
    anew = [at for at, one in enumerate(known) if (one.may_repeat or one.same_person_as) and not one.joins]
    if anew:
        who = [_link(known[at]) for at in anew]
        for at, told_anew in zip(anew, judged_knowing([told[at] for at in anew], who, playbook), strict=True):
            known[at] = replace(known[at], judged=told_anew)
    return known


def _joins(known: Sequence[Known], again: Mapping[int, Again]) -> dict[int, UUID]:
    """Place of each new lead that repeats one -> the lead that it joins, which joins none itself."""
    found: dict[int, UUID] = {}
    for at, one in again.items():
        other, seen = one.duplicate_of, {at}
        while isinstance(other, int) and other not in seen:
            seen.add(other)
            earlier = again.get(other, _NOTHING).duplicate_of
            if earlier is None:
                other = known[other].number
                break
            other = earlier
        if isinstance(other, UUID):
            found[at] = other
    return found


def _lead(other: UUID | int | None, known: Sequence[Known], joins: Mapping[int, UUID]) -> UUID | None:
    return joins.get(other, known[other].number) if isinstance(other, int) else other


def _link(known: Known) -> dict[str, str]:
    told = {"possible_duplicate_of": known.may_repeat, "same_person_as": known.same_person_as}
    return {name: str(number) for name, number in told.items() if number}


def said_columns(columns: Mapping[str, str]) -> dict[str, str]:
    """What they said themselves, without what we know of who asks."""
    return {name: said for name, said in columns.items() if name not in contract.LINK}
