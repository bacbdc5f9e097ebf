"""Many invented people in a database, as their leads would have left them: made in columns, and kept for a folder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

import polars as pl

from benchmarks import writing
from benchmarks.people import people as invented

PAGE: Final = 50_000
NEWCOMERS: Final = 1_000
_AT: Final = datetime(2026, 3, 2, 9, tzinfo=UTC)
_AT_MS: Final = int(_AT.timestamp() * 1_000)
_LOOKED_AT: Final = 100  # of those made in columns, as the product itself would make them
Filled = Mapping[str, str]


def crowd(count: int) -> pl.DataFrame:
    """As many people as are known, and after them NEWCOMERS, some of whom are known."""
    return invented(count + NEWCOMERS)


def filled_in(people: pl.DataFrame) -> Iterator[Filled]:
    """What each would have filled in."""
    for one in people.iter_rows(named=True):
        phone, email = (next(iter(one[name] or ()), None) for name in ("phones", "emails"))
        said = {
            "first_name": one["given"], "last_name": one["family"], "phone": phone, "email": email,
            "birth_date": one["birth_date"].isoformat() if one["birth_date"] else None,
            "address": one["address"], "city": one["city"], "zip": one["zip"],
        }  # fmt: skip
        yield {name: text for name, text in said.items() if text}


def judged(said: Filled) -> dict[str, Any]:
    """As much of a judgement as makes a record of somebody."""
    contact = {"phone": f"+1{said['phone']}" if "phone" in said else "", "email": said.get("email", "")}
    return {"contact": contact, "facts": {"birth_date": {"value": said.get("birth_date")}}, "asks_for": ""}


def fill(organization: int, people: pl.DataFrame, *, processes: int = 1) -> None:
    """Makes them known, without asking who is whom: that is what is measured later."""
    from leadwell.server.people.models import Person, PersonToken
    from leadwell.server.privacy.tokens import Blind

    _compare(organization, list(filled_in(people[:_LOOKED_AT])), Blind(organization))
    pages = ((start, people[start : start + PAGE]) for start in range(0, len(people), PAGE))
    with writing.at_once((Person, PersonToken)):
        for persons, marks in writing.made_by_many(partial(_page, organization), pages, processes=processes):
            writing.write(Person, persons)
            writing.write(PersonToken, marks)


def _page(organization: int, asked: tuple[int, pl.DataFrame]) -> tuple[pl.DataFrame, pl.DataFrame]:
    from leadwell.server.privacy.tokens import Blind

    start, people = asked
    said = list(filled_in(people))
    ids = [writing.identified(_AT_MS + start + at, start + at) for at in range(len(said))]
    return _persons(organization, ids, said), tokens(organization, ids, said, Blind(organization))


def known(organization: int) -> int:
    from leadwell.server.people.models import Person

    return Person.objects.of(organization).count()


def _persons(organization: int, ids: Sequence[str], said: Sequence[Filled]) -> pl.DataFrame:
    from leadwell.server.privacy.sealing import seal_json

    sealed = [seal_json(organization, one, place=f"people.person/{pk}") for pk, one in zip(ids, said, strict=True)]
    frame = pl.DataFrame({"id": ids, "sealed": sealed})
    return frame.with_columns(organization_id=pl.lit(organization), created_at=pl.lit(_AT))


def tokens(organization: int, ids: Sequence[str], said: Sequence[Filled], blind: Any) -> pl.DataFrame:
    """By what each is found, as the columns of its table."""
    marks = _marks(said)
    token = [blind.token(kind, value) for kind, value in marks.select("kind", "value").iter_rows()]
    return marks.select(
        pl.lit(organization).alias("organization_id"),
        pl.Series("person_id", ids).gather(marks["row"]).alias("person_id"),
        "kind",
        pl.Series("token", token, dtype=pl.Binary),
    )


def _marks(said: Sequence[Filled]) -> pl.DataFrame:
    """`row`, `kind`, `value`: by what each is found, as `people.actions` makes it of one at a time."""
    from leadwell.identity import keys
    from leadwell.server.people.comparable import comparable
    from leadwell.server.people.marks import marks_of_names

    row = pl.int_range(len(said), dtype=pl.UInt32, eager=True).alias("row")
    told = pl.DataFrame(said, schema=dict.fromkeys(_MARKS, pl.String)).with_columns(row)
    parts = [told.select("row", kind=pl.lit(kind), value=value).drop_nulls() for kind, value in _WHOLE.items()]
    words = marks_of_names({name for column in _NAMES for name in told[column].drop_nulls()})
    named = [(name, kind, word) for name, every in words.items() for kind, word in every]
    names = pl.DataFrame(named, schema={"name": pl.String, "kind": pl.String, "value": pl.String}, orient="row")
    parts += [
        told.select("row", name=column).join(names, on="name").select("row", "kind", "value") for column in _NAMES
    ]
    told_together = keys.marks(comparable(said, [_AT.date()] * len(said)))
    parts += [
        pl.DataFrame({"row": row, "kind": ["match"] * len(said), "value": marks.to_list()}).drop_nulls("value")
        for marks in told_together
    ]
    return pl.concat(parts).unique(maintain_order=True)


_NAMES: Final = ("first_name", "last_name")
_MARKS: Final = (*_NAMES, "phone", "email", "birth_date")
_WHOLE: Final = {
    "phone": pl.concat_str(pl.lit("+1"), "phone"),
    "email": pl.col("email").str.to_lowercase(),
    "birth": pl.col("birth_date"),
}


def _compare(organization: int, said: Sequence[Filled], blind: Any) -> None:
    """Whether a few made in columns have the tokens that the product itself would have given them."""
    from leadwell.server.people.actions import add_marks, prepared_people
    from leadwell.server.people.recognising import arrivals_of

    made = [one.patient for one in prepared_people(organization, [(one, judged(one)) for one in said], _AT, blind)]
    add_marks(made, arrivals_of([one.newcomer for one in made]).marks, blind)
    theirs = tokens(organization, [str(at) for at in range(len(said))], said, blind)
    found = {at: {(kind, token) for _, _, kind, token in theirs.filter(pl.col("person_id") == at).iter_rows()}
             for at in theirs["person_id"].unique()}  # fmt: skip
    assert found == {str(at): set(one.tokens) for at, one in enumerate(made)}, "made otherwise than by the product"
