"""Open a source, change its settings, close it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from django.utils import timezone

from leadwell.server.access.models import Organization
from leadwell.server.intake.models import Source
from leadwell.server.intake.queries import source_of_kind
from leadwell.server.intake.sources import KINDS
from leadwell.server.privacy.sealing import seal_json

_HANDLE_BYTES: Final = 16
LASTING: Final = 3  # troubles running of which somebody is told
_LONGEST_WAIT: Final = timedelta(hours=1)


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
        # of small letters where it is an address: on the way a mail may lose its capitals
        handle=secrets.token_hex(_HANDLE_BYTES - 1) if kind == "email" else secrets.token_urlsafe(_HANDLE_BYTES),
        created_at=timezone.now(),
    )
    _sealed(source, settings or {})
    source.save(force_insert=True)
    return source


def change_settings(source: Source, settings: Mapping[str, Any]) -> None:
    """What is new may be what mends it, so a mailbox is asked again at once."""
    _sealed(source, settings)
    source.ask_again_at = None
    source.save(update_fields=["sealed", "ask_again_at"])


def in_trouble(source: Source, why: str, *, lasting: bool = False, wait: timedelta = timedelta()) -> None:
    """It could not be asked: once more after a minute, then two, four, up to an hour; not before the `wait` that it
    asks for. `lasting`: only somebody can end it, and is told at once."""
    source.trouble, source.troubles = why[:100], max(source.troubles + 1, LASTING if lasting else 0)
    longer = timedelta(minutes=2 ** min(source.troubles - 1, 6))
    source.ask_again_at = timezone.now() + min(max(longer, wait), _LONGEST_WAIT)
    source.save(update_fields=["trouble", "troubles", "ask_again_at"])


def out_of_trouble(source: Source) -> None:
    source.trouble, source.troubles, source.ask_again_at = "", 0, None
    source.save(update_fields=["trouble", "troubles", "ask_again_at"])


def close(source: Source) -> None:
    """From now on nothing is taken at its address; what came stays."""
    source.closed_at = timezone.now()
    source.save(update_fields=["closed_at"])
    source_of_kind.forget()


def _sealed(source: Source, settings: Mapping[str, Any]) -> None:
    source.sealed = seal_json(source.organization_id, dict(settings), place=f"intake.source/{source.handle}")
