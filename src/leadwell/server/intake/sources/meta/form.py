"""What may be typed about lead ads of Meta: how its notices are believed, by which token it is asked, since when."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms

from leadwell.server.intake.sources.typed import Mapped, Signed


class Form(Mapped, Signed):
    """`token` is never shown again; empty keeps the one there is."""

    token = forms.CharField(
        label="Access token of the page",
        required=False,
        max_length=1000,
        widget=forms.PasswordInput({"autocomplete": "off"}),
        help_text="With the permission leads_retrieval; by it we ask Meta for the answers. It is sealed, and never"
        " shown again. Empty keeps the one there is.",
    )
    verify_token = forms.CharField(
        label="Verify token",
        required=False,
        max_length=200,
        help_text="A word that you make up, and type in Meta's dashboard too.",
    )
    pages = forms.CharField(
        label="Ids of your pages",
        required=False,
        max_length=1000,
        help_text="Joined with commas. Then we look through all their forms for leads that no notice told of; without"
        " them, through those forms alone of which one came.",
    )
    since = forms.DateField(
        label="Leads from this day on",
        required=False,
        widget=forms.DateInput({"type": "date"}),
        help_text="Meta keeps leads for 90 days. Empty: those since this source was added.",
    )

    signature: ClassVar[tuple[str, ...]] = ("secret", "verify_token")
    must_be_signed: ClassVar[bool] = True
    unproven: ClassVar[str] = "Until the app secret is typed here, whatever comes is refused and kept apart."

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["secret"].label = "New app secret"
        self.fields["mapping"].label = "What their questions mean"
        self.order_fields(["token", "pages", "since", "mapping"])

    @classmethod
    def initially(cls, known: Mapping[str, Any]) -> dict[str, Any]:
        told = {name: value for name, value in super().initially(known).items() if name != "token"}
        return told | {"pages": ", ".join(known.get("pages", ()))}

    def clean_pages(self) -> list[str]:
        pages = [part for part in re.split(r"[,\s]+", self.cleaned_data["pages"]) if part]
        if not all(re.fullmatch(r"\d{1,30}", page) for page in pages):
            raise forms.ValidationError("An id of a page is a number; it stands under “About” on the page.")
        return pages

    def said(self) -> dict[str, Any]:
        said = super().said()
        since = said.pop("since", None)
        return said | {
            "token": said.get("token") or self.known.get("token"),
            "since": since.isoformat() if since else "",
        }
