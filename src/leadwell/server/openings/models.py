"""What was said of the openings of each clinic, by whom and when? Codes, days and numbers; nothing of a person."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from leadwell.server.access.models import Organization
from leadwell.server.base.ids import new_id
from leadwell.server.base.scope import Scoped
from leadwell.server.leads.models import code


class _Said(models.Model):
    """`on`: the day of the next opening, with its hour in `hour` where that is known; where it is `full`, until when,
    None where that is not known. `weeks`: how many in the seven days from then on, and in each seven after. `as_of`:
    when that was so; `by`: as the trail has it."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    on = models.DateField(null=True)
    hour = models.DateTimeField(null=True)
    full = models.BooleanField(default=False)
    weeks = models.JSONField(default=list)
    as_of = models.DateTimeField()
    by = models.CharField(max_length=40)

    objects = Scoped.as_manager()

    class Meta:
        abstract = True


class Opening(_Said):
    """What stands of a service at a clinic ('' by video) for one of its visits ('' where the playbook names none).
    `version`: how often something else was said; whoever says something holds this row until it is written."""

    service = code()
    location = code()
    visit = code()
    version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "service", "location", "visit"], name="one_opening_a_slot")
        ]


class Stated(_Said):
    """Each that was ever said: appended. `version`: of its opening, from then on."""

    id = models.UUIDField(primary_key=True, default=new_id)
    opening = models.ForeignKey(Opening, on_delete=models.CASCADE, related_name="+")
    version = models.PositiveIntegerField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["opening", "-version"], name="stated_of_opening")]
