"""What may be typed of a call while it lasts? Three fields, and what else they happen to say; nothing is demanded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django import forms
from django.forms.boundfield import BoundField

_FIRST: Final = ("phone", "full_name", "message")
_LONGEST: Final = 20_000  # characters of their words
_PLAIN: Final = {"autocomplete": "off"}


def _line(label: str, longest: int = 200, **more: Any) -> forms.CharField:
    widget = forms.TextInput({**_PLAIN, **more.pop("attrs", {})})
    return forms.CharField(label=label, required=False, max_length=longest, widget=widget, **more)


class Call(forms.Form):
    """Fields are called as the columns of a lead are. `key`, `began`: of the page, so that a second click is the same
    call, and how long it has lasted."""

    phone = _line("Number they call from", 60, attrs={"type": "tel", "inputmode": "tel"})
    full_name = _line("Name")
    message = forms.CharField(
        label="In their words",
        required=False,
        max_length=_LONGEST,
        widget=forms.Textarea({"rows": 5}),
        help_text="As they say it: “I need my knee replaced, I have Medicare.” What they need, where, and by when.",
    )
    patient_full_name = _line("Whom it is for", help_text="Where they ask for somebody else: the patient’s name.")
    birth_date = _line("Born", 40, help_text="The patient: 3/14/1961.")
    zip = _line("ZIP code", 20, attrs={"inputmode": "numeric"})
    payer = _line("Insurance")
    email = forms.CharField(
        label="E-mail", required=False, max_length=254, widget=forms.EmailInput({**_PLAIN, "type": "email"})
    )
    organization = _line("Office or company", help_text="Where they call for one.")
    source = _line("How they heard of us")
    key = forms.CharField(widget=forms.HiddenInput, max_length=64)
    began = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not any(cleaned.get(one.name, "").strip() for one in self.typed()):
            self.add_error("message", "Nothing is typed yet. A name, a number or a few of their words are enough.")
        return cleaned

    def typed(self) -> Iterator[BoundField]:
        return (one for one in self if not one.is_hidden)

    def first(self) -> list[BoundField]:
        return [self[name] for name in _FIRST]

    def rest(self) -> list[BoundField]:
        return [one for one in self.typed() if one.name not in _FIRST]

    def says_more(self) -> bool:
        """Whether anything stands in the fields that are folded away."""
        return any(one.value() or one.errors for one in self.rest())

    def columns(self) -> dict[str, str]:
        """As a lead has them. Where they ask for another the birth date is the patient's."""
        told = {one.name: self.cleaned_data[one.name].strip() for one in self.typed() if self.cleaned_data[one.name]}
        if told.get("patient_full_name") and "birth_date" in told:
            told["patient_birth_date"] = told.pop("birth_date")
        return {name: text for name, text in told.items() if text}
