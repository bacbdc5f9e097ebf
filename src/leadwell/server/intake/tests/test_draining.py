"""What was received becomes leads, once, whatever breaks on the way. (promise A2)"""

from datetime import timedelta
from uuid import UUID

import orjson
import pytest
from django.db import OperationalError
from django.utils import timezone
from polars.exceptions import PanicException

from leadwell.playbook import PlaybookError
from leadwell.server.conftest import Clinic
from leadwell.server.intake import claiming, draining
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.actions import add_source
from leadwell.server.intake.claiming import claim
from leadwell.server.intake.draining import drain
from leadwell.server.intake.ledger import ledger_of
from leadwell.server.intake.models import State, Submission
from leadwell.server.leads.models import Assessment, Event, Lead
from leadwell.server.leads.queries import current_assessment
from leadwell.server.people.models import Person, PersonToken
from leadwell.server.playbooks.models import Publication

pytestmark = pytest.mark.django_db(databases="__all__")

KNEE = {
    "first_name": "Ana",
    "last_name": "Lopez",
    "message": "I need a knee replacement consult",
    "phone": "312-555-0147",
}


def _knees(count: int) -> list[dict[str, str]]:
    """Each of another person."""
    names = ("Ana Lopez", "Bruno Okafor", "Chidi Marsh", "Dolores Venn", "Emil Sample")
    people = [dict(zip(("first_name", "last_name"), name.split(), strict=True)) for name in names[:count]]
    return [KNEE | one | {"phone": f"312-555-014{n}"} for n, one in enumerate(people)]


def _post(clinic: Clinic, *leads: object) -> list[UUID]:
    deliveries = [Delivery(orjson.dumps(lead), key=f"{number}-{lead}") for number, lead in enumerate(leads)]
    return [receipt.id for receipt in accept(clinic.number, clinic.source, deliveries)]


def _all_due() -> None:
    """Each since a time of its own: which of two comes first, where both came at once, a database may choose."""
    received = Submission.objects.filter(state=State.RECEIVED)
    for nth, number in enumerate(received.order_by("pk").values_list("pk", flat=True)):
        received.filter(pk=number).update(due_at=timezone.now() - timedelta(seconds=1, milliseconds=nth))


def test_a_submission_becomes_a_person_a_lead_an_assessment_and_an_event(lakeside: Clinic) -> None:
    (number,) = _post(lakeside, KNEE)
    assert drain().leads == 1
    submission, lead = Submission.objects.get(pk=number), Lead.objects.get()
    assert (submission.state, submission.lead, submission.leads) == (State.ASSESSED, lead.pk, 1)
    assert (lead.service, lead.queue, lead.owner_id) == ("knee-replacement", "surgical-navigators", None)
    assert current_assessment(lakeside.number, lead.pk)["services"] == ["knee-replacement"]
    assert (Person.objects.count(), Event.objects.get().name) == (1, "lead.received")
    assert {"phone", "name", "start", "sound"} <= set(PersonToken.objects.values_list("kind", flat=True))


def test_a_lead_that_no_team_handles_waits_for_the_fallback_team(lakeside: Clinic) -> None:
    _post(lakeside, {"message": "hello, how much is it", "phone": "312-555-0147"})
    drain()
    assert Lead.objects.get().queue == "front-desk"


def test_what_cannot_be_read_waits_to_be_mended_and_holds_up_nothing(lakeside: Clinic) -> None:
    bad, good = _post(lakeside, {"message": {"nested": 1}}, KNEE)
    drain()
    assert Submission.objects.get(pk=bad).state == State.NEEDS_MENDING
    assert "nested" in Submission.objects.get(pk=bad).problem
    assert Submission.objects.get(pk=good).state == State.ASSESSED


@pytest.mark.parametrize("error", [RuntimeError, PanicException])
def test_a_poison_one_is_tried_again_later_and_at_last_set_aside(
    lakeside: Clinic, monkeypatch: pytest.MonkeyPatch, error: type[BaseException]
) -> None:
    poison, good = _post(lakeside, {"message": "poison"}, KNEE)
    judged = draining.judged

    def failing(arrived, playbook):
        if any(one.columns["message"] == "poison" for one in arrived):
            raise error("the words of a lead")
        return judged(arrived, playbook)

    monkeypatch.setattr(draining, "judged", failing)
    for _ in range(claiming.MOST_TRIES):
        _all_due()
        drain()
    assert Submission.objects.get(pk=good).state == State.ASSESSED
    assert Submission.objects.get(pk=poison).state == State.SET_ASIDE
    assert Submission.objects.get(pk=poison).problem == error.__name__


