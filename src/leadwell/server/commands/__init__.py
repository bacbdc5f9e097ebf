"""The server's commands. `leadwell` finds them through an entry point, so nothing outside imports the server."""

from __future__ import annotations

from leadwell.server.commands import inbox, keys, ledger, people, running

GROUPS = {"key": keys.app, "user": people.app, "inbox": inbox.app}
COMMANDS = {
    "up": running.up,
    "web": running.web,
    "work": running.work,
    "migrate": running.migrate,
    "ledger": ledger.ledger,
}

__all__ = ["COMMANDS", "GROUPS"]
