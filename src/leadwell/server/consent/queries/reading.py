"""Read what people have permitted and stopped, for pages and for whoever carries it out; always of one organisation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.utils import timezone

from leadwell.server.base.scope import Scoped
from leadwell.server.consent.lists import Odd, Unread
from leadwell.server.consent.models import (
    TAKEN_BACK,
    Confirmation,
    Consent,
    ConsentEvent,
    Contact,
    StopList,
    SuppressedAddress,
    Suppression,
)
from leadwell.server.consent.queries.reaching import reaches
from leadwell.server.consent.queries.standing import stops_of
from leadwell.server.privacy.sealing import if_opens, unseal_json
from leadwell.server.privacy.tokens import Blind

OF_AN_ADDRESS: Final = "address"  # in the codes of an event: it was said of an address, and not by this person


def consents_of(organization: int, person: UUID) -> list[Consent]:
    """What somebody agreed to, the newest first, with what was taken back since."""
    return list(Consent.objects.of(organization).filter(person=person).order_by("-given_at", "-pk"))


def shown_to(one: Consent) -> str | None:
    """The exact words that they agreed to; None where they cannot be opened."""
    return if_opens(unseal_json, one.organization_id, one.sealed, place=f"consent.consent/{one.pk}")


def history_of(organization: int, person: UUID, *, attempts: bool = False) -> list[ConsentEvent]:
    """What happened to their permissions and stops, the newest first; of attempts, `contacts_of` tells, and with
    `attempts` it says why some were taken back.

    What closed an address of theirs and was said of the address alone, or by somebody else who is reached there, stands
    among it: that it is closed and by which way, but neither whose words those were nor what they closed otherwise.
    """
    theirs = ConsentEvent.objects.of(organization).filter(person=person)
    own = list(theirs if attempts else theirs.exclude(name=TAKEN_BACK))
    told = {event.pk for event in own}
    closed: dict[UUID, list[Suppression]] = {}
    for one in stops_told_to(organization, person):
        if one.event not in told and one.lifted_at is None:
            closed.setdefault(one.event, []).append(one)
    by = dict(ConsentEvent.objects.of(organization).filter(pk__in=closed).values_list("pk", "by"))
    others = [_told(stops, by.get(number, ""), person) for number, stops in closed.items()]
    return sorted(own + others, key=lambda event: (event.at, event.pk), reverse=True)


def stops_told_to(organization: int, person: UUID) -> list[Suppression]:
    """Every stop that they said, and every one of an address of their own, whoever said it; the oldest first. With
    those that were none in the end, and without those of whom they are linked with."""
    (reach,) = reaches(organization, [person])
    said = Suppression.objects.of(organization).filter(person=person)
    theirs = SuppressedAddress.objects.of(organization).filter(token__in=[token for _, token in reach.own])
    at_addresses = (one.suppression for one in theirs.select_related("suppression"))
    found = {one.pk: one for one in (*said, *at_addresses)}
    return sorted(found.values(), key=lambda one: (one.at, one.event, one.channel))


def _told(stops: Sequence[Suppression], by: str, person: UUID) -> ConsentEvent:
    """An event as it is told to somebody who did not say it, or who did where a restore took its words. `by`: who noted
    it, '' where that was taken too."""
    first = stops[0]
    name = "stop.doubted" if first.doubt else "stop.given"
    event = ConsentEvent(id=first.event, organization_id=first.organization_id, name=name, at=first.since, by=by)
    event.codes = {"way": first.way, "closes": [[one.channel, one.purpose] for one in stops]}
    event.codes |= {"of": OF_AN_ADDRESS} if first.person != person else {}
    event.codes |= {"day": first.day.isoformat()} if first.day else {}
    return event


def said_by_key(organization: int, key: str) -> ConsentEvent | None:
    """The stop that was said under this key (`Saying.key`)."""
    number = UUID(bytes=Blind(organization).token("saying", key))
    return ConsentEvent.objects.of(organization).filter(pk=number).first()


def words_of(one: ConsentEvent) -> str | None:
    """What was said, as it was; '' where nothing was, or it was erased, None where it cannot be opened."""
    return if_opens(unseal_json, one.organization_id, one.sealed, place=f"consent.event/{one.pk}") if one.sealed else ""


def stops_in_force(organization: int, person: UUID) -> list[Suppression]:
    """Every stop that holds for somebody, the newest first: their own, of whom they are linked with (`heard`), and
    of their addresses."""
    (reach,) = reaches(organization, [person])
    tokens = [token for _, token in reach.heard_at]
    found = {one.pk: one for _, _, one in stops_of(organization, reach.heard, tokens)}
    return sorted(found.values(), key=lambda one: (one.at, one.pk), reverse=True)


def contacts_of(organization: int, person: UUID, *, most: int) -> list[Contact]:
    return list(Contact.objects.of(organization).filter(person=person).order_by("-at", "-pk")[:most])


def doubts(organization: int) -> Scoped[Suppression]:
    """Stops of which nobody has said yet whether they were meant, the oldest first."""
    return Suppression.objects.of(organization).filter(doubt=True, lifted_at=None).order_by("at", "pk")


def doubts_of(organization: int, person: UUID) -> list[UUID]:
    """The events of such stops of one person."""
    found = doubts(organization).filter(person=person).values_list("event", flat=True)
    return list(dict.fromkeys(found))


def confirmations_owed(organization: int, *, now: datetime | None = None) -> list[Confirmation]:
    """Those that may still be sent, by `actions.take_confirmation`, whoever is due first."""
    ours = Confirmation.objects.of(organization).filter(taken_at=None, due_by__gt=now or timezone.now())
    return list(ours.order_by("due_by"))


def stop_lists(organization: int) -> Scoped[StopList]:
    return StopList.objects.of(organization).order_by("-at", "-pk")


def stop_list(organization: int, number: UUID) -> StopList | None:
    return StopList.objects.of(organization).filter(pk=number).first()


def unread_of(one: StopList) -> list[Unread]:
    """Rows that wait to be mended; none where the list could not be read at all, or nothing is kept of it."""
    return [Unread(*row) for row in _kept(one).get("rows", ())]


def odd_of(one: StopList) -> tuple[list[Odd], int]:
    """Rows whose channel or purpose is none of ours, the first of them, and how many there are."""
    kept = _kept(one)
    return [Odd(*row) for row in kept.get("odd", ())], kept.get("odd_rows", 0)


def _kept(one: StopList) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    if one.sealed:
        kept = unseal_json(one.organization_id, one.sealed, place=f"consent.list/{one.pk}")
    return kept
