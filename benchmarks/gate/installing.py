"""Where does a year happen? In a product of its own: a data folder, a database, a mail server's stand-in, one clock."""

from __future__ import annotations

import logging
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Final
from unittest.mock import patch

from tests.standins.smtp import SmtpStandin

from benchmarks.gate.arriving import CLINIC, Row

if TYPE_CHECKING:
    from benchmarks.gate.playing import Year

PLAYBOOK: Final = "lakeside-orthopedics"
# The law alone is examined: what the playbook asks beyond it is taken out.
_BEYOND_THE_LAW: Final = re.compile(rb"(?ms)^\[(?:follow_up|nurture\.[a-z-]+)\].*?(?=^\[)")


def prepared(home: Path) -> Path:
    """An empty product, made once: each year begins with a copy of it."""
    process = get_context("spawn").Process(target=_prepare, args=(home,))
    process.start()
    process.join()
    if process.exitcode:
        raise RuntimeError("the empty product could not be made")
    return home


def _prepare(home: Path) -> None:
    from leadwell.server import starting

    _environment({"LEADWELL_HOME": str(home)})
    starting.start()
    starting.migrate()
    starting.collect_static()


def _environment(more: Mapping[str, str]) -> None:
    for name in [name for name in os.environ if name.startswith("LEADWELL_")]:
        del os.environ[name]
    os.environ.update({"DJANGO_SETTINGS_MODULE": "leadwell.server.settings", **more})


@contextmanager
def installed(empty: Path, events: Sequence[Row]) -> Iterator[Year]:
    """A year that begins with the first of these events. In a process of its own: a process is one installation."""
    with tempfile.TemporaryDirectory(prefix="leadwell-year-") as folder:
        home, wire = Path(folder) / "home", Path(folder) / "wire.jsonl"
        shutil.copytree(empty, home)
        wire.touch()
        with SmtpStandin(wire) as provider:
            _environment(
                {
                    "LEADWELL_HOME": str(home),
                    "LEADWELL_URL": "http://127.0.0.1:8000",
                    "LEADWELL_SMTP_HOST": provider.host,
                    "LEADWELL_SMTP_PORT": str(provider.port),
                    "LEADWELL_SMTP_SECURITY": "none",
                    "LEADWELL_MAIL_FROM": CLINIC,
                    "LEADWELL_MAIL_BOUNCES": "returns@clinic.example",
                    "LEADWELL_MAIL_PER_MINUTE": "6000",
                }
            )
            from leadwell.server import starting

            starting.start()
            logging.disable(logging.WARNING)
            yield from _begun(wire, datetime.fromisoformat(events[0]["at"]))


def _begun(wire: Path, at: datetime) -> Iterator[Year]:
    from django.utils import timezone

    from benchmarks.gate.outbox import Wire
    from benchmarks.gate.playing import Clock, Sources, Year
    from leadwell import playbook
    from leadwell.server.access.actions import add_organization
    from leadwell.server.access.models import Membership, User
    from leadwell.server.access.roles import Role
    from leadwell.server.intake.queries import source_of_kind
    from leadwell.server.outreach.channels.email.smtp import hang_up
    from leadwell.server.playbooks.actions import publish, upload

    clock = Clock(at)
    with patch.object(timezone, "now", clock.now):
        ours = add_organization("simulated")
        publish(upload(ours, _BEYOND_THE_LAW.sub(b"", playbook.find(PLAYBOOK))))
        colleague = User.objects.create_user("colleague@clinic.example", name="Sample Colleague")
        Membership.objects.create(organization=ours, user=colleague, role=Role.COORDINATOR)
        api, mail = (source_of_kind(ours.pk, kind) for kind in ("api", "email"))
        yield Year(ours.pk, clock, Sources(api, mail), Wire(wire), colleague)
        hang_up()
