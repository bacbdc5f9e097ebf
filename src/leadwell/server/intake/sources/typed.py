"""What may be typed about a source, whatever its kind? Each kind adds fields of its own (`sources/<kind>/form.py`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, ClassVar, Final, Self

from django import forms
from django.forms.boundfield import BoundField

from leadwell import contract

LONGEST: Final = 20_000
_HOLDING: Final = 2  # secrets at once


class Settings(forms.Form):
    """`known`: the settings there are. `signature`: fields that stand together under that heading; `unproven`:
    what is said there while none was typed; `must_be_signed`: until then nothing is believed."""

    signature: ClassVar[tuple[str, ...]] = ()
    must_be_signed: ClassVar[bool] = False
    unproven: ClassVar[str] = "Without a secret anybody who knows the address is believed."
    known: Mapping[str, Any] = MappingProxyType({})

    @classmethod
    def of(cls, known: Mapping[str, Any], data: Mapping[str, Any] | None = None) -> Self:
        form = cls(data, initial=cls.initially(known))
        form.known = known
        return form

    @classmethod
    def initially(cls, known: Mapping[str, Any]) -> dict[str, Any]:
        return dict(known)

    def settings(self) -> dict[str, Any]:
        """The settings to keep, of those that say something."""
        return {name: value for name, value in self.said().items() if value}

    def said(self) -> dict[str, Any]:
        return dict(self.cleaned_data)

    def plainly(self) -> Iterator[BoundField]:
        return (one for one in self if one.name not in self.signature)

    def signing(self) -> list[BoundField]:
        return [self[name] for name in self.signature if name in self.fields]


class Mapped(Settings):
    """Of a kind whose fields have names of their own."""

    mapping = forms.CharField(
        label="What their fields mean",
        required=False,
        widget=forms.Textarea({"rows": 6}),
        help_text="One a line: their field = our column, as “q17 = message”. Only where the sample shows that we take"
        " it for something else.",
    )

    @classmethod
    def initially(cls, known: Mapping[str, Any]) -> dict[str, Any]:
        return {**super().initially(known), "mapping": mapping_text(known.get("mapping") or {})}

    def clean_mapping(self) -> dict[str, str]:
        return _mapping(self.cleaned_data["mapping"][:LONGEST])


class Signed(Settings):
    """Of a kind that proves by a secret who sends. A new secret holds beside the last one, so that nothing is refused
    while it is changed there."""

    secret = forms.CharField(
        label="New secret",
        required=False,
        max_length=300,
        widget=forms.PasswordInput({"autocomplete": "off"}),
        help_text="It is sealed, and never shown again.",
    )

    signature: ClassVar[tuple[str, ...]] = ("secret",)

    def said(self) -> dict[str, Any]:
        said = super().said()
        secret = said.pop("secret", "")
        return said | {"secrets": [*([secret] if secret else []), *self.known.get("secrets", ())][:_HOLDING]}


def mapping_text(mapping: Mapping[str, str]) -> str:
    return "\n".join(f"{field} = {column}" for field, column in mapping.items())


def _mapping(text: str) -> dict[str, str]:
    """`their field = our column`, one a line. Raises ValidationError with every line that is wrong."""
    found: dict[str, str] = {}
    wrong: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        field, sign, column = (part.strip() for part in line.rpartition("="))
        if not sign or not field:
            wrong.append(f"Line {number} is not of the form: their field = our column.")
        elif not is_column(column):
            wrong.append(f"Line {number}: there is no column of that name. Examples: phone, email, message, full_name.")
        else:
            found[field] = column
    if wrong:
        raise forms.ValidationError(wrong)
    return found


def is_column(name: str) -> bool:
    return name in contract.INCOMING or name.startswith((contract.ANSWER_PREFIX, contract.EXTRA_PREFIX))
