"""How are the secrets of authenticator apps and recovery codes kept? Sealed. (allauth has no types.) (promise F33)"""

from __future__ import annotations

from typing import Final

from allauth.mfa.adapter import DefaultMFAAdapter

from leadwell.server.signin.sealing import seal, unseal

_PLACE: Final = "second factor"  # allauth does not say whose, so a secret is not bound to its row


class SealedFactors(DefaultMFAAdapter):  # type: ignore[misc]
    def encrypt(self, text: str) -> str:
        return seal(text, place=_PLACE)

    def decrypt(self, encrypted_text: str) -> str:
        """Raises Unopenable, or LostKey where the master key is another."""
        return unseal(encrypted_text, place=_PLACE)
