"""What follows once somebody has said what two are? Each app above that waits for it has a module `settling` with a
function `settled`, as each has one that obeys a stop."""

from __future__ import annotations

from collections.abc import Collection
from importlib import import_module
from importlib.util import find_spec
from typing import Final
from uuid import UUID

from django.apps import apps

_OURS: Final = "leadwell.server."


def settle(organization: int, people: Collection[UUID]) -> None:
    """Outside the transaction in which it was said: what follows may take long, and may be done again."""
    names = [one.name for one in apps.get_app_configs() if one.name.startswith(_OURS) and one.label != "consent"]
    for name in names:
        if find_spec(f"{name}.settling") is not None:
            import_module(f"{name}.settling").settled(organization, people)
