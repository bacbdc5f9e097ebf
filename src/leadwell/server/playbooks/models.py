"""Which policy is in force, and which were before?"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from leadwell.server.access.models import Organization
from leadwell.server.base.scope import Scoped


class PlaybookVersion(models.Model):
    """One file, as uploaded. Kept for ever: a past judgement names it. `number` counts an organisation's versions."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)  # SHA-256 of `source`
    source = models.BinaryField()
    uploaded_at = models.DateTimeField(default=timezone.now)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)

    objects = Scoped.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "number"], name="one_number_a_playbook"),
            models.UniqueConstraint(fields=["organization", "digest"], name="one_version_a_playbook"),
        ]


class Publication(models.Model):
    """From `at` on this version is in force: the newest one counts. Rolling back publishes an earlier version again."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    version = models.ForeignKey(PlaybookVersion, on_delete=models.PROTECT)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)

    objects = Scoped.as_manager()
