"""Somebody who was answered writes again: they wait again, and danger is shown to a human at once. (promises A2, C18,
D20, D21)"""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import orjson
import pytest
from django.utils import timezone

from leadwell.server.calls import actions as calls
from leadwell.server.calls.ending import Ended
from leadwell.server.conftest import Clinic, browser, member
from leadwell.server.consent.models import Suppression, Way
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.draining import drain
from leadwell.server.leads.joining import Later, Policy, join
from leadwell.server.leads.models import Joined, Lead
from leadwell.server.outcomes import actions as outcomes
from leadwell.server.outcomes.actions import Became
from leadwell.server.outcomes.stages import stages
from leadwell.server.playbooks.queries import in_force
from leadwell.server.reviewing.actions import acknowledge
from leadwell.server.reviewing.queries import danger
from leadwell.server.worklist import actions as worklist
from leadwell.server.worklist.models import Lane, Waiting
from leadwell.server.worklist.rows import rows

pytestmark = pytest.mark.django_db(databases="__all__")

CHICAGO = ZoneInfo("America/Chicago")
KNEE = {"full_name": "Sample Person", "phone": "312-555-0147", "email": "sample@example.com", "zip": "60601",
        "message": "I need a knee replacement in Evanston within two weeks"}  # fmt: skip
DANGER = "Same knee. Now I have chest pain and can't breathe"
MORE = "I am ready for my knee replacement now, I have Medicare, please call me as soon as possible"
BY = "key/0123456789ab"
Sets = Callable[[str], datetime]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Sets:
    def sets(text: str) -> datetime:
        now = datetime.fromisoformat(text).replace(tzinfo=CHICAGO)
        monkeypatch.setattr(timezone, "now", lambda: now)
        return now

    return sets


@pytest.fixture
def lead(lakeside: Clinic, clock: Sets) -> Lead:
    clock("2026-11-25T12:00")
    return wrote(lakeside, KNEE["message"])


def wrote(clinic: Clinic, message: str) -> Lead:
    """Whoever it was before, if they asked before."""
    accept(clinic.number, clinic.source, [Delivery(orjson.dumps(KNEE | {"message": message}))])
    drain()
    return Lead.objects.of(clinic.number).get()


def reached(lead: Lead) -> None:
    calls.note_attempt(lead.organization_id, lead.pk, calls.Made(Ended("reached")), actor=BY)


def said_answered(lead: Lead) -> None:
    dana = member(lead.organization, "coordinator")
    assert worklist.take(dana, lead.pk)
    assert worklist.answer(dana, lead.pk)


def became(what: str, reason: str = "") -> Callable[[Lead], None]:
    def note(lead: Lead) -> None:
        outcomes.note_outcome(lead.organization_id, lead.pk, Became(what, reason), actor=BY)

    return note


ANSWERED = pytest.mark.parametrize(
    "answered", [reached, said_answered, became("booked"), became("declined", "not-now"), became("no-response")]
)


def lane(lead: Lead) -> str:
    return str(Waiting.objects.get(lead=lead.pk).lane)


def unseen(lead: Lead) -> bool:
    return danger(lead.organization_id, seen=False).filter(pk=lead.pk).exists()


@ANSWERED
def test_danger_after_an_answer_is_shown_and_waits_until_it_is_answered(
    lakeside: Clinic, lead: Lead, clock: Sets, answered: Callable[[Lead], None]
) -> None:
    clock("2026-11-25T12:10")
    answered(lead)
    assert lane(lead) == Lane.ANSWERED
    clock("2026-11-25T12:20")
    lead = wrote(lakeside, DANGER)
    assert (Joined.objects.count(), lead.safety, lead.answered_at) == (1, "emergency", None)
    assert (lane(lead), unseen(lead)) == (Lane.SAFETY, True)
    clock("2026-11-25T12:25")
    reached(lead)
    assert (lane(lead), unseen(lead)) == (Lane.ANSWERED, False)
    assert Lead.objects.get().answered_at == timezone.now()


