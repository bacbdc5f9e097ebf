"""Who asks? A request of somebody who works here."""

from __future__ import annotations

from django.http import HttpRequest

from leadwell.server.access.models import Membership


class MemberRequest(HttpRequest):
    """What a view gets behind `@needs`: `member` is who asks, as what, in which organisation."""

    member: Membership
