"""Whose turn is it in each team, and who was given which lead, and why not the others?

Numbers of those who work here, codes and times; nothing of a person.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from leadwell.server.access.models import Organization
from leadwell.server.base.ids import new_id
from leadwell.server.base.scope import Scoped
from leadwell.server.leads.models import Lead, code


class Turns(models.Model):
    """How many leads of a team each of its people is owed (`routing.assigning`), by their user's number. Whoever
    chooses for the team holds this row until the choice is written, so that no two choose by the same."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    team = code()
    owed = models.JSONField(default=dict)

    objects = Scoped.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["organization", "team"], name="one_row_a_team")]


class Decision(models.Model):
    """At one moment a lead was given to somebody of its team, or to nobody: appended. `passed`: of everybody else, by
    their user's number, why not them. `instead`: where people of another clinic could be given it too, the clinic that
    is `full`, `until` when, and where they can be seen sooner (`also`, each with its day). `returned_at`: when it was
    counted as none, because it was spam or another team's."""

    id = models.UUIDField(primary_key=True, default=new_id)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    team = code()
    chosen = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    passed = models.JSONField(default=dict)
    instead = models.JSONField(default=dict)
    returned_at = models.DateTimeField(null=True)

    objects = Scoped.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["lead", "at"], name="decision_of_lead")]
