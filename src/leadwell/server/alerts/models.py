"""What is wrong, and who has dealt with it?"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from leadwell.server.access.models import Organization
from leadwell.server.base.scope import Scoped


class Alert(models.Model):
    """One cause, for as long as it holds. `about`: the cause ("source/3", "ledger/2026-11-26"); `codes`: numbers and
    codes of it, never a word of a person. `size` grows as it gets worse. `sealed`: why somebody calls it dealt with.

    It is open until it ends by itself or is dealt with; while a cause that was dealt with still holds, nobody is told
    again, unless it has got worse.
    """

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    kind = models.CharField(max_length=20)
    about = models.CharField(max_length=80)
    since = models.DateTimeField()
    size = models.PositiveIntegerField(default=1)
    codes = models.JSONField(default=dict)
    raised_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    dealt_at = models.DateTimeField(null=True)
    dealt_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)
    sealed = models.BinaryField(null=True)

    objects = Scoped.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "kind", "about"],
                condition=models.Q(ended_at__isnull=True),
                name="one_alert_a_cause",
            )
        ]

    @property
    def open(self) -> bool:
        return self.ended_at is None and self.dealt_at is None
