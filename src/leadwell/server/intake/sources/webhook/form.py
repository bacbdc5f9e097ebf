"""What may be typed about another system's webhook: what its fields mean, where its leads stand, how it is signed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from django import forms

from leadwell.server.intake.sources.typed import Mapped, Signed

_DIGESTS: Final = [("sha256", "SHA-256"), ("sha1", "SHA-1"), ("sha512", "SHA-512")]
_ENCODINGS: Final = [("hex", "hexadecimal"), ("base64", "base64")]


class Form(Mapped, Signed):
    each = forms.CharField(
        label="The field that holds a list of leads",
        required=False,
        max_length=200,
        help_text="Only where one delivery holds several leads, as “data.rows”.",
    )
    header = forms.CharField(
        label="Header with the signature", required=False, max_length=100, help_text="As X-Signature."
    )
    before = forms.CharField(
        label="What stands before the signature",
        required=False,
        max_length=50,
        strip=False,
        help_text="As “sha256=”; empty where there is none.",
    )
    digest = forms.ChoiceField(label="Digest", choices=_DIGESTS, required=False)
    encoding = forms.ChoiceField(label="Written as", choices=_ENCODINGS, required=False)
    unsigned = forms.BooleanField(label="Take it without a signature: forget the secrets", required=False)

    signature: ClassVar[tuple[str, ...]] = ("secret", "header", "before", "digest", "encoding", "unsigned")

    @classmethod
    def initially(cls, known: Mapping[str, Any]) -> dict[str, Any]:
        return {**super().initially(known), "before": known.get("prefix")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["mapping", "each"])

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("secret") and not said.get("header"):
            self.add_error("header", "With a secret, say in which header the signature comes, as X-Signature.")
        return said

    def said(self) -> dict[str, Any]:
        said = super().said()
        said["prefix"] = said.pop("before", "")
        if said.pop("unsigned", False):
            said["secrets"] = []
        return said
