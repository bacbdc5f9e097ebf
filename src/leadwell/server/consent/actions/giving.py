"""They say that we may, or no longer: with the proof of it, which stays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from leadwell.permission.values import CHANNELS, KINDS, PURPOSES
from leadwell.server.base.alone import alone
from leadwell.server.consent import noted
from leadwell.server.consent.actions import events
from leadwell.server.consent.addresses import OF_CHANNEL, Address, normal
from leadwell.server.consent.models import EVERY, Consent, ConsentEvent
from leadwell.server.consent.obeying import Closed, obeyed
from leadwell.server.people.queries import is_known, keep
from leadwell.server.privacy.sealing import seal_json
from leadwell.server.privacy.tokens import Blind

_NOBODY: Final = "There is nobody of this id here."
_FEWEST: Final = 3  # letters of words that are a proof


class CannotGive(ValueError):  # noqa: N818  its message is for the person who tried
    pass


@dataclass(frozen=True)
class Given:
    """What they permit. `at`: None for now; `until`: None for no end."""

    channel: str
    purpose: str
    kind: str = "express"
    at: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Proof:
    """What shows it: `words`, exactly as they were shown or said; where (`source`), in which version and language; and
    `address`, the one for which it was given, '' for any of theirs."""

    words: str
    source: str
    version: str = ""
    language: str = ""
    address: str = ""


def give(organization: int, person: UUID, given: Given, proof: Proof, *, actor: str) -> Consent:
    """Raises CannotGive. It holds from then on, also after a stop that was said before."""
    address = _checked(organization, person, given, proof)
    now = timezone.now()
    made = Consent(organization_id=organization, person=person, given_at=given.at or now, until=given.until)
    made.channel, made.purpose, made.kind = given.channel, given.purpose, given.kind
    made.version, made.source, made.language = proof.version[:40], proof.source[:40], proof.language[:8]
    made.sealed = seal_json(organization, proof.words, place=f"consent.consent/{made.pk}")
    if address is not None:
        made.token = Blind(organization).token(*address)
        made.address = seal_json(organization, address[1], place=f"consent.address/{made.pk}")
    event = ConsentEvent(organization_id=organization, name="consent.given", person=person, at=made.given_at, by=actor)
    event.codes = _codes(made) | {"kind": given.kind}
    with transaction.atomic():
        if not keep(organization, person):
            raise CannotGive(_NOBODY)
        made.save(force_insert=True)
        events.tell(events.append(event))
    return made


def _checked(organization: int, person: UUID, given: Given, proof: Proof) -> Address | None:
    """The address, in its normal form."""
    if given.channel not in CHANNELS or given.purpose not in PURPOSES or given.kind not in KINDS:
        raise CannotGive("There is no such channel, purpose or kind of consent.")
    if sum(map(str.isalpha, proof.words)) < _FEWEST:
        raise CannotGive("Without the words that they agreed to there is no proof of it.")
    if not is_known(organization, person):
        raise CannotGive(_NOBODY)
    address = normal(proof.address) if proof.address else None
    if proof.address and (address is None or address[0] not in OF_CHANNEL[given.channel]):
        raise CannotGive("That is no address by which they can be reached so.")
    return address


def withdraw(organization: int, consent: UUID, *, actor: str, at: datetime | None = None) -> bool:
    """They take it back, in force at once; False where it was taken back before. That it was given stays, and so does
    whatever another consent, or their own request, permits."""
    at = at or timezone.now()
    with transaction.atomic():
        alone(organization)
        standing = Consent.objects.of(organization).filter(pk=consent, withdrawn_at=None)
        one = standing.defer("sealed", "address").first()
        if one is None:
            return False
        noted.note([noted.withdrawn_line(one, at)])
        standing.update(withdrawn_at=at)
        event = ConsentEvent(organization_id=organization, name="consent.withdrawn", person=one.person, at=at, by=actor)
        event.codes = _codes(one)
        events.append(event)
        # Of every purpose: a consent to one may cover another.
        whose, closes = frozenset({one.person}), ((one.channel, EVERY),)
        obeyed(Closed(organization, event.pk, at, closes, whose, frozenset(), asks=True))
        events.tell(event)
    return True


def _codes(one: Consent) -> dict[str, str]:
    return {"consent": str(one.pk), "channel": one.channel, "purpose": one.purpose}
