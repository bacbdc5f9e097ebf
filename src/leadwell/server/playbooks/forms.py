"""What may be uploaded as a policy?"""

from __future__ import annotations

from typing import Final

from django import forms

_MOST: Final = 1_000_000


class Playbook(forms.Form):
    file = forms.FileField(label="The playbook file", widget=forms.FileInput({"accept": ".toml"}))

    def clean_file(self) -> bytes:
        file = self.cleaned_data["file"]
        if file.size > _MOST:
            raise forms.ValidationError("A playbook has at most 1 MB; this is something else.")
        read: bytes = file.read()
        return read
