"""They want to hear from us again, or somebody says what unclear words meant: what that opens, and no more."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from leadwell.permission.values import CHANNELS
from leadwell.server.base.alone import alone
from leadwell.server.consent import noted
from leadwell.server.consent.actions import events
from leadwell.server.consent.actions.giving import Given, Proof, give
from leadwell.server.consent.actions.stopping import NobodyToStop
from leadwell.server.consent.addresses import OF_CHANNEL, token_of
from leadwell.server.consent.models import Confirmation, Consent, ConsentEvent, Suppression
from leadwell.server.consent.queries import people_at
from leadwell.server.consent.saying import Saying
from leadwell.server.consent.scope import SERVICE
from leadwell.server.privacy.tokens import Blind


def restart(organization: int, person: UUID | None, saying: Saying, *, channels: Collection[str]) -> list[Consent]:
    """They ask to be reached again: a new consent for service alone, by these channels. The stop stays for marketing
    and for every other channel; to be sent marketing they agree to that, in words of its own. Raises NobodyToStop,
    CannotGive.

    Without a person, as a START from a telephone, it holds for everybody who is reached at the address, and only there.
    """
    token = token_of(Blind(organization), saying.address) if saying.address else None
    people = [person] if person else people_at(organization, token[1]) if token else []
    if not people:
        raise NobodyToStop("Nobody is known here by that.")
    opens = [one for one in CHANNELS if one in channels and (token is None or token[0] in OF_CHANNEL[one])]
    proof = Proof(saying.words, source=saying.way, language=saying.language, address=saying.address)
    given = [Given(channel, SERVICE, at=saying.at) for channel in opens]
    with transaction.atomic():
        alone(organization)
        Confirmation.objects.of(organization).filter(person__in=people, taken_at=None).delete()
        return [give(organization, one, what, proof, actor=saying.by) for one in people for what in given]


def decide(organization: int, event: UUID, *, meant: bool, actor: str) -> bool:
    """Somebody has looked at unclear words: they meant a stop, which then holds for good, or they did not, and it never
    was one. False where somebody else has decided before."""
    now = timezone.now()
    with transaction.atomic():
        alone(organization)
        doubted = Suppression.objects.of(organization).filter(event=event, doubt=True, lifted_at=None)
        rows = list(doubted)
        if not rows:
            return False
        name = "stop.meant" if meant else "stop.not-meant"
        made = ConsentEvent(organization_id=organization, name=name, person=rows[0].person, at=now, by=actor)
        made.codes = {"event": str(event)}
        events.append(made)
        if meant:
            noted.note(noted.meant_line(row) for row in rows)
            doubted.update(doubt=False)
        else:
            transaction.on_commit(partial(noted.note, [noted.lifted_line(row, now) for row in rows]))
            doubted.update(lifted_at=now)
        events.tell(made)
    return True
