"""What have people said of being contacted, and when were they? Appended; what ends is marked as ended.

People stand here by id and addresses by blind token, so that a stop and the proof of a consent outlive an erasure
(45 CFR 164.530(j)). Channels and purposes are those of `leadwell.permission.values`.
"""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import ClassVar

from django.db import models

from leadwell.server.access.models import Organization
from leadwell.server.base.ids import new_id
from leadwell.server.base.scope import Scoped

ALL: str = "all"  # channels
EVERY: str = ""  # purpose
TAKEN_BACK: str = "contact.taken-back"  # the event of an attempt whose words never left


class Way(models.TextChoices):
    """By what they told us."""

    TEXT = "text", "a text message"
    VOICE = "voice", "a telephone call"
    EMAIL_REPLY = "email-reply", "a reply by e-mail"
    MESSAGE = "message", "what they wrote with an enquiry"
    COMPLAINT = "complaint", "a complaint to their mail provider"
    LINK = "link", "the link in a mail"
    STAFF = "staff", "somebody who works here"
    API = "api", "a program"
    IMPORT = "import", "an imported list"
    CARRIER = "carrier", "their carrier"


class Inquiry(models.Model):
    """They asked us for something: consent to answer that, by the channels they gave, and no more. `lead` is the proof:
    who asks again for the same need has the one that they joined. `channels`: "call,text,email", those given, '' where
    it was none. `business`: whether it was no care that they asked for. `reply`: whether they answered us, and gave no
    address anew. `referred`: whether somebody else asked, by a referral, which opens nothing that they stopped."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    person = models.UUIDField()
    lead = models.UUIDField()
    at = models.DateTimeField()
    channels = models.CharField(max_length=16)
    business = models.BooleanField()
    reply = models.BooleanField(default=False)
    referred = models.BooleanField(default=False)

    objects = Scoped.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["person"], name="inquiry_of_person")]


class ConfirmedAddress(models.Model):
    """An address that they gave us in a conversation, confirmed by somebody here (`by`) with an answer of the lead
    (`fact`): their request of `lead` may be answered there, from then on and as long as that answer stands. `sealed`:
    the address, which with its token is emptied when they are erased."""

    id = models.UUIDField(primary_key=True, default=new_id)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    person = models.UUIDField()
    lead = models.UUIDField()
    fact = models.UUIDField(unique=True)
    kind = models.CharField(max_length=5)
    token = models.BinaryField(max_length=16)
    sealed = models.BinaryField()
    at = models.DateTimeField()
    by = models.CharField(max_length=40)
    ended_at = models.DateTimeField(null=True)

    objects = Scoped.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["person"], name="confirmed_of_person"),
            models.Index(fields=["lead"], name="confirmed_on_lead"),
        ]


class Consent(models.Model):
    """They said that we may. `sealed`: the proof as it was, the exact words shown, kept as long as the row;
    `address`: the one for which it was given, emptied when they are erased, while its token stays.

    `version`, `source` and `language`: of the wording, and where it was shown.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    person = models.UUIDField()
    channel = models.CharField(max_length=5)
    purpose = models.CharField(max_length=12)
    kind = models.CharField(max_length=7)
    given_at = models.DateTimeField()
    until = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    version = models.CharField(max_length=40, default="", blank=True)
    source = models.CharField(max_length=40, default="", blank=True)
    language = models.CharField(max_length=8, default="", blank=True)
    token = models.BinaryField(max_length=16, default=b"")
    sealed = models.BinaryField()
    address = models.BinaryField(default=b"")

    objects = Scoped.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["person"], name="consent_of_person")]


class Suppression(models.Model):
    """They said that we may not: by a channel or ALL, for a purpose or EVERY. It holds for the person and for each
    address in `SuppressedAddress`, and nothing ends it: it takes back what was permitted before, and only what they
    permit afterwards counts.

    `day`: that from which on it holds, as a list gives it, None where the time is known. It is in force from the first
    moment of that day; `at` is then when that day was over everywhere, for it takes back what they permitted on it.

    `event`: the one that closed it; several of one event differ in what they close. `doubt`: somebody has yet to say
    whether the words meant it. Until then it holds, and where they did not, it was none: `lifted_at`.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    event = models.UUIDField()
    person = models.UUIDField(null=True)
    channel = models.CharField(max_length=5)
    purpose = models.CharField(max_length=12, default=EVERY, blank=True)
    at = models.DateTimeField()
    day = models.DateField(null=True)
    way = models.CharField(max_length=12, choices=Way.choices)
    doubt = models.BooleanField(default=False)
    lifted_at = models.DateTimeField(null=True)

    objects = Scoped.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["person"], name="stop_of_person"),
            models.Index(fields=["event"], name="stop_by_event"),
            models.Index(
                fields=["organization", "at"],
                condition=models.Q(doubt=True, lifted_at__isnull=True),
                name="stop_in_doubt",
            ),
        ]

    @property
    def since(self) -> datetime:
        """From when on it is in force, where only the day is known by its earliest reading; one that lies ahead holds
        at once."""
        return self.at if self.day is None else min(self.at, datetime.combine(self.day, time(), UTC))


class SuppressedAddress(models.Model):
    """An address that a suppression holds for, by the blind token of its normalised form."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    suppression = models.ForeignKey(Suppression, on_delete=models.CASCADE)
    token = models.BinaryField(max_length=16)

    objects = Scoped.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["organization", "token"], name="stop_of_address")]


