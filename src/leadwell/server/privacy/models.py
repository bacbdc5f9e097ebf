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


class TrailEntry(models.Model):
    """One view, search, change or export, by whom, of what. `digest` seals it together with the one before, with a key
    of the organisation: an entry that is changed, left out or put in breaks the chain.

    `actor`: "user:7", "key:ab12", "command" or "worker". `subject`: what was seen or changed, as "lead/<id>".
    Of a list, `codes["shown"]` holds the subjects that it showed.
    """

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT)
    number = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=40)
    action = models.CharField(max_length=40)
    subject = models.CharField(max_length=80, default="", blank=True)
    codes = models.JSONField(default=dict)
    digest = models.BinaryField(max_length=32)

    objects = Scoped.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "number"], name="one_number_a_trail_entry")
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "subject"], name="trail_of_subject"),
            # What the page of the trail is filtered by.
            models.Index(fields=["organization", "action", "number"], name="trail_of_action"),
            models.Index(fields=["organization", "actor", "number"], name="trail_of_actor"),
            models.Index(fields=["organization", "at"], name="trail_of_day"),
        ]


class TrailShown(models.Model):
    """One subject that the list of an entry showed: what `codes["shown"]` says once more, so that a receipt finds it.
    The chain is of the codes; `verify` holds these rows against them."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT)
    entry = models.ForeignKey(TrailEntry, on_delete=models.PROTECT)
    subject = models.CharField(max_length=80)

    objects = Scoped.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["organization", "subject"], name="trail_shown_subject")]
