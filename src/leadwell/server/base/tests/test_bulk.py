"""Many rows written at once are the rows that Django would have written, on each database."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from leadwell.server.base import bulk
from leadwell.server.conftest import Clinic
from leadwell.server.intake.models import State, Submission
from leadwell.server.leads.models import Event, Lead
from leadwell.server.people.models import LearnedWeights, Person, PersonToken

pytestmark = pytest.mark.django_db(databases="__all__")

NOON = datetime(2026, 11, 18, 12, 0, 0, 123456, tzinfo=UTC)
FEW_AND_MANY = pytest.mark.parametrize("count", [1, 9, 10, 300])


def _submissions(clinic: Clinic, count: int) -> list[Submission]:
    made = []
    for nth in range(count):
        one = Submission(organization_id=clinic.number, source=clinic.source, received_at=NOON + timedelta(seconds=nth))
        one.content, one.size, one.sealed = nth.to_bytes(16, "big"), nth, b"\x00\xff\\x41" + bytes([nth % 256])
        one.key = None if nth % 2 else nth.to_bytes(16, "big")
        one.due_at, one.problem = one.received_at if nth % 3 else None, "" if nth % 5 else "a\tb\n\\N “ü”"
        made.append(one)
    return made


def _leads(clinic: Clinic, count: int) -> list[Lead]:
    return [
        Lead(
            organization_id=clinic.number, submission=one.id, source=1, received_at=NOON, sealed=one.sealed, score=score
        )
        for one, score in zip(_submissions(clinic, count), [None, 40, -1] * count, strict=False)
    ]


def _values(rows: list[Submission] | list[Lead] | list[Event]) -> list[dict[str, object]]:
    names = [field.attname for field in rows[0]._meta.concrete_fields]
    values = [{name: getattr(row, name) for name in names} for row in sorted(rows, key=lambda row: row.pk)]
    return [{k: bytes(v) if isinstance(v, memoryview) else v for k, v in one.items()} for one in values]


def test_a_row_that_is_made_is_the_one_that_its_class_makes(lakeside: Clinic) -> None:
    who = Person.objects.create(organization_id=lakeside.number, created_at=NOON)
    told = {"organization_id": lakeside.number, "submission": who.pk, "source": 1, "received_at": NOON, "sealed": b"s"}
    own, by = Lead(person=who, **told), bulk.made(Lead, person=who, **told)
    by.id = own.id
    assert _values([by]) == _values([own])
    assert by._state.adding and by.person is who
    by.save()
    assert _values(list(Lead.objects.all())) == _values([own])


def test_what_nobody_gave_is_no_other_row_s() -> None:
    one, other = (bulk.made(Event, name="lead.received") for _ in range(2))
    one.codes["queue"] = "front-desk"
    assert other.codes == {}
    assert bulk.made(Person).pk != bulk.made(Person).pk


@FEW_AND_MANY
def test_only_rows_whose_number_lies_within_are_selected(lakeside: Clinic, count: int) -> None:
    leads = _leads(lakeside, count)
    for nth, one in enumerate(leads):
        one.nth = nth
    bulk.insert(leads)
    submissions = [one.submission for one in leads]
    found = bulk.select(Lead, ("nth",), lakeside.number, ("submission",), submissions, within=("nth", 3, 5))
    assert sorted(nth for (nth,) in found) == [3, 4, 5][: max(0, count - 3)]


@FEW_AND_MANY
def test_what_is_inserted_is_what_is_read(lakeside: Clinic, count: int) -> None:
    submissions, leads = _submissions(lakeside, count), _leads(lakeside, count)
    bulk.insert(submissions)
    bulk.insert(leads)
    assert _values(list(Submission.objects.all())) == _values(submissions)
    assert _values(list(Lead.objects.all())) == _values(leads)


@FEW_AND_MANY
def test_codes_are_inserted_as_they_are(lakeside: Clinic, count: int) -> None:
    leads = _leads(lakeside, count)
    codes = [{"queue": "front-desk", "n": n, "words": ["“ü”", None]} for n in range(count)]
    events = [
        Event(organization_id=lakeside.number, lead=one, name="lead.received", at=NOON, codes=code)
        for one, code in zip(leads, codes, strict=True)
    ]
    bulk.insert(leads)
    bulk.insert(events)
    assert _values(list(Event.objects.all())) == _values(events)


@FEW_AND_MANY
def test_values_are_inserted_that_were_never_objects(lakeside: Clinic, count: int) -> None:
    people = [Person(organization_id=lakeside.number, created_at=NOON, sealed=b"") for _ in range(count)]
    tokens = [(lakeside.number, person.pk, "name", nth.to_bytes(16, "big")) for nth, person in enumerate(people)]
    bulk.insert(people)
    bulk.insert_values(PersonToken, ("organization", "person", "kind", "token"), tokens)
    found = PersonToken.objects.values_list("organization", "person", "kind", "token")
    assert sorted((*row[:3], bytes(row[3])) for row in found) == sorted(tokens)


@FEW_AND_MANY
def test_each_row_is_updated_by_its_own_values_and_no_other_row(lakeside: Clinic, count: int) -> None:
    bystander, *rows = _submissions(lakeside, count + 1)
    bulk.insert([bystander, *rows])
    for nth, one in enumerate(rows):
        one.state, one.leads, one.problem = State.ASSESSED, nth, f"“{nth}”"
        one.lead, one.assessed_at, one.due_at = (None if nth % 2 else bystander.id), NOON, None
    bulk.update(rows, ["state", "lead", "leads", "problem", "assessed_at", "due_at"])
    assert _values(list(Submission.objects.exclude(pk=bystander.pk))) == _values(rows)
    assert _values([Submission.objects.get(pk=bystander.pk)]) == _values([bystander])


@FEW_AND_MANY
def test_values_are_updated_of_rows_that_were_never_objects(lakeside: Clinic, count: int) -> None:
    bystander, *rows = _submissions(lakeside, count + 1)
    bulk.insert([bystander, *rows])
    for nth, one in enumerate(rows):
        one.leads, one.assessed_at, one.due_at = nth, NOON, None
    bulk.update_values(
        Submission, ("leads", "assessed_at", "due_at"), [(one.pk, one.leads, NOON, None) for one in rows]
    )
    assert _values(list(Submission.objects.exclude(pk=bystander.pk))) == _values(rows)
    assert _values([Submission.objects.get(pk=bystander.pk)]) == _values([bystander])


@FEW_AND_MANY
def test_a_row_that_is_there_already_is_refused_with_all_others(lakeside: Clinic, count: int) -> None:
    *others, second = _leads(lakeside, count + 1)
    bulk.insert([second])
    again = Lead(organization_id=lakeside.number, submission=second.submission, source=1, received_at=NOON, sealed=b"")
    with pytest.raises(IntegrityError), transaction.atomic():
        bulk.insert([*others, again])
    assert list(Lead.objects.values_list("pk", flat=True)) == [second.pk]


@FEW_AND_MANY
def test_what_is_selected_is_what_django_would_have_read(
    lakeside: Clinic, harbor: Clinic, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "_AT_ONCE", 7)
    rows, names = _submissions(lakeside, count), ("id", "received_at", "due_at", "content", "sealed", "state", "key")
    bulk.insert(rows)
    bulk.insert(_submissions(harbor, count))
    wanted = [row.content for row in rows[::2]]
    found = bulk.select(Submission, names, lakeside.number, ("content",), wanted)
    ours = Submission.objects.of(lakeside.number).filter(content__in=wanted)
    assert _plain(found) == _plain(ours.values_list(*names))
    assert len(found) == len(wanted)
    assert bulk.select(Submission, names, lakeside.number, ("content",), []) == []


def _plain(rows: Iterable[tuple[Any, ...]]) -> list[list[object]]:
    plain = [[bytes(one) if isinstance(one, memoryview) else one for one in row] for row in rows]
    return sorted(plain, key=lambda row: str(row[0]))


def test_codes_are_selected_as_they_were_written(lakeside: Clinic) -> None:
    weights = LearnedWeights.objects.create(organization_id=lakeside.number, at=NOON, people=1, told={"a": [0.5, None]})
    found = bulk.select(LearnedWeights, ("told", "at"), lakeside.number, ("organization",), [lakeside.number])
    assert found == [(weights.told, NOON)]
