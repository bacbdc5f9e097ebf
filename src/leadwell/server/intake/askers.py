"""Which of those that asked for a lead speaks again? Several may have: two hospitals, and the patient by a form. Each
takes back, or sends again, what it has asked itself, and nothing else.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Final
from uuid import UUID

from leadwell.server.intake.models import Source, Submission
from leadwell.server.intake.queries import reader_of, source_by_number
from leadwell.server.intake.sources import Reading
from leadwell.server.leads.joining import Later
from leadwell.server.leads.models import Lead
from leadwell.server.leads.queries import joined_to, lead_of
from leadwell.server.leads.taken_back import FROM, OF, SENT_AGAIN, STANDS, WITHDRAWN, still_asked_by

_ITS_OWN: Final = (WITHDRAWN, SENT_AGAIN)


def asked_by(lead: Lead, source: Source, names: Collection[str]) -> UUID:
    """The submission that asked for a lead under one of these names; that which made it, where nothing tells."""
    if not lead.joined:
        return lead.submission
    theirs = [lead.submission] if lead.source == source.pk else []
    theirs += [one.submission for one in joined_to(lead) if one.source == source.pk]
    if len(theirs) > 1:
        theirs = [one for one in theirs if not set(names).isdisjoint(_told(source, one).names)] or theirs
    return theirs[0] if theirs else lead.submission


def names_of(organization: int, source: int, number: UUID, nth: int) -> tuple[str, ...]:
    """Those that the lead of this place in a submission bears; none where it cannot be opened."""
    found = source_by_number(organization, source)
    told = _told(found, number) if found is not None else Reading()
    return told.names if nth == 0 else told.further[nth - 1 : nth]


def _told(source: Source, number: UUID) -> Reading:
    submission = Submission.objects.of(source.organization_id).filter(pk=number).exclude(sealed=b"").first()
    return reader_of(source)(submission) if submission is not None else Reading()


def noted_as(organization: int, number: UUID, submission: Submission, reading: Reading, later: Later) -> Later:
    """With whose request it is that was taken back or sent again, and whether another stands. What a second one takes
    back says nothing of the lead itself."""
    if later.event not in _ITS_OWN:
        return later
    lead, source = lead_of(organization, number), source_by_number(organization, submission.source)
    if lead is None or source is None:
        return later
    of = asked_by(lead, source, reading.names)
    codes = {**later.codes, OF: str(of)}
    if later.event == SENT_AGAIN:
        return replace(later, codes=codes, of=of if of != lead.submission else None)
    if still_asked_by(organization, number) - {str(of)}:
        codes |= {STANDS: "yes", FROM: source.name}
    taken = later.taken if of == lead.submission else lambda stands, came: {}
    return replace(later, codes=codes, taken=taken)
