"""A lead is given to one of its team, in fair turns, with a reason for everybody who did not get it. (promise D19)"""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from leadwell.server.access.models import Membership
from leadwell.server.alerts.models import Alert
from leadwell.server.assigning import actions
from leadwell.server.assigning.actions import give_out, wake
from leadwell.server.assigning.models import Decision, Turns
from leadwell.server.assigning.tests.conftest import NAVIGATORS, Sets, works
from leadwell.server.assigning.watching import watch_for_nobody
from leadwell.server.conftest import Clinic
from leadwell.server.jobs import give_out_leads
from leadwell.server.leads.happenings import happenings
from leadwell.server.leads.models import Event, Lead
from leadwell.server.privacy.models import TrailEntry
from leadwell.server.worklist.actions import give_back, take, take_next
from leadwell.server.worklist.followed import turns_of
from leadwell.server.worklist.models import Responsible, Waiting
from leadwell.server.worklist.queries import next_to_take
from leadwell.server.worklist.sweeping import give_back_untouched
from leadwell.server.worklist.tests.conftest import DANGER, KNEE, SPAM, at, came

pytestmark = pytest.mark.django_db(databases="__all__")

RACES = pytest.mark.skipif(connection.vendor != "postgresql", reason="a race needs a database with many writers")
THERAPY = "I need physical therapy for my ankle"  # of a team that takes what is next


def owners(clinic: Clinic) -> Counter[int | None]:
    return Counter(Lead.objects.of(clinic.number).values_list("owner", flat=True))


def last(lead: Lead) -> Decision:
    return Decision.objects.filter(lead=lead.pk).latest("at")


def test_leads_go_round_and_each_has_one_owner(
    lakeside: Clinic, dana: Membership, omar: Membership, clock: Sets
) -> None:
    clock("2026-11-18T10:00")
    came(lakeside, *[KNEE] * 7, when=at("2026-11-18T09:59"))
    assert give_out(lakeside.number) == 7
    assert sorted(owners(lakeside).values()) == [3, 4]
    assert give_out(lakeside.number) == 0


def test_it_is_kept_with_the_reason_of_everybody_else(lakeside: Clinic, dana: Membership, clock: Sets) -> None:
    away = works(lakeside, "Lee", hours="Sat 08:00-12:00")
    spanish = works(lakeside, "Noor", languages=["es"])
    no_knees = works(lakeside, "Ben", services=["spine-care"])
    full = works(lakeside, "Ida", most_open=0)
    now = clock("2026-11-18T10:00")
    (lead,) = came(lakeside, KNEE, when=now)
    Lead.objects.filter(pk=lead.pk).update(language="en")
    give_out(lakeside.number)
    told = last(lead)
    assert (told.chosen_id, told.team, told.at) == (dana.user_id, NAVIGATORS, now)
    assert told.passed == {
        str(away.user_id): "not_working",
        str(spanish.user_id): "language",
        str(no_knees.user_id): "service",
        str(full.user_id): "full",
    }


def test_it_is_on_the_timeline_in_the_trail_and_remembered(lakeside: Clinic, dana: Membership, clock: Sets) -> None:
    now = clock("2026-11-18T10:00")
    (lead,) = came(lakeside, KNEE, when=at("2026-11-18T09:59"))
    give_out(lakeside.number)
    assert happenings(lakeside.number, lead.pk)[0].says == "Given to Sample Dana"
    entry = TrailEntry.objects.of(lakeside.number).get(action="lead.given")
    assert (entry.actor, entry.subject, entry.codes) == ("worker", f"lead/{lead.pk}", {"to": dana.actor})
    legs = Responsible.objects.of(lakeside.number).filter(lead=lead.pk).order_by("since")
    assert [(one.team, one.user_id, one.since) for one in legs] == [
        (NAVIGATORS, None, lead.received_at),
        (NAVIGATORS, dana.user_id, now),
    ]
    assert len(turns_of(lakeside.number, [lead.pk])[lead.pk]) == 1
    after = Lead.objects.get(pk=lead.pk)
    assert (after.due_at, after.warns_at) == (lead.due_at, lead.warns_at)


def test_a_team_that_takes_what_is_next_and_one_without_people_are_given_nothing(lakeside: Clinic, clock: Sets) -> None:
    works(lakeside, "Lee", "scheduling")
    now = clock("2026-11-18T10:00")
    leads = came(lakeside, THERAPY, KNEE, SPAM, when=now)
    assert [lead.queue for lead in leads] == ["scheduling", NAVIGATORS, ""]
    assert give_out(lakeside.number) == 0
    assert owners(lakeside) == {None: 3}
    assert not Decision.objects.exists()
    assert not Waiting.objects.filter(give_at__isnull=False).exists()  # and none is looked at again


