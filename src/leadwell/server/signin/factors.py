"""How are the secrets of authenticator apps and recovery codes kept? Sealed. (allauth has no types.) (promise F33)"""

from __future__ import annotations

import time
from typing import Final

from allauth.mfa import app_settings
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.utils import is_mfa_enabled

from leadwell.server.access.models import User
from leadwell.server.signin.sealing import seal, unseal

_PLACE: Final = "second factor"  # allauth does not say whose, so a secret is not bound to its row


class SealedFactors(DefaultMFAAdapter):  # type: ignore[misc]
    def encrypt(self, text: str) -> str:
        return seal(text, place=_PLACE)

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        """What a new passkey is called, unless somebody calls it something else."""
        held = Authenticator.objects.filter(user=user, type=type).count()
        return f"Passkey {held + 1}" if held else "Passkey"

    def decrypt(self, encrypted_text: str) -> str:
        """Raises Unopenable, or LostKey where the master key is another."""
        return unseal(encrypted_text, place=_PLACE)


def give_app(user: User) -> None:
    """An authenticator app that nobody holds, for the demo: `code_of` says what it would show."""
    if not is_mfa_enabled(user):
        app = TOTP.activate(user, generate_totp_secret()).instance
        app.data["demo"] = True
        app.save()


def code_of(user: User) -> tuple[str, int] | None:
    """The six digits now, and the seconds that they still hold; None where the app is not the demo's."""
    app = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    if app is None or not app.data.get("demo"):
        return None
    step, gone = divmod(int(time.time()), app_settings.TOTP_PERIOD)
    secret = unseal(app.data["secret"], place=_PLACE)
    return format_hotp_value(hotp_value(secret, step)), app_settings.TOTP_PERIOD - gone
