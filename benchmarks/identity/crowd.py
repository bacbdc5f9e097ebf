"""Many invented people in a database, as their leads would have left them. Made once for a folder and kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

import polars as pl

from benchmarks.people import people as invented

PAGE: Final = 20_000
NEWCOMERS: Final = 400
_AT: Final = datetime(2026, 3, 2, 9, tzinfo=UTC)


def crowd(count: int) -> pl.DataFrame:
    """As many people as are known, and after them NEWCOMERS, some of whom are known."""
    return invented(count + NEWCOMERS)


def rows(people: pl.DataFrame) -> Iterator[tuple[Mapping[str, str], Mapping[str, Any]]]:
    """What each would have filled in, and as much of the judgement as makes a record of them."""
    for one in people.iter_rows(named=True):
        phone, email = (next(iter(one[name] or ()), None) for name in ("phones", "emails"))
        born = one["birth_date"].isoformat() if one["birth_date"] else None
        said = {
            "first_name": one["given"], "last_name": one["family"], "birth_date": born, "phone": phone, "email": email,
            "address": one["address"], "city": one["city"], "zip": one["zip"],
        }  # fmt: skip
        contact = {"phone": f"+1{phone}" if phone else "", "email": email or ""}
        facts = {"birth_date": {"value": born}}
        yield {name: text for name, text in said.items() if text}, {"contact": contact, "facts": facts, "asks_for": ""}


def fill(organization: int, people: pl.DataFrame) -> None:
    """Makes them known, without asking who is whom: that is what is measured later."""
    from django.db import transaction

    from leadwell.server.people.actions import add_marks, add_people, prepared_people
    from leadwell.server.people.recognising import arrivals_of
    from leadwell.server.privacy.tokens import Blind

    blind = Blind(organization)
    for start in range(0, len(people), PAGE):
        made = prepared_people(organization, list(rows(people[start : start + PAGE])), _AT, blind)
        each = [one.patient for one in made]
        add_marks(each, arrivals_of([one.newcomer for one in each]).marks, blind)
        with transaction.atomic():
            add_people(organization, made)


def known(organization: int) -> int:
    from leadwell.server.people.models import Person

    return Person.objects.of(organization).count()
