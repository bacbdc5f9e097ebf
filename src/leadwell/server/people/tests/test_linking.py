"""Two ids are taken for one person, and for two again: links, never merges."""

from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from leadwell.server.base.alone import alone
from leadwell.server.conftest import Clinic
from leadwell.server.people.apart import told_apart
from leadwell.server.people.linking import CannotLink, link, linked, undo
from leadwell.server.people.models import Person, PersonLink
from leadwell.server.people.tests.test_emergency import enquiry
from leadwell.server.privacy.held import erase
from leadwell.server.privacy.models import TrailEntry

pytestmark = pytest.mark.django_db(databases="__all__")


def people(clinic: Clinic, count: int) -> list:
    return [enquiry(clinic, f"Sample {name}").person_id for name in ("One", "Two", "Three", "Four")[:count]]


def test_who_is_linked_is_reached_over_any_number_of_links_and_nobody_else(lakeside: Clinic) -> None:
    one, two, three, alone_ = people(lakeside, 4)
    link(lakeside.number, two, one, actor="user:1")
    link(lakeside.number, two, three, actor="user:1")
    found = linked(lakeside.number, [one, three, alone_])
    assert found == {one: {one, two, three}, three: {one, two, three}, alone_: {alone_}}


def test_a_link_that_is_undone_leaves_two_people(lakeside: Clinic) -> None:
    one, two, three = people(lakeside, 3)
    first = link(lakeside.number, one, two, actor="user:1")
    link(lakeside.number, two, three, actor="user:1")
    assert undo(lakeside.number, first.pk, actor="user:2")
    assert linked(lakeside.number, [one, three]) == {one: {one}, three: {two, three}}
    assert not undo(lakeside.number, first.pk, actor="user:3")
    first.refresh_from_db()
    assert (first.linked_by, first.undone_by) == ("user:1", "user:2")


def test_linked_twice_it_is_one_link_and_after_an_undo_a_new_one(lakeside: Clinic) -> None:
    one, two = people(lakeside, 2)
    first = link(lakeside.number, one, two, actor="user:1")
    assert link(lakeside.number, two, one, actor="user:1").pk == first.pk
    undo(lakeside.number, first.pk, actor="user:1")
    assert link(lakeside.number, one, two, actor="user:1").pk != first.pk
    assert PersonLink.objects.of(lakeside.number).count() == 2


def test_nobody_is_linked_with_themselves_a_stranger_or_another_clinics(lakeside: Clinic, harbor: Clinic) -> None:
    (one,) = people(lakeside, 1)
    theirs = enquiry(harbor).person_id
    for other in (one, uuid4(), theirs):
        with pytest.raises(CannotLink):
            link(lakeside.number, one, other, actor="user:1")
    assert not PersonLink.objects.exists()


def test_another_organisation_neither_sees_nor_undoes_a_link(lakeside: Clinic, harbor: Clinic) -> None:
    one, two = people(lakeside, 2)
    made = link(lakeside.number, one, two, actor="user:1")
    assert linked(harbor.number, [one]) == {one: {one}}
    assert not undo(harbor.number, made.pk, actor="user:9")
    assert linked(lakeside.number, [one]) == {one: {one, two}}


def test_both_are_told_of_it_in_their_receipts(lakeside: Clinic) -> None:
    one, two = people(lakeside, 2)
    undo(lakeside.number, link(lakeside.number, one, two, actor="user:1").pk, actor="user:1")
    entries = TrailEntry.objects.of(lakeside.number).filter(action__startswith="person.").order_by("number")
    subjects = {f"person/{one}", f"person/{two}"}
    assert [(e.action, e.subject in subjects) for e in entries] == [
        ("person.linked", True), ("person.linked", True), ("person.unlinked", True), ("person.unlinked", True),
    ]  # fmt: skip


def test_a_link_outlives_an_erasure_and_names_nobody(lakeside: Clinic) -> None:
    one, two = people(lakeside, 2)
    link(lakeside.number, one, two, actor="user:1")
    erase(lakeside.number, one, actor="user:1")
    assert not Person.objects.of(lakeside.number).filter(pk=one).exists()
    assert linked(lakeside.number, [two]) == {two: {one, two}}


def test_so_many_are_asked_in_few_questions(lakeside: Clinic, django_assert_num_queries) -> None:
    one, two = people(lakeside, 2)
    link(lakeside.number, one, two, actor="user:1")
    many = [one, *(uuid4() for _ in range(900))]
    with django_assert_num_queries(3):  # two parts, then those whom a link reaches
        assert linked(lakeside.number, many)[one] == {one, two}


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL reads so few links whole")
def test_links_of_a_person_are_found_without_reading_those_of_others(lakeside: Clinic) -> None:
    one, two = people(lakeside, 2)
    with CaptureQueriesContext(connection) as asked:
        linked(lakeside.number, [one])
        told_apart(lakeside.number, [one, two])
    assert len(asked) == 3
    with connection.cursor() as cursor:
        for query in asked.captured_queries:
            steps = [step for *_, step in cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}").fetchall()]
            reads = [step for step in steps if step.startswith(("SEARCH", "SCAN"))]
            assert reads
            assert all("one=?" in step or "other=?" in step for step in reads), reads


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_a_lock_without_a_transaction_is_a_mistake() -> None:
    with pytest.raises(RuntimeError, match="needs one"):
        alone(1)
    with transaction.atomic():
        alone(1)