@ANSWERED
def test_whoever_writes_again_waits_again_with_a_clock_of_their_own(
    lakeside: Clinic, lead: Lead, clock: Sets, answered: Callable[[Lead], None]
) -> None:
    clock("2026-11-25T12:10")
    answered(lead)
    now = clock("2026-11-27T10:00")
    lead = wrote(lakeside, MORE)
    assert (Joined.objects.count(), lead.answered_at, lane(lead)) == (1, None, Lane.TO_DO)
    assert lead.due_at is not None
    assert timedelta() < lead.due_at - now <= timedelta(hours=4)


def test_a_worse_danger_after_one_that_was_seen_and_answered_is_to_be_seen_too(
    lakeside: Clinic, lead: Lead, clock: Sets
) -> None:
    clock("2026-11-25T12:10")
    wrote(lakeside, DANGER)
    assert acknowledge(lakeside.number, lead.pk, actor=BY)
    reached(lead)
    clock("2026-11-25T13:00")
    lead = wrote(lakeside, "I want to kill myself")
    assert (lane(lead), unseen(lead)) == (Lane.SAFETY, True)


def test_danger_that_was_seen_and_not_answered_is_to_be_seen_again(lakeside: Clinic, lead: Lead, clock: Sets) -> None:
    clock("2026-11-25T12:10")
    wrote(lakeside, DANGER)
    assert acknowledge(lakeside.number, lead.pk, actor=BY)
    clock("2026-11-25T13:00")
    lead = wrote(lakeside, "It gets worse, I can't breathe at all")
    assert unseen(lead)


def test_what_says_nothing_new_opens_nothing(lakeside: Clinic, lead: Lead, clock: Sets) -> None:
    clock("2026-11-25T12:10")
    reached(lead)
    clock("2026-11-25T12:20")
    less = {name: text for name, text in KNEE.items() if name != "zip"}
    accept(lakeside.number, lakeside.source, [Delivery(orjson.dumps(less))])
    drain()
    assert Lead.objects.get().answered_at is not None
    assert lane(lead) == Lane.ANSWERED


def test_a_call_that_lasted_until_then_has_answered_it(lakeside: Clinic, lead: Lead, clock: Sets) -> None:
    """What is typed in while they speak is said on that call."""
    since = clock("2026-11-25T12:10")
    one, _ = calls.on_the_line(lakeside.number, lead.pk, since=since, key="k", actor=BY)
    clock("2026-11-25T12:12")
    wrote(lakeside, MORE)
    clock("2026-11-25T12:15")
    assert calls.end(lakeside.number, lead.pk, one.pk, Ended("reached"), actor=BY)
    assert lane(lead) == Lane.ANSWERED


@ANSWERED
def test_thanks_open_nothing(lakeside: Clinic, lead: Lead, clock: Sets, answered: Callable[[Lead], None]) -> None:
    clock("2026-11-25T12:10")
    answered(lead)
    clock("2026-11-25T12:20")
    lead = wrote(lakeside, "Thank you so much for calling me back!")
    assert (Joined.objects.get().new, lane(lead)) == (False, Lane.ANSWERED)
    assert texted(lead, "ok thanks 👍").answered_at is not None


def texted(lead: Lead, words: str) -> Lead:
    """They answer what we wrote to them of this lead."""
    said = {"phone": KNEE["phone"], "message": words}
    policy = Policy(*in_force(lead.organization_id))
    assert join(lead.organization_id, lead.pk, uuid4(), said, policy=policy, later=Later(way=Way.TEXT))
    return Lead.objects.get(pk=lead.pk)


