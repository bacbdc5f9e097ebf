"""Whom else do we know in an organisation, when do we meet, and which leads are of the same organisation?

Open columns hold codes, times, ids and keyed tokens; who somebody is and what was noted stands sealed.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from leadwell.server.access.models import Organization
from leadwell.server.base.ids import new_id
from leadwell.server.base.scope import Scoped
from leadwell.server.leads.models import Lead


class Colleague(models.Model):
    """Somebody else of the organisation that a lead is of. `person`: a record of their own, None once erased.
    `decides`: whether they are said to; `called`: whether it is they who are called, instead of whoever asked.
    `sealed`: name, role, telephone and e-mail. It is taken back (`undone_at`), never changed."""

    id = models.UUIDField(primary_key=True, default=new_id)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="+")
    person = models.UUIDField(null=True)
    decides = models.BooleanField()
    called = models.BooleanField(default=False)
    sealed = models.BinaryField()
    at = models.DateTimeField()
    by = models.CharField(max_length=40)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=40, default="", blank=True)

    objects = Scoped.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["lead"],
                condition=models.Q(called=True, undone_at__isnull=True),
                name="one_colleague_is_called",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["lead", "at"], name="colleague_of_lead"),
            models.Index(fields=["person"], name="colleague_is_person"),
        ]


class Result(models.TextChoices):
    HELD = "held", "Held"
    NOT_HELD = "not-held", "Not held"


class Meeting(models.Model):
    """A meeting that was agreed: `at`, on whose clock (`zone`), for how many minutes. `result`: '' until somebody says
    whether it was held. `moved_to`: the one that was agreed instead. `sealed`: with whom, and where or by which number.
    `person`: the colleague that it is with, so that it is emptied with them, None of another. Agreeing it, and its
    result, are each taken back within ten minutes."""

    id = models.UUIDField(primary_key=True, default=new_id)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    zone = models.CharField(max_length=64)
    minutes = models.PositiveSmallIntegerField()
    person = models.UUIDField(null=True)
    sealed = models.BinaryField()
    noted_at = models.DateTimeField()
    by = models.CharField(max_length=40)
    result = models.CharField(max_length=8, choices=Result.choices, default="", blank=True)
    result_at = models.DateTimeField(null=True)
    result_by = models.CharField(max_length=40, default="", blank=True)
    moved_to = models.UUIDField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=40, default="", blank=True)

    objects = Scoped.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["lead"],
                condition=models.Q(result="", moved_to__isnull=True, undone_at__isnull=True),
                name="one_meeting_ahead",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["lead", "noted_at"], name="meeting_of_lead")]


class Mark(models.Model):
    """By what other leads of the same organisation are found: a token of its folded name, or of the domain at which it
    takes mail. It says of two leads that they are of one organisation, and never that two people are one."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="+")
    token = models.BinaryField(max_length=16)

    objects = Scoped.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["lead", "token"], name="organization_marked_once")]
        indexes: ClassVar = [models.Index(fields=["organization", "token"], name="leads_of_organization")]
