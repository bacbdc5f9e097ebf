"""What is each lead of this list, what should happen next, and why? `leadwell assess`."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from leadwell.cli import policy
from leadwell.cli.rows import Kept, unknown_rows

if TYPE_CHECKING:
    from leadwell.engines import Run
    from leadwell.formats import LeadList, Rejects, Sink
    from leadwell.playbook import Playbook


class Engine(StrEnum):
    local = "local"
    spark = "spark"


def assess(  # noqa: PLR0917  each is an option
    leads: Annotated[
        str, typer.Argument(metavar="LEADS", help="CSV, TSV, XLSX, JSON lines or Parquet; - reads standard input.")
    ],
    playbook: Annotated[
        str | None,
        typer.Option(metavar="FILE|NAME", help="The policy. Without it ./playbook.toml, else lakeside-orthopedics."),
    ] = None,
    out: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Where to write: .jsonl, .csv, .tsv, .xlsx or .parquet; - is JSON lines to standard output. "
            "Without it, the summary only.",
        ),
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option(
            metavar="TIME", help="When to judge, like 2026-11-18T15:05:00Z. Without it, when each lead was received."
        ),
    ] = None,
    map: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar='"THEIR HEADER=our_column"',
            help="Corrects what a header was taken for; may be repeated. =extra carries it through.",
        ),
    ] = None,
    engine: Annotated[Engine, typer.Option(help="Where to run.")] = Engine.local,
    explain: Annotated[
        list[int] | None, typer.Option(metavar="ROW", help="Show this lead (data rows count from 1); may be repeated.")
    ] = None,
) -> None:
    """Judge every lead of a list.

    Says what each one is, what should happen next, why (in the lead's own words) and what to ask. Rows in = rows out +
    rows rejected, which are kept with their reasons in OUT-without-suffix.rejected.csv.
    """
    from leadwell import memory

    memory.keep()
    if engine is Engine.spark:
        wrong(
            "--engine spark comes with leadwell[spark], in a later version; --engine local takes lists of any length."
        )
    corrections = _corrections(map or [])
    file = policy.found(playbook)
    policy_of = policy.loaded(file)
    moment = _moment(as_of, policy_of)
    _spare_the_list(leads, out)
    from leadwell.cli import screen

    say = _speaker(out)
    with sentences():
        opened = _opened(leads, policy_of, corrections)
        for line in screen.taken_for(opened):
            say(line)
        _must_have(opened, explain or [])
        policy.ready(policy_of, file)
        sink, rejects = _outputs(out, opened)
        kept = Kept(explain or [])
        started = time.perf_counter()
        try:
            done = _run(opened, policy_of, file.source, sink=sink, rejects=rejects, as_of=moment, kept=kept)
        finally:
            opened.close()
    for line in screen.summary(done, policy_of, rejects, seconds=time.perf_counter() - started):
        say(line)
    _explain(kept, done.rows + rejects.count, say)
    _ended(done, sink, rejects, say)


def _spare_the_list(leads: str, out: str | None) -> None:
    """Neither the output nor the rejected rows beside it may take the place of the list."""
    from leadwell.formats import rejects_beside

    if not out or out == "-" or leads == "-":
        return
    there = Path(leads).resolve()
    if Path(out).resolve() == there:
        wrong("--out names the list itself; name another file.")
    beside = rejects_beside(out)
    if beside and beside.resolve() == there:
        wrong(f"The rows rejected would be kept in {beside}, which is the list itself; give --out another name.")


def wrong(says: str) -> NoReturn:
    """Ends the command as used wrongly."""
    typer.echo(says, err=True)
    raise typer.Exit(2)


@contextmanager
def sentences() -> Iterator[None]:
    """Known errors end the command in one sentence."""
    from leadwell.assessing import MissingTime
    from leadwell.engines import JudgeGoneError
    from leadwell.formats import CannotRead, CannotWrite, WrongMapping

    try:
        yield
    except WrongMapping as error:
        wrong(str(error) + ("" if str(error).endswith("?") else "."))
    except (CannotRead, CannotWrite, MissingTime, JudgeGoneError) as error:
        policy.refuse(str(error).rstrip(".") + ".")
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        policy.refuse(f"The list could not be read or written: {error.strerror or type(error).__name__}.")


def _speaker(out: str | None) -> Any:
    return lambda line: typer.echo(line, err=out == "-")


def _corrections(said: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in said:
        header, equals, column = one.rpartition("=")
        if not equals or not header.strip():
            wrong(f'--map needs "Their header=our_column", not "{one}".')
        found[header.strip()] = column.strip()
    return found


def _moment(text: str | None, playbook: Playbook) -> datetime | None:
    """When to judge; without a zone, in the organisation's."""
    if text is None:
        return None
    from zoneinfo import ZoneInfo

    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        wrong(f'--as-of needs a time like 2026-11-18T15:05:00Z or 2026-11-18, not "{text}".')
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(playbook.organization.time_zone))


