"""What was noted of what became of leads: never changed but to be taken back.

Open columns hold codes of the playbook, times and ids; a word of staff stands sealed.
"""

from __future__ import annotations

from typing import ClassVar, Final

from django.db import models

from leadwell.server.access.models import Organization
from leadwell.server.base.ids import new_id
from leadwell.server.base.scope import Scoped
from leadwell.server.leads.models import Lead, code

BOOKED: Final = "booked"  # the stage by which a playbook calls a visit that has its hour


class Ease(models.TextChoices):
    """How it went, as whoever worked it says."""

    EASY = "easy", "Easy"
    HARD = "hard", "Hard"


class Outcome(models.Model):
    """`became`: a stage of the playbook that was reached, or, where it `ends`, one of `ENDS` (outcomes.stages) with the
    playbook's `reason`. `sealed`: what made it easy or hard. It is taken back (`undone_at`) within ten minutes; later
    another stands in its place, which `corrects` it."""

    id = models.UUIDField(primary_key=True, default=new_id)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="+")
    became = code()
    ends = models.BooleanField()
    reason = code()
    ease = models.CharField(max_length=4, choices=Ease.choices, default="", blank=True)
    at = models.DateTimeField()
    noted_at = models.DateTimeField()
    by = models.CharField(max_length=40)
    sealed = models.BinaryField(default=b"")
    corrects = models.UUIDField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=40, default="", blank=True)

    objects = Scoped.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(ends=False, reason="") | (models.Q(ends=True) & ~models.Q(reason="")),
                name="an_end_has_a_reason",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["lead", "at"], name="outcome_of_lead"),
            models.Index(
                fields=["organization", "at"],
                condition=models.Q(became=BOOKED, undone_at__isnull=True),
                name="outcome_booked",
            ),
        ]
