"""Which lead bears the name of a mail, a call, a booking or an order? Kept as tokens, once what bears it is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from uuid import UUID

from leadwell.server.base.scope import Scoped
from leadwell.server.intake.early import came
from leadwell.server.intake.models import MailRef
from leadwell.server.intake.numbered import note_after, note_withdrawn
from leadwell.server.intake.sources import Reading
from leadwell.server.leads.models import Lead
from leadwell.server.leads.queries import lead_at
from leadwell.server.leads.taken_back import WITHDRAWN
from leadwell.server.privacy.tokens import Blind

NAME: Final = "mail"  # the kind of the tokens: mails were the first that bore names
GIVEN_UP: Final = "given-up"  # of those of hours that stand no longer


def refs(organization: int, names: Iterable[str], *, kind: str = NAME) -> Scoped[MailRef]:
    """What is kept of these names."""
    blind = Blind(organization)
    return MailRef.objects.of(organization).filter(token__in=[blind.token(kind, one) for one in names])


def lead_named(organization: int, names: Sequence[str]) -> UUID | None:
    """The newest lead that bears one of these names."""
    leads = refs(organization, names).values("lead")
    theirs = Lead.objects.of(organization).filter(pk__in=leads).exclude(sealed=b"")
    return theirs.order_by("-received_at").values_list("pk", flat=True).first()


def remember(organization: int, readings: Mapping[UUID, Reading], leads: Mapping[UUID, UUID]) -> None:
    """Keeps the names of each, so that what comes later finds the lead."""
    blind = Blind(organization)
    names = [(blind.token(NAME, name), one, lead) for one, lead in leads.items() for name in readings[one].names]
    for one in leads:
        for nth, name in enumerate(readings[one].further, 1):
            if (lead := lead_at(organization, one, nth)) is not None:
                names.append((blind.token(NAME, name), one, lead))
        names += [(blind.token(GIVEN_UP, name), one, leads[one]) for name in readings[one].gives_up]
    note_after(organization, {one: lead for one, lead in leads.items() if readings[one].numbered})
    note_withdrawn(organization, {o: lead for o, lead in leads.items() if readings[o].later.event == WITHDRAWN})
    _keep(organization, names)
    came(organization, [name for one in leads for name in (*readings[one].names, *readings[one].further)])


def rename(organization: int, names: Sequence[str], lead: UUID, to: UUID) -> None:
    """These find another lead from now on."""
    refs(organization, names).filter(lead=lead).update(lead=to)


def _keep(organization: int, names: Sequence[tuple[bytes, UUID, UUID]]) -> None:
    """Each: its token, the submission that brings it, and the lead that bears it."""
    if not names:
        return
    taken = {token: (one, lead) for token, one, lead in names}
    held = list(MailRef.objects.of(organization).filter(token__in=taken))
    own = [ref for ref in held if ref.lead == taken[bytes(ref.token)][0]]  # since it was placed (`conversations`)
    for ref in own:
        ref.lead = taken[bytes(ref.token)][1]
    MailRef.objects.bulk_update(own, ["lead"])
    refs = [MailRef(organization_id=organization, token=token, lead=lead) for token, _, lead in names]
    MailRef.objects.bulk_create(refs, ignore_conflicts=True)
