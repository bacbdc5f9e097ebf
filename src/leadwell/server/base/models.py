"""What keeps the machine going? The sign of life of a worker."""

from __future__ import annotations

from django.db import models


class Heartbeat(models.Model):
    """A worker that lives writes here every few seconds; `/readyz` and `doctor` read it."""

    worker = models.CharField(primary_key=True, max_length=64)
    at = models.DateTimeField()


class Recurring(models.Model):
    """Work that comes again and again: whoever moves `due_at` on first does it, so that two workers never both do."""

    name = models.CharField(primary_key=True, max_length=40)
    due_at = models.DateTimeField()
