"""Which keys seal an organisation's data?"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from leadwell.server.access.models import Organization
from leadwell.server.base.scope import Scoped


class DataKey(models.Model):
    """A key of one organisation, wrapped by the master key. Of `seal` the newest seals and all open; `index`, which
    makes the blind tokens, has one version: a new one would need every token anew."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    purpose = models.CharField(max_length=8, choices=[("seal", "seal"), ("index", "index")])
    version = models.PositiveSmallIntegerField(default=1)
    wrapped = models.BinaryField()
    master = models.CharField(max_length=16)  # fingerprint of the master key that wraps it
    created_at = models.DateTimeField(default=timezone.now)

    objects = Scoped.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "purpose", "version"], name="one_key_a_version")
        ]
