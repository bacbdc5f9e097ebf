"""They want to hear from us again, or somebody says what unclear words meant: what that opens, and no more."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from leadwell.permission.values import CHANNELS
from leadwell.server.base.alone import alone
from leadwell.server.consent import noted
from leadwell.server.consent.actions import events
from leadwell.server.consent.actions.giving import Given, Proof, give
from leadwell.server.consent.actions.stopping import Done, NobodyToStop
from leadwell.server.consent.addresses import OF_CHANNEL, token_of
from leadwell.server.consent.models import Confirmation, Consent, ConsentEvent, SuppressedAddress, Suppression
from leadwell.server.consent.obeying import Closed, obeyed
from leadwell.server.consent.queries import last_permitted, people_at, reaches
from leadwell.server.consent.saying import Saying
from leadwell.server.consent.scope import REOPENED
from leadwell.server.privacy.tokens import Blind


def restart(organization: int, person: UUID | None, saying: Saying, *, channels: Collection[str]) -> list[Consent]:
    """They ask to be reached again: a new consent for service alone, by these channels. The stop stays for marketing
    and for every other channel; to be sent marketing they agree to that, in words of its own. Raises NobodyToStop,
    CannotGive.

    Of an address it holds there alone; from a telephone, and without a person, for everybody who is reached there.
    """
    token = token_of(Blind(organization), saying.address) if saying.address else None
    people = [person] if person else []
    if token is not None and (person is None or token[0] == "phone"):
        people = list(dict.fromkeys((*people, *people_at(organization, token[1]))))
    if not people:
        raise NobodyToStop("Nobody is known here by that.")
    opens = [one for one in CHANNELS if one in channels and (token is None or token[0] in OF_CHANNEL[one])]
    proof = Proof(saying.words, source=saying.way, language=saying.language, address=saying.address)
    given = [Given(channel, purpose, at=saying.at) for channel in opens for purpose in REOPENED]
    with transaction.atomic():
        alone(organization)
        Confirmation.objects.of(organization).filter(person__in=people, taken_at=None).delete()
        return [give(organization, one, what, proof, actor=saying.by) for one in people for what in given]


def decide(organization: int, event: UUID, *, meant: bool, actor: str) -> Done | None:
    """Somebody has looked at unclear words: they meant a stop, which then holds for good and cancels what was held
    back, or they did not, and it never was one. None where somebody else has decided before."""
    now = timezone.now()
    with transaction.atomic():
        alone(organization)
        doubted = Suppression.objects.of(organization).filter(event=event, doubt=True, lifted_at=None)
        rows = list(doubted)
        if not rows:
            return None
        name = "stop.meant" if meant else "stop.not-meant"
        made = ConsentEvent(organization_id=organization, name=name, person=rows[0].person, at=now, by=actor)
        made.codes = {"event": str(event)}
        cancelled = 0
        if meant:
            noted.note(noted.meant_line(row) for row in rows)
            doubted.update(doubt=False)
            cancelled = obeyed(_meant(organization, event, rows))
        else:
            transaction.on_commit(partial(noted.note, [noted.lifted_line(row, now) for row in rows]))
            doubted.update(lifted_at=now)
        made.codes |= {"cancelled": cancelled} if cancelled else {}
        events.tell(events.append(made))
    return Done(made, new=meant, cancelled=cancelled)


def _meant(organization: int, event: UUID, rows: Sequence[Suppression]) -> Closed:
    """What they closed, for whoever is one with them now, and at each address that it holds for."""
    people = {row.person for row in rows if row.person is not None}
    group = frozenset(one for reach in reaches(organization, list(people)) for one in reach.heard)
    addresses = SuppressedAddress.objects.of(organization).filter(suppression__in=[row.pk for row in rows])
    tokens = frozenset(bytes(token) for token in addresses.values_list("token", flat=True))
    closes, at = tuple((row.channel, row.purpose) for row in rows), min(row.at for row in rows)
    last = last_permitted(organization, group, tokens)
    return Closed(organization, event, at, closes, group, tokens, asks=last is not None and last > at)
