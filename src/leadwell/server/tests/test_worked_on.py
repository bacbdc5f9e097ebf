"""What calls and outcomes do to the worklist: who was reached waits no more, who did not answer comes back later, and
a promise is kept first. (promises D20, D21, D22)"""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import orjson
import pytest
from django.utils import timezone

from leadwell.server.alerts.models import Alert
from leadwell.server.calls import actions as calls
from leadwell.server.calls.ending import Ended
from leadwell.server.calls.models import Attempt
from leadwell.server.conftest import Clinic, member
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.draining import drain
from leadwell.server.leads.handing import worked_on
from leadwell.server.leads.models import Lead
from leadwell.server.outcomes import actions as outcomes
from leadwell.server.outcomes.actions import Became
from leadwell.server.worklist import actions as worklist
from leadwell.server.worklist.answering import chances_of, learn
from leadwell.server.worklist.followed import changed
from leadwell.server.worklist.lateness import watch_lateness
from leadwell.server.worklist.models import Lane, Waiting
from leadwell.server.worklist.sweeping import give_back_left, give_back_untouched, refresh

pytestmark = pytest.mark.django_db(databases="__all__")

CHICAGO = ZoneInfo("America/Chicago")
KNEE = {"full_name": "Sample Person", "phone": "312-555-0147", "zip": "60601",
        "message": "I need a knee replacement in Evanston within two weeks"}  # fmt: skip
BY = "key/0123456789ab"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], datetime]:
    """Sets what time it is in Chicago."""

    def sets(text: str) -> datetime:
        now = datetime.fromisoformat(text).replace(tzinfo=CHICAGO)
        monkeypatch.setattr(timezone, "now", lambda: now)
        return now

    return sets


@pytest.fixture
def lead(lakeside: Clinic, clock: Callable[[str], datetime]) -> Lead:
    """Of Wednesday noon, due within four hours at the latest."""
    clock("2026-11-25T12:00")
    return came(lakeside)


def came(clinic: Clinic, **more: str) -> Lead:
    accept(clinic.number, clinic.source, [Delivery(orjson.dumps(KNEE | more))])
    drain()
    return Lead.objects.of(clinic.number).latest("pk")


def tried(lead: Lead, result: str, **more: datetime) -> None:
    calls.note_attempt(lead.organization_id, lead.pk, calls.Made(Ended(result, **more)), actor=BY)  # type: ignore[arg-type]


def stands(lead: Lead) -> tuple[str, bool]:
    """Its lane, and whether it counts as answered."""
    lead.refresh_from_db()
    return Waiting.objects.of(lead.organization_id).get(lead=lead.pk).lane, lead.answered_at is not None


def test_whoever_was_reached_waits_no_more_and_does_again_once_it_is_undone(lead: Lead) -> None:
    one, _ = calls.note_attempt(lead.organization_id, lead.pk, calls.Made(Ended("reached")), actor=BY)
    assert stands(lead) == (Lane.ANSWERED, True)
    assert calls.take_back(lead.organization_id, lead.pk, one.pk, actor=BY)
    assert stands(lead) == (Lane.TO_DO, False)


def test_who_did_not_answer_comes_back_the_same_day_then_the_next_then_as_the_policy_spreads(
    lead: Lead, clock: Callable[[str], datetime]
) -> None:
    for now, again in (
        ("2026-11-25T12:10", "2026-11-25T15:10"),
        ("2026-11-25T15:30", "2026-11-26T11:30"),
        ("2026-11-26T12:00", "2026-11-28T12:00"),  # six tries over twelve days
    ):
        clock(now)
        tried(lead, "no-answer")
        waiting = Waiting.objects.get(lead=lead.pk)
        assert (stands(lead), waiting.holds_until) == ((Lane.AGAIN, False), clock(again))
        refresh(lead.organization_id)
        assert stands(lead)[0] in (Lane.TO_DO, Lane.DUE)


def test_whoever_has_just_asked_comes_before_who_did_not_answer(
    lakeside: Clinic, lead: Lead, clock: Callable[[str], datetime]
) -> None:
    """Though the one is late until they are reached: what presses is who has heard nothing of us yet."""
    tried(lead, "no-answer")
    clock("2026-11-25T16:30")
    fresh = came(lakeside, full_name="Another Sample", phone="312-555-0182")
    refresh(lakeside.number)
    assert (stands(lead), stands(fresh)) == ((Lane.TO_DO, False), (Lane.TO_DO, False))
    assert worklist.take_next(member(lakeside.organization, "coordinator")) == fresh.pk


