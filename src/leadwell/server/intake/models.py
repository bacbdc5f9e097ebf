"""What was sent to us, exactly, and what became of it?"""

from __future__ import annotations

from typing import ClassVar, Final

from django.db import models

from leadwell.server.access.models import Organization
from leadwell.server.base.ids import new_id
from leadwell.server.base.scope import Scoped
from leadwell.server.base.tallies import Counted, Tally

WITHDRAWN: Final = "withdrawn before it was taken in"


class State(models.TextChoices):
    """The states of a submission. All but `received` and `awaiting` are ends; what is mended or taken in is
    received again.

    `awaiting`: it lacks what others know, and those are asked; `problem` says what. It is received again with it.
    `not-taken`: a list that somebody uploaded and nobody has taken in yet; nothing is wrong with it.
    """

    RECEIVED = "received", "Received"
    AWAITING = "awaiting", "Awaits answers"
    ASSESSED = "assessed", "Assessed"
    NEEDS_MENDING = "needs-mending", "Needs mending"
    SET_ASIDE = "set-aside", "Set aside"
    NOT_TAKEN = "not-taken", "Not taken in yet"
    REFUSED = "refused", "Refused"
    JOINED = "joined", "Joined a lead"
    NOT_A_LEAD = "not-a-lead", "Not a lead"
    REPEAT = "repeat", "Repeat"


class Source(models.Model):
    """A way in: its kind names the adapter (`sources/<kind>/`). `sealed`: its secrets and settings.

    Where we ask it (a mailbox, Meta): `trouble`, why that failed the last time; `troubles`, how many times running;
    `ask_again_at`, not before then; `seen`, how far it was looked through, as it tells the time: form -> seconds since
    1970.
    """

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    kind = models.CharField(max_length=16)
    name = models.CharField(max_length=100)
    handle = models.CharField(max_length=32, unique=True)  # in the address that is posted to
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    sealed = models.BinaryField(null=True)
    trouble = models.CharField(max_length=100, default="", blank=True)
    troubles = models.PositiveIntegerField(default=0)
    ask_again_at = models.DateTimeField(null=True)
    seen = models.JSONField(default=dict)

    objects = Scoped.as_manager()


class MailRef(models.Model):
    """A name in a lead's conversation, of a mail, a call or a booking: its blind token, by which what comes later finds
    the lead. `lead` is the submission, while that is being written."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    token = models.BinaryField(max_length=16)
    lead = models.UUIDField()

    objects = Scoped.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["organization", "token"], name="one_lead_a_mail")]


class Struck(models.Model):
    """One row of a submission whose person was erased: it is never read again, though others of it still wait."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    submission = models.UUIDField()
    nth = models.PositiveIntegerField()

    objects = Scoped.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "submission", "nth"], name="struck_once")
        ]


class Mentioned(models.Model):
    """An address, by its blind token, that stands in a submission which is no lead: by it an erasure finds that. Or a
    name that such a one waits for (`early`)."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    token = models.BinaryField(max_length=16)
    submission = models.UUIDField()

    objects = Scoped.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "token", "submission"], name="mentioned_once")
        ]
        indexes: ClassVar = [models.Index(fields=["submission"], name="mentioned_in")]


class Submission(models.Model):
    """What a source sent, kept unchanged (sealed). On SQLite it lives in a file of its own, so it points to nothing
    by foreign key: `organization_id` and `source` are numbers, `lead` an id.

    `sealed`: headers and body as they came; `fetched`: what others knew of it when they were asked, which is read
    instead; `mended`: a body that somebody corrected, which is read instead of both.
    `key`: blind token of the idempotency key; `content`: of the body. `due_at`: not before then is it tried (again).
    While a worker is at it, its lease. `problem`: a code of what is wrong, with a place, never with words.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    organization_id = models.PositiveIntegerField()
    source = models.PositiveIntegerField()
    received_at = models.DateTimeField()
    state = models.CharField(max_length=13, choices=State.choices, default=State.RECEIVED)
    key = models.BinaryField(max_length=16, null=True)
    refused_key = models.BinaryField(max_length=16, null=True)  # it was refused under, and takes back where accepted
    content = models.BinaryField(max_length=16)
    media_type = models.CharField(max_length=255, default="application/json")
    size = models.PositiveIntegerField()
    sealed = models.BinaryField()
    fetched = models.BinaryField(null=True)
    mended = models.BinaryField(null=True)
    due_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    repeat_of = models.UUIDField(null=True)
    lead = models.UUIDField(null=True)
    leads = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=200, default="", blank=True)
    assessed_at = models.DateTimeField(null=True)

    objects = Scoped.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization_id", "key"],
                condition=models.Q(key__isnull=False),
                name="one_submission_a_key",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=models.Q(state="received"), name="submission_due"),
            models.Index(fields=["organization_id", "content", "received_at"], name="submission_by_content"),
            models.Index(fields=["organization_id", "state", "-received_at"], name="submission_in_state"),
            models.Index(fields=["organization_id", "-received_at"], name="submission_newest"),
        ]


class SubmissionTally(Tally):
    """How many submissions there are in each state; beside them, in their database."""

    state = models.CharField(max_length=13)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["organization_id"], name="submissions_tallied")]


COUNTED: Final = Counted(table="intake_submission", tally="intake_submissiontally", places={"state": "{row}.state"})
