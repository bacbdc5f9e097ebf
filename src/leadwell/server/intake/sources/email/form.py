"""What may be typed about mail: what its labels mean, and which mailbox we read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from django import forms

from leadwell.server.intake.sources.typed import Mapped

_OF_THIS_MACHINE: Final = ("localhost", "127.0.0.1", "::1")


class Form(Mapped):
    host = forms.CharField(
        label="Mail server (IMAP)",
        required=False,
        max_length=200,
        help_text="As imap.example.com. Empty where mail comes to the address alone.",
    )
    port = forms.IntegerField(
        label="Port",
        required=False,
        min_value=1,
        max_value=65535,
        help_text="Empty for the usual one: 993, or 143 without TLS.",
    )
    user = forms.CharField(label="User name", required=False, max_length=200)
    password = forms.CharField(
        label="Password",
        required=False,
        max_length=300,
        widget=forms.PasswordInput({"autocomplete": "off"}),
        help_text="It is sealed, and never shown again. Empty keeps the one there is. An app password, where the mail"
        " server offers them.",
    )
    folder = forms.CharField(label="Folder", required=False, max_length=100, help_text="Empty for the inbox.")
    plain = forms.BooleanField(label="Without TLS: only for a server on this machine", required=False)

    ours = forms.CharField(
        label="Addresses and domains of yours",
        required=False,
        max_length=2_000,
        help_text="Of those invited to an appointment these are none of your patients: as lakeside.example,"
        " dr.reed@example.org.",
    )

    @classmethod
    def initially(cls, known: Mapping[str, Any]) -> dict[str, Any]:
        return {**super().initially(known), "ours": ", ".join(known.get("ours") or ())}

    def clean_ours(self) -> list[str]:
        return [one.lstrip("@") for one in re.split(r"[\s,;]+", self.cleaned_data["ours"]) if one]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("plain") and said.get("host") not in _OF_THIS_MACHINE:
            self.add_error("plain", "Without TLS anybody on the way reads along; only localhost is asked so.")
        elsewhere = any(said.get(name, "") != self.known.get(name, "") for name in ("host", "user"))
        if self.known.get("password") and elsewhere and not said.get("password"):
            self.add_error("password", "This is another mailbox; type its password.")
        return said

    def said(self) -> dict[str, Any]:
        said = super().said()
        return said | {"password": said["password"] or self.known.get("password", "")}
