"""What does the trail say of signing in? Who came and went and what was refused, by number, in every organisation where
they work. (promise F33)

The libraries tell this by signals alone, so here we listen to some, and elsewhere only where an emergency ends. An
address that nobody here has is in no organisation's trail: it is not theirs.
"""

from __future__ import annotations

from typing import Any, Final

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.signals import password_changed, user_logged_in
from allauth.mfa import signals as factors
from allauth.mfa.models import Authenticator
from axes.signals import user_locked_out
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.signals import user_logged_out, user_login_failed
from django.http import HttpRequest

from leadwell.server.access.actions import end_sessions_before_factor
from leadwell.server.access.choosing import memberships
from leadwell.server.access.limits import address_tried
from leadwell.server.access.models import User
from leadwell.server.access.queries import user_by_email
from leadwell.server.privacy.trail import record

VISITOR: Final = "visitor"  # somebody who has not shown yet who they are
_KINDS: Final = {"totp": "app", "webauthn": "passkey", "recovery_codes": "recovery-codes"}


def listen() -> None:
    for signal, receiver in _RECEIVERS:
        signal.connect(receiver, dispatch_uid=f"leadwell.{receiver.__name__}")


def _signed_in(request: HttpRequest, user: User, **_: Any) -> None:
    _note(user, "signed-in", {"with": _ways(request, user)})


def _signed_out(request: HttpRequest, user: User | None, **_: Any) -> None:
    _note(user, "signed-out", {"why": "idle"} if getattr(request, "left_alone", False) else {})


def _failed(credentials: dict[str, Any], **_: Any) -> None:
    _note(user_by_email(str(credentials.get("email") or "")), "sign-in.failed", {}, actor=VISITOR)


def _locked_out(request: HttpRequest, **_: Any) -> None:
    _note(user_by_email(address_tried(request)), "sign-in.locked", {}, actor=VISITOR)


def _factor_added(request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    """All other sessions of theirs end: whoever is in them may not have this factor."""
    end_sessions_before_factor(user)
    update_session_auth_hash(request, user)
    _note(user, "second-factor.added", _of(authenticator))


def _factor_removed(user: User, authenticator: Authenticator, **_: Any) -> None:
    _note(user, "second-factor.removed", _of(authenticator))


def _factor_renewed(user: User, authenticator: Authenticator, **_: Any) -> None:
    _note(user, "second-factor.renewed", _of(authenticator))


def _factor_used(user: User, authenticator: Authenticator, **_: Any) -> None:
    _note(user, "second-factor.used", _of(authenticator))


def _factor_failed(user: User, **_: Any) -> None:
    _note(user, "second-factor.failed", {}, actor=VISITOR)


def _password_changed(user: User, **_: Any) -> None:
    _note(user, "password.changed", {})


_RECEIVERS: Final = (
    (user_logged_in, _signed_in),
    (user_logged_out, _signed_out),
    (user_login_failed, _failed),
    (user_locked_out, _locked_out),
    (factors.authenticator_added, _factor_added),
    (factors.authenticator_removed, _factor_removed),
    (factors.authenticator_reset, _factor_renewed),
    (factors.authenticator_used, _factor_used),
    (factors.authentication_failed, _factor_failed),
    (password_changed, _password_changed),
)


def _note(user: User | None, action: str, codes: dict[str, str], *, actor: str = "") -> None:
    for member in memberships(user) if user else ():
        record(member.organization_id, actor or member.actor, action, member.actor, codes)


def _of(authenticator: Authenticator) -> dict[str, str]:
    return {"kind": _KINDS[authenticator.type]}


def _ways(request: HttpRequest, user: User) -> str:
    """How somebody came in, as “password, app”."""
    ways = [one.get("type") or one["method"] for one in get_authentication_records(request, user)]
    named = [_KINDS.get(way, "single-sign-on" if way == "socialaccount" else way) for way in ways]
    return ", ".join(dict.fromkeys(named))