class Contact(models.Model):
    """One attempt to reach somebody, with the verdict that allowed it; `proof` names a record of ours. `token`: of the
    address, as far as it is known. `taken_back_at`: since when it counts no more, for its words never left."""

    id = models.UUIDField(primary_key=True, default=new_id)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    person = models.UUIDField(null=True)
    token = models.BinaryField(max_length=16, default=b"")
    channel = models.CharField(max_length=5)
    purpose = models.CharField(max_length=12)
    at = models.DateTimeField()
    by = models.CharField(max_length=40)
    answer = models.CharField(max_length=10)
    rule = models.CharField(max_length=12)
    proof = models.CharField(max_length=60, default="", blank=True)
    taken_back_at = models.DateTimeField(null=True)

    objects = Scoped.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["person", "-at"], name="contact_of_person"),
            models.Index(fields=["organization", "token", "-at"], name="contact_of_address"),
        ]


class LookUp(models.Model):
    """What somebody looked up of a telephone number: whether the national do-not-call registry lists it, and which kind
    of line it is. Appended, and of each the latest counts. `listed`, `line_type`: None and '' where that was not asked;
    `source`: where they looked. It is known by its token alone."""

    id = models.UUIDField(primary_key=True, default=new_id)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    token = models.BinaryField(max_length=16)
    listed = models.BooleanField(null=True)
    line_type = models.CharField(max_length=9, default="", blank=True)
    checked_at = models.DateTimeField()
    noted_at = models.DateTimeField()
    by = models.CharField(max_length=40)
    source = models.CharField(max_length=40, default="", blank=True)

    objects = Scoped.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["organization", "token", "-checked_at"], name="look_up_of_number")]


class WrongAddress(models.Model):
    """We tried an address and found out that it is another's, or that what we send there comes back for good; of both
    `permission.values.Wrong` says more. `person`: for whom it was tried; `proof` names the record of ours that found
    it. It is known by its token alone.

    It ends where that record is taken back, or whoever it was found of gives it anew (`ended_by`: by which record,
    which may be taken back itself), and of a mailbox where somebody says that it is right.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    person = models.UUIDField(null=True)
    token = models.BinaryField(max_length=16)
    why = models.CharField(max_length=8)
    at = models.DateTimeField()
    proof = models.CharField(max_length=60)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)

    objects = Scoped.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["organization", "token"],
                condition=models.Q(ended_at__isnull=True),
                name="known_to_be_wrong",
            ),
            models.Index(fields=["organization", "proof"], name="wrong_by_proof"),
        ]


class ConsentEvent(models.Model):
    """What happened to a permission or a stop: never changed. `sealed`: what somebody said, in their words; emptied
    when they are erased."""

    id = models.UUIDField(primary_key=True, default=new_id)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    person = models.UUIDField(null=True)
    name = models.CharField(max_length=24)
    at = models.DateTimeField()
    by = models.CharField(max_length=40)
    codes = models.JSONField(default=dict)
    sealed = models.BinaryField(null=True)

    objects = Scoped.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["person", "-at"], name="consent_event_of_person")]


class Confirmation(models.Model):
    """A stop's one confirmation that is still owed: sent by `due_by`, or never. Whoever takes it marks it, once.
    `sealed`: where it goes."""

    id = models.UUIDField(primary_key=True, default=new_id)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    event = models.UUIDField(unique=True)
    person = models.UUIDField(null=True)
    channel = models.CharField(max_length=5)
    language = models.CharField(max_length=8, default="", blank=True)
    owed_at = models.DateTimeField()
    due_by = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    sealed = models.BinaryField()

    objects = Scoped.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["organization", "due_by"],
                condition=models.Q(taken_at__isnull=True),
                name="confirmation_owed",
            )
        ]


class StopList(models.Model):
    """A list of stops that was imported: how many of its rows were taken, were known before, or cannot be read;
    `sealed`: those, and the whole list where it cannot be read at all, until somebody has mended them."""

    id = models.UUIDField(primary_key=True, default=new_id)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    at = models.DateTimeField()
    by = models.CharField(max_length=40)
    taken = models.PositiveIntegerField()
    known = models.PositiveIntegerField()
    unread = models.PositiveIntegerField()
    problem = models.CharField(max_length=200, default="", blank=True)
    sealed = models.BinaryField(default=b"")

    objects = Scoped.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["organization", "-at"], name="stop_list_newest")]
