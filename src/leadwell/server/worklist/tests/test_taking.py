"""Whoever takes the next lead has it alone; what is given back, or left untouched, waits again. (promise D21)"""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, connections

from leadwell.server.access.actions import add_member
from leadwell.server.access.models import Membership
from leadwell.server.conftest import Clinic, member
from leadwell.server.leads.happenings import happenings
from leadwell.server.leads.models import Event, Lead
from leadwell.server.privacy.models import TrailEntry
from leadwell.server.worklist.actions import answer, give_back, take, take_next
from leadwell.server.worklist.changing import how_often
from leadwell.server.worklist.followed import turns_of
from leadwell.server.worklist.models import Lane, Responsible, Waiting
from leadwell.server.worklist.queries import MINE, counts, next_to_take
from leadwell.server.worklist.sweeping import give_back_untouched
from leadwell.server.worklist.tests.conftest import DANGER, KNEE, at, came

pytestmark = pytest.mark.django_db(databases="__all__")

Sets = Callable[[str], datetime]


def colleague(clinic: Clinic, n: int) -> Membership:
    return add_member(
        clinic.organization.slug, f"c{n}@example.com", role="coordinator", name=f"Sample {n}", password="quiet harbour"
    )


# SQLite lets one write at a time, and the tests' own stands in memory: nobody can race there.
RACES = pytest.mark.skipif(connection.vendor != "postgresql", reason="a race needs a database with many writers")


@pytest.fixture
def dana(lakeside: Clinic) -> Membership:
    return member(lakeside.organization, "coordinator")


@pytest.fixture
def omar(lakeside: Clinic) -> Membership:
    return colleague(lakeside, 1)


def test_the_next_is_who_waiting_costs_most(lakeside: Clinic, dana: Membership, omar: Membership) -> None:
    calm, danger = came(lakeside, KNEE, DANGER)
    assert [take_next(dana), take_next(omar), take_next(dana)] == [danger.pk, calm.pk, None]
    assert {lead.pk: lead.owner_id for lead in Lead.objects.all()} == {danger.pk: dana.user_id, calm.pk: omar.user_id}
    assert counts(lakeside.number, owner=dana.user_id)[MINE] == 1


def test_a_lead_that_somebody_has_is_not_taken_from_them(lakeside: Clinic, dana: Membership, omar: Membership) -> None:
    (lead,) = came(lakeside, KNEE)
    assert (take(dana, lead.pk), take(omar, lead.pk), give_back(omar, lead.pk), answer(omar, lead.pk)) == (
        True, False, False, False,
    )  # fmt: skip
    assert Lead.objects.get(pk=lead.pk).owner_id == dana.user_id


def test_what_is_given_back_waits_again(lakeside: Clinic, dana: Membership, omar: Membership) -> None:
    (lead,) = came(lakeside, KNEE)
    take_next(dana)
    assert next_to_take(lakeside.number, user=omar.user_id) == []
    assert give_back(dana, lead.pk)
    assert take_next(omar) == lead.pk


def test_each_of_it_is_in_the_trail_on_the_timeline_and_remembered(
    lakeside: Clinic, dana: Membership, django_capture_on_commit_callbacks: Any
) -> None:
    (lead,) = came(lakeside, KNEE)
    before = how_often(lakeside.number)
    with django_capture_on_commit_callbacks(execute=True):
        take_next(dana)
        give_back(dana, lead.pk)
    told = TrailEntry.objects.of(lakeside.number).filter(subject=f"lead/{lead.pk}").order_by("number")
    assert [(one.actor, one.action) for one in told] == [(dana.actor, "lead.taken"), (dana.actor, "lead.released")]
    said = [(one.says, one.by) for one in happenings(lakeside.number, lead.pk)]
    assert said[:2] == [("Given back to its team", dana.user.name), ("Taken", dana.user.name)]
    legs = Responsible.objects.of(lakeside.number).filter(lead=lead.pk).order_by("since")
    assert {one.team for one in legs} == {lead.queue}
    assert [one.user_id for one in legs] == [None, dana.user_id, None]
    assert legs[0].since == lead.received_at
    assert len(turns_of(lakeside.number, [lead.pk])[lead.pk]) == 1  # one team had it all the while
    assert how_often(lakeside.number) == before + 2


