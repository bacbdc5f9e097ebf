"""What may be typed about a Twilio account: the token by which it signs."""

from __future__ import annotations

from typing import ClassVar

from django import forms

from leadwell.server.intake.sources.typed import Signed


class Form(Signed):
    must_be_signed: ClassVar[bool] = True
    unproven: ClassVar[str] = "Without the account's token nothing is believed: all that comes is kept as refused."

    secret = forms.CharField(
        label="New auth token",
        required=False,
        max_length=300,
        widget=forms.PasswordInput({"autocomplete": "off"}),
        help_text="Of the account, from the first page of the Twilio console. It is sealed, and never shown again.",
    )
