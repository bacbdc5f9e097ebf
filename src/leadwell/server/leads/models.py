"""What is a lead once it is remembered?

Open columns hold only codes, times, numbers and ids; who somebody is and what they said stands sealed.
"""

from __future__ import annotations

from typing import ClassVar, Final

from django.conf import settings
from django.db import models

from leadwell.server.access.models import Organization
from leadwell.server.base.ids import new_id
from leadwell.server.base.scope import Scoped
from leadwell.server.base.tallies import Counted, Tally
from leadwell.server.people.models import Person
from leadwell.server.playbooks.models import PlaybookVersion


def code() -> models.TextField[str, str]:
    """A code of ours or of the playbook, which may call things as it likes; '' where there is none."""
    return models.TextField(default="", blank=True)


class InDanger(models.Func):
    """Spelt out, as the next: of a value that is handed over apart SQLite does not know that it stands in an index."""

    template = "(%(expressions)s <> '')"
    arity = 1
    output_field = models.BooleanField()


class ByGrade(models.Func):
    """A grade as one sorts by it: none comes last."""

    template = "(CASE WHEN %(expressions)s = '' THEN '~' ELSE %(expressions)s END)"
    arity = 1
    output_field = models.TextField()


class Lead(models.Model):
    """`submission` and `nth` name what it came from: they make a second writing of it impossible.

    `sealed`: the columns as they were judged, one JSON object. `queue`: the team answerable for it, '' while it rests
    (`resting` says why: the code of a reason or disposition). `person` is None once they are erased.

    `level`: the place of the service level that applies in the policy that judged it; `due_at`, `warns_at`: until when
    somebody must answer, and from when on that is nearly late, None where nothing is due; `answered_at`: when somebody
    did. `time_zone`: where they seem to be, '' where nothing tells.

    `joined`: how many later submissions have joined it. `same_person_as`, `may_repeat`: an earlier lead of the same
    person with another need, and one that may be the same request.

    `conflicts`: how many things known of it contradict each other. `sampled`: whether it was chosen, of the low scores
    as it arrived, to be handled like a high one (`leads.sampling`). `recovered_at`: when somebody (`recovered_by`) said
    that it is a lead after all, though it would rest.

    `acknowledged_at`: when somebody (`acknowledged_by`) said that they have seen words of danger in it.

    `verified`: how often somebody confirmed something of it, or took that back (`Verified`).

    `wanted_by`: the day by which they need it; None where they named none. `chosen_location`: the clinic at which
    somebody here chose to see them instead of `location`, which is what they asked for and are judged by; '' mostly.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    submission = models.UUIDField()
    nth = models.PositiveIntegerField(default=0)
    source = models.PositiveIntegerField()
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL)
    received_at = models.DateTimeField()
    sealed = models.BinaryField()
    type = code()
    other = code()
    disposition = code()
    grade = code()
    score = models.SmallIntegerField(null=True)
    readiness = code()
    urgency = code()
    safety = code()
    service = code()
    location = code()
    language = code()
    preferred_channel = code()
    payer_kind = code()
    timeline_band = code()
    reason = code()
    queue = code()
    resting = code()
    level = models.PositiveSmallIntegerField(null=True)
    due_at = models.DateTimeField(null=True)
    warns_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    time_zone = code()
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)
    current = models.ForeignKey("Assessment", null=True, on_delete=models.SET_NULL, related_name="+")
    joined = models.PositiveSmallIntegerField(default=0)
    same_person_as = models.UUIDField(null=True)
    may_repeat = models.UUIDField(null=True)
    verified = models.PositiveIntegerField(default=0)
    wanted_by = models.DateField(null=True)
    chosen_location = code()
    conflicts = models.PositiveSmallIntegerField(default=0)
    sampled = models.BooleanField(default=False)
    recovered_at = models.DateTimeField(null=True)
    recovered_by = models.CharField(max_length=40, default="", blank=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.CharField(max_length=40, default="", blank=True)

    objects = Scoped.as_manager()

    @property
    def goes_to(self) -> str:
        """The clinic at which they are to be seen; '' where none is known."""
        return self.chosen_location or self.location

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["submission", "nth"], name="one_lead_a_submission")]
        indexes: ClassVar = [
            models.Index(fields=["organization", "-received_at"], name="lead_newest"),
            # The orders of the list, each with the rows of which a page is cut from it (`leads.queries.leads`).
            models.Index(
                fields=["organization", "-safety", "-received_at"],
                condition=models.Q(person__isnull=False),
                name="lead_danger_first",
            ),
            models.Index(
                fields=["organization", "queue", "-safety", "-received_at"],
                condition=models.Q(person__isnull=False),
                name="lead_of_queue",
            ),
            models.Index(
                "organization",
                "disposition",
                models.F("safety").desc(),
                ByGrade("grade"),
                "received_at",
                "id",
                "queue",
                condition=models.Q(person__isnull=False),
                name="lead_by_grade",
            ),
            models.Index(
                "organization",
                models.F("safety").desc(),
                ByGrade("grade"),
                "received_at",
                "id",
                "queue",
                condition=models.Q(person__isnull=False) & models.Q(InDanger("safety")),
                name="lead_in_danger",
            ),
            models.Index(
                fields=["organization", "-safety", "-received_at"],
                condition=models.Q(person__isnull=True),
                name="lead_erased",
            ),
            models.Index(
                fields=["organization", "owner"],
                condition=models.Q(owner__isnull=False, answered_at__isnull=True),
                name="lead_in_hand",
            ),
            # What a person looks through (`reviewing`): few of many.
            models.Index(
                fields=["organization", "received_at"],
                condition=models.Q(conflicts__gt=0, person__isnull=False),
                name="lead_in_conflict",
            ),
            models.Index(
                fields=["organization", "-received_at"], condition=models.Q(sampled=True), name="lead_sampled"
            ),
            models.Index(fields=["organization", "-received_at"], condition=~models.Q(resting=""), name="lead_at_rest"),
            models.Index(
                fields=["organization", "-recovered_at"],
                condition=models.Q(recovered_at__isnull=False),
                name="lead_recovered",
            ),
        ]


class LeadTally(Tally):
    """How many leads of which disposition, danger, queue and type there are; `erased`: of nobody any more."""

    disposition = code()
    safety = code()
    queue = code()
    type = code()
    erased = models.BooleanField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["organization_id"], name="leads_tallied")]


COUNTED: Final = Counted(
    table="leads_lead",
    tally="leads_leadtally",
    places={
        "disposition": "{row}.disposition",
        "safety": "{row}.safety",
        "queue": "{row}.queue",
        "type": "{row}.type",
        "erased": "({row}.person_id IS NULL)",
    },
)


class Joined(models.Model):
    """A later submission of the same person with the same need: it made no lead of its own but joined one, until
    somebody parts them (`parted_at`). `person`: whom it told of, a record of its own; `sealed`: its columns, as a
    lead's; `new`: whether it said something that the lead did not."""

    id = models.UUIDField(primary_key=True, default=new_id)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="+")
    submission = models.UUIDField()
    nth = models.PositiveIntegerField(default=0)
    source = models.PositiveIntegerField()
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL)
    received_at = models.DateTimeField()
    at = models.DateTimeField()
    new = models.BooleanField()
    sealed = models.BinaryField()
    parted_at = models.DateTimeField(null=True)

    objects = Scoped.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["submission", "nth"], name="joined_once")]
        indexes: ClassVar = [models.Index(fields=["lead", "at"], name="joined_to_lead")]


