"""What do we hold of somebody's permissions and stops? An erasure takes the words and addresses; that they stopped us
(by token), and the proof of what they had agreed to, stay. (45 CFR 164.530(j); RULES 3.6)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db.models import Min, QuerySet

from leadwell.server.consent.actions.confirming import forget_confirmed
from leadwell.server.consent.actions.finding import forget_wrong
from leadwell.server.consent.actions.keeping import keep_stopped
from leadwell.server.consent.actions.looking import forget_look_ups
from leadwell.server.consent.models import (
    Confirmation,
    ConfirmedAddress,
    Consent,
    ConsentEvent,
    Contact,
    Inquiry,
    LookUp,
    StopList,
    Suppression,
    WrongAddress,
)
from leadwell.server.consent.queries import history_of, look_ups, reaches, stops_told_to
from leadwell.server.privacy.held import UNOPENED, Held, Kept, Sealed, Subject
from leadwell.server.privacy.sealing import if_opens, unseal_json


def _finds(subject: Subject) -> None:
    """They lead to nobody else: who is linked is given out and erased by themselves."""


def _gives(subject: Subject) -> dict[str, Any]:
    number, person = subject.organization, subject.person
    inquiries = Inquiry.objects.of(number).filter(person=person).exclude(channels="").order_by("at")
    consents = Consent.objects.of(number).filter(person=person).order_by("given_at")
    contacts = Contact.objects.of(number).filter(person=person).order_by("at")
    return {
        "looked_up": [
            {
                "checked_at": _at(one.checked_at),
                "on_the_registry": one.listed,
                "line_type": one.line_type or None,
                "source": one.source,
            }
            for one in _looked_up(subject)
        ],
        "found_wrong": [
            {"at": _at(one.at), "why": one.why, "found_by": one.proof, "until": _at(one.ended_at)}
            for one in _found_wrong(subject)
        ],
        "asked_us": [{"at": _at(i.at), "channels": i.channels.split(","), "lead": str(i.lead)} for i in inquiries],
        "confirmed": [_confirmed(one) for one in _confirmed_of(subject)],
        "consents": [_consent(one) for one in consents],
        "stops": [_stop(one, person) for one in stops_told_to(number, person)],
        "contacts": [_contact(one) for one in contacts],
        "consent_history": [
            {"at": _at(one.at), "did": one.name, "codes": one.codes, "said": _words(one)}
            for one in reversed(history_of(number, person, attempts=True))
        ],
    }


def _looked_up(subject: Subject) -> list[LookUp]:
    (reach,) = reaches(subject.organization, [subject.person])
    return [one for theirs in look_ups(subject.organization, reach.own).values() for one in theirs]


def _found_wrong(subject: Subject) -> list[WrongAddress]:
    (reach,) = reaches(subject.organization, [subject.person])
    ours = WrongAddress.objects.of(subject.organization).filter(token__in=[token for _, token in reach.own])
    return list(ours.order_by("at", "pk"))


def _confirmed_of(subject: Subject) -> QuerySet[ConfirmedAddress]:
    return ConfirmedAddress.objects.of(subject.organization).filter(person=subject.person).order_by("at", "pk")


def _confirmed(one: ConfirmedAddress) -> dict[str, Any]:
    address = _opened(one.organization_id, one.sealed, f"consent.confirmed/{one.pk}") if one.sealed else None
    return {"at": _at(one.at), "address": address, "lead": str(one.lead), "until": _at(one.ended_at)}


def _stop(one: Suppression, person: UUID) -> dict[str, Any]:
    return {
        "of": "themselves" if one.person == person else "their address",
        "at": _at(one.since),
        "day": _at(one.day),
        "channel": one.channel,
        "purpose": one.purpose or "every",
        "way": one.way,
        "lifted_at": _at(one.lifted_at),
    }


def _contact(one: Contact) -> dict[str, Any]:
    return {
        "at": _at(one.at),
        "channel": one.channel,
        "purpose": one.purpose,
        "allowed_by": one.rule,
        "proof": one.proof,
        "taken_back_at": _at(one.taken_back_at),
    }


def _consent(one: Consent) -> dict[str, Any]:
    number = one.organization_id
    address = _opened(number, one.address, f"consent.address/{one.pk}") if one.address else None
    return {
        "channel": one.channel,
        "purpose": one.purpose,
        "kind": one.kind,
        "given_at": _at(one.given_at),
        "until": _at(one.until),
        "withdrawn_at": _at(one.withdrawn_at),
        "shown": _opened(number, one.sealed, f"consent.consent/{one.pk}"),
        "version": one.version,
        "source": one.source,
        "language": one.language,
        "address": address,
    }


def _words(one: ConsentEvent) -> str | None:
    return _opened(one.organization_id, one.sealed, f"consent.event/{one.pk}") if one.sealed else None


def _opened(organization: int, sealed: bytes | memoryview, place: str) -> str:
    """One damaged value never keeps the rest of a file from whom it is about."""
    said = if_opens(unseal_json, organization, sealed, place=place)
    return UNOPENED if said is None else str(said)


def _at(at: Any) -> str | None:
    return at.isoformat() if at else None


def _erases(subject: Subject) -> None:
    number, person = subject.organization, subject.person
    (reach,) = reaches(number, [person])
    keep_stopped(number, reach)
    forget_confirmed(number, person)
    forget_wrong(number, person, [token for _, token in reach.own])
    forget_look_ups(number, person, [token for kind, token in reach.own if kind == "phone"])
    Consent.objects.of(number).filter(person=person).update(address=b"")
    ConsentEvent.objects.of(number).filter(person=person).update(sealed=None)
    Contact.objects.of(number).filter(person=person).update(token=b"")
    Confirmation.objects.of(number).filter(person=person).delete()


def _counts(subject: Subject) -> Iterator[Kept]:
    number, person = subject.organization, subject.person
    consents = Consent.objects.of(number).filter(person=person)
    stops = [one.since for one in stops_told_to(number, person) if one.lifted_at is None]
    yield _kept(
        "Consents", consents, "given_at", "with the words that were shown; the proof stays when they are erased"
    )
    yield _kept("Addresses confirmed with them", _confirmed_of(subject).exclude(sealed=b""), "at")
    yield Kept("Stops", len(stops), min(stops, default=None), "they hold for good, also when they are erased")
    yield _kept("Attempts to reach them", Contact.objects.of(number).filter(person=person), "at")
    looked = _looked_up(subject)
    first = min((one.checked_at for one in looked), default=None)
    yield Kept("Look-ups of their numbers", len(looked), first, "by a keyed mark of the number alone")
    wrong = _found_wrong(subject)
    found = min((one.at for one in wrong), default=None)
    yield Kept("Addresses found to be wrong", len(wrong), found, "by a keyed mark of the address alone")
    told = ConsentEvent.objects.of(number).filter(person=person).exclude(sealed=None)
    yield _kept("What they said of being contacted", told, "at")


def _kept(kind: str, rows: QuerySet[Any], column: str, what: str = "") -> Kept:
    return Kept(kind, rows.count(), rows.aggregate(first=Min(column))["first"], what)


HELD = Held(
    finds=_finds,
    gives=_gives,
    erases=_erases,
    counts=_counts,
    sealed=(
        Sealed(ConfirmedAddress, "sealed", lambda one: f"consent.confirmed/{one.pk}"),
        Sealed(Consent, "sealed", lambda one: f"consent.consent/{one.pk}"),
        Sealed(Consent, "address", lambda one: f"consent.address/{one.pk}"),
        Sealed(ConsentEvent, "sealed", lambda one: f"consent.event/{one.pk}"),
        Sealed(Confirmation, "sealed", lambda one: f"consent.confirmation/{one.pk}"),
        Sealed(StopList, "sealed", lambda one: f"consent.list/{one.pk}"),
    ),
)
