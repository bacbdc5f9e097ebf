"""Whom do we know, and how are they found without being read?"""

from __future__ import annotations

from typing import ClassVar, Final

from django.conf import settings
from django.db import models

from leadwell.server.access.models import Organization
from leadwell.server.base.ids import new_id
from leadwell.server.base.scope import Scoped

COLLEAGUE: Final = "colleague"  # of a relation
ENGINE: Final = "engine"  # who made a link, or took it back, by itself


class Person(models.Model):
    """`sealed`: names, contacts, birth date, as one JSON object.

    An index of the organization alone would be SQLite's choice for more than three people by their ids: without
    statistics it takes a whole organization for ten rows, and reads it.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, db_index=False)
    created_at = models.DateTimeField()
    sealed = models.BinaryField()

    objects = Scoped.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["organization", "id"], name="person_of_organization")]


class PersonToken(models.Model):
    """One blind token of a person. `kind`: phone, email, birth, name, start (first three letters), sound, match (two
    things told together: `identity.keys`); also of what their record told before it was corrected. `confirmed`: an
    address that somebody here confirmed with them, whether their record has it or not. They are searched, stopped and
    erased by it; nobody is taken for another because of it."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    person = models.ForeignKey(Person, on_delete=models.CASCADE)
    kind = models.CharField(max_length=5)
    token = models.BinaryField(max_length=16)
    confirmed = models.BooleanField(default=False, db_default=False)

    objects = Scoped.as_manager()

    class Meta:
        # With who has it, so that thirty thousand of one first name are told without a look at their rows.
        indexes: ClassVar = [models.Index(fields=["organization", "token", "person"], name="person_by_mark")]


class PersonLink(models.Model):
    """Two ids that somebody, or the engine, takes for one person, until it is undone. It outlives an erasure, of ids
    alone: what one of them has stopped is stopped for the other.

    Of the engine's (`linked_by`): `codes`, what agreed ("phone+birth"); `sealed`: all comparisons with their weights.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    one = models.UUIDField()
    other = models.UUIDField()
    linked_at = models.DateTimeField()
    linked_by = models.CharField(max_length=40)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=40, default="", blank=True)
    codes = models.CharField(max_length=200, default="", blank=True)
    sealed = models.BinaryField(null=True)

    objects = Scoped.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "one", "other"],
                condition=models.Q(undone_at__isnull=True),
                name="one_link_a_pair",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["one"], name="link_from_the_one"),
            models.Index(fields=["other"], name="link_from_the_other"),
        ]


class Doubt(models.Model):
    """Two ids that may be one person: the engine is unsure, and somebody has to say. What was said is kept and never
    asked again; it holds ids alone and outlives an erasure. `codes`, `sealed`: as of a link."""

    class Said(models.TextChoices):
        SAME = "same", "They are one person"
        TWO = "two", "They are two"
        HOUSEHOLD = "household", "They are two of one household"

    id = models.UUIDField(primary_key=True, default=new_id)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    one = models.UUIDField()
    other = models.UUIDField()
    at = models.DateTimeField()
    codes = models.CharField(max_length=200, default="", blank=True)
    sealed = models.BinaryField(null=True)
    said = models.CharField(max_length=9, choices=Said.choices, default="", blank=True)
    said_at = models.DateTimeField(null=True)
    said_by = models.CharField(max_length=40, default="", blank=True)

    objects = Scoped.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "one", "other"], name="one_doubt_a_pair")
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "at"], condition=models.Q(said=""), name="doubt_waiting"),
            models.Index(fields=["other"], name="doubt_from_the_other"),
        ]


class Relation(models.Model):
    """Somebody who asked for another: both are people, of one lead. `kind`: whom they asked for, as the contract says
    it ("child", "patient" …). It goes with either of them. COLLEAGUE: somebody who was named by who asked for an
    organisation (`patient`), and is kept as long as they are."""

    id = models.UUIDField(primary_key=True, default=new_id)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    asker = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="asks_for")
    patient = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="asked_by")
    kind = models.CharField(max_length=10)

    objects = Scoped.as_manager()


class LearnedWeights(models.Model):
    """How often the records of one person agree here, learned from `people` of them (`identity.weights.plain`): numbers
    by comparison and level, nothing of anybody."""

    organization = models.OneToOneField(Organization, on_delete=models.CASCADE)
    at = models.DateTimeField()
    people = models.PositiveIntegerField()
    told = models.JSONField()

    objects = Scoped.as_manager()


class Emergency(models.Model):
    """Somebody whose role does not show identities has opened one person's, for a while and in one session alone.
    `sealed`: the reason they gave; it is emptied when the person is erased, that it was opened stays."""

    id = models.UUIDField(primary_key=True, default=new_id)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)
    person = models.UUIDField()
    opened_at = models.DateTimeField()
    until = models.DateTimeField()
    session = models.CharField(max_length=64, default="")
    sealed = models.BinaryField()

    objects = Scoped.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["organization", "user", "-until"], name="emergency_of_user")]
