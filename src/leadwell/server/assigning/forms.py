"""What may be typed about who works when, and what they take on?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone

from leadwell.playbook import Playbook
from leadwell.playbook.hours import windows
from leadwell.playbook.regions import STATES
from leadwell.server.leads import telling
from leadwell.server.teams.models import Because, Duty

MOST: Final = 15  # open leads at once, where nobody has said otherwise
_LONGEST: Final = timedelta(days=366)
_TYPES: Final = {
    "patient": "Patients",
    "referral": "Referrals",
    "business": "Businesses",
    "other": "No enquiry for care",
}
_SHARES: Final = (("1.0", "As much as the others"), ("0.5", "Half as much"), ("0.25", "A quarter as much"))
_LANGUAGES: Final = {"en": "English", "es": "Spanish", "pl": "Polish", "zh": "Chinese", "vi": "Vietnamese"}
_ANY: Final = ("types", "services", "locations", "languages")


class Away(forms.Form):
    """`since`: the first day on which they are out; without it, now. `until`: the day on which they are back; without
    it, the next."""

    since = forms.DateField(
        label="From", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label="Back on", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    because = forms.ChoiceField(label="Why", choices=Because.choices, required=False)

    def __init__(self, given: Mapping[str, Any] | None = None, *, zone: str) -> None:
        super().__init__(given)
        self._zone = ZoneInfo(zone)
        self.fields["until"].widget.attrs["min"] = (self._today() + timedelta(days=1)).isoformat()

    def clean_since(self) -> date:
        day: date = self.cleaned_data["since"] or self._today()
        if not self._today() <= day <= self._today() + _LONGEST:
            raise forms.ValidationError("Choose a first day from today on, within a year.")
        return day

    def clean_until(self) -> date:
        first: date = self.cleaned_data.get("since") or self._today()
        day: date = self.cleaned_data["until"] or first + timedelta(days=1)
        if not first < day <= first + _LONGEST:
            raise forms.ValidationError("Choose a day to be back that is after the first day out, within a year.")
        return day

    @property
    def ahead(self) -> bool:
        """Whether it begins on a later day."""
        return bool(self.cleaned_data["since"] > self._today())

    @property
    def out_at(self) -> datetime:
        """Now, or the first moment of a later day."""
        return self._beginning(self.cleaned_data["since"]) if self.ahead else timezone.now()

    @property
    def back_at(self) -> datetime:
        """The first moment of that day."""
        return self._beginning(self.cleaned_data["until"])

    @property
    def why(self) -> str:
        return self.cleaned_data["because"] or Because.OUT

    def _beginning(self, day: date) -> datetime:
        return datetime.combine(day, time(), tzinfo=self._zone)

    def _today(self) -> date:
        return timezone.localdate(timezone=self._zone)


class TakesOn(forms.Form):
    """What somebody takes on: columns of a duty. Of what nothing is ticked they take all."""

    teams = forms.MultipleChoiceField(label="Teams", required=False, widget=forms.CheckboxSelectMultiple)
    hours = forms.CharField(label="Working hours", required=False, max_length=200)
    most_open = forms.IntegerField(label="Open leads at most", required=False, min_value=0, max_value=999)
    share = forms.ChoiceField(label="Gets, for the same hours", choices=_SHARES)
    services = forms.MultipleChoiceField(label="Services", required=False, widget=forms.CheckboxSelectMultiple)
    locations = forms.MultipleChoiceField(label="Clinics", required=False, widget=forms.CheckboxSelectMultiple)
    languages = forms.MultipleChoiceField(label="Languages", required=False, widget=forms.CheckboxSelectMultiple)
    types = forms.MultipleChoiceField(label="Kinds of leads", required=False, widget=forms.CheckboxSelectMultiple)
    states = forms.CharField(label="Licensed in", required=False, max_length=200)
    stands_in = forms.BooleanField(label="Answers for what nobody of their teams can take", required=False)

    def __init__(self, given: Mapping[str, Any] | None, policy: Playbook, duty: Duty | None) -> None:
        super().__init__(given, initial=_initial(duty))
        named = {
            "teams": {key: key.replace("-", " ").capitalize() for key in policy.teams},
            "services": {key: one.name for key, one in policy.services.items()},
            "locations": {key: one.name for key, one in policy.locations.items()},
            "languages": {key: _LANGUAGES.get(key, key) for key in _languages(policy)},
            "types": _TYPES,
        }
        for name, choices in named.items():
            known = getattr(duty, name, None) or ()
            gone = {key: f"{telling.label(key)} (no more in the playbook)" for key in known if key not in choices}
            self.fields[name].choices = [*choices.items(), *gone.items()]  # type: ignore[attr-defined]

    def clean_hours(self) -> str:
        text = str(self.cleaned_data["hours"]).strip()
        if text:
            try:
                windows(text)
            except ValueError as error:
                raise forms.ValidationError(f"{str(error)[:1].upper()}{str(error)[1:]}.") from error
        return text

    def clean_states(self) -> list[str] | None:
        found = re.split(r"[\s,;]+", str(self.cleaned_data["states"]).strip().upper())
        if wrong := [one for one in found if one and one not in STATES]:
            allowed = ", ".join(sorted(STATES))
            raise forms.ValidationError(f"“{wrong[0]}” is no state. Write them by their two letters: {allowed}.")
        return [one for one in found if one] or None

    @property
    def said(self) -> dict[str, Any]:
        told = dict(self.cleaned_data)
        told["share"] = float(told["share"])
        return told | {name: told[name] or None for name in _ANY}


def _initial(duty: Duty | None) -> dict[str, Any]:
    if duty is None:
        return {"most_open": MOST, "share": "1.0"}
    told = {name: getattr(duty, name) or [] for name in ("teams", *_ANY)}
    return told | {
        "hours": duty.hours,
        "most_open": duty.most_open,
        "share": str(duty.share),
        "states": ", ".join(duty.states or ()),
        "stands_in": duty.stands_in,
    }


def _languages(policy: Playbook) -> Iterable[str]:
    at_clinics = [one for place in policy.locations.values() for one in place.languages]
    return dict.fromkeys([*policy.organization.languages, *at_clinics])
