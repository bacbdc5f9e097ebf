"""What may be typed about a source: its name and kind, what its fields mean, how it is signed."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from django import forms

from leadwell import contract

ADDABLE: Final = {
    "webhook": "A system that calls us (webhook with JSON)",
    "form": "A form on a website",
    "email": "Mail: an address of its own, or a mailbox that we read",
    "file": "Lists that somebody uploads",
}
_DIGESTS: Final = [("sha256", "SHA-256"), ("sha1", "SHA-1"), ("sha512", "SHA-512")]
_ENCODINGS: Final = [("hex", "hexadecimal"), ("base64", "base64")]
_LONGEST: Final = 20_000
_OF_THIS_MACHINE: Final = ("localhost", "127.0.0.1", "::1")


class NewSource(forms.Form):
    name = forms.CharField(label="What you call it", max_length=100)
    kind = forms.ChoiceField(
        label="What sends it", choices=list(ADDABLE.items()), widget=forms.RadioSelect, initial="webhook"
    )


class Settings(forms.Form):
    """The settings of every kind; `of` leaves those that the kind has not."""

    mapping = forms.CharField(label="What their fields mean", required=False, widget=forms.Textarea({"rows": 6}))
    each = forms.CharField(label="The field that holds a list of leads", required=False, max_length=200)
    secret = forms.CharField(
        label="New secret", required=False, max_length=300, widget=forms.PasswordInput({"autocomplete": "off"})
    )
    unsigned = forms.BooleanField(label="Take it without a signature: forget the secrets", required=False)
    header = forms.CharField(label="Header with the signature", required=False, max_length=100)
    before = forms.CharField(label="What stands before the signature", required=False, max_length=50, strip=False)
    digest = forms.ChoiceField(label="Digest", choices=_DIGESTS, required=False)
    encoding = forms.ChoiceField(label="Written as", choices=_ENCODINGS, required=False)
    thanks = forms.URLField(label="Page to show afterwards", required=False, assume_scheme="https")
    trap = forms.CharField(label="Field that people do not see", required=False, max_length=100)
    host = forms.CharField(label="Mail server (IMAP)", required=False, max_length=200)
    port = forms.IntegerField(label="Port", required=False, min_value=1, max_value=65535)
    user = forms.CharField(label="User name", required=False, max_length=200)
    password = forms.CharField(
        label="Password", required=False, max_length=300, widget=forms.PasswordInput({"autocomplete": "off"})
    )
    folder = forms.CharField(label="Folder", required=False, max_length=100)
    plain = forms.BooleanField(label="Without TLS: only for a server on this machine", required=False)

    known: Mapping[str, Any] = MappingProxyType({})

    @classmethod
    def of(cls, kind: str, known: Mapping[str, Any], data: Mapping[str, Any] | None = None) -> Settings:
        form = cls(
            data, initial={**known, "before": known.get("prefix"), "mapping": mapping_text(known.get("mapping") or {})}
        )
        for name in set(form.fields) - _FIELDS[kind]:
            del form.fields[name]
        form.known = known
        return form

    def clean_mapping(self) -> dict[str, str]:
        return _mapping(self.cleaned_data["mapping"][:_LONGEST])

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("secret") and not said.get("header"):
            self.add_error("header", "With a secret, say in which header the signature comes, as X-Signature.")
        if said.get("plain") and said.get("host") not in _OF_THIS_MACHINE:
            self.add_error("plain", "Without TLS anybody on the way reads along; only localhost is asked so.")
        elsewhere = any(said.get(name, "") != self.known.get(name, "") for name in ("host", "user"))
        if self.known.get("password") and elsewhere and not said.get("password"):
            self.add_error("password", "This is another mailbox; type its password.")
        return said

    def settings(self, known: Mapping[str, Any]) -> dict[str, Any]:
        """The settings to keep. A new secret holds beside the last one, so that nothing is refused meanwhile."""
        said = dict(self.cleaned_data)
        said["prefix"] = said.pop("before", "")
        secret, unsigned = said.pop("secret", ""), said.pop("unsigned", False)
        secrets = [] if unsigned else [*([secret] if secret else []), *known.get("secrets", ())][:2]
        said["password"] = said.get("password") or known.get("password", "")
        return {name: value for name, value in (*said.items(), ("secrets", secrets)) if value}


_SIGNATURE: Final = {"secret", "unsigned", "header", "before", "digest", "encoding"}
_FIELDS: Final = {
    "api": set[str](),
    "file": {"mapping"},
    "email": {"mapping", "host", "port", "user", "password", "folder", "plain"},
    "form": {"mapping", "thanks", "trap"},
    "webhook": {"mapping", "each", *_SIGNATURE},
}


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


class Sample(forms.Form):
    sample = forms.CharField(label="A sample of what it sends", widget=forms.Textarea({"rows": 8}), max_length=_LONGEST)


class List(forms.Form):
    file = forms.FileField(label="The list", widget=forms.FileInput({"accept": ".csv,.tsv,.txt,.xlsx,.jsonl,.parquet"}))
