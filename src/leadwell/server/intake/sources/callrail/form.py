"""What may be typed about a CallRail company: the key by which it signs, and how it does where it does otherwise."""

from __future__ import annotations

from typing import ClassVar, Final

from django import forms

from leadwell.server.intake.sources.typed import Signed

_DIGESTS: Final = [("", "SHA-1, as CallRail does"), ("sha256", "SHA-256")]


class Form(Signed):
    must_be_signed: ClassVar[bool] = True
    header = forms.CharField(
        label="Header with the signature",
        required=False,
        max_length=100,
        help_text="Signature, unless another is typed here.",
    )
    digest = forms.ChoiceField(label="Digest", choices=_DIGESTS, required=False)

    signature: ClassVar[tuple[str, ...]] = ("secret", "header", "digest")
    unproven: ClassVar[str] = (
        "Without the company's signing key nothing is believed: all that comes is kept as refused."
    )
