"""What may be typed about a health system that sends FHIR: which version of BSeR's codes it understands."""

from __future__ import annotations

from django import forms

from leadwell.server.intake import referred
from leadwell.server.intake.sources.typed import Settings


class Form(Settings):
    version = forms.ChoiceField(
        label="Business status by",
        required=False,
        choices=lambda: [("", f"BSeR {referred.latest()}"), *((v, f"BSeR {v}") for v in referred.earlier())],
        help_text="In which version of BSeR a Task says how far its referral is.",
    )
