"""Read what people have permitted and stopped, for pages and for whoever carries it out; always of one organisation."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from leadwell.server.base.scope import Scoped
from leadwell.server.consent.lists import Unread
from leadwell.server.consent.models import (
    TAKEN_BACK,
    Confirmation,
    Consent,
    ConsentEvent,
    Contact,
    StopList,
    Suppression,
)
from leadwell.server.consent.queries.knowing import reaches
from leadwell.server.consent.queries.standing import stops_of
from leadwell.server.privacy.sealing import if_opens, unseal_json


def consents_of(organization: int, person: UUID) -> list[Consent]:
    """What somebody agreed to, the newest first, with what was taken back since."""
    return list(Consent.objects.of(organization).filter(person=person).order_by("-given_at", "-pk"))


def shown_to(one: Consent) -> str | None:
    """The exact words that they agreed to; None where they cannot be opened."""
    return if_opens(unseal_json, one.organization_id, one.sealed, place=f"consent.consent/{one.pk}")


def history_of(organization: int, person: UUID) -> list[ConsentEvent]:
    """What happened to their permissions and stops, the newest first; of attempts, `contacts_of` tells."""
    theirs = ConsentEvent.objects.of(organization).filter(person=person).exclude(name=TAKEN_BACK)
    return list(theirs.order_by("-at", "-pk"))


def words_of(one: ConsentEvent) -> str | None:
    """What was said, as it was; '' where nothing was, or it was erased, None where it cannot be opened."""
    return if_opens(unseal_json, one.organization_id, one.sealed, place=f"consent.event/{one.pk}") if one.sealed else ""


def stops_in_force(organization: int, person: UUID) -> list[Suppression]:
    """Every stop that holds for somebody, the newest first: their own, of whom they are linked with, and of their
    addresses."""
    (reach,) = reaches(organization, [person])
    tokens = [token for _, token in reach.all]
    found = {one.pk: one for _, _, one in stops_of(organization, reach.group, tokens)}
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
    if not one.sealed:
        return []
    kept: dict[str, Any] = unseal_json(one.organization_id, one.sealed, place=f"consent.list/{one.pk}")
    return [Unread(*row) for row in kept.get("rows", ())]
