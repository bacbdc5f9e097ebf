"""What must be known to begin a playbook? Questions on the terminal, each asked again until its answer can be used."""

from __future__ import annotations

import re
from collections.abc import Callable

import typer

from leadwell.playbook import hours
from leadwell.playbook.regions import zone_known
from leadwell.playbook.starting import Answers, NewLocation, NewService

KINDS = ("therapy", "specialty", "diagnostic", "program")


def answers() -> Answers:
    """The answers of whoever sits at the terminal."""
    return Answers(
        name=_ask("What is the organisation called?", _some),
        phone=_ask("Which number do people call? (Enter: none)", _any) or None,
        postal_address=_ask("What is the postal address? (Enter: none)", _any) or None,
        time_zone=_ask("In which time zone are you?", _zone, default="America/Chicago"),
        languages=_list("In which languages do you answer? (codes, with commas)", _language, default="en"),
        locations=_locations(),
        services=_services(),
        payers=_list("Which payers do you accept? (with commas; Enter: any)", _any, default=""),
        self_pay=typer.confirm("May people pay themselves?", default=True, err=True),
        youngest=_number("From which age do you see patients? (Enter: any)"),
        miles=_number("From how many miles away do patients come? (Enter: any)"),
    )


def _services() -> list[NewService]:
    found: list[NewService] = []
    while name := _ask(
        "A service you offer?" if not found else "Another service? (Enter: no more)", _any if found else _some
    ):
        kind = _ask(f"What kind is it? ({', '.join(KINDS)})", _kind, default="specialty")
        words = _list("Other words people ask for it with? (with commas; Enter: none)", _any, default="")
        found.append(NewService(name, kind, words))
    return found


def _locations() -> list[NewLocation]:
    found: list[NewLocation] = []
    while name := _ask("A clinic, by its name? (Enter: no more)", _any):
        code = _ask("Its ZIP code?", _zip)
        open_hours = _ask("When is it open?", _hours, default="Mon-Fri 08:00-17:00")
        found.append(NewLocation(name, code, open_hours))
    return found


def _ask(question: str, wrong: Callable[[str], str | None], default: str = "") -> str:
    """The answer, once nothing is wrong with it."""
    while True:
        answer = str(typer.prompt(question, default=default, show_default=bool(default), err=True)).strip()
        says = wrong(answer)
        if says is None:
            return answer
        typer.echo(says, err=True)


def _list(question: str, wrong: Callable[[str], str | None], default: str) -> tuple[str, ...]:
    def each(answer: str) -> str | None:
        return next((says for part in _parts(answer) if (says := wrong(part))), None)

    return _parts(_ask(question, each, default=default))


def _parts(answer: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in answer.split(",") if part.strip()))


def _number(question: str) -> int | None:
    return int(_ask(question, _whole) or 0) or None


def _any(_: str) -> str | None:
    return None


def _some(answer: str) -> str | None:
    return None if answer else "This one is needed."


def _whole(answer: str) -> str | None:
    return None if re.fullmatch(r"\d{0,3}", answer) else "Write a whole number, like 16."


def _zip(answer: str) -> str | None:
    return None if re.fullmatch(r"\d{5}", answer) else "A ZIP code has five digits."


def _zone(answer: str) -> str | None:
    return None if zone_known(answer) else 'That is no time zone; write one like "America/Chicago".'


def _language(answer: str) -> str | None:
    return None if re.fullmatch(r"[a-z]{2,3}", answer) else 'Write codes like "en" or "es".'


def _kind(answer: str) -> str | None:
    return None if answer in KINDS else f"Write one of {', '.join(KINDS)}."


def _hours(answer: str) -> str | None:
    try:
        hours.windows(answer)
    except ValueError as error:
        return f"This {error}."
    return None