def test_an_answer_stops_the_clock_for_good(lakeside: Clinic, dana: Membership) -> None:
    (lead,) = came(lakeside, KNEE)
    assert not answer(dana, lead.pk)  # it is not theirs yet
    take_next(dana)
    assert (answer(dana, lead.pk), answer(dana, lead.pk), give_back(dana, lead.pk)) == (True, False, False)
    assert Waiting.objects.get(lead=lead.pk).lane == Lane.ANSWERED
    assert Lead.objects.get(pk=lead.pk).answered_at is not None
    assert take_next(dana) is None


def test_what_is_left_untouched_goes_back_after_a_quarter_of_an_hour(
    lakeside: Clinic, dana: Membership, clock: Sets
) -> None:
    clock("2026-11-18T10:00")
    (lead,) = came(lakeside, KNEE, when=at("2026-11-18T09:50"))
    take_next(dana)
    clock("2026-11-18T10:14")
    assert give_back_untouched(lakeside.number) == 0
    now = clock("2026-11-18T10:15")
    assert (give_back_untouched(lakeside.number), give_back_untouched(lakeside.number)) == (1, 0)
    assert Lead.objects.get(pk=lead.pk).owner_id is None
    first = happenings(lakeside.number, lead.pk)[0]
    assert (first.at, first.by) == (now, "")
    assert first.says == "Given back to its team: whoever had taken it had not touched it for 15 minutes"


def test_what_its_owner_has_touched_stays_with_them(lakeside: Clinic, dana: Membership, clock: Sets) -> None:
    clock("2026-11-18T10:00")
    (lead,) = came(lakeside, KNEE, when=at("2026-11-18T09:50"))
    take_next(dana)
    touched = {"organization": lakeside.organization, "lead": lead, "name": "call.noted", "by": dana.user}
    Event.objects.create(**touched, at=at("2026-11-18T10:05"))
    clock("2026-11-18T10:15")
    assert give_back_untouched(lakeside.number) == 0
    assert Lead.objects.get(pk=lead.pk).owner_id == dana.user_id


def test_what_was_given_back_and_taken_by_another_counts_anew(
    lakeside: Clinic, dana: Membership, omar: Membership, clock: Sets
) -> None:
    clock("2026-11-18T10:00")
    (lead,) = came(lakeside, KNEE, when=at("2026-11-18T09:50"))
    take_next(dana)
    clock("2026-11-18T10:10")
    give_back(dana, lead.pk)
    take_next(omar)
    clock("2026-11-18T10:20")
    assert give_back_untouched(lakeside.number) == 0
    clock("2026-11-18T10:25")
    assert give_back_untouched(lakeside.number) == 1


@RACES
@pytest.mark.django_db(databases="__all__", transaction=True)
@pytest.mark.parametrize("takers", [2, 8])
def test_of_two_hundred_leads_none_is_won_twice_and_none_lost(lakeside: Clinic, takers: int) -> None:
    leads = came(lakeside, *[KNEE] * 200)
    people = [colleague(lakeside, n) for n in range(takers)]

    def takes(who: Membership) -> list[object]:
        try:
            won = []
            while (lead := take_next(who)) is not None:
                won.append(lead)
            return won
        finally:
            connections.close_all()

    with ThreadPoolExecutor(takers) as pool:
        won = list(pool.map(takes, people))
    assert Counter(lead for one in won for lead in one) == Counter(lead.pk for lead in leads)
    assert all(won)
    owners = {lead.pk: lead.owner_id for lead in Lead.objects.of(lakeside.number)}
    assert owners == {lead: who.user_id for who, one in zip(people, won, strict=True) for lead in one}
    assert Event.objects.filter(name="lead.taken").count() == len(leads)


def test_time_is_not_lost_by_being_taken(lakeside: Clinic, dana: Membership) -> None:
    (lead,) = came(lakeside, KNEE)
    take_next(dana)
    after = Lead.objects.get(pk=lead.pk)
    assert (after.due_at, after.warns_at) == (lead.due_at, lead.warns_at)
    assert after.due_at - lead.received_at >= timedelta(hours=4)
