"""Open a source, change its settings, close it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any, Final

from django.utils import timezone

from leadwell.server.access.models import Organization
from leadwell.server.intake.models import Source
from leadwell.server.intake.queries import source_of_kind
from leadwell.server.intake.sources import KINDS
from leadwell.server.privacy.sealing import seal_json

_HANDLE_BYTES: Final = 16


class UnknownKind(ValueError):  # noqa: N818  its message is for the person who typed it
    pass


def add_source(organization: Organization, kind: str, name: str, settings: Mapping[str, Any] | None = None) -> Source:
    """A new way in, at an address that nobody can guess. Raises UnknownKind."""
    if kind not in KINDS:
        raise UnknownKind(f"There is no kind of source “{kind}”; there are {', '.join(KINDS)}.")
    source = Source(
        organization=organization,
        kind=kind,
        name=name,
        handle=secrets.token_urlsafe(_HANDLE_BYTES),
        created_at=timezone.now(),
    )
    _sealed(source, settings or {})
    source.save(force_insert=True)
    return source


def change_settings(source: Source, settings: Mapping[str, Any]) -> None:
    _sealed(source, settings)
    source.save(update_fields=["sealed"])


def close(source: Source) -> None:
    """From now on nothing is taken at its address; what came stays."""
    source.closed_at = timezone.now()
    source.save(update_fields=["closed_at"])
    source_of_kind.forget()


def _sealed(source: Source, settings: Mapping[str, Any]) -> None:
    source.sealed = seal_json(source.organization_id, dict(settings), place=f"intake.source/{source.handle}")