def _opened(leads: str, playbook: Playbook, corrections: Mapping[str, str]) -> LeadList:
    from leadwell.formats import open_list, own_headers

    if leads == "-" and sys.stdin is None:
        policy.refuse("There is no standard input to read.")
    if leads == "-" and sys.stdin.isatty():
        typer.echo("Reading leads from the keyboard; end with Ctrl-D.", err=True)
    return open_list(leads, own=own_headers(playbook), corrections=corrections)


def _must_have(opened: LeadList, rows: list[int]) -> None:
    """Ends the command where the list has no such rows, as far as that is known without judging it."""
    if problems := unknown_rows(opened, rows):
        opened.close()
        wrong("\n".join(problems))


def _outputs(out: str | None, opened: LeadList) -> tuple[Sink | None, Rejects]:
    from leadwell.formats import Rejects, open_sink, rejects_beside

    sink = open_sink(out) if out else None
    return sink, Rejects(rejects_beside(out) if out else None, [m.header for m in opened.meant])


def _run(
    opened: LeadList,
    playbook: Playbook,
    source: bytes,
    *,
    sink: Sink | None,
    rejects: Rejects,
    as_of: datetime | None,
    kept: Kept,
) -> Run:
    from leadwell.cli.progress import progress
    from leadwell.cli.stopping import stopping
    from leadwell.engines import run

    now = datetime.now(UTC).replace(microsecond=0)
    try:
        with stopping() as stop, progress(opened) as told:
            done = run(
                opened, playbook, source=source, sink=sink, rejects=rejects, as_of=as_of, now=now,
                told=told, seen=kept, shown=kept.rows, stop=stop,
            )  # fmt: skip
            if sink and (done.rows or not done.stopped):
                sink.close()  # a spreadsheet takes its time here: the first Ctrl-C lets it end
            elif sink:
                sink.abandon()
    except BaseException as error:
        if sink:
            sink.abandon()
        if isinstance(error, KeyboardInterrupt):
            typer.echo("Stopped; nothing was written.", err=True)
            raise typer.Exit(130) from None
        raise
    finally:
        rejects.close()
    return done


def _explain(kept: Kept, count: int, say: Any) -> None:
    from leadwell.engines.inprocess import explain

    for row in kept.rows:
        say("")
        if row in kept.found:
            lead, assessment = kept.found[row]
            say(explain(assessment, lead).rstrip())
        else:
            say(kept.missing(row, count))


def _ended(done: Run, sink: Sink | None, rejects: Rejects, say: Any) -> None:
    if done.stopped:
        where = f"; {sink.path} holds that much and is complete in itself" if sink and done.rows else ""
        typer.echo(f"Stopped after {done.rows:,} lead{'' if done.rows == 1 else 's'}{where}.", err=True)
        raise typer.Exit(130)
    if not done.rows and rejects.count:
        policy.refuse("No row could be read as a lead.")
