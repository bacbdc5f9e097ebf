"""What do openings show on a lead's page, and on the call? Where, when, what to say, and a button for each clinic."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from leadwell.routing.openings import Board, Offer, Place, State
from leadwell.server.access.queries import names_of_users
from leadwell.server.access.roles import May
from leadwell.server.leads import telling
from leadwell.server.leads.beside import Part, Seen
from leadwell.server.leads.models import Lead
from leadwell.server.openings import saying
from leadwell.server.openings.queries import board, wanted
from leadwell.server.playbooks.queries import policy_now


@dataclass(frozen=True)
class Row:
    """`location`: the key of a clinic to which they can be moved from here, '' where they cannot; `here`: whether they
    go there; `is_by`: whether it is in time for them."""

    name: str
    visit: str
    stands: str
    age: str
    counts: str
    miles: float | None
    state: str
    here: bool
    is_by: bool
    location: str


@dataclass(frozen=True)
class Shown:
    """`say`: what to say to the person, '' where nothing is known, and how `old` that is where it may have changed;
    `late`: what is too late, '' where nothing is; `by`: the day by which they need it; `moved_from`: the clinic that
    they asked for, where they go to another; `is_gone`: the playbook knows the one that they go to no more."""

    lead: UUID
    service: str
    say: str
    old: str
    late: str
    by: str
    rows: tuple[Row, ...]
    goes_to: str
    moved_from: str
    is_gone: bool
    may_move: bool
    may_state: bool


def parts(seen: Seen) -> Iterator[Part]:
    lead = seen.lead
    policy = policy_now(lead.organization_id)
    if policy is not None and saying.concerns(lead, policy):
        yield Part("where", "openings/where.html", shown(seen, board(lead.organization_id, policy, timezone.now())))


def shown(seen: Seen, known: Board) -> Shown:
    lead, policy = seen.lead, known.policy
    offer = known.offer(wanted(lead, seen.said if seen.visible else None))
    named = {key: telling.named(policy, "location", key) for key in (lead.location, lead.chosen_location) if key}
    return Shown(
        lead=lead.pk,
        service=policy.services[lead.service].name,
        say=saying.aloud(offer, known),
        old=saying.old((offer.there, offer.sooner, offer.video), known),
        late=_late(offer, known),
        by=saying.day(offer.by, known.today) if offer.by and offer.by >= known.today else "",
        rows=tuple(_rows(lead, offer, known)),
        goes_to=named.get(lead.goes_to, ""),
        moved_from=named.get(lead.location, "no clinic") if lead.chosen_location else "",
        is_gone=bool(lead.chosen_location) and lead.chosen_location not in policy.locations,
        may_move=seen.member.may(May.WORK_LEADS),
        may_state=seen.member.may(May.STATE_OPENINGS),
    )


def _late(offer: Offer, known: Board) -> str:
    """Said plainly, whatever else could be offered."""
    there = offer.there
    if offer.by is None or there is None or there.on is None or there.on <= offer.by:
        return ""
    name = saying.where(there, known.policy)
    return (
        f"{name[:1].upper()}{name[1:]} has nothing before {saying.when(there, known)}, "
        f"and they need it by {saying.day(offer.by, known.today)}."
    )


def _rows(lead: Lead, offer: Offer, known: Board) -> Iterator[Row]:
    """Where they go first, then the soonest; a clinic has its button once."""
    names, seen = names_of_users(lead.organization_id), {lead.goes_to, ""}
    for one in sorted(offer.places, key=lambda one: one.slot.location != lead.goes_to):
        location = "" if one.slot.location in seen else one.slot.location
        seen.add(one.slot.location)
        yield _row(one, lead, location, known, names, is_by=one.is_by(offer.by))


def _row(  # noqa: PLR0913  what a row is made of
    one: Place, lead: Lead, location: str, known: Board, names: dict[str, str], *, is_by: bool
) -> Row:
    name = saying.where(one, known.policy)
    return Row(
        name=f"{name[:1].upper()}{name[1:]}",
        visit=saying.visit(one, known.policy),
        stands=saying.stands(one, known),
        age=saying.age(one, known, names),
        counts=saying.counts(one),
        miles=one.miles,
        state={State.OPEN: "ok", State.FULL: "stop"}.get(one.state, ""),
        here=bool(one.slot.location) and one.slot.location == lead.goes_to,
        is_by=is_by,
        location=location,
    )
