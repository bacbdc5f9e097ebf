"""When is something due in working time? `leadwell worktime due`, for anyone who wants to check a calendar."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Final

import typer

from leadwell.cli.policy import refuse

if TYPE_CHECKING:
    from leadwell.worktime import Calendar

app = typer.Typer(no_args_is_help=True, help="Working time: when is something due, and how much has passed?")

_TIME: Final = "2026-11-21T18:30"
_SPAN: Final = '"90 min", "2 h" or "1 working day"'

Hours = Annotated[str, typer.Option(help='When it works: "Mon-Fri 09:00-12:00 13:00-17:00; Sat 09:00-13:00".')]
Zone = Annotated[str, typer.Option(help="The time zone of these hours, as America/Chicago.")]
From = Annotated[str, typer.Option("--from", help=f"Since when, as {_TIME}; without an offset in that zone.")]
Holidays = Annotated[str | None, typer.Option(help="Closed on the public holidays of this place, as US-IL.")]


@app.callback()
def _root() -> None:
    pass


@app.command()
def due(
    hours: Hours,
    zone: Zone,
    start: From,
    within: Annotated[str, typer.Option(help=f"How soon, as {_SPAN}.")],
    holidays: Holidays = None,
) -> None:
    """Print the moment by which so much working time has passed."""
    from leadwell.playbook import durations
    from leadwell.worktime import NeverOpen

    calendar = _calendar(hours, zone, holidays)
    span = durations.parse(within)
    if span is None:
        refuse(f'--within "{within}" is no length of time; write it like {_SPAN}.')
    try:
        typer.echo(calendar.within(_moment("--from", start, calendar), span).isoformat(timespec="seconds"))
    except NeverOpen as error:
        refuse(str(error))


@app.command()
def worked(
    hours: Hours,
    zone: Zone,
    start: From,
    end: Annotated[str, typer.Option("--to", help="Until when.")],
    holidays: Holidays = None,
) -> None:
    """Print how much working time lies between two moments."""
    calendar = _calendar(hours, zone, holidays)
    passed = calendar.worked(_moment("--from", start, calendar), _moment("--to", end, calendar))
    minutes, seconds = divmod(round(passed.total_seconds()), 60)
    typer.echo(f"{minutes // 60} h {minutes % 60} min" + (f" {seconds} s" if seconds else ""))


def _calendar(hours: str, zone: str, holidays: str | None) -> Calendar:
    from zoneinfo import ZoneInfo

    from leadwell.playbook.hours import windows
    from leadwell.playbook.regions import holidays_known, zone_known
    from leadwell.worktime import Calendar

    if not zone_known(zone):
        refuse(f'--zone "{zone}" is no time zone by its IANA name; write one like "America/Chicago".')
    if holidays and not holidays_known(holidays):
        refuse(f'--holidays "{holidays}" is no calendar of public holidays; write one like "US-IL".')
    try:
        return Calendar(windows(hours), ZoneInfo(zone), holidays)
    except ValueError as error:
        refuse(f"--hours: {error}.")


def _moment(option: str, text: str, calendar: Calendar) -> datetime:
    try:
        said = datetime.fromisoformat(text)
        return said if said.tzinfo else said.replace(tzinfo=calendar.zone, fold=0)
    except ValueError:
        refuse(f'{option} "{text}" is no time; write it like {_TIME}, or with its offset, {_TIME}:00-06:00.')
