"""Which program calls, and what may it do?"""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest
from ninja.security import HttpBearer

from leadwell.server.access.keys import known_key
from leadwell.server.access.models import ApiKey
from leadwell.server.api.problems import Problem


class Key(HttpBearer):
    """`Authorization: Bearer KEY`, with a scope. The key stands in `request.auth` afterwards."""

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope: Final = scope

    def authenticate(self, request: HttpRequest, token: str) -> ApiKey | None:
        key = known_key(token)
        if key is not None and self.scope not in key.scopes:
            raise Problem(403, f"This key does not have the scope {self.scope}; make one that has it.")
        return key
