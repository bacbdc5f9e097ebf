"""Of which patient is a referral whose number we know? A sender's number says which referral, never who it is of.

Where it speaks of a patient who is plainly another than our lead's, it is a referral of its own: the number means that
one from then on, the lead that bore it stays as it was, and both say so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.utils import timezone

from leadwell.server.leads.models import Event
from leadwell.server.leads.numbers import AFTER, BEFORE, NUMBERED, others
from leadwell.server.leads.queries import columns_of, joined_columns, joined_to, lead_of, own_columns
from leadwell.server.leads.taken_back import OF, WITHDRAWN
from leadwell.server.people.actions import NAMES
from leadwell.server.people.another import another
from leadwell.server.privacy.sealing import if_opens

OF_ANOTHER: Final = "it speaks of a referral whose patient is another than ours"
_TAKES_BACK: Final = "it takes back a referral whose patient is another than ours"
_WHICH: Final = "it takes back a referral, its number is that of two patients, and it does not say which"
_MOST: Final = 20  # patients of one number


@dataclass(frozen=True)
class Meant:
    """`lead`: of the same patient; None where it is of another. `problem`: why somebody must look first."""

    lead: UUID | None
    problem: str = ""


def meant(organization: int, newest: UUID, columns: Mapping[str, str], event: str = "") -> Meant:
    """`newest`: the lead that the number means; `columns`: what came, `event`: as what it would be noted."""
    bearers = _bearers(organization, newest)
    withdraws = event == WITHDRAWN
    if withdraws and len(bearers) > 1 and not any(columns.get(name) for name in NAMES):
        return Meant(None, _WHICH)
    fits = next((one for one in bearers if not _is_another(organization, one, columns)), None)
    return Meant(fits, _TAKES_BACK if withdraws and fits is None else "")


def _bearers(organization: int, newest: UUID) -> list[UUID]:
    """Whose number it is, and whose it was before, the newest first."""
    found = [newest]
    for one in found:  # which grows meanwhile
        found += [before for before in others(organization, one, BEFORE) if before not in found][: _MOST - len(found)]
    return found


def _is_another(organization: int, lead: UUID, columns: Mapping[str, str]) -> bool:
    found = lead_of(organization, lead)
    if found is None or not found.sealed:
        return True  # it was erased
    known = [told for read in (own_columns, columns_of) if (told := if_opens(read, found))]
    known += [told for one in joined_to(found) if (told := if_opens(joined_columns, one))]
    return not known or another(columns, known)


def note_before(organization: int, submission: UUID, lead: UUID) -> None:
    """On the lead that bore the number; once, however often the submission is tried."""
    told = {"lead_id": lead, "name": NUMBERED, "at": timezone.now(), "organization_id": organization}
    Event.objects.get_or_create(pk=submission, defaults=told)


def note_after(organization: int, made: Mapping[UUID, UUID]) -> None:
    """On the leads that bear it now (`made`: submission -> lead), and which they are on those that bore it."""
    before = list(Event.objects.of(organization).filter(pk__in=made, name=NUMBERED)) if made else []
    for one in before:
        if one.codes:
            continue
        codes = {BEFORE: str(one.lead_id)}
        Event.objects.create(organization_id=organization, lead_id=made[one.pk], name=NUMBERED, at=one.at, codes=codes)
        Event.objects.of(organization).filter(pk=one.pk).update(codes={AFTER: str(made[one.pk])})


def note_withdrawn(organization: int, made: Mapping[UUID, UUID]) -> None:
    """On the leads that were made only for the danger in what takes a referral back (submission -> lead)."""
    noted = Event.objects.of(organization).filter(lead__in=set(made.values()), name=WITHDRAWN) if made else []
    known = {one.pk for one in noted} | {UUID(one.codes[OF]) for one in noted if OF in one.codes}
    for one, lead in made.items():
        if one not in known:
            told = {"lead_id": lead, "name": WITHDRAWN, "at": timezone.now(), "codes": {OF: str(one)}}
            Event.objects.create(organization_id=organization, **told)
