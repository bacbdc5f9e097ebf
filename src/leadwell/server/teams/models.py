"""What does somebody who works here take on, and when are they away?

Codes, numbers and times alone: why somebody is away is one of three words, none of which tells of their health.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from leadwell.server.access.models import Membership, Organization
from leadwell.server.base.scope import Scoped


class Duty(models.Model):
    """`teams`: keys of the playbook's teams. `hours`: as a playbook writes them, '' for those of each team; `share`: of
    what comes in, where all work the same hours; `most_open`: leads at once, None for no bound.

    What they cover is None where it is anything: lead types, services, locations, languages, and `states` for which
    they hold a licence. `stands_in`: whether they answer for what nobody of their teams can take.
    """

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    member = models.OneToOneField(Membership, on_delete=models.CASCADE, related_name="duty")
    teams = models.JSONField(default=list)
    hours = models.CharField(max_length=200, default="", blank=True)
    share = models.FloatField(default=1.0)
    most_open = models.PositiveSmallIntegerField(null=True)
    types = models.JSONField(null=True)
    services = models.JSONField(null=True)
    locations = models.JSONField(null=True)
    languages = models.JSONField(null=True)
    states = models.JSONField(null=True)
    stands_in = models.BooleanField(default=False)

    objects = Scoped.as_manager()


class Because(models.TextChoices):
    OUT = "out", "Out"
    TIME_OFF = "time-off", "Time off"
    ELSEWHERE = "elsewhere", "Other duties"


class Absence(models.Model):
    """Somebody is away from `since` until before `until`. `planned_at`: when what they had was seen to; `returned_at`:
    when their turn was set beside that of the others again."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    member = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="absences")
    since = models.DateTimeField()
    until = models.DateTimeField()
    because = models.CharField(max_length=10, choices=Because.choices)
    planned_at = models.DateTimeField(null=True)
    returned_at = models.DateTimeField(null=True)

    objects = Scoped.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["organization", "until"], name="absence_until")]