def test_after_the_last_try_that_the_policy_wants_it_says_to_end_it(
    lead: Lead, clock: Callable[[str], datetime]
) -> None:
    for day in range(6):
        clock(f"2026-12-0{day + 1}T12:00")
        tried(lead, "voicemail")
    waiting = Waiting.objects.get(lead=lead.pk)
    assert (waiting.lane, waiting.holds_until) == (Lane.AGAIN, None)


def test_a_promise_is_kept_before_whatever_presses(
    lakeside: Clinic, lead: Lead, clock: Callable[[str], datetime]
) -> None:
    other = came(lakeside, full_name="Another Sample", phone="312-555-0182")
    tried(lead, "callback", callback_at=datetime(2026, 11, 25, 15, tzinfo=CHICAGO))
    assert stands(lead) == (Lane.AGAIN, True)
    clock("2026-11-25T19:00")  # the other is long late
    refresh(lead.organization_id)
    assert (stands(lead)[0], stands(other)[0]) == (Lane.DUE, Lane.DUE)
    me = member(lakeside.organization, "coordinator")
    assert [worklist.take_next(me), worklist.take_next(me), worklist.take_next(me)] == [lead.pk, other.pk, None]


@pytest.mark.parametrize(("promised", "lane"), [(False, Lane.RESTING), (True, Lane.AGAIN)])
def test_what_rests_is_not_called_again_unless_that_was_promised(
    lead: Lead, clock: Callable[[str], datetime], promised: bool, lane: Lane
) -> None:
    if promised:
        tried(lead, "callback", callback_at=datetime(2026, 11, 25, 15, tzinfo=CHICAGO))
    else:
        tried(lead, "no-answer")
    lead.refresh_from_db()
    before = set_aside(lead)
    changed(lead.organization_id, before, lead, timezone.now())
    assert stands(lead)[0] == lane


def set_aside(lead: Lead) -> Lead:
    """It is set aside, as a referral that was withdrawn; returns it as it was."""
    before = Lead.objects.of(lead.organization_id).get(pk=lead.pk)
    lead.queue, lead.resting = "", "withdrawn"
    lead.save()
    return before


def test_a_promise_that_nobody_answered_is_tried_again(lead: Lead, clock: Callable[[str], datetime]) -> None:
    tried(lead, "callback", callback_at=datetime(2026, 11, 25, 15, tzinfo=CHICAGO))
    clock("2026-11-25T15:01")
    tried(lead, "no-answer")
    assert stands(lead) == (Lane.AGAIN, True)
    clock("2026-11-25T18:02")
    refresh(lead.organization_id)
    assert stands(lead) == (Lane.TO_DO, True)


def test_danger_rests_for_no_try(lakeside: Clinic, clock: Callable[[str], datetime]) -> None:
    clock("2026-11-25T12:00")
    danger = came(lakeside, message="chest pain and I cannot breathe")
    tried(danger, "no-answer")
    assert stands(danger) == (Lane.SAFETY, False)


def test_what_has_ended_waits_no_more_and_does_again_once_it_is_undone(lead: Lead) -> None:
    said = Became("declined", reason="chose-elsewhere")
    one, _ = outcomes.note_outcome(lead.organization_id, lead.pk, said, actor=BY)
    assert stands(lead) == (Lane.ANSWERED, True)
    assert outcomes.take_back(lead.organization_id, lead.pk, one.pk, actor=BY)
    assert stands(lead) == (Lane.TO_DO, False)


def test_a_stage_on_the_way_says_that_somebody_spoke_and_ends_nothing(
    lead: Lead, clock: Callable[[str], datetime]
) -> None:
    tried(lead, "voicemail")
    one, _ = outcomes.note_outcome(lead.organization_id, lead.pk, Became("booked"), actor=BY)
    assert (stands(lead), lead.resting) == ((Lane.ANSWERED, True), "")
    assert outcomes.take_back(lead.organization_id, lead.pk, one.pk, actor=BY)
    assert stands(lead) == (Lane.AGAIN, False)
    clock("2026-11-25T12:09")
    assert timezone.now() - lead.received_at < timedelta(hours=1)


