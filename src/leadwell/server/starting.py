"""How does a process become the server? Django set up, its databases and static files made ready."""

from __future__ import annotations

import os
import secrets
import sys


def start() -> None:
    """Sets Django up; nothing of the server may be imported before."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leadwell.server.settings")
    import django

    from leadwell.server import environment

    environment.home().mkdir(mode=0o700, parents=True, exist_ok=True)
    django.setup()


def resume() -> None:
    """Sets Django up over what is there; where there is nothing, it makes nothing, says so and ends with 1."""
    from django.apps import apps

    from leadwell.server import environment

    if not apps.ready and not environment.is_begun():
        sys.exit(
            f"There is no Leadwell in {environment.home()}. Start one with `leadwell up`, or set LEADWELL_HOME to the "
            "folder in which it keeps its data."
        )
    start()


def start_without_data() -> None:
    """Sets Django up for a command that keeps nothing: it needs no data folder and no database, and makes none."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leadwell.server.settings")
    os.environ.setdefault("LEADWELL_SECRET_KEY", secrets.token_hex())
    import django

    django.setup()


def migrate() -> None:
    """Brings every database to this version."""
    from django.conf import settings
    from django.core.management import call_command

    for database in settings.DATABASES:
        call_command("migrate", database=database, verbosity=0, interactive=False)


def collect_static() -> None:
    """Gathers the files that pages ask for, under hashed names."""
    from django.core.management import call_command

    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
