"""Which tries were there to reach somebody, by whom, and how did each end?

Open columns hold codes, times and ids; what was noted in words stands sealed.
"""

from __future__ import annotations

from typing import ClassVar, Final

from django.db import models

from leadwell.server.access.models import Organization
from leadwell.server.base.ids import new_id
from leadwell.server.base.scope import Scoped
from leadwell.server.leads.models import Lead


class Result(models.TextChoices):
    """How a try ended (docs/calls.md)."""

    REACHED = "reached", "Reached"
    VOICEMAIL = "voicemail", "Voicemail"
    NO_ANSWER = "no-answer", "No answer"
    BUSY = "busy", "Busy"
    WRONG_NUMBER = "wrong-number", "Wrong number"
    ASKED_TO_STOP = "asked-to-stop", "Asked to stop"
    CALLBACK = "callback", "Call back"


SPOKE: Final = (Result.REACHED, Result.ASKED_TO_STOP, Result.CALLBACK)  # with somebody who is theirs


class Direction(models.TextChoices):
    OUT = "out", "by us"
    IN = "in", "by them"


class Attempt(models.Model):
    """`result`: '' while one of ours is under way; who calls us is reached at once, and `ended_at` says until when.
    `begun`: whether it was begun, or taken, here, so that its seconds were measured.
    `token`: of the number; `contact`: the attempt in consent's log, where we tried. `stop`: the event of consent by
    which they asked us to stop, `verified`: that the number is not theirs.

    It is taken back (`undone_at`) within ten minutes; later another stands in its place, which `corrects` it.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="+")
    person = models.UUIDField(null=True)
    channel = models.CharField(max_length=5)
    direction = models.CharField(max_length=3, choices=Direction.choices, default=Direction.OUT)
    result = models.CharField(max_length=13, choices=Result.choices, default="", blank=True)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    begun = models.BooleanField(default=False)
    seconds = models.PositiveIntegerField(null=True)
    by = models.CharField(max_length=40)
    callback_at = models.DateTimeField(null=True)
    callback_zone = models.CharField(max_length=64, default="", blank=True)
    sealed = models.BinaryField(default=b"")
    token = models.BinaryField(max_length=16, default=b"")
    contact = models.UUIDField(null=True)
    stop = models.UUIDField(null=True)
    verified = models.UUIDField(null=True)
    corrects = models.UUIDField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=40, default="", blank=True)

    objects = Scoped.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["lead", "by"],
                condition=models.Q(result="", undone_at__isnull=True),
                name="one_call_at_a_time",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["lead", "at"], name="attempt_on_lead"),
            models.Index(fields=["person"], name="attempt_of_person"),
            models.Index(
                fields=["organization", "token"],
                condition=models.Q(result="wrong-number", undone_at__isnull=True),
                name="wrong_number",
            ),
            models.Index(
                fields=["organization", "callback_at"],
                condition=models.Q(callback_at__isnull=False, undone_at__isnull=True),
                name="callback_due",
            ),
        ]
