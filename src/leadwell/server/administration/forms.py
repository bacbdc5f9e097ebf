"""What may be typed about people and keys?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from leadwell.server.access.keys import SCOPES
from leadwell.server.access.roles import Role

_SCOPES = {
    "leads:write": "Post leads",
    "leads:read": "Ask what became of them, and whether somebody may be contacted",
    "consent:write": "Record that somebody asked us to stop",
    "look-ups:write": "Note what was looked up of telephone numbers, which may open calls",
    "work:write": "Note tries to reach somebody, facts they confirmed, and what became of leads",
    "openings:write": "Say when clinics have openings, and read what is known of them",
}


class NewMember(forms.Form):
    name = forms.CharField(label="Name", max_length=200)
    email = forms.EmailField(label="E-mail", max_length=254)
    role = forms.ChoiceField(label="Role", choices=Role.choices)


class Joining(forms.Form):
    """`known`: whether somebody is signed in, who then shows that the account is theirs."""

    code = forms.CharField(label="The code of your invitation", max_length=40)
    current = forms.CharField(label="The password you sign in with now", max_length=200, widget=forms.PasswordInput)
    password = forms.CharField(label="A new password, of your own", max_length=200, widget=forms.PasswordInput)

    def __init__(self, given: Mapping[str, Any] | None = None, *, known: bool) -> None:
        super().__init__(given)
        self.fields["password"].widget.attrs["autocomplete"] = "new-password"
        self.fields["current"].widget.attrs["autocomplete"] = "current-password"
        if not known:
            del self.fields["current"]


class NewKey(forms.Form):
    name = forms.CharField(label="What it is for", max_length=100)
    scopes = forms.MultipleChoiceField(
        label="What it may do",
        choices=[(scope, _SCOPES[scope]) for scope in SCOPES],
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.IntegerField(label="Days it holds", required=False, min_value=1, max_value=3650, initial=365)