def test_where_nobody_is_there_it_stays_with_its_team_and_whoever_leads_intake_is_told(
    lakeside: Clinic, clock: Sets
) -> None:
    dana = works(lakeside, "Dana", hours="Mon-Fri 08:00-12:00")
    now = clock("2026-11-18T13:00")
    (lead,) = came(lakeside, KNEE, when=now)
    for _ in range(3):
        assert give_out(lakeside.number) == 0
    told = Decision.objects.get(lead=lead.pk)  # said once
    assert (told.chosen, told.passed) == (None, {str(dana.user_id): "not_working"})
    assert Waiting.objects.get(lead=lead.pk).give_at == at("2026-11-19T08:00")
    watch_for_nobody(lakeside.number)
    alert = Alert.objects.get(kind="nobody")
    assert (alert.codes, alert.ended_at) == ({"team": NAVIGATORS, "count": 1}, None)
    clock("2026-11-19T08:00")
    assert give_out(lakeside.number) == 1
    watch_for_nobody(lakeside.number)
    assert Alert.objects.get(kind="nobody").ended_at is not None


@pytest.mark.parametrize(("safety", "told"), [("", 0), ("emergency", 1)])
def test_while_its_team_rests_nobody_is_told_but_of_danger(
    lakeside: Clinic, dana: Membership, clock: Sets, safety: str, told: int
) -> None:
    now = clock("2026-11-18T19:00")
    (lead,) = came(lakeside, KNEE, when=now)
    Lead.objects.filter(pk=lead.pk).update(safety=safety)
    give_out(lakeside.number)
    watch_for_nobody(lakeside.number)
    assert Alert.objects.filter(kind="nobody").count() == told


def test_what_nobody_has_may_be_taken_all_the_same(lakeside: Clinic, dana: Membership, clock: Sets) -> None:
    now = clock("2026-11-18T19:00")
    (lead,) = came(lakeside, KNEE, when=now)
    give_out(lakeside.number)
    assert take_next(dana) == lead.pk
    clock("2026-11-19T08:00")
    assert give_out(lakeside.number) == 0


def test_nobody_is_given_more_than_they_may_have(lakeside: Clinic, clock: Sets) -> None:
    lee = works(lakeside, "Lee", most_open=2)
    clock("2026-11-18T10:00")
    leads = came(lakeside, *[KNEE] * 3, when=at("2026-11-18T09:59"))
    assert give_out(lakeside.number) == 2
    clock("2026-11-18T10:01")
    assert give_out(lakeside.number) == 0
    first = next(lead for lead in leads if Lead.objects.get(pk=lead.pk).owner_id == lee.user_id)
    assert take_next(lee) is not None
    Lead.objects.filter(pk=first.pk).update(answered_at=at("2026-11-18T10:01"))
    clock("2026-11-18T10:02")
    assert give_out(lakeside.number) == 1


def test_what_was_not_begun_in_time_goes_to_a_colleague(
    lakeside: Clinic, dana: Membership, omar: Membership, clock: Sets
) -> None:
    now = clock("2026-11-18T10:00")
    (lead,) = came(lakeside, KNEE, when=now)
    give_out(lakeside.number)
    one = Lead.objects.get(pk=lead.pk).owner_id
    clock("2026-11-18T12:59")  # of four hours a quarter is left at one
    assert give_back_untouched(lakeside.number) == 0
    clock("2026-11-18T13:00")
    assert (give_back_untouched(lakeside.number), give_out(lakeside.number)) == (1, 1)
    other = ({dana.user_id, omar.user_id} - {one}).pop()
    assert Lead.objects.get(pk=lead.pk).owner_id == other
    assert last(lead).passed == {str(one): "had"}
    says = [told.says for told in happenings(lakeside.number, lead.pk)]
    assert "Given back to its team: whoever it was given to had not begun it in time" in says
    clock("2026-11-18T13:15")
    assert (give_back_untouched(lakeside.number), give_out(lakeside.number)) == (1, 0)  # both have had it
    assert Lead.objects.get(pk=lead.pk).owner_id is None


