"""How does somebody come in by way of their organisation's own sign-in? OpenID Connect, for those invited already.

The provider says who somebody is, and perhaps that they proved it with two factors; where they work and as what is ours
to say. Nobody is made by signing in. allauth does the protocol (state, PKCE, the code, the token's claims); here stand
the nonce, what is matched, and what is refused. The token comes straight from the provider over TLS, which stands for
its signature (OpenID Connect Core, 3.1.3.7). (allauth has no types.) (promise F32)
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from typing import Any, Final

from allauth.mfa.stages import AuthenticateStage
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from requests import RequestException

from leadwell.server.access.choosing import second_factor_was_elsewhere
from leadwell.server.access.queries import user_by_email

PROVIDER: Final = "sso"  # as allauth names the one there is
_TWO_FACTORS: Final = "mfa"  # of `amr`: RFC 8176, 2


def uid(issuer: str, subject: str) -> str:
    """What is kept of a subject. Another issuer's subject of the same name is somebody else."""
    return hashlib.sha256(f"{issuer.rstrip('/')}\0{subject}".encode()).hexdigest()


class Provider(OpenIDConnectProvider):  # type: ignore[misc]
    def redirect(
        self, request: HttpRequest, process: str, next_url: str | None = None, data: object = None, **_: object
    ) -> HttpResponse:
        """Always to sign in; what an address asks for beside is not passed on. Where the provider does not answer, to a
        page that says so."""
        nonce = secrets.token_urlsafe(24)
        asked = {"nonce": nonce} | ({"acr_values": " ".join(self._strong)} if self._strong else {})
        try:
            answer: HttpResponse = super().redirect(
                request, AuthProcess.LOGIN, next_url, auth_params=asked, nonce=nonce
            )
        except RequestException as error:
            answer = render_authentication_error(request, self, exception=error)
        return answer

    def extract_uid(self, data: Mapping[str, Any]) -> str:
        claims = self._claims(data)
        return uid(str(claims["iss"]), str(claims["sub"]))

    def extract_extra_data(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """What is kept: nothing that names anybody."""
        claims = self._claims(data)
        return {"nonce": str(claims.get("nonce", "")), "second_factor": self._two_factors(claims)}

    def _claims(self, data: Mapping[str, Any]) -> Mapping[str, Any]:
        """Of the token, whose audience, time and issuer allauth has compared. Raises OAuth2Error."""
        claims, told = data.get("id_token"), data.get("userinfo")
        if not isinstance(claims, dict) or not claims.get("sub"):
            raise OAuth2Error("there is no token of identity")
        if str(claims.get("iss", "")).rstrip("/") != str(self.app.settings["issuer"]).rstrip("/"):
            raise OAuth2Error("the token is of another issuer")
        if not isinstance(told, dict) or told.get("sub") != claims["sub"]:
            raise OAuth2Error("the provider speaks of two people")
        return claims

    @property
    def _strong(self) -> tuple[str, ...]:
        return tuple(self.app.settings.get("acr", ()))

    def _two_factors(self, claims: Mapping[str, Any]) -> bool:
        ways = claims.get("amr")
        return (isinstance(ways, list) and _TWO_FACTORS in ways) or claims.get("acr") in self._strong


class Invited(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Lets in whom the provider's subject was joined to before, or whose verified address an administrator added."""

    def get_provider(self, request: HttpRequest, provider: str, client_id: str | None = None) -> Provider:
        return Provider(request, app=self.get_app(request, provider=provider, client_id=client_id))

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Raises PermissionDenied where the answer was not asked for by this browser."""
        asked, said = sociallogin.state.get("nonce") or "", sociallogin.account.extra_data.pop("nonce", "")
        if not asked or not hmac.compare_digest(asked.encode(), said.encode()):
            raise PermissionDenied
        if sociallogin.is_existing:
            return
        verified = [address.email for address in sociallogin.email_addresses if address.verified]
        user = user_by_email(verified[0]) if verified else None
        if user is not None and user.is_active:
            sociallogin.connect(request, user)


class SecondFactor(AuthenticateStage):  # type: ignore[misc]
    """Asks for the second factor, unless the provider has said that it was given there."""

    def handle(self) -> tuple[HttpResponse | None, bool]:
        sociallogin = (self.login.signal_kwargs or {}).get("sociallogin")
        if sociallogin is not None and sociallogin.account.extra_data.get("second_factor"):
            second_factor_was_elsewhere(self.request, self.login.user)
            return None, True
        asked: tuple[HttpResponse | None, bool] = super().handle()
        return asked
