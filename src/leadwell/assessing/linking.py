"""Who in this list has asked before? (promise 8)

Links are between patients, not between askers: a mother who writes for herself and then for her child is two people.
Identity says who is who from names, birth dates and contacts; only the few leads it links are then read, to see whether
they ask for the same patient and the same need. Adds the columns of `contract.LINK`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import polars as pl

from leadwell import contract, identity
from leadwell.assessing import stated as fields
from leadwell.assessing.patient import OF_AGE, OLDEST
from leadwell.assessing.pipeline import known
from leadwell.assessing.prepare import parse_days, prepare
from leadwell.playbook.model import Playbook

_FOR_SOMEBODY: Final = ("child", "spouse", "parent", "relative")
_AGE_DRIFT: Final = 1  # years by which two tellings of one age may differ


def link(leads: pl.DataFrame, playbook: Playbook, *, as_of: datetime | None = None) -> pl.DataFrame:
    """The leads, in their order, with `row` and the columns of `contract.LINK`, NULL where a lead is nobody's repeat.

    Sees the whole list; the order of its rows changes nothing but ties. Raises MissingTime.
    """
    frame = prepare(leads, playbook, as_of=as_of)
    links = identity.link(people(frame))
    told = _relate(frame, links, playbook, as_of)
    rows = frame.select("row").join(told, on="row", how="left", maintain_order="left")
    return leads.with_columns(rows["row"], *(rows[name].cast(dtype) for name, dtype in contract.LINK.items()))


def people(frame: pl.DataFrame) -> pl.DataFrame:
    """The patients of prepared leads, in the columns of `identity.PEOPLE`.

    Where a patient is named, the asker's name stands beside it in `given_2` and `family_2`.
    """
    given, family = _name("")
    patient_given, patient_family = _name("patient_")
    named = _patient_named("patient_")
    born = frame.select(pl.coalesce("patient_birth_date", "birth_date"))["patient_birth_date"]
    frame = frame.with_columns(parse_days(born, latest=frame["received_date"]).alias("born"))
    received, told = pl.col("received_date"), fields.number("age").floor()
    age = pl.when(told.is_between(0, OLDEST)).then(told).cast(pl.Int32)
    of_age = pl.col("born").dt.offset_by(f"{OF_AGE}y") <= received
    return frame.select(
        "row",
        pl.when(named).then(patient_given).otherwise(given).alias("given"),
        pl.when(named).then(patient_family).otherwise(family).alias("family"),
        pl.col("born").alias("birth_date"),
        (received.dt.year() - age).alias("born_year"),
        pl.coalesce(of_age, age >= OF_AGE).alias("adult"),
        fields.meaning("sex", "sex").alias("sex"),
        pl.concat_list(*map(identity.telephone, map(pl.col, ("phone", "phone_2")))).list.drop_nulls().alias("phones"),
        pl.concat_list(pl.col("email").str.to_lowercase()).list.drop_nulls().alias("emails"),
        "address", "city", "state",
        pl.col("zip").str.extract(r"^(\d{5})").alias("zip"),
        pl.when(named).then(given).alias("given_2"),
        pl.when(named).then(family).alias("family_2"),
    )  # fmt: skip


def _patient_named(prefix: str) -> pl.Expr:
    return pl.any_horizontal(pl.col(f"{prefix}{n}").is_not_null() for n in ("first_name", "last_name", "full_name"))


def _name(whose: str) -> tuple[pl.Expr, pl.Expr]:
    """Given and family name; from the full name ("Ana Ruiz", "Ruiz, Ana") where that is all there is."""
    given, family = identity.split_name(pl.col(f"{whose}full_name"))
    return pl.coalesce(f"{whose}first_name", given), pl.coalesce(f"{whose}last_name", family)


def _relate(frame: pl.DataFrame, links: identity.Links, playbook: Playbook, as_of: datetime | None) -> pl.DataFrame:
    related = links.clusters.filter(pl.col("link") != "none")
    if related.is_empty():
        return pl.DataFrame(schema={"row": pl.UInt32, **contract.LINK})
    read = known(frame.join(related.select("row"), on="row", how="semi"), playbook, as_of=as_of)
    members = read.select(_MEMBER).join(related.rename({"link": "kind"}), on="row").sort("received", "row")
    told = list(_tell(members.to_dicts(), playbook.checks.same_need_within))
    return pl.DataFrame(told, schema={"row": pl.UInt32, **contract.LINK}, orient="row")


_WORDS: Final = pl.concat_str("in.subject", "in.message", "in.referral_reason", separator=" ", ignore_nulls=True)
_MEMBER: Final = (
    *map(pl.col, ("row", "received", "type", "other", "services", "age", "asks_for")),
    pl.col("in.id").alias("id"),
    _patient_named("in.patient_").alias("named"),
    fields.fold(_WORDS).alias("words"),
)

_Member = dict[str, Any]


@dataclass(slots=True)
class _Person:
    """One patient of a cluster, and the leads that were about them, earliest first."""

    leads: list[_Member] = field(default_factory=list)

    def is_patient_of(self, lead: _Member) -> bool:
        return all(_role(lead) == _role(seen) and _same_age(lead, seen) for seen in self.leads[-3:])


def _tell(members: list[_Member], window: timedelta) -> Iterator[tuple[object, ...]]:
    """(row, duplicate_of, possible_duplicate_of, same_person_as, weight, nothing_new) of each lead, in time order."""
    by_row = {lead["row"]: lead for lead in members}
    persons: dict[int, list[_Person]] = {}
    for lead in members:
        here = persons.setdefault(lead["cluster"], [])
        person = next((p for p in here if p.is_patient_of(lead)), None)
        if person is None:
            person = _Person()
            here.append(person)
        earlier = _earlier(person, lead, window)
        repeats = any(earlier is not None and _repeats(lead, seen) for seen in person.leads)
        known_from = person.leads[0] if person.leads and earlier is None else None
        person.leads.append(lead)
        maybe = None if earlier else _possible(lead, by_row, window)
        if earlier or known_from or maybe:
            names = (_name_of(earlier), _name_of(maybe), _name_of(known_from))
            yield lead["row"], *names, round(lead["weight"], 2), repeats


def _earlier(person: _Person, lead: _Member, window: timedelta) -> _Member | None:
    """The earliest lead of this person with the same need, not too long ago."""
    return next((s for s in person.leads if _same_need(lead, s) and lead["received"] - s["received"] <= window), None)


def _possible(lead: _Member, by_row: dict[int, _Member], window: timedelta) -> _Member | None:
    """An earlier lead that may be of the same person, with the same need: somebody must look."""
    others = [by_row[row] for row in lead["possible_with"] if row in by_row]
    return next(
        (
            o for o in sorted(others, key=lambda o: (o["received"], o["row"]))
            if (o["received"], o["row"]) < (lead["received"], lead["row"])
            and _role(o) == _role(lead) and _same_need(lead, o) and lead["received"] - o["received"] <= window
        ),
        None,
    )  # fmt: skip


def _role(lead: _Member) -> str:
    """Who the patient is where only the asker's name is given; '' where the name is the patient's own."""
    return lead["asks_for"] if not lead["named"] and lead["asks_for"] in _FOR_SOMEBODY else ""


def _same_age(one: _Member, other: _Member) -> bool:
    ages = (one["age"], other["age"])
    return None in ages or abs(ages[0] - ages[1]) <= _AGE_DRIFT


def _same_need(one: _Member, other: _Member) -> bool:
    """The same services, or one of the two names none. A refill or a complaint is not the need of a new lead."""
    if (one["type"] == "other") != (other["type"] == "other") or one["other"] != other["other"]:
        return False
    if (one["type"] == "business") != (other["type"] == "business"):
        return False
    mine, theirs = set(one["services"] or ()), set(other["services"] or ())
    return not mine or not theirs or bool(mine & theirs)


def _repeats(one: _Member, other: _Member) -> bool:
    return bool(
        one["words"] == other["words"] and one["type"] == other["type"] and one["services"] == other["services"]
    )


def _name_of(lead: _Member | None) -> str | None:
    """How a lead is called in another's assessment: its id, or its row."""
    if lead is None:
        return None
    return lead["id"] or f"row:{lead['row']}"
