"""Who of a family asked for somebody? Two who did, for one child, are two: neither speaks for the other."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from leadwell.server.people.linking import linked
from leadwell.server.people.models import Relation

FAMILY: Final = ("child", "parent", "spouse", "relative")  # whom they ask for; a professional speaks for the patient


@dataclass(frozen=True)
class Asker:
    """`ids`: all that are one person with them; `given`: their given name."""

    ids: frozenset[UUID]
    given: str

    def is_not(self, other: Asker) -> bool:
        """Surely another: nobody takes them for one, and each has a name of their own."""
        return not self.ids & other.ids and bool(self.given and other.given) and self.given != other.given


def askers_in(
    organization: int, groups: Mapping[UUID, Collection[UUID]], known: Mapping[UUID, Mapping[str, str] | None]
) -> dict[UUID, Asker]:
    """Patient -> who of their family asked by that record; of those alone who are one with another. `known`: the
    records, opened."""
    several = {one for group in groups.values() if len(group) > 1 for one in group}
    if not several:
        return {}
    ours = Relation.objects.of(organization).filter(patient__in=several, kind__in=FAMILY)
    asked_by = dict(ours.order_by("pk").values_list("patient", "asker"))
    one_with = linked(organization, set(asked_by.values())) if len(asked_by) > 1 else {}
    return {
        patient: Asker(one_with[asker], _given(known.get(patient) or {}))
        for patient, asker in asked_by.items()
        if asker in one_with
    }


def _given(known: Mapping[str, str]) -> str:
    """Of whoever asked: the record of a patient has it beside the patient's."""
    words = (known.get("first_name") or known.get("full_name") or "").split()
    return words[0].casefold() if words else ""
