"""Which leads no longer wait once somebody has said who is who? They are judged anew without the doubt."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import F

from leadwell.server.leads.models import Lead
from leadwell.server.leads.rejudging import rejudge_these
from leadwell.server.people.linking import linked


def settled(organization: int, people: Collection[UUID]) -> None:
    """Of these people, and all who are one with them: one person's lead follows the other, two have nothing to do with
    each other."""
    group_of = {member: group for group in linked(organization, list(people)).values() for member in group}
    ours = Lead.objects.of(organization).exclude(sealed=b"")
    asked = dict(ours.filter(person__in=group_of, may_repeat__isnull=False).values_list("pk", "may_repeat"))
    named = ours.filter(pk__in={*asked, *asked.values()}, person__isnull=False)
    whose = {lead: person for lead, person in named.values_list("pk", "person") if person}
    about = [lead for lead, other in asked.items() if other is None or other not in whose or whose[other] in group_of]
    same = [lead for lead in about if (other := asked[lead]) in whose and whose[other] in group_of[whose[lead]]]
    ours.filter(pk__in=same).update(same_person_as=F("may_repeat"))
    ours.filter(pk__in=about).update(may_repeat=None)
    if about:
        rejudge_these(organization, about)
