"""What do the apps declare to one below them? Each that has something to say has a module of an agreed name."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Final

from django.apps import apps

_OURS: Final = "leadwell.server."


@cache
def declared(module: str, *, but: str = "") -> tuple[ModuleType, ...]:
    """The modules of this name of our apps, in the order of INSTALLED_APPS: from the bottom up. `but`: the label of the
    app that asks, where it has one of that name itself. The apps stay as they are while a process runs."""
    ours = [one.name for one in apps.get_app_configs() if one.name.startswith(_OURS) and one.label != but]
    return tuple(import_module(f"{name}.{module}") for name in ours if find_spec(f"{name}.{module}") is not None)
