"""Is a meeting with somebody who was named as a colleague? Then it is theirs as well, and is emptied with them.

Who filled it in from them says so; what was typed by hand is theirs where it says their name, number or address.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from typing import Final
from uuid import UUID

from leadwell.server.business.models import Colleague, Meeting
from leadwell.server.business.queries import told_by, told_of_meeting

_NUMBER: Final = 10  # last digits, as anybody writes it


def with_colleague(organization: int, lead: UUID, told: Mapping[str, str], filled: UUID | None) -> UUID | None:
    """The person of the colleague that it is with; `filled`: from whom it was filled in."""
    ours = list(Colleague.objects.of(organization).filter(lead=lead, person__isnull=False))
    if filled is not None and any(one.person == filled for one in ours):
        return filled
    return next((one.person for one in ours if says(told, told_by(one) or {})), None)


def with_person(organization: int, person: UUID) -> set[UUID]:
    """All meetings that are with them, by what was noted then or by what is written there."""
    found = set(Meeting.objects.of(organization).filter(person=person).values_list("pk", flat=True))
    named = list(Colleague.objects.of(organization).filter(person=person))
    there = Meeting.objects.of(organization).filter(lead__in={one.lead_id for one in named}).exclude(sealed=b"")
    known = [(one.lead_id, told_by(one) or {}) for one in named]
    for one in there:
        told = told_of_meeting(one) or {}
        found |= {one.pk for lead, colleague in known if lead == one.lead_id and says(told, colleague)}
    return found


def says(told: Mapping[str, str], colleague: Mapping[str, str]) -> bool:
    """Whether what was written of a meeting says their name, number or address, however it is written."""
    text = f"{told.get('with_whom', '')} {told.get('where', '')}"
    return (
        _stands(_words(colleague.get("name", "")), _words(text))
        or _stands(re.sub(r"\D", "", colleague.get("phone", ""))[-_NUMBER:], re.sub(r"\D", "", text))
        or _stands(colleague.get("email", "").casefold(), text.casefold())
    )


def _stands(part: Collection[str], whole: Collection[str]) -> bool:
    """Of nothing, nothing stands there."""
    return bool(part) and (part in whole if isinstance(part, str) else set(part) <= set(whole))


def _words(text: str) -> frozenset[str]:
    """In any order, without accents."""
    plain = "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))
    return frozenset(re.findall(r"\w+", plain.casefold()))
