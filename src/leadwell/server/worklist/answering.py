"""How likely do people answer us at this hour of theirs? Learned from our own calls, every hour. (decision 16)"""

from __future__ import annotations

from typing import Final
from zoneinfo import ZoneInfo

from django.utils import timezone

from leadwell.routing.answering import PRIOR, Chances, hour_of, learned
from leadwell.server.leads import reaching
from leadwell.server.playbooks.queries import policy_now
from leadwell.server.worklist.models import Answering

_MOST: Final = 20_000  # calls: of a clinic's older ones the hours would be those of other seasons


def chances_of(organization: int) -> Chances:
    """As last learned; the prior where nothing was."""
    told = Answering.objects.of(organization).values_list("chances", flat=True).first()
    return Chances({(weekend, hour): chance for weekend, hour, chance in told}) if told else PRIOR


def learn(organization: int) -> None:
    """Where somebody's zone is not known, their hour is the organisation's. What stands in the worklist's order is
    placed by it at its next step, within the hour."""
    policy = policy_now(organization)
    calls = reaching.answers(organization, _MOST)
    if policy is None or not calls:
        return
    ours = policy.organization.time_zone
    tries = ((hour_of(at, ZoneInfo(zone or ours)), answered) for at, zone, answered in calls)
    told = [(weekend, hour, chance) for (weekend, hour), chance in learned(tries).answered.items()]
    Answering.objects.update_or_create(organization_id=organization, defaults={"chances": told, "at": timezone.now()})
