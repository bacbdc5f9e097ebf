"""Who in this list has asked before? (promise 8)

Links are between patients, not between askers: a mother who writes for herself and then for her child is two people.
Identity says who is who from names, birth dates and contacts; only the few leads it links are then read, to see whether
they ask for the same patient and the same need. Adds the columns of `contract.LINK`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final, NamedTuple

import polars as pl

from leadwell import contract, identity
from leadwell.assessing import stated as fields
from leadwell.assessing.needs import needs
from leadwell.assessing.patient import OF_AGE, OLDEST
from leadwell.assessing.prepare import parse_days, plain_days, prepare
from leadwell.identity import rules
from leadwell.identity.few import Few
from leadwell.identity.rows import framed
from leadwell.identity.rules import Columns, Texts
from leadwell.playbook.model import Playbook

FOR_SOMEBODY: Final = ("child", "spouse", "parent", "relative")
_AGE_DRIFT: Final = 1  # years by which two tellings of one age may differ
_GENERATION: Final = 14  # years between two ages that are a parent's and a child's of one name, not one person's
_NAMES: Final = ("first_name", "last_name", "full_name")
# All that `people` looks at, and what `prepare` needs for it.
_OF_TIME: Final = ("row", "received_at")
_OF_PEOPLE: Final = (
    *_OF_TIME, *_NAMES, *(f"patient_{name}" for name in _NAMES), "birth_date", "patient_birth_date", "age",
    "sex", "phone", "phone_2", "email", "address", "city", "state", "zip",
)  # fmt: skip
_TEXTS: Final = (
    *_NAMES, *(f"patient_{name}" for name in _NAMES), "birth_date", "patient_birth_date", "age", "sex", "email", "zip",
)  # fmt: skip
_TOLD_OF: Final = (*_TEXTS, "row", "received_date", "phone", "phone_2", "address", "city", "state")
_ASKERS: Final = ("given_2", "family_2")
_NOTHING: Final = pl.DataFrame(schema={"row": pl.UInt32, **contract.LINK})
# Prefixes of what identity says of a lead, and of what it needs, beside its own columns.
_LINK: Final = "link."
_NEED: Final = "need."


def link(leads: pl.DataFrame, playbook: Playbook, *, as_of: datetime | None = None) -> pl.DataFrame:
    """The leads, in their order, with `row` and the columns of `contract.LINK`, NULL where a lead is nobody's repeat.

    Sees the whole list; the order of its rows changes nothing but ties. Raises MissingTime.
    """
    numbered = leads if "row" in leads.columns else leads.with_row_index("row", offset=1)
    looked_at = _OF_PEOPLE if leads.height > 1 else _OF_TIME
    frame = prepare(numbered.select(n for n in numbered.columns if n in looked_at), playbook, as_of=as_of)
    told = _linked(numbered, frame, playbook, as_of) if leads.height > 1 else _NOTHING
    rows = frame.select("row").join(told, on="row", how="left", maintain_order="left")
    return leads.with_columns(rows["row"], *(rows[name].cast(dtype) for name, dtype in contract.LINK.items()))


def _linked(leads: pl.DataFrame, frame: pl.DataFrame, playbook: Playbook, as_of: datetime | None) -> pl.DataFrame:
    """`row` and the columns of `contract.LINK` of those leads that repeat another."""
    links = identity.link(people(frame))
    members = _worth_reading(leads, frame["received"], links.clusters, playbook.checks.same_need_within)
    return _NOTHING if members.is_empty() else _relate(members, playbook, as_of=as_of)


def people(frame: pl.DataFrame) -> pl.DataFrame:
    """The patients of prepared leads, in the columns of `identity.PEOPLE`."""
    return framed(patients({name: rules.few_or_many(frame[name]) for name in _TOLD_OF}))


def patients(of: Mapping[str, Texts]) -> dict[str, Texts]:
    """The patients of leads whose columns are all of a few, or all of many.

    Where a patient is named, the asker's name stands beside it in `given_2` and `family_2`.
    """
    texts = rules.worked_out(_told, **{name: of[name] for name in _TEXTS})
    told = {name: texts[name] for name in ("given", "family", "sex", "zip", *_ASKERS)}
    beside = {name: of[name] for name in ("row", "address", "city", "state")}
    contacts = {"phones": _phones(of), "emails": rules.lists([texts["email"]])}
    return {**beside, **told, **_births(of["received_date"], texts), **contacts}


def _told(**of: Columns) -> dict[str, Columns]:
    """What each tells of itself in texts, and the age as a number."""
    given, family = _name("", of)
    patient_given, patient_family = _name("patient_", of)
    named = rules.any_told(*(of[f"patient_{name}"] for name in _NAMES))
    return {
        "given": rules.when(named, patient_given, given),
        "family": rules.when(named, patient_family, family),
        "given_2": rules.when(named, given),
        "family_2": rules.when(named, family),
        "birth_date": rules.first_told(of["patient_birth_date"], of["birth_date"]),
        "age": fields.number_in(of["age"]).floor(),
        "sex": fields.means(of["sex"], "sex"),
        "email": of["email"].str.to_lowercase(),
        "zip": of["zip"].str.extract(r"^(\d{5})"),
    }


def _name(whose: str, of: Mapping[str, Columns]) -> tuple[Columns, Columns]:
    """Given and family name; from the full name ("Ana Ruiz", "Ruiz, Ana") where that is all there is."""
    given, family = identity.split_name(of[f"{whose}full_name"])
    return rules.first_told(of[f"{whose}first_name"], given), rules.first_told(of[f"{whose}last_name"], family)


def _births(received: Texts, texts: Mapping[str, Texts]) -> dict[str, Texts]:
    """Birth date, year of birth by the age told, and whether they are of age."""
    born = _days(texts["birth_date"], received)
    told = rules.worked_out(_age, age=texts["age"], born=born, received=received)
    return {"birth_date": born, "born_year": told["year"], "adult": told["adult"]}


def _days(texts: Texts, latest: Texts) -> Texts:
    if not isinstance(texts, Few):
        return parse_days(texts, latest=rules.series(latest, pl.Date()))
    plain = plain_days(texts.values)
    if plain is None:
        days = parse_days(rules.series(texts, pl.String()), latest=rules.series(latest, pl.Date()))
        plain = days.to_list()
    return Few(plain)


def _age(age: Columns, born: Columns, received: Columns) -> dict[str, Columns]:
    told = rules.whole(rules.when(age.is_between(0, OLDEST), age))
    of_age = born.dt.offset_by(f"{OF_AGE}y") <= received
    return {"year": received.dt.year() - told, "adult": rules.first_told(of_age, told >= OF_AGE)}


def _phones(of: Mapping[str, Texts]) -> Texts:
    """Dropping what is missing from lists costs more than all else here, so lists of one are left as they are."""
    filled = [name for name in ("phone", "phone_2") if of[name].null_count() < len(of[name])] or ["phone"]
    numbers = rules.lists([identity.telephones(of[name]) for name in filled])
    return numbers.list.drop_nulls() if len(filled) > 1 else numbers


def _patient_named(prefix: str) -> pl.Expr:
    return rules.any_told(*(pl.col(f"{prefix}{name}") for name in _NAMES))


def _worth_reading(leads: pl.DataFrame, received: pl.Series, clusters: pl.DataFrame, window: timedelta) -> pl.DataFrame:
    """Leads that have another: of the same person, or perhaps of the same and not too long before or after.

    Where that other was received in another season, nothing would be said of either. Adds `cluster`, `weight` and
    `possible_with`.
    """
    linked = clusters["link"] != "none"
    related = clusters.filter(linked).with_columns(received.filter(linked).alias("received"))
    maybe = related.select("row", "received", other="possible_with").explode("other").drop_nulls("other")
    maybe = maybe.join(related.select(other="row", then="received"), on="other")
    near = maybe.filter((pl.col("received") - pl.col("then")).abs() <= window)["row"]
    worth = related.select(pl.col("cluster").is_duplicated() | pl.col("row").is_in(near.unique().implode())).to_series()
    found = related.select(*(pl.col(name).alias(_LINK + name) for name in ("cluster", "weight", "possible_with")))
    return leads.filter(linked).hstack(found).filter(worth)


def _relate(members: pl.DataFrame, playbook: Playbook, *, as_of: datetime | None) -> pl.DataFrame:
    frame = prepare(members, playbook, as_of=as_of)
    asking = frame.hstack(needs(frame, playbook).select(pl.all().exclude("row").name.prefix(_NEED)))
    told = list(tell(_members(asking), playbook.checks.same_need_within // timedelta(microseconds=1)))
    return pl.DataFrame(told, schema=_NOTHING.schema, orient="row")


_WORDS: Final = pl.concat_str("subject", "message", "referral_reason", separator=" ", ignore_nulls=True)
_TYPE: Final = pl.col("need.type")
_ASKS_FOR: Final = pl.col("need.asks_for")


class Member(NamedTuple):
    """A lead that is about the same patient as another, or may be. Whoever knows who is who already makes them."""

    row: int
    name: str  # how another's assessment calls it: its id, or its row
    received: int  # microseconds
    cluster: int
    weight: float
    possible_with: list[int] | None
    role: str  # who the patient is where only the asker's name is given; '' where the name is the patient's own
    age: int | None
    kind: str  # '', or that it is no request for care of a patient: a refill or a complaint is not a new lead's need
    services: str | None  # one a line
    type: str
    words: str


def _members(asking: pl.DataFrame) -> list[Member]:
    """Earliest first."""
    for_somebody = ~_patient_named("patient_") & _ASKS_FOR.is_in(FOR_SOMEBODY)
    other = pl.concat_str(pl.lit("other "), pl.col("need.other").fill_null(""))
    possible_with = pl.col(_LINK + "possible_with")
    columns = asking.sort("received", "row").select(
        "row",
        pl.coalesce("id", pl.format("row:{}", "row")),
        pl.col("received").to_physical(),
        _LINK + "cluster",
        _LINK + "weight",
        pl.when(possible_with.list.len() > 0).then(possible_with),
        pl.when(for_somebody).then(_ASKS_FOR).otherwise(pl.lit("")).alias("role"),
        pl.col("need.age"),
        pl.when(_TYPE == "other").then(other).when(_TYPE == "business").then(_TYPE).otherwise(pl.lit("")).alias("kind"),
        pl.col("need.services").list.join("\n"),
        _TYPE,
        fields.fold(_WORDS).alias("words"),
    )  # fmt: skip
    return list(map(Member, *(column.to_list() for column in columns)))


def tell(members: list[Member], window: int) -> Iterator[tuple[object, ...]]:
    """(row, duplicate_of, possible_duplicate_of, same_person_as, weight, nothing_new) of each lead, in time order."""
    by_row = {lead.row: lead for lead in members}
    persons: dict[int, list[list[Member]]] = {}  # of each cluster, and of each person their leads, earliest first
    for lead in members:
        here = persons.setdefault(lead.cluster, [])
        person = next((seen for seen in here if _is_patient_of(seen, lead)), None)
        if person is None:
            person = []
            here.append(person)
        earlier = _earlier(person, lead, window)
        repeats = earlier is not None and any(_repeats(lead, seen) for seen in person)
        known_from = person[0] if person and earlier is None else None
        person.append(lead)
        maybe = None if earlier or not lead.possible_with else _possible(lead, by_row, window)
        if earlier or known_from or maybe:
            names = (one.name if one else None for one in (earlier, maybe, known_from))
            yield lead.row, *names, round(lead.weight, 2), repeats


def _is_patient_of(seen: list[Member], lead: Member) -> bool:
    return all(lead.role == one.role and _same_age(lead, one) for one in seen[-3:])


def _earlier(person: list[Member], lead: Member, window: int) -> Member | None:
    """The earliest lead of this person with the same need, not too long ago."""
    return next((s for s in person if _same_need(lead, s) and lead.received - s.received <= window), None)


def _possible(lead: Member, by_row: dict[int, Member], window: int) -> Member | None:
    """An earlier lead that may be of the same person, with the same need: somebody must look."""
    others = [by_row[row] for row in lead.possible_with or () if row in by_row]
    return next(
        (
            o for o in sorted(others, key=lambda o: (o.received, o.row))
            if (o.received, o.row) < (lead.received, lead.row)
            and o.role == lead.role and _same_need(lead, o) and lead.received - o.received <= window
            and not _generation_apart(lead, o)
        ),
        None,
    )  # fmt: skip


def _same_age(one: Member, other: Member) -> bool:
    return one.age is None or other.age is None or abs(one.age - other.age) <= _AGE_DRIFT


def _generation_apart(one: Member, other: Member) -> bool:
    return one.age is not None and other.age is not None and abs(one.age - other.age) >= _GENERATION


def _same_need(one: Member, other: Member) -> bool:
    return one.kind == other.kind and _share_service(one.services, other.services)


@lru_cache(maxsize=4096)
def _share_service(mine: str | None, theirs: str | None) -> bool:
    """Whether they name the same services, or one of the two names none."""
    return not mine or not theirs or not set(mine.split("\n")).isdisjoint(theirs.split("\n"))


def _repeats(one: Member, other: Member) -> bool:
    return one.words == other.words and one.type == other.type and one.services == other.services