def test_who_calls_us_back_after_a_vain_try_waits_no_more(lead: Lead) -> None:
    tried(lead, "voicemail")
    theirs = calls.Made(Ended("reached"), direction="in")
    calls.note_attempt(lead.organization_id, lead.pk, theirs, actor=BY)
    assert stands(lead) == (Lane.ANSWERED, True)


def test_what_was_answered_in_another_way_after_a_vain_try_stays_answered(
    lakeside: Clinic, lead: Lead, clock: Callable[[str], datetime]
) -> None:
    me = member(lakeside.organization, "coordinator")
    tried(lead, "voicemail")
    clock("2026-11-25T15:11")
    refresh(lead.organization_id)
    assert worklist.take(me, lead.pk)
    assert worklist.answer(me, lead.pk)
    worked_on(lead.organization_id, lead.pk, timezone.now())
    assert stands(lead) == (Lane.ANSWERED, True)


def test_a_lead_is_not_taken_from_whoever_is_on_the_phone_with_it(
    lakeside: Clinic, lead: Lead, clock: Callable[[str], datetime]
) -> None:
    me = member(lakeside.organization, "coordinator")
    assert worklist.take_next(me) == lead.pk
    clock("2026-11-25T12:10")
    assert calls.begin(lead.organization_id, lead.pk, actor=me.actor).attempt
    clock("2026-11-25T12:16")
    assert give_back_untouched(lead.organization_id) == 0
    lead.refresh_from_db()
    assert lead.owner_id == me.user_id


def test_what_somebody_has_who_works_here_no_more_goes_back(lakeside: Clinic, lead: Lead) -> None:
    me = member(lakeside.organization, "coordinator")
    assert worklist.take_next(me) == lead.pk
    assert give_back_left(lead.organization_id) == 0
    me.delete()
    assert give_back_left(lead.organization_id) == 1
    assert worklist.take_next(member(lakeside.organization, "intake-lead")) == lead.pk


def test_a_promised_call_that_is_due_is_no_late_answer(lead: Lead, clock: Callable[[str], datetime]) -> None:
    tried(lead, "callback", callback_at=datetime(2026, 11, 27, 15, tzinfo=CHICAGO))
    clock("2026-11-27T15:01")
    refresh(lead.organization_id)
    watch_lateness(lead.organization_id)
    assert stands(lead) == (Lane.DUE, True)
    assert not Alert.objects.of(lead.organization_id).filter(kind="late").exists()


def test_who_did_not_answer_is_late_all_the_same(lead: Lead, clock: Callable[[str], datetime]) -> None:
    clock("2026-11-25T15:50")
    tried(lead, "no-answer")
    clock("2026-11-25T18:40")
    watch_lateness(lead.organization_id)
    assert stands(lead) == (Lane.AGAIN, False)
    assert Alert.objects.of(lead.organization_id).filter(kind="late").exists()


def test_at_which_hours_people_answer_is_learned_from_our_own_calls(
    lakeside: Clinic, harbor: Clinic, lead: Lead, clock: Callable[[str], datetime]
) -> None:
    at_ten = clock("2026-11-25T10:05")
    usual = chances_of(lakeside.number).at(at_ten, CHICAGO)
    learn(lakeside.number)
    assert chances_of(lakeside.number).at(at_ten, CHICAGO) == usual  # no call was made
    calls_of = {"organization_id": lakeside.number, "lead": lead, "channel": "call", "by": BY, "at": at_ten}
    Attempt.objects.bulk_create(
        [Attempt(result=result, **calls_of) for result in ["reached"] * 90 + ["no-answer"] * 10]
        + [Attempt(result="wrong-number", **calls_of) for _ in range(500)]
        + [Attempt(result="no-answer", undone_at=at_ten, **calls_of) for _ in range(500)]
    )
    before = Waiting.objects.get(lead=lead.pk).cost
    learn(lakeside.number)
    assert chances_of(lakeside.number).at(at_ten, CHICAGO) > 0.75
    assert chances_of(harbor.number).at(at_ten, CHICAGO) == usual
    Waiting.objects.update(holds_until=at_ten)
    refresh(lakeside.number)
    assert Waiting.objects.get(lead=lead.pk).cost > before
