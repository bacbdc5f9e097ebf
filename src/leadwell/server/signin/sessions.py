"""What does the database know of a session? When it ends; what it holds is sealed.

While an authenticator app is set up, its secret waits in the session, and so do the e-mail address of a sign-in that is
under way and what single sign-on will be asked to prove.
"""

from __future__ import annotations

from typing import Any, Final

from django.contrib.sessions.backends.db import SessionStore as Unsealed

from leadwell.server.privacy.sealing import Unopenable
from leadwell.server.signin.sealing import seal, unseal

_PLACE: Final = "session"


class SessionStore(Unsealed):
    def encode(self, session_dict: dict[str, Any]) -> str:
        return seal(self.serializer().dumps(session_dict).decode("ascii"), place=_PLACE)

    def decode(self, session_data: str | bytes) -> dict[str, Any]:
        """Empty where it does not open: whoever it was signs in again."""
        text = session_data.decode() if isinstance(session_data, bytes) else session_data
        try:
            held: dict[str, Any] = self.serializer().loads(unseal(text, place=_PLACE).encode("ascii"))
        except Unopenable:
            return {}
        return held
