"""How is allauth bent to our rules? Nobody signs up: an administrator makes accounts. (allauth has no types.)"""

from __future__ import annotations

from typing import ClassVar, Final

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.urls import reverse

from leadwell.server.access.models import User

_INSTEAD: Final = {"allauth.mfa.stages.AuthenticateStage": "leadwell.server.signin.single_sign_on.SecondFactor"}


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages: ClassVar = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "The e-mail or the password is not correct. Look at both, and at Caps Lock.",
        "enter_current_password": "This is not the password with which you sign in now.",
        "too_many_login_attempts": "Too many wrong tries. Wait a quarter of an hour, then try again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def set_password(self, user: User, password: str) -> None:
        """Of their own, so nobody else knows it."""
        user.password_given = False
        super().set_password(user, password)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("home")

    def get_login_stages(self) -> list[str]:
        return [_INSTEAD.get(stage, stage) for stage in super().get_login_stages()]
