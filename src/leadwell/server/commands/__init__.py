"""The server's commands. `leadwell` finds them through an entry point, so nothing outside imports the server."""

from __future__ import annotations

from leadwell.server.commands import (
    alerts,
    finding,
    health,
    inbox,
    keeping,
    keys,
    ledger,
    outbox,
    people,
    policies,
    privacy,
    rotation,
    running,
    sources,
    suppressions,
    trail,
)

GROUPS = {
    "key": keys.app,
    "user": people.app,
    "inbox": inbox.app,
    "outbox": outbox.app,
    "sources": sources.app,
    "audit": trail.app,
    "rotate": rotation.app,
    "alert": alerts.app,
    "person": finding.app,
    "suppressions": suppressions.app,
    "receipt": privacy.receipt,
    "export": privacy.export,
    "erase": privacy.erase,
}
COMMANDS = {
    "up": running.up,
    "web": running.web,
    "work": running.work,
    "listen": running.listen,
    "listen-hl7": health.listen_hl7,
    "migrate": running.migrate,
    "ledger": ledger.ledger,
    "publish": policies.publish,
    "doctor": keeping.doctor,
    "backup": keeping.backup,
    "restore": keeping.restore,
}

__all__ = ["COMMANDS", "GROUPS"]
