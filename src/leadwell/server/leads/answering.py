"""Which leads did we write about? An answer to a mail of ours belongs to the lead that the mail was about.

Each app that writes to people says it of its own mails: it has a module `answered` with a function `written_about`.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from leadwell.server.base.declared import declared


def written_about(organization: int, mails: Sequence[str]) -> set[UUID]:
    """The leads that mails of ours were about, by the mails' own ids; those of others are passed over."""
    if not mails:
        return set()
    return {lead for app in declared("answered") for lead in app.written_about(organization, mails)}
