"""What calls and outcomes do to the worklist: who was reached waits no more, who did not answer comes back later, and
a promise is kept first. (promises D20, D21, D22)"""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import orjson
import pytest
from django.utils import timezone

from leadwell.server.calls import actions as calls
from leadwell.server.calls.ending import Ended
from leadwell.server.conftest import Clinic, member
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.draining import drain
from leadwell.server.leads.models import Lead
from leadwell.server.outcomes import actions as outcomes
from leadwell.server.outcomes.actions import Became
from leadwell.server.worklist import actions as worklist
from leadwell.server.worklist.models import Lane, Waiting
from leadwell.server.worklist.sweeping import refresh

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


def test_a_stage_on_the_way_ends_nothing(lead: Lead, clock: Callable[[str], datetime]) -> None:
    tried(lead, "voicemail")
    outcomes.note_outcome(lead.organization_id, lead.pk, Became("booked"), actor=BY)
    assert stands(lead) == (Lane.AGAIN, False)
    clock("2026-11-25T12:09")
    assert timezone.now() - lead.received_at < timedelta(hours=1)
