"""What does the engine say of leads that just arrived? The same `judge` as everywhere, and for which team they wait."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
import polars as pl

from leadwell import routing
from leadwell.assessing import decided, known, times_told, told
from leadwell.formats.jsonlines import json_lines
from leadwell.permission.stops import are_stops
from leadwell.playbook import Playbook

UNREADABLE_TIME: Final = "received-at"  # taken as received when it reached us


@dataclass(frozen=True)
class Arrived:
    """One lead of a submission: `nth` of it, with its columns as text. `goes_to`: the clinic that somebody here chose
    for it, which says who answers and nothing of what it is. `spoken`: they only telephoned. `senders`: of a mail the
    names and addresses of whoever wrote it."""

    submission: UUID
    nth: int
    source: int
    received_at: datetime
    columns: Mapping[str, str]
    goes_to: str = ""
    spoken: bool = False
    senders: tuple[str, ...] = ()


@dataclass(frozen=True)
class Facts:
    """What the engine knows of one lead before it judges: the row `at` of a frame of those judged together."""

    frame: pl.DataFrame
    at: int


@dataclass(frozen=True)
class Judged:
    """`written`: the assessment, as the contract has it, in JSON; `said`: the same, read. `level`: the place of the
    service level that applies, None where none does. `wanted_by`: the day by which they need it, None where they named
    none. `problem`: with its data, a code, '' where there is none."""

    arrived: Arrived
    written: bytes
    said: Mapping[str, Any]
    queue: str
    level: int | None = None
    wanted_by: date | None = None
    problem: str = ""
    facts: Facts | None = field(default=None, repr=False, compare=False)


def judged(arrived: Sequence[Arrived], playbook: Playbook, *, as_of: datetime | None = None) -> list[Judged]:
    """In the order given. What a lead says of when it was received counts before when it reached us, if it is a time.
    `as_of`: when we judge, by default when each was received.
    """
    times = _times(arrived, playbook)
    facts = known(_frame(arrived, times), playbook, as_of=as_of)
    problems = [UNREADABLE_TIME if time is False else "" for time in times]
    return _settled(arrived, problems, facts, playbook)


def judged_knowing(judged: Sequence[Judged], links: Sequence[Mapping[str, str]], playbook: Playbook) -> list[Judged]:
    """The same leads, now that it is known who asks: `links`, columns of `contract.LINK` of each. What they say is not
    read again."""
    arrived = [
        replace(one.arrived, columns={**one.arrived.columns, **link}) for one, link in zip(judged, links, strict=True)
    ]
    names = dict.fromkeys(name for link in links for name in link)
    facts = _facts_of(judged).with_columns(
        pl.Series(name, [one.columns.get(name) for one in arrived], dtype=pl.String) for name in names
    )
    return _settled(arrived, [one.problem for one in judged], facts, playbook)


def _facts_of(judged: Sequence[Judged]) -> pl.DataFrame:
    """All of these were judged by one call."""
    facts = [one.facts for one in judged]
    assert facts[0] is not None
    return facts[0].frame[pl.Series([one.at for one in facts if one is not None], dtype=pl.UInt32)]


def _settled(
    arrived: Sequence[Arrived], problems: Sequence[str], facts: pl.DataFrame, playbook: Playbook
) -> list[Judged]:
    frame = decided(facts, playbook)
    lines = [line.encode() for line in json_lines(told(frame, playbook)).to_list()]
    goes = _where_it_goes(frame, arrived)
    queues, levels = routing.queue(goes, playbook), routing.level(goes, playbook)
    rows = zip(arrived, lines, queues, levels, _wanted_by(frame, arrived, playbook), problems, strict=True)
    return [
        Judged(one, line, orjson.loads(line), queue, level, by, problem, Facts(facts, at))
        for at, (one, line, queue, level, by, problem) in enumerate(rows)
    ]


def _where_it_goes(frame: pl.DataFrame, arrived: Sequence[Arrived]) -> pl.DataFrame:
    """What was judged, with the clinic that was chosen in the place of the one asked for: for who answers alone."""
    if not any(one.goes_to for one in arrived):
        return frame
    chosen = pl.Series("chosen", [one.goes_to or None for one in arrived], dtype=pl.String)
    return frame.with_columns(location=pl.coalesce(chosen, pl.col("location")))


def _wanted_by(frame: pl.DataFrame, arrived: Sequence[Arrived], playbook: Playbook) -> list[date | None]:
    """The fixed day, else the last of the period that they named, else soon where it is urgent."""
    zone, soon = ZoneInfo(playbook.organization.time_zone), timedelta(days=playbook.intent.urgent_within_days)
    rows = frame.select(pl.coalesce("deadline", "read.timeline_end"), "read.urgent").rows()
    days = []
    for one, (day, urgent) in zip(arrived, rows, strict=True):
        came = one.received_at.astimezone(zone).date()
        by = day or (came + soon if urgent else None)
        days.append(by if by and by >= came else None)
    return days


def warm(playbook: Playbook) -> None:
    """The first judgement of a process takes a second, and half of one by each playbook; the first look for words that
    ask us to stop takes another half. On a lead that nobody sent, that keeps nobody waiting."""
    judged([Arrived(UUID(int=0), 0, 0, datetime.now(UTC), {"message": "hello"})], playbook)
    are_stops(pl.Series(["hello"]))


def _times(arrived: Sequence[Arrived], playbook: Playbook) -> list[bool | None]:
    """Of each lead whether it tells when it was received; None where it says nothing of it."""
    said = [one.columns.get("received_at") for one in arrived]
    if not any(said):
        return [None] * len(said)
    return list(times_told(pl.Series(said, dtype=pl.String), playbook))


def _frame(arrived: Sequence[Arrived], times: Sequence[bool | None]) -> pl.DataFrame:
    names = dict.fromkeys(name for one in arrived for name in one.columns)
    columns = {name: [one.columns.get(name) for one in arrived] for name in names}
    columns["received_at"] = [
        one.columns["received_at"] if time else one.received_at.isoformat()
        for one, time in zip(arrived, times, strict=True)
    ]
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