class Assessment(models.Model):
    """What the engine said at one moment under one playbook version: appended, never changed.

    `sealed`: the contract (docs/assessment.md).
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    lead = models.ForeignKey(Lead, on_delete=models.CASCADE)
    playbook = models.ForeignKey(PlaybookVersion, on_delete=models.PROTECT)
    at = models.DateTimeField()
    as_of = models.DateTimeField()
    disposition = code()
    grade = code()
    score = models.SmallIntegerField(null=True)
    sealed = models.BinaryField()

    objects = Scoped.as_manager()


class Event(models.Model):
    """Something that happened to a lead: its name and codes are open, its payload is sealed."""

    id = models.UUIDField(primary_key=True, default=new_id)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    lead = models.ForeignKey(Lead, on_delete=models.CASCADE)
    name = models.CharField(max_length=40)
    version = models.PositiveSmallIntegerField(default=1)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)
    codes = models.JSONField(default=dict)
    sealed = models.BinaryField(null=True)

    objects = Scoped.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["lead", "at"], name="event_of_lead")]


class Verified(models.Model):
    """What somebody here confirmed of a lead, on a call or otherwise. Appended; of each column the latest that was not
    taken back outranks what they filled in and wrote.

    `column`: one of the engine's; `sealed`: its text. '' empties the column: what stood there is not theirs. `known`:
    False where they were asked and do not know, which outranks nothing. `call`: the attempt on which it was said, and
    `seconds` how long asking took. `moved`: what it changed of the lead's open columns, each before and after.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="+")
    column = code()
    known = models.BooleanField(default=True)
    sealed = models.BinaryField()
    at = models.DateTimeField()
    by = models.CharField(max_length=40)
    call = models.UUIDField(null=True)
    seconds = models.PositiveIntegerField(null=True)
    moved = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=40, default="", blank=True)

    objects = Scoped.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["lead", "at"], name="verified_of_lead")]
