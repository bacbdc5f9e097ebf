"""What may be typed of what somebody permits or forbids?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Any, Final, cast

from django import forms
from django.utils import timezone

from leadwell.permission.values import CHANNELS, KINDS, LINE_TYPES, PURPOSES
from leadwell.server.consent.actions.giving import Given, Proof
from leadwell.server.consent.actions.looking import LookedUp
from leadwell.server.consent.models import EVERY, Way
from leadwell.server.consent.telling import FOR, NAMES

_LONGEST: Final = 2_000
_CHANNELS: Final = [(one, NAMES[one]) for one in CHANNELS]
_HEARD: Final = [
    (Way.VOICE, "On the telephone"),
    (Way.TEXT, "In a text message"),
    (Way.EMAIL_REPLY, "In an e-mail"),
    (Way.STAFF, "In person, or otherwise"),
]
_FOR_WHAT: Final = [(EVERY, "Everything"), ("marketing", "News and offers only")]
_KINDS: Final = {"express": "They said so", "written": "They signed it, and were told what for"}
_LISTED: Final = [("", "Not asked"), ("no", "Not on it"), ("yes", "On it")]
_LISTED_AS: Final = {"no": False, "yes": True}
_LINES: Final = [("", "Not asked"), *((one, one.capitalize()) for one in LINE_TYPES)]
_LANGUAGES: Final = [("en", "English"), ("es", "Spanish"), ("", "Another")]


class Stop(forms.Form):
    """They asked us to stop: which channels, for what, and how they said it."""

    channels = forms.MultipleChoiceField(
        label="What to stop", choices=_CHANNELS, widget=forms.CheckboxSelectMultiple, initial=list(CHANNELS),
        error_messages={"required": "Choose at least one."},
    )  # fmt: skip
    purpose = forms.ChoiceField(
        label="For what", choices=_FOR_WHAT, widget=forms.RadioSelect, initial=EVERY, required=False
    )
    way = forms.ChoiceField(label="How they said it", choices=_HEARD, initial=Way.VOICE)
    words = forms.CharField(
        label="In their words", required=False, max_length=_LONGEST, widget=forms.Textarea({"rows": 2})
    )


class Consent(forms.Form):
    """They agree to something: to what, and the very words."""

    channel = forms.ChoiceField(label="They may be reached by", choices=_CHANNELS)
    purpose = forms.ChoiceField(label="About", choices=[(one, FOR[one].capitalize()) for one in PURPOSES])
    kind = forms.ChoiceField(
        label="How they agreed", choices=[(one, _KINDS[one]) for one in KINDS], widget=forms.RadioSelect,
        initial="express",
    )  # fmt: skip
    words = forms.CharField(
        label="The words that they agreed to", max_length=_LONGEST, widget=forms.Textarea({"rows": 3})
    )
    source = forms.ChoiceField(label="Where", choices=_HEARD, initial=Way.VOICE)
    language = forms.ChoiceField(label="In which language", choices=_LANGUAGES, initial="en", required=False)

    def given(self) -> Given:
        said = self.cleaned_data
        return Given(said["channel"], said["purpose"], said["kind"])

    def proof(self) -> Proof:
        said = self.cleaned_data
        return Proof(said["words"], source=said["source"], language=said["language"])


class LookUp(forms.Form):
    """A number of theirs was looked up: in the registry, or which line it is."""

    number = forms.ChoiceField(label="Which number")
    listed = forms.ChoiceField(label="The do-not-call registry", choices=_LISTED, required=False)
    line_type = forms.ChoiceField(label="The line", choices=_LINES, required=False)
    day = forms.DateField(
        label="When it was looked up", required=False, widget=forms.DateInput({"type": "date"}),
        error_messages={"invalid": "Type it as 2026-11-26."},
    )  # fmt: skip

    def __init__(self, numbers: Sequence[str], given: Mapping[str, Any] | None = None) -> None:
        super().__init__(given)
        cast(forms.ChoiceField, self.fields["number"]).choices = [(one, one) for one in numbers]

    def looked(self) -> LookedUp:
        """A day counts from its beginning, so that it is no fresher than it was."""
        said, day = self.cleaned_data, self.cleaned_data["day"]
        at = timezone.make_aware(datetime.combine(day, time())) if day else None
        return LookedUp(said["number"], _LISTED_AS.get(said["listed"]), said["line_type"], at, Way.STAFF)


class List(forms.Form):
    file = forms.FileField(
        label="The list", widget=forms.FileInput({"accept": ".csv,.tsv,.txt,.xlsx,.jsonl,.parquet"}),
        error_messages={"required": "Choose a file.", "empty": "The file is empty."},
    )  # fmt: skip
