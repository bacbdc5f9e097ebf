"""What may a password be that takes the place of another?"""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ChangePasswordForm
from django import forms


class OwnPassword(ChangePasswordForm):  # type: ignore[misc]
    """Another than the one before: whoever made that one still knows it."""

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if said.get("password1") and said.get("password1") == said.get("oldpassword"):
            self.add_error("password1", forms.ValidationError("Choose another one than the one before."))
        return said
