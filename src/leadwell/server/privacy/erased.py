"""When was it erased? What is left of somebody says so, and is not taken for damaged."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Literal
from uuid import UUID

from leadwell.server import environment
from leadwell.server.privacy.held import ERASED_FILE
from leadwell.server.privacy.lines import read


def erased_at(organization: int, kind: Literal["leads", "submissions"], ids: Collection[UUID]) -> dict[UUID, datetime]:
    """Of those of these that were erased, when it was first asked, as the data folder notes it."""
    wanted = {str(one): one for one in ids}
    found: dict[UUID, datetime] = {}
    for line in read(environment.home() / ERASED_FILE).whole if wanted else ():
        if line["organization"] == organization:
            for name in wanted.keys() & set(line[kind]):
                found.setdefault(wanted[name], datetime.fromisoformat(line["at"]))
    return found
