"""How does a batch of newcomers become known? Recognised before any lock is taken, written with their links and doubts.

Whoever else becomes known in between is found when it is written: one batch of an organisation is written at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.utils import timezone

from leadwell.identity.recognising import Mark
from leadwell.server.people.actions import Prepared, add_marks
from leadwell.server.people.models import PersonLink
from leadwell.server.people.recognising import (
    among_written,
    arrivals_of,
    came_meanwhile,
    look_up,
    newest_mark,
    write,
)
from leadwell.server.privacy.tokens import Blind


class Arriving:
    """Newcomers on their way into the database; `write` is called for parts of them, in transactions."""

    def __init__(self, organization: int, people: Sequence[Prepared], blind: Blind) -> None:
        self._organization, self._blind = organization, blind
        each = [made for one in people for made in one.each]
        self._arrivals = arrivals_of([made.newcomer for made in each])
        add_marks(each, self._arrivals.marks, blind)
        self._to_come = {made.person.pk for made in each}
        self.recognised = look_up(organization, self._arrivals, blind)

    def write(self, people: Sequence[Prepared]) -> list[PersonLink]:
        """The links and doubts of those who are written now; returns the links."""
        written = {made.person.pk for one in people for made in one.each}
        self._to_come -= written
        found = among_written(self.recognised.found, now=written, to_come=self._to_come)
        links = write(self._organization, found, timezone.now())
        self.recognised = replace(self.recognised, seen=newest_mark(self._organization))
        return links

    def again(self) -> bool:
        """Looks again, in the transaction that writes, where somebody with one of their marks came meanwhile."""
        if not came_meanwhile(self._organization, self.recognised.seen, self._tokens):
            return False
        rows = [at for at, one in enumerate(self._arrivals.who) if one in self._to_come]
        self._arrivals = self._arrivals.of(rows)
        self.recognised = look_up(self._organization, self._arrivals, self._blind)
        return True

    def _tokens(self) -> set[bytes]:
        marks: set[Mark] = {mark for theirs in self._arrivals.marks for mark in theirs}
        return {self._blind.token(*mark) for mark in marks}
