"""What waits to be sent, what became of it, and how fast may a provider be written to?

Open columns hold codes, times and ids; to whom and in which words stands sealed.
"""

from __future__ import annotations

from typing import ClassVar, Final

from django.db import models

from leadwell.server.access.models import Organization
from leadwell.server.base.ids import new_id
from leadwell.server.base.scope import Scoped


class State(models.TextChoices):
    """The states of a message (docs/outbox.md). `dead`: a person decides whether it is tried again."""

    QUEUED = "queued", "Waits"
    SENDING = "sending", "Being sent"
    DEFERRED = "deferred", "Put off"
    SENT = "sent", "Sent"
    BOUNCED = "bounced", "Came back"
    CANCELLED = "cancelled", "Not sent"
    DEAD = "dead", "Needs somebody"


WAITING: Final = (State.QUEUED, State.DEFERRED, State.SENDING)


class Message(models.Model):
    """`sealed`: address, subject and words, one JSON object. `token`, `domain`: blind tokens of the address and of what
    stands after its @. `key`: blind token of the idempotency key. `unsure`: at some try its words may have left, and
    nobody knows; that stays so, whatever is tried or decided later.

    `due_at`: not before then is it tried; while a worker is at it, until when it is that worker's alone (`lease`). What
    is cancelled meanwhile keeps its lease.
    `until`: not after then is it sent at all. `handed_at`: its words have left here; before that a stop still holds it
    back. `unknowns`: how often nobody answered after that. The verdict is the gate's last answer: `answer`, `rule`,
    `proof`, `says`, `asked_at`, and with a yes the attempt that it is to consent, `contact`. `problem`: a code of why
    it is where it is, `status` the server's.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    person = models.UUIDField(null=True)
    lead = models.UUIDField(null=True)
    channel = models.CharField(max_length=5)
    purpose = models.CharField(max_length=12)
    template = models.CharField(max_length=80)
    confirms = models.UUIDField(null=True)  # the confirmation of a stop that it is
    message_id = models.CharField(max_length=320, default="", blank=True)
    key = models.BinaryField(max_length=16)
    token = models.BinaryField(max_length=16)
    domain = models.BinaryField(max_length=16)
    sealed = models.BinaryField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.QUEUED)
    problem = models.CharField(max_length=40, default="", blank=True)
    status = models.CharField(max_length=12, default="", blank=True)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    lease = models.UUIDField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    unsure = models.BooleanField(default=False)
    unknowns = models.PositiveSmallIntegerField(default=0)
    first_tried_at = models.DateTimeField(null=True)
    handed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=10, default="", blank=True)
    rule = models.CharField(max_length=12, default="", blank=True)
    proof = models.CharField(max_length=60, default="", blank=True)
    says = models.TextField(default="", blank=True)
    asked_at = models.DateTimeField(null=True)
    contact = models.UUIDField(null=True)

    objects = Scoped.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["organization", "key"], name="one_message_a_key")]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=models.Q(state__in=WAITING), name="message_due"),
            models.Index(fields=["organization", "state", "-created_at"], name="message_in_state"),
            models.Index(fields=["organization", "token"], name="message_to_address"),
            models.Index(fields=["person"], name="message_to_person"),
        ]


class Result(models.Model):
    """What was said of a message by a server, a report or a person: `kind` is a class of `formats.bounces`, or
    `reopened` where somebody says that the address is good after all, and `why`. `via`: smtp, report or person."""

    id = models.UUIDField(primary_key=True, default=new_id)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    message = models.ForeignKey(Message, on_delete=models.CASCADE)
    token = models.BinaryField(max_length=16)
    at = models.DateTimeField()
    kind = models.CharField(max_length=12)
    via = models.CharField(max_length=6)
    status = models.CharField(max_length=12, default="", blank=True)
    why = models.CharField(max_length=12, default="", blank=True)

    objects = Scoped.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["organization", "token", "-at"], name="result_of_address"),
            models.Index(fields=["message", "at"], name="result_of_message"),
        ]


class Pace(models.Model):
    """When may the next message go to a provider? Whoever moves `next_at` on first has the turn."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    domain = models.BinaryField(max_length=16)
    next_at = models.DateTimeField()

    objects = Scoped.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["organization", "domain"], name="one_pace_a_domain")]
