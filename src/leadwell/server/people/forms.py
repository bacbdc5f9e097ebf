"""What may be typed about a person's data?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django import forms

REASONS: Final = (
    ("asked", "They asked for it"),
    ("guardian", "Their parent or guardian asked for it"),
    ("mistake", "It came here by mistake"),
    ("no-need", "We have no need of it any more"),
)


def short(person: UUID) -> str:
    """The last four letters of somebody's id: typed before what cannot be undone."""
    return person.hex[-4:].upper()


class Erasure(forms.Form):
    """Codes alone: a reason in words might name the one who is to be erased."""

    reason = forms.ChoiceField(label="Why", choices=(("", "Choose a reason"), *REASONS))
    typed = forms.CharField(label="Type the four letters of this page", max_length=20)

    def __init__(self, person: UUID, given: Mapping[str, Any] | None = None) -> None:
        super().__init__(given)
        self.person = person

    def clean_typed(self) -> str:
        typed = str(self.cleaned_data["typed"]).strip().upper()
        if typed != short(self.person):
            raise forms.ValidationError("These are not the letters beside the title of this page. Look again.")
        return typed
