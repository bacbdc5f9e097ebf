"""What the product wrote of one lead, told again of others: other people, other ids, other times, sealed anew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import polars as pl

from benchmarks.identity.crowd import tokens
from benchmarks.worklist.stories import Asker, Story, spoken
from benchmarks.writing import identified

_IDS: Final = 64  # more than any story has
Frames = list[tuple[Any, pl.DataFrame]]


@dataclass(frozen=True, slots=True)
class Told:
    """`story`: its number; `nth`: of all leads; `staff`: who worked it."""

    story: int
    nth: int
    asker: Asker
    received: datetime
    staff: int


def retold(organization: int, stories: Sequence[Story], told: Iterable[Told]) -> Frames:
    """A frame for each table, and the tokens of all who ask."""
    from leadwell.server.people.models import Person, PersonToken
    from leadwell.server.privacy.tokens import Blind

    rows: dict[Any, list[tuple[Any, ...]]] = defaultdict(list)
    persons, said, blind = [], [], Blind(organization)
    for one in told:
        story = stories[one.story]
        telling = _Telling(organization, blind, story, one)
        for row in story.rows:
            made = tuple(telling.made(*part) for part in row.values)
            rows[row.model].append(made)
            if row.model is Person:
                persons.append(made[0])
        said.append(_filled_in(story, one.asker))
    frames = [(model, pl.DataFrame(each, schema=_schema(model), orient="row")) for model, each in rows.items()]
    return [*frames, (PersonToken, tokens(organization, persons, said, blind))]


def _filled_in(story: Story, asker: Asker) -> dict[str, str]:
    return {
        "first_name": asker.first_name, "last_name": asker.last_name, "phone": asker.phone, "email": asker.email,
        "birth_date": asker.birth_date, "zip": story.zip,
    }  # fmt: skip


class _Telling:
    """Makes the values of one lead; `body`, once its submission was made, is what they sent."""

    def __init__(self, organization: int, blind: Any, story: Story, told: Told) -> None:
        at = int(told.received.timestamp() * 1_000)
        self._ids = [identified(at + nth, told.nth * _IDS + nth) for nth in range(story.ids)]
        self._organization, self._blind, self._told = organization, blind, told
        self._words = [
            (before.encode(), after.encode()) for before, after in zip(story.texts, spoken(told.asker), strict=True)
        ]
        self._judged = told.received.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
        self._body = self._retold(story.body, ()).partition(b"\n")[2]

    def made(self, how: str, of: Any) -> Any:
        return of if how == "same" else _MAKES[how](self, of)

    def id(self, of: int) -> str:
        return self._ids[of]

    def at(self, of: int) -> datetime:
        return self._told.received + timedelta(seconds=of)

    def staff(self, _: None) -> int:
        return self._told.staff

    def actor(self, _: None) -> str:
        return f"user:{self._told.staff}"

    def size(self, _: None) -> int:
        return len(self._body)

    def content(self, of: int) -> bytes:
        token: bytes = self._blind.token("content", f"{of}\n".encode() + self._body)
        return token

    def phone(self, _: None) -> bytes:
        token: bytes = self._blind.token("phone", f"+1{self._told.asker.phone}")
        return token

    def email(self, _: None) -> bytes:
        token: bytes = self._blind.token("email", self._told.asker.email)
        return token

    def text(self, of: tuple[bytes, Sequence[int]]) -> str:
        return self._retold(*of).decode()

    def sealed(self, of: tuple[str, int, tuple[bytes, Sequence[int]]]) -> bytes:
        from leadwell.server.privacy.sealing import seal

        place, number, said = of
        return seal(self._organization, self._retold(*said), place=f"{place}/{self._ids[number]}")

    def _retold(self, said: bytes, ids: Sequence[int]) -> bytes:
        for before, after in self._words:
            said = said.replace(before, after)
        for one in ids:
            said = said.replace(b"{id %d}" % one, self._ids[one].encode())
        return said.replace(b"{judged}", self._judged)


_MAKES: Final[dict[str, Callable[[_Telling, Any], Any]]] = {
    name: getattr(_Telling, name)
    for name in ("id", "at", "staff", "actor", "size", "content", "phone", "email", "text", "sealed")
}


def _schema(model: Any) -> dict[str, Any]:
    """Of the columns of a table, but for a number that the database gives."""
    from django.db import models

    kinds: tuple[tuple[Any, Any], ...] = (
        (models.UUIDField, pl.String),
        (models.DateTimeField, pl.Datetime("us", "UTC")),
        (models.BinaryField, pl.Binary),
        (models.BooleanField, pl.Boolean),
        (models.FloatField, pl.Float64),
        (models.IntegerField, pl.Int64),
    )
    found = {}
    for field in model._meta.concrete_fields:
        kind = field.target_field if field.is_relation else field
        if not isinstance(field, models.AutoField):
            found[field.column] = next((to for of, to in kinds if isinstance(kind, of)), pl.String)
    return found