def test_a_database_that_refuses_costs_no_submission_a_try(lakeside: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    (number,) = _post(lakeside, KNEE)
    with monkeypatch.context() as patched:
        patched.setattr(draining, "remember", lambda *_: (_ for _ in ()).throw(OperationalError("database is locked")))
        with pytest.raises(OperationalError):
            drain()
    assert drain().leads == 1  # at once: the worker gives back what it could not end
    assert Submission.objects.get(pk=number).tries == 0


def test_a_worker_that_died_after_writing_leaves_no_second_lead(
    lakeside: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    _post(lakeside, KNEE)
    with monkeypatch.context() as patched:
        patched.setattr(draining, "_ended", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            drain()
    assert (Lead.objects.count(), Submission.objects.get().state) == (1, State.RECEIVED)
    _all_due()
    drain()
    assert (Lead.objects.count(), Assessment.objects.count(), Person.objects.count()) == (1, 1, 1)
    assert Submission.objects.get().lead == Lead.objects.get().pk


def test_what_one_worker_has_claimed_another_does_not_get(lakeside: Clinic) -> None:
    _post(lakeside, KNEE)
    assert len(claim(10)) == 1
    assert claim(10) == []


def test_a_worker_that_died_is_soon_followed_by_another(lakeside: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    _post(lakeside, KNEE)
    claim(10)
    _died()
    assert drain().leads == 0  # its lease holds
    monkeypatch.setattr(timezone, "now", lambda now=timezone.now: now() + timedelta(seconds=21))
    assert drain().leads == 1


def test_a_lease_is_renewed_while_the_work_goes_on(lakeside: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    _post(lakeside, KNEE)
    claim(10)
    later = timezone.now() + timedelta(seconds=19)
    monkeypatch.setattr(timezone, "now", lambda: later)
    claiming.renew()
    assert Submission.objects.get().due_at == later + claiming.LEASE


def test_one_that_ends_its_worker_is_tried_alone_and_then_set_aside(lakeside: Clinic) -> None:
    deadly, *others = _post(lakeside, {"message": "deadly"}, *_knees(5))
    ended = []
    for _ in range(2 * claiming.MOST_TRIES + len(others)):
        _all_due()
        claimed = claim(10)
        if deadly in [one.id for one in claimed]:
            _died()  # with all that it had in hand
            ended.append(len(claimed))
        else:
            draining._settle(lakeside.number, claimed, draining.Drained(), lambda: False)
    assert ended == [6, 6, 1, 1, 1]
    claiming.set_aside_deadly()
    assert Submission.objects.get(pk=deadly).state == State.SET_ASIDE
    assert {Submission.objects.get(pk=one).state for one in others} == {State.ASSESSED}


def test_what_came_last_does_not_wait_for_a_long_list(lakeside: Clinic) -> None:
    _post(lakeside, *(KNEE | {"id": str(n)} for n in range(30)))
    (newest,) = _post(lakeside, {"message": "I came last"})
    assert newest in [one.id for one in claim(10)]


def test_what_came_last_is_written_before_the_rest_of_its_batch(
    lakeside: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(draining, "FIRST", 2)
    _post(lakeside, *(KNEE | {"id": str(n)} for n in range(3)))
    newest = _post(lakeside, {"message": "I came last"}, {"message": "I too"})
    monkeypatch.setattr(draining, "claim", lambda most: sorted(claim(most), key=lambda one: one.id not in newest))
    parts = []
    monkeypatch.setattr(draining, "remember", lambda *_: parts.append({j.arrived.submission for j in _[-1]}))
    drain()
    assert [len(part) for part in parts] == [2, 3]
    assert parts[0] == set(newest)


def test_where_the_rest_of_a_batch_fails_what_is_written_is_not_taken_again(
    lakeside: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(draining, "FIRST", 2)
    numbers = _post(lakeside, *_knees(4))
    monkeypatch.setattr(draining, "claim", lambda most: sorted(claim(most), key=lambda one: numbers.index(one.id)))
    remember = draining.remember

    def failing(organization, version, judged):
        if numbers[3] in {one.arrived.submission for one in judged}:
            raise ValueError
        remember(organization, version, judged)

    monkeypatch.setattr(draining, "remember", failing)
    done = drain()
    assert (done.submissions, done.leads, done.tried_again, dict(done.states)) == (3, 3, 1, {State.ASSESSED: 3})
    assert Lead.objects.count() == 3
    left = Submission.objects.get(state=State.RECEIVED)
    assert (left.pk, left.tries) == (numbers[3], 1)


def test_whoever_has_few_does_not_wait_for_the_long_list_of_another(
    lakeside: Clinic, harbor: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    _post(lakeside, *(KNEE | {"id": str(n)} for n in range(3)))
    _post(harbor, KNEE)
    settled = []
    monkeypatch.setattr(draining, "_settle", lambda organization, *_: settled.append(organization))
    drain()
    assert settled == [harbor.number, lakeside.number]


def test_a_worker_that_is_told_to_stop_gives_back_what_it_would_try_one_by_one(
    lakeside: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    _post(lakeside, *(KNEE | {"id": str(n)} for n in range(5)))
    monkeypatch.setattr(draining, "judged", lambda *_: (_ for _ in ()).throw(ValueError))
    assert drain(stopping=lambda: True).submissions == 0
    waiting = Submission.objects.all()
    assert {(one.state, one.tries) for one in waiting} == {(State.RECEIVED, 0)}
    assert all(one.due_at <= timezone.now() for one in waiting)


def _died() -> None:
    """Its memory is gone with it."""
    claiming._held.clear()


def test_without_a_playbook_submissions_wait(lakeside: Clinic) -> None:
    Publication.objects.all().delete()
    (number,) = _post(lakeside, KNEE)
    drain()
    assert Submission.objects.get(pk=number).state == State.RECEIVED


def test_the_ledger_accounts_for_everything(lakeside: Clinic, harbor: Clinic) -> None:
    _post(lakeside, KNEE, {"message": [{}]}, {"message": "asdf asdf test test", "email": "test@test.com"})
    _post(lakeside, KNEE)
    drain()
    told = ledger_of(lakeside.organization).as_json()
    assert (told["received"], told["repeats"], told["needs_mending"], told["made_leads"]) == (4, 1, 1, 2)
    assert (told["leads"], told["assessed"], told["in_queues"] + told["resting"]) == (2, 2, 2)
    assert (told["difference"], told["unexplained"]) == (0, [])
    assert ledger_of(harbor.organization).whole.received == 0


def test_a_lost_lead_is_a_difference_named_by_its_submission(lakeside: Clinic) -> None:
    (number,) = _post(lakeside, KNEE)
    drain()
    Lead.objects.update(current=None)
    Assessment.objects.all().delete()
    Lead.objects.all().delete()
    told = ledger_of(lakeside.organization)
    assert told.difference
    assert told.unexplained == [number]


def test_while_the_playbook_in_force_cannot_be_read_submissions_wait(
    lakeside: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a return to an earlier Leadwell."""

    def unread(version: int) -> None:
        raise PlaybookError([])

    (number,) = _post(lakeside, KNEE)
    with monkeypatch.context() as patched:
        patched.setattr("leadwell.server.playbooks.queries.loaded", unread)
        for _ in range(claiming.MOST_TRIES + 1):
            _all_due()
            drain()
    assert (Submission.objects.get(pk=number).state, Submission.objects.get(pk=number).tries) == (State.RECEIVED, 0)
    _all_due()
    assert drain().leads == 1


def test_a_long_list_is_taken_in_slices_and_others_between_them(
    lakeside: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(draining, "SLICE", 2)
    rows = "".join(f"{n},I want a knee replacement\n" for n in range(5))
    source = add_source(lakeside.organization, "file", "Lists").pk
    (receipt,) = accept(lakeside.number, source, [Delivery(f"id,message\n{rows}".encode(), media_type="text/csv")])
    seen = []
    for _ in range(3):
        drain()
        ours = Submission.objects.get(pk=receipt.id)
        seen.append((ours.state, Lead.objects.filter(submission=receipt.id).count(), ours.tries))
        assert ledger_of(lakeside.organization).difference == 0
        if len(seen) == 1:
            (between,) = _post(lakeside, KNEE)
    assert seen == [(State.RECEIVED, 2, 0), (State.RECEIVED, 4, 0), (State.ASSESSED, 5, 0)]
    assert Submission.objects.get(pk=receipt.id).leads == 5
    assert Submission.objects.get(pk=receipt.id).lead == Lead.objects.get(submission=receipt.id, nth=0).pk
    assert Submission.objects.get(pk=between).state == State.ASSESSED


def test_what_joins_the_rest_of_its_batch_is_written_with_it(lakeside: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three ask, then two of them again, who came last."""
    monkeypatch.setattr(draining, "FIRST", 2)
    knees = _knees(3)
    first = _post(lakeside, *knees)
    Submission.objects.update(received_at=timezone.now() - timedelta(minutes=1))
    again = _post(lakeside, *(one | {"page": "/again"} for one in knees[:2]))
    monkeypatch.setattr(draining, "claim", lambda most: sorted(claim(most), key=lambda one: one.id not in again))
    drain()
    assert Lead.objects.count() == 3
    assert {one.state for one in Submission.objects.filter(pk__in=first)} == {State.ASSESSED}
    assert {one.state for one in Submission.objects.filter(pk__in=again)} == {State.JOINED}
