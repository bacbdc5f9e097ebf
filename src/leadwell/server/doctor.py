"""Is this installation well? Each check says what it found, and how to mend what is wrong."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count
from django.utils import timezone

from leadwell.permission import law, unchecked
from leadwell.server import environment
from leadwell.server.access.models import Organization
from leadwell.server.alerts.models import Alert
from leadwell.server.base.embedded import unsound
from leadwell.server.base.health import ALIVE_WITHIN
from leadwell.server.base.models import Heartbeat
from leadwell.server.intake.models import State, Submission
from leadwell.server.outreach.channels.email import names
from leadwell.server.outreach.channels.email.settings import bounce_mailbox
from leadwell.server.outreach.channels.email.settings import given as given_mail
from leadwell.server.outreach.models import Message
from leadwell.server.outreach.models import State as MessageState
from leadwell.server.playbooks.models import Publication
from leadwell.server.privacy.keyring import LostKey, keyring
from leadwell.server.replacing import kept_before
from leadwell.server.signin.sealing import opens_all

_LEAST_FREE: Final = 2 * 1024**3
_CLOCK: Final = 2.0  # seconds that the database's clock may differ
_WAITS: Final = timedelta(minutes=5)


@dataclass(frozen=True)
class Found:
    """`well`: True, False, or None for what only deserves a look. `mend`: what to do where it is not well."""

    what: str
    well: bool | None
    says: str
    mend: str = ""


def examine() -> Iterator[Found]:
    """Every check, in the order in which trouble is best looked for."""
    for check in _CHECKS:
        yield check()
    yield from _mail()


def _home() -> Found:
    home = environment.home()
    free = shutil.disk_usage(home).free
    says = f"{home}, {free / 1024**3:.1f} GiB free"
    if free < _LEAST_FREE:
        return Found("data folder", False, says, "Make room: below 2 GiB a full disk may refuse submissions.")
    if not environment.text("LEADWELL_HOME"):
        return Found("data folder", None, says, "It lies below the current folder; set LEADWELL_HOME to a lasting one.")
    return Found("data folder", True, says)


def _secrets() -> Found:
    open_to_others = [path.name for path in (environment.home() / "keys").glob("*.key") if path.stat().st_mode & 0o077]
    if open_to_others:
        return Found("secrets", False, f"others can read {', '.join(open_to_others)}", "chmod 600 the files in keys/.")
    return Found("secrets", True, "readable by their owner only")


def _address() -> Found:
    url = settings.PUBLIC_URL
    if url.startswith("https://"):
        return Found("address", True, url)
    mend = "Put a proxy that speaks TLS before it, and set LEADWELL_URL to https://… and LEADWELL_HOSTS to its name."
    return Found("address", None, f"{url} is not encrypted: for this machine only", mend)


def _databases() -> Found:
    pending = [
        name
        for name in settings.DATABASES
        if (executor := MigrationExecutor(connections[name])).migration_plan(executor.loader.graph.leaf_nodes())
    ]
    if pending:
        return Found("database", False, "it is of an older version", "Run `leadwell migrate`.")
    return Found("database", True, f"{connections['default'].vendor}, of this version")


def _files() -> Found:
    said = [(name, what) for name in settings.DATABASES if (what := unsound(connections[name]))]
    if said:
        says = ", ".join(f"{name}: {what}" for name, what in said)
        return Found("database files", False, says, "Stop Leadwell, and `leadwell restore` the newest backup.")
    return Found("database files", True, "sound" if connections["default"].vendor == "sqlite" else "PostgreSQL's own")


def _clock() -> Found:
    query = (
        "SELECT extract(epoch FROM now())"
        if connections["default"].vendor == "postgresql"
        else "SELECT strftime('%s', 'now')"
    )
    with connections["default"].cursor() as cursor:
        cursor.execute(query)
        apart = abs(time.time() - float(cursor.fetchone()[0]))
    if apart > _CLOCK:
        return Found("clock", False, f"{apart:.0f} s apart from the database's", "Set both machines' clocks by NTP.")
    return Found("clock", True, "agrees with the database's")


def _keys() -> Found:
    try:
        for organization in Organization.objects.all():
            keyring(organization.pk, fresh=True)
        opens_all()
    except LostKey as error:
        return Found("master key", False, "it does not open the data", str(error))
    return Found("master key", True, "opens the data of every organisation; keep a copy apart from the backups")


def _worker() -> Found:
    alive = Heartbeat.objects.filter(at__gte=timezone.now() - ALIVE_WITHIN).count()
    if not alive:
        return Found("worker", False, "none is running", "Start `leadwell work`, or `leadwell up` for everything.")
    return Found("worker", True, f"{alive} running")


def _waiting() -> Found:
    late = Submission.objects.filter(state=State.RECEIVED, received_at__lt=timezone.now() - _WAITS).count()
    count = dict(Submission.objects.order_by().values_list("state").annotate(Count("pk")))
    waits = {
        "not judged within 5 minutes": late,
        "to mend": count.get(State.NEEDS_MENDING, 0),
        "set aside": count.get(State.SET_ASIDE, 0),
        "uploaded and not taken in": count.get(State.NOT_TAKEN, 0),
    }
    if any(waits.values()):
        says = ", ".join(f"{many:,} {what}" for what, many in waits.items() if many)
        mend = "`leadwell inbox list --state needs-mending` (set-aside, not-taken) shows them; the page Inbox mends."
        return Found("inbox", False if late else None, says, mend)
    return Found("inbox", True, "nothing waits")


def _policies() -> Found:
    without = Organization.objects.exclude(pk__in=Publication.objects.values("organization"))
    slugs = ", ".join(without.values_list("slug", flat=True))
    if slugs:
        return Found("playbooks", False, f"none is published for {slugs}", "Upload and publish one: its leads wait.")
    return Found("playbooks", True, "every organisation has one in force")


def _alerts() -> Found:
    waiting = Alert.objects.filter(ended_at=None, dealt_at=None).values_list("kind", flat=True)
    if kinds := sorted(set(waiting)):
        says = f"{len(waiting):,} open: {', '.join(kinds)}"
        return Found("alerts", False, says, "`leadwell alert list` says what is wrong and what to do.")
    return Found("alerts", True, "none is open")


def _rules() -> Found:
    """Of contact: the law changes, and what nobody has looked up lately may be wrong."""
    old = unchecked(law(), timezone.now().date())
    if old:
        says = f"{len(old):,} not looked up for over 180 days, the oldest on {old[0].checked}: rule {old[0].rule}"
        return Found("rules", None, says, "Bring Leadwell up to date; docs/contact-rules.md names each rule's source.")
    return Found("rules", True, "all of contacting were looked up within 180 days")


def _mail() -> Iterator[Found]:
    """Whether mail can leave, and whether the world believes that it is ours."""
    try:
        given = given_mail()
        bounce_mailbox()
    except ImproperlyConfigured as error:
        yield Found("mail", False, "its settings are wrong", str(error))
        return
    if given is None:
        yield Found("mail", None, "no mail server is set: nothing is sent", "Set LEADWELL_SMTP_HOST (docs/outbox.md).")
        return
    if not given.bounces:
        mend = "Set LEADWELL_MAIL_BOUNCES: else what comes back is not understood."
        yield Found("mail", None, f"{given.sender} by {given.host}; what comes back goes to the sender", mend)
    else:
        yield Found("mail", True, f"{given.sender} by {given.host}")
    for one in names.examined(given):
        yield Found(one.what, one.well, one.says, one.mend)


def _outbox() -> Found:
    dead = Message.objects.filter(state=MessageState.DEAD).count()
    late = Message.objects.filter(state=MessageState.QUEUED, due_at__lt=timezone.now() - _WAITS).count()
    if dead or late:
        says = f"{dead:,} messages need somebody, {late:,} wait for over 5 minutes"
        return Found("outbox", None, says, "`leadwell outbox list` shows them and why.")
    return Found("outbox", True, "nothing waits for long")


def _restored() -> Found:
    """What a restore has put aside holds people's data that no retention reaches."""
    if kept := kept_before():
        says = f"what stood there before a restore is still kept: {', '.join(kept)}"
        return Found("restores", None, says, "Delete it once all is well: nobody who is erased is erased there.")
    return Found("restores", True, "nothing is kept of before one")


_CHECKS: Final[tuple[Callable[[], Found], ...]] = (
    _home, _secrets, _address, _databases, _files, _clock, _keys, _worker, _waiting, _outbox, _policies, _rules,
    _alerts, _restored,
)  # fmt: skip
