"""Which leads did we write about? An answer to a mail of ours belongs to the lead that the mail was about.

Each app that writes to people says it of its own mails: it has a module `answered` with a function `written_about`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Final
from uuid import UUID

from django.apps import apps

_OURS: Final = "leadwell.server."

WrittenAbout = Callable[[int, Sequence[str]], list[UUID]]


def written_about(organization: int, mails: Sequence[str]) -> set[UUID]:
    """The leads that mails of ours were about, by the mails' own ids; those of others are passed over."""
    return {lead for asked in _all() for lead in asked(organization, mails)} if mails else set()


def _all() -> list[WrittenAbout]:
    names = [f"{one.name}.answered" for one in apps.get_app_configs() if one.name.startswith(_OURS)]
    return [import_module(name).written_about for name in names if find_spec(name) is not None]
