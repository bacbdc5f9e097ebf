"""Where does each lead stand on the worklist, who has been responsible for it, and has anything changed?

Codes, times, numbers and ids of leads and of those who work here; nothing of a person.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from leadwell.server.access.models import Organization
from leadwell.server.base.ids import new_id
from leadwell.server.base.scope import Scoped
from leadwell.server.leads.models import Lead, code


class Lane(models.TextChoices):
    """A lead stands in the first that fits. What was answered, and waits for no call of ours, stands in none that is
    shown. `AGAIN`: until the hour that we promised, or at which it is worth another try, and while they are on a call
    with us."""

    ANSWERED = "answered", "Answered"
    SAFETY = "safety", "Safety"
    RESTING = "resting", "Resting"
    DUE = "due", "Due now"
    REVIEW = "review", "Review"
    TO_DO = "to-do", "To do"
    AGAIN = "again", "Call again"


class Waiting(models.Model):
    """One lead on the worklist. `cost`: what it costs to let it wait (`routing.waiting_cost`): more goes first.
    `holds_until`: from then on lane or cost may be others, None where they hold until something happens to the lead.
    `back_at`: when it is looked whether its owner has touched it.

    `owner`: who has the lead, as the lead says too: what is theirs is found here among what waits, and not among all
    that they ever had.

    `give_at`: from then on it is to be given to somebody of its team, None where it is not; `given_at`: when it was
    given to its owner, who has not begun it; `nobody`: whether nobody could be found when that was last tried.
    """

    lead = models.OneToOneField(Lead, primary_key=True, on_delete=models.CASCADE, related_name="waiting")
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    lane = models.CharField(max_length=10, choices=Lane.choices)
    cost = models.FloatField()
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    holds_until = models.DateTimeField(null=True)
    back_at = models.DateTimeField(null=True)
    give_at = models.DateTimeField(null=True)
    given_at = models.DateTimeField(null=True)
    nobody = models.BooleanField(default=False)

    objects = Scoped.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["organization", "lane", "-cost", "lead"], name="waiting_in_lane"),
            models.Index(
                fields=["organization", "holds_until"],
                condition=models.Q(holds_until__isnull=False),
                name="waiting_to_look_at",
            ),
            models.Index(
                fields=["organization", "back_at"], condition=models.Q(back_at__isnull=False), name="waiting_untouched"
            ),
            models.Index(
                fields=["organization", "give_at"], condition=models.Q(give_at__isnull=False), name="waiting_to_give"
            ),
            models.Index(fields=["organization"], condition=models.Q(nobody=True), name="waiting_for_nobody"),
            models.Index(
                fields=["organization", "owner", "lane"],
                condition=models.Q(owner__isnull=False),
                name="waiting_of_owner",
            ),
        ]


class Responsible(models.Model):
    """From `since` on a team was responsible for a lead, and of it `user`, where somebody had taken it: appended, never
    changed. `team` is '' while it rests. While there is none, it is the team that it came to. `by`: who said so, None
    where a policy or a worker did."""

    id = models.UUIDField(primary_key=True, default=new_id)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="+")
    team = code()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    since = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = Scoped.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["lead", "since"], name="responsible_for_lead")]


class Changes(models.Model):
    """How often anything on the worklist has changed: a page that looks again asks for this number alone."""

    organization = models.OneToOneField(Organization, primary_key=True, on_delete=models.CASCADE)
    number = models.PositiveBigIntegerField(default=0)

    objects = Scoped.as_manager()


class Answering(models.Model):
    """How likely an organisation's calls are answered at each hour of the day of those who are called: [whether at a
    weekend, hour, chance] of each, as worked out at `at`."""

    organization = models.OneToOneField(Organization, primary_key=True, on_delete=models.CASCADE)
    chances = models.JSONField(default=list)
    at = models.DateTimeField()

    objects = Scoped.as_manager()
