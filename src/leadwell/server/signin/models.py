"""What is kept for signing in? The keys that seal second factors and sessions."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class SignInKey(models.Model):
    """Wrapped by the master key, like an organisation's data keys, but of the whole installation: whoever signs in
    has not said yet for which organisation. The newest seals, and all open."""

    version = models.PositiveSmallIntegerField(unique=True)
    wrapped = models.BinaryField()
    master = models.CharField(max_length=16)  # fingerprint of the master key that wraps it
    created_at = models.DateTimeField(default=timezone.now)