@ANSWERED
def test_whoever_answers_a_text_of_ours_waits_again(
    lakeside: Clinic, lead: Lead, clock: Sets, answered: Callable[[Lead], None]
) -> None:
    clock("2026-11-25T12:10")
    answered(lead)
    now = clock("2026-11-27T10:00")
    lead = texted(lead, "I am ready now, please call me")
    assert (lead.answered_at, lane(lead)) == (None, Lane.TO_DO)
    assert lead.due_at is not None
    assert timedelta() < lead.due_at - now <= timedelta(hours=4)
    row = next(iter(rows(member(lead.organization, "coordinator"), [Waiting.objects.get()], now)))
    assert "wrote again just now" in row.says
    assert row.wrote == "I am ready now, please call me"


@pytest.mark.parametrize("words", ["Please stop texting me, I am going to kill myself tonight", "STOP. I want to die"])
def test_danger_in_words_that_ask_to_stop_is_shown_to_a_human(
    lakeside: Clinic, lead: Lead, clock: Sets, words: str
) -> None:
    clock("2026-11-25T12:10")
    reached(lead)
    clock("2026-11-25T12:20")
    lead = texted(lead, words)
    assert (lead.safety, lead.answered_at, lane(lead), unseen(lead)) == ("crisis", None, Lane.SAFETY, True)
    assert Suppression.objects.of(lakeside.number).exists()


@ANSWERED
def test_danger_in_an_answer_to_a_text_is_shown_to_a_human(
    lakeside: Clinic, lead: Lead, clock: Sets, answered: Callable[[Lead], None]
) -> None:
    clock("2026-11-25T12:10")
    answered(lead)
    clock("2026-11-25T12:20")
    lead = texted(lead, DANGER)
    assert (lead.safety, lead.answered_at, lane(lead), unseen(lead)) == ("emergency", None, Lane.SAFETY, True)
    assert acknowledge(lakeside.number, lead.pk, actor=BY)
    reached(lead)
    clock("2026-11-25T13:00")
    lead = texted(lead, "I want to kill myself")
    assert (lane(lead), unseen(lead)) == (Lane.SAFETY, True)


def test_a_stop_opens_nothing_and_holds_where_they_write_again(lakeside: Clinic, lead: Lead, clock: Sets) -> None:
    clock("2026-11-25T12:10")
    became("declined", "not-now")(lead)
    assert texted(lead, "STOP texting me").answered_at is not None
    assert Suppression.objects.of(lakeside.number).exists()
    clock("2026-11-25T12:20")
    lead = wrote(lakeside, MORE)
    assert lane(lead) == Lane.TO_DO
    assert Suppression.objects.of(lakeside.number).exists()


def test_whoever_was_tried_in_vain_and_writes_does_not_wait_for_the_next_try(
    lakeside: Clinic, lead: Lead, clock: Sets
) -> None:
    clock("2026-11-25T12:10")
    calls.note_attempt(lead.organization_id, lead.pk, calls.Made(Ended("voicemail")), actor=BY)
    assert lane(lead) == Lane.AGAIN
    clock("2026-11-25T12:20")
    assert lane(wrote(lakeside, MORE)) in (Lane.TO_DO, Lane.DUE)


def test_the_page_says_that_it_is_open_again_and_no_stage_counts_twice(
    lakeside: Clinic, lead: Lead, clock: Sets
) -> None:
    clock("2026-11-25T12:10")
    became("booked")(lead)
    clock("2026-11-25T12:15")
    became("declined", "not-now")(lead)
    clock("2026-11-25T12:20")
    wrote(lakeside, MORE)
    dana = browser(lakeside.organization, "coordinator")
    assert "Open again, after: Declined: not now" in dana.get(f"/leads/{lead.pk}").content.decode()
    clock("2026-11-25T12:30")
    became("booked")(lead)
    (booked,) = [one for one in stages(lead, in_force(lakeside.number)[1]) if one.key == "booked"]
    assert booked.at == datetime.fromisoformat("2026-11-25T12:10").replace(tzinfo=CHICAGO)
