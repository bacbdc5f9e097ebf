"""What does the engine say of leads that just arrived? The same `judge` as everywhere, and for which team they wait."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
import polars as pl

from leadwell import routing
from leadwell.assessing import decided, told
from leadwell.formats.jsonlines import json_lines
from leadwell.playbook import Playbook


@dataclass(frozen=True)
class Arrived:
    """One lead of a submission: `nth` of it, with its columns as text."""

    submission: UUID
    nth: int
    source: int
    received_at: datetime
    columns: Mapping[str, str]


@dataclass(frozen=True)
class Judged:
    """`written`: the assessment, as the contract has it, in JSON; `said`: the same, read."""

    arrived: Arrived
    written: bytes
    said: Mapping[str, Any]
    queue: str


def judged(arrived: Sequence[Arrived], playbook: Playbook, *, as_of: datetime | None = None) -> list[Judged]:
    """In the order given. What a lead says of when it was received counts before when it reached us. `as_of`: when
    we judge, by default when each was received.
    """
    frame = decided(_frame(arrived), playbook, as_of=as_of)
    lines = json_lines(told(frame, playbook))
    return [
        Judged(one, line.encode(), orjson.loads(line), queue)
        for one, line, queue in zip(arrived, lines, routing.queue(frame, playbook), strict=True)
    ]


def _frame(arrived: Sequence[Arrived]) -> pl.DataFrame:
    names = dict.fromkeys(name for one in arrived for name in one.columns)
    columns = {name: [one.columns.get(name) for one in arrived] for name in names}
    columns["received_at"] = [one.columns.get("received_at") or one.received_at.isoformat() for one in arrived]
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
