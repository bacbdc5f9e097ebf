"""What danger do messages tell of? For the tests of every part of that."""

from __future__ import annotations

import polars as pl
from tests.together import Together

from leadwell.playbook import Playbook
from leadwell.reading import mentions_in
from leadwell.reading.safety import safety


def told(policy: Playbook, *messages: str | None) -> list[str | None]:
    frame = pl.DataFrame({"message": list(messages)}, schema={"message": pl.String})
    return safety(mentions_in(frame, policy), frame, policy)["read.safety"].to_list()


@Together
def told_of(messages: list[str | None], policy: Playbook) -> list[str | None]:
    """The same of one, answered for a whole table at once."""
    return told(policy, *messages)