def test_what_they_have_begun_stays_with_them(lakeside: Clinic, dana: Membership, clock: Sets) -> None:
    now = clock("2026-11-18T10:00")
    (lead,) = came(lakeside, KNEE, when=now)
    give_out(lakeside.number)
    Event.objects.create(organization=lakeside.organization, lead=lead, name="attempt.noted", by=dana.user, at=now)
    clock("2026-11-18T13:00")
    assert give_back_untouched(lakeside.number) == 0
    assert Lead.objects.get(pk=lead.pk).owner_id == dana.user_id


def test_what_somebody_gives_back_is_not_given_to_them_again(lakeside: Clinic, dana: Membership, clock: Sets) -> None:
    now = clock("2026-11-18T10:00")
    (lead,) = came(lakeside, KNEE, when=now)
    give_out(lakeside.number)
    assert give_back(dana, lead.pk)
    assert give_out(lakeside.number) == 0
    assert last(lead).passed == {str(dana.user_id): "had"}


# Taking what is next


def test_what_is_next_is_what_was_given_to_them_then_what_nobody_of_their_team_has(
    lakeside: Clinic, dana: Membership, clock: Sets
) -> None:
    lee = works(lakeside, "Lee", "scheduling")
    now = clock("2026-11-18T10:00")
    knee, therapy = came(lakeside, KNEE, THERAPY, when=now)
    give_out(lakeside.number)
    assert [take_next(dana), take_next(dana)] == [knee.pk, None]
    assert take_next(lee) == therapy.pk


def test_danger_comes_first_whoever_has_it_not(lakeside: Clinic, dana: Membership, clock: Sets) -> None:
    works(lakeside, "Lee", "front-desk")
    now = clock("2026-11-18T10:00")
    knee, danger = came(lakeside, KNEE, DANGER, when=now)
    give_out(lakeside.number)
    assert danger.queue != NAVIGATORS
    assert [take_next(dana), take_next(dana)] == [danger.pk, knee.pk]


def test_who_was_never_placed_takes_whatever_is_next(lakeside: Clinic, clock: Sets) -> None:
    works(lakeside, "Lee", "scheduling")
    now = clock("2026-11-18T10:00")
    (therapy,) = came(lakeside, THERAPY, when=now)
    nobodys = works(lakeside, "Ida", "partnerships")
    assert next_to_take(lakeside.number, user=nobodys.user_id) == []
    nobodys.duty.delete()
    assert next_to_take(lakeside.number, user=nobodys.user_id) == [(therapy.pk, False)]


def test_what_was_given_to_a_colleague_is_not_to_be_taken(
    lakeside: Clinic, dana: Membership, omar: Membership, clock: Sets
) -> None:
    now = clock("2026-11-18T10:00")
    (lead,) = came(lakeside, KNEE, when=now)
    give_out(lakeside.number)
    owner = Lead.objects.get(pk=lead.pk).owner_id
    other = omar if owner == dana.user_id else dana
    assert (take(other, lead.pk), take_next(other)) == (False, None)


