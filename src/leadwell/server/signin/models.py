"""What is kept for signing in? The keys that seal second factors and sessions, and what was typed and not sent."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from leadwell.server.access.models import Organization, User
from leadwell.server.base.scope import Scoped


class SignInKey(models.Model):
    """Wrapped by the master key, like an organisation's data keys, but of the whole installation: whoever signs in
    has not said yet for which organisation. The newest seals, and all open."""

    version = models.PositiveSmallIntegerField(unique=True)
    wrapped = models.BinaryField()
    master = models.CharField(max_length=16)  # fingerprint of the master key that wraps it
    created_at = models.DateTimeField(default=timezone.now)


class Draft(models.Model):
    """What somebody typed on a page and has not sent yet. `page`: its path, without what follows the question mark."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    page = models.CharField(max_length=200)
    sealed = models.BinaryField()
    kept_at = models.DateTimeField()

    objects = Scoped.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "user", "page"], name="one_draft_a_page")
        ]