def test_where_it_fails_the_worker_goes_on_and_the_leads_wait(
    lakeside: Clinic, dana: Membership, clock: Sets, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = clock("2026-11-18T10:00")
    came(lakeside, KNEE, when=now)
    with monkeypatch.context() as broken:
        broken.setattr(actions, "Round", lambda *_: 1 / 0)
        give_out_leads()
    assert owners(lakeside) == {None: 1}
    give_out_leads()
    assert owners(lakeside) == {dana.user_id: 1}


# Cost and races


def asked(clinic: Clinic) -> int:
    with CaptureQueriesContext(connection) as told:
        give_out(clinic.number)
    return len(told)


def test_a_round_asks_no_more_however_many_leads_it_has(
    lakeside: Clinic, dana: Membership, omar: Membership, clock: Sets
) -> None:
    clock("2026-11-18T10:00")
    came(lakeside, *[KNEE] * 4, when=at("2026-11-18T10:00"))
    give_out(lakeside.number)
    came(lakeside, *[KNEE] * 4, when=at("2026-11-18T10:00"))
    few = asked(lakeside)
    came(lakeside, *[KNEE] * 40, when=at("2026-11-18T10:00"))
    assert asked(lakeside) <= few + 2
    assert few < 45


def test_many_for_whom_there_is_nobody_keep_nothing_new_from_being_given(
    lakeside: Clinic, clock: Sets, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "ROUND", 2)
    dana = works(lakeside, "Dana", languages=["en"])
    clock("2026-11-18T10:00")
    came(lakeside, *[KNEE] * 8, when=at("2026-11-18T10:00"))
    Lead.objects.update(language="es")
    assert give_out(lakeside.number) == 0
    assert Waiting.objects.filter(nobody=True).count() == 4  # and the others at the next pass
    (lead,) = came(lakeside, KNEE, when=at("2026-11-18T10:00"))
    Lead.objects.filter(pk=lead.pk).update(language="en")
    while not give_out(lakeside.number, new=True):
        assert Waiting.objects.filter(nobody=False).exists()
    assert Lead.objects.get(pk=lead.pk).owner_id == dana.user_id
    clock("2026-11-18T10:01")
    assert give_out(lakeside.number, new=True) == 0
    give_out(lakeside.number)
    assert Waiting.objects.filter(give_at=at("2026-11-18T10:06")).count() == 4  # tried twice: others go before


def test_a_pass_looks_at_few_of_a_backlog_that_nobody_can_take(
    lakeside: Clinic, clock: Sets, monkeypatch: pytest.MonkeyPatch
) -> None:
    works(lakeside, "Dana", most_open=0)
    monkeypatch.setattr(actions, "ROUND", 2)
    looked, chooses = list[str](), actions.Round.choose
    monkeypatch.setattr(actions.Round, "choose", lambda self, lead: (looked.append(lead.key), chooses(self, lead))[1])
    clock("2026-11-18T10:00")
    came(lakeside, *[KNEE] * 12, when=at("2026-11-18T10:00"))
    passes = []
    for minute in range(9):
        clock(f"2026-11-18T10:0{minute}")
        before = len(looked)
        passes.append((asked(lakeside), len(looked) - before))
    assert max(count for _, count in passes) == 4  # two rounds
    assert max(passes) == passes[0]  # in which their row of turns is made
    assert len(set(looked)) == 12


def test_where_nobody_is_given_anything_a_worker_asks_once(lakeside: Clinic, clock: Sets) -> None:
    clock("2026-11-18T10:00")
    came(lakeside, *[KNEE] * 3, when=at("2026-11-18T10:00"))
    few = asked(lakeside)
    came(lakeside, *[KNEE] * 30, when=at("2026-11-18T10:00"))
    assert asked(lakeside) <= few <= 7
    assert asked(lakeside) == 1
    assert not Turns.objects.exists()


def test_more_than_a_round_is_given_in_several(
    lakeside: Clinic, dana: Membership, clock: Sets, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "ROUND", 2)
    clock("2026-11-18T10:00")
    came(lakeside, *[KNEE] * 5, when=at("2026-11-18T10:00"))
    assert give_out(lakeside.number) == 5


@RACES
@pytest.mark.django_db(databases="__all__", transaction=True)
def test_two_workers_lose_no_turn_and_give_no_lead_twice(lakeside: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    people = [works(lakeside, name, hours="24/7") for name in ("Ada", "Ben", "Cleo")]
    monkeypatch.setattr(actions, "ROUND", 5)
    leads = came(lakeside, *[KNEE] * 60)
    wake(lakeside.number, [NAVIGATORS])

    def gives(_: int) -> int:
        try:
            return sum(give_out(lakeside.number) for _ in range(4))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        given = list(pool.map(gives, range(4)))
    give_out(lakeside.number)
    assert sum(given) <= len(leads)
    assert owners(lakeside) == dict.fromkeys([one.user_id for one in people], 20)
    assert Decision.objects.of(lakeside.number).count() == Event.objects.filter(name="lead.given").count() == 60
    owed = Turns.objects.get().owed
    assert abs(sum(owed.values())) < 1e-6
    assert max(owed.values()) - min(owed.values()) < 1.01


@RACES
@pytest.mark.django_db(databases="__all__", transaction=True)
def test_whoever_takes_while_leads_are_given_out_wins_or_loses_each_once(lakeside: Clinic) -> None:
    given_to, taker = works(lakeside, "Ada", hours="24/7"), works(lakeside, "Ben", hours="Sun 00:00-00:01")
    leads = came(lakeside, *[KNEE] * 80)

    def gives(_: Any) -> None:
        try:
            give_out(lakeside.number)
        finally:
            connections.close_all()

    def takes(some: list[Lead]) -> int:
        try:
            return sum(take(taker, lead.pk) for lead in some)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        giving = [pool.submit(gives, n) for n in range(2)]
        taking = [pool.submit(takes, leads[n::2]) for n in range(2)]
        won = sum(one.result() for one in taking)
        for one in giving:
            one.result()
    give_out(lakeside.number)
    told = owners(lakeside)
    assert told[taker.user_id] == won
    assert told[given_to.user_id] == len(leads) - won
