"""A full clinic changes where and when, and never what a lead is: its page, its row, who is given it, where it goes."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

import orjson
import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from leadwell import playbook
from leadwell.routing.openings import Slot, slots
from leadwell.server.access.models import Membership
from leadwell.server.assigning.actions import give_out
from leadwell.server.assigning.models import Decision
from leadwell.server.assigning.tests.conftest import works
from leadwell.server.conftest import Clinic, browser, member, often
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.draining import drain
from leadwell.server.leads.judging import judged
from leadwell.server.leads.models import Assessment, Event, Lead
from leadwell.server.leads.queries import current_assessment
from leadwell.server.leads.rejudging import again, rejudge
from leadwell.server.openings.actions import Said, state
from leadwell.server.openings.models import Opening
from leadwell.server.openings.moving import CannotMove, move
from leadwell.server.openings.queries import board, wanted
from leadwell.server.openings.saying import aloud, at_a_glance
from leadwell.server.outcomes.actions import Became, note_outcome
from leadwell.server.playbooks.actions import publish, upload
from leadwell.server.playbooks.queries import policy_now
from leadwell.server.worklist.tests.conftest import clock

__all__ = ["clock"]

pytestmark = [pytest.mark.django_db(databases="__all__"), pytest.mark.anew]

POLICY = playbook.load(playbook.find("lakeside-orthopedics"))
LOOP, EVANSTON = (Slot("knee-replacement", one, "consult") for one in ("loop", "evanston"))
VIDEO = Slot("knee-replacement", "", "video")
KNEE = {
    "full_name": "Sample Person", "phone": "312-555-0147", "zip": "60606", "age": "63", "payer": "Medicare",
    "preferred_location": "Chicago Loop", "message": "I need a knee replacement before the end of December",
}  # fmt: skip
FRIDAY = date(2026, 11, 27)
Clock = Callable[[str], datetime]


@pytest.fixture(autouse=True)
def _a_friday(clock: Clock) -> None:
    clock("2026-11-27T12:00")


def came(clinic: Clinic, **more: str) -> Lead:
    (receipt,) = accept(clinic.number, clinic.source, [Delivery(orjson.dumps(KNEE | more))])
    while drain().submissions:
        pass
    return Lead.objects.of(clinic.number).get(submission=receipt.id)


def say(clinic: Clinic, one: Slot, day: str | None, *, full: bool = False) -> None:
    state(clinic.number, [Said(one, date.fromisoformat(day) if day else None, full=full)], actor="user:1")


def full_until_january(clinic: Clinic) -> None:
    say(clinic, LOOP, "2027-01-12", full=True)
    say(clinic, EVANSTON, "2026-12-03")


def shown(clinic: Clinic, lead: Lead, path: str = "", role: str = "coordinator") -> str:
    return browser(clinic.organization, role).get(f"/leads/{lead.pk}{path}").content.decode()


def glance(clinic: Clinic, lead: Lead, now: datetime) -> str:
    policy = policy_now(clinic.number)
    assert policy is not None
    return at_a_glance(Lead.objects.get(pk=lead.pk), board(clinic.number, policy, now))


def verdict(lead: Lead) -> dict[str, Any]:
    """All that a judgement says, without when."""
    said = current_assessment(lead.organization_id, lead.pk)
    assert said is not None
    return {name: value for name, value in said.items() if name not in ("as_of", "review_at")}


def test_the_page_says_where_and_when_what_is_late_and_what_to_say(lakeside: Clinic) -> None:
    lead = came(lakeside)
    assert lead.wanted_by == date(2026, 12, 31)
    page = shown(lakeside, lead)
    assert "Nobody has said when the next opening is. Promise no day." in page
    full_until_january(lakeside)
    for where in ("", "/call"):
        page = shown(lakeside, lead, where)
        assert "Chicago Loop has nothing before Tue 12 Jan 2027, and they need it by Thu 31 Dec." in page
        assert (
            "Our next opening for Knee replacement at Chicago Loop is Tue 12 Jan 2027. That is after Thu 31 Dec, by "
            "when you need it. Evanston has one sooner, Thu 3 Dec, about 12 miles from you. Would that suit you?"
        ) in page
        assert "As of just now" in page
        assert "See them here" in page
    assert "See them here" not in shown(lakeside, lead, role="analyst")
    assert "12 miles" not in shown(lakeside, lead, role="analyst")  # it would tell where they live


def test_the_row_says_it_in_short_and_only_where_it_matters(lakeside: Clinic, clock: Clock) -> None:
    now, lead = clock("2026-11-27T12:00"), came(lakeside)
    assert glance(lakeside, lead, now) == ""
    say(lakeside, LOOP, "2026-12-10")
    assert glance(lakeside, lead, now) == ""
    full_until_january(lakeside)
    says = "Chicago Loop is full until Tue 12 Jan 2027, needed by Thu 31 Dec; sooner: Evanston Thu 3 Dec."
    assert glance(lakeside, lead, now) == says
    assert says in browser(lakeside.organization, "coordinator").get("/worklist").content.decode()
    say(lakeside, EVANSTON, "2027-01-19", full=True)
    assert glance(lakeside, lead, now) == "Chicago Loop is full until Tue 12 Jan 2027, needed by Thu 31 Dec."
    says = "Chicago Loop is full until Tue 12 Jan 2027, needed by Thu 31 Dec, as of 3 days ago."
    assert glance(lakeside, lead, clock("2026-11-30T12:00")) == says
    assert "Look before you promise it: some of this was said 3 days ago." in shown(lakeside, lead)
    later = clock("2026-12-12T12:00")
    assert glance(lakeside, lead, later) == ""  # too old to be asserted


def test_a_lead_whose_whole_service_is_full_has_a_team_a_clock_and_a_sentence_that_says_when(lakeside: Clinic) -> None:
    works(lakeside, "Dana")
    for one in slots(POLICY):
        say(lakeside, one, "2027-01-12", full=True)
    lead = came(lakeside)
    give_out(lakeside.number)
    lead.refresh_from_db()
    assert (lead.queue, lead.owner is not None, lead.due_at is not None) == ("surgical-navigators", True, True)
    assert (lead.disposition, lead.reason) == ("schedule", "")
    assert "Our next opening for Knee replacement at Chicago Loop is Tue 12 Jan 2027." in shown(lakeside, lead)
    assert "Shall I keep your place, and call you as soon as there is one sooner?" in shown(lakeside, lead)


def test_that_nobody_knows_until_when_is_said_too(lakeside: Clinic) -> None:
    for one in (LOOP, EVANSTON, VIDEO):
        say(lakeside, one, None, full=True)
    page = shown(lakeside, came(lakeside))
    assert "Full. Until when, nobody has said" in page
    assert "For Knee replacement we are full at Chicago Loop, and I do not know yet until when." in page


def test_what_is_booked_fills_the_bound_of_the_playbook(lakeside: Clinic, clock: Clock) -> None:
    upload_and_publish(lakeside, b'"14 per week"', b'"1 per week"')
    first, second = came(lakeside), came(lakeside, full_name="Sample Personb", phone="312-555-0148")
    before = verdict(second)
    note_outcome(lakeside.number, first.pk, Became("booked"), actor="key:abc")
    note_outcome(lakeside.number, first.pk, Became("contacted"), actor="key:abc")
    page = shown(lakeside, second)
    assert "Full this week: 1 of 1 are booked. The next begins Mon 30 Nov" in page
    assert verdict(second) == before
    clock("2026-11-30T09:00")
    assert "Full this week" not in shown(lakeside, second)


def upload_and_publish(clinic: Clinic, before: bytes, after: bytes) -> None:
    source = playbook.find("lakeside-orthopedics")
    assert before in source
    publish(upload(clinic.organization, source.replace(before, after)))


# --- where it goes ---------------------------------------------------------------------------------------------------


def test_a_coordinator_moves_it_in_one_click_and_back(lakeside: Clinic) -> None:
    full_until_january(lakeside)
    lead = came(lakeside)
    before, judged = verdict(lead), Assessment.objects.filter(lead=lead).count()
    client = browser(lakeside.organization, "coordinator")
    page = client.post(f"/leads/{lead.pk}/clinic", {"location": "evanston", "to": "lead"}, follow=True).content.decode()
    lead.refresh_from_db()
    assert (lead.location, lead.chosen_location, lead.goes_to) == ("loop", "evanston", "evanston")
    assert "To be seen at Evanston (next opening 3 December), not at Chicago Loop (next opening 12 January)" in page
    assert "Our next opening for Knee replacement at Evanston is Thu 3 Dec." in page
    assert "They asked for Chicago Loop." in page
    assert (verdict(lead), Assessment.objects.filter(lead=lead).count()) == (before, judged)
    again = client.post(f"/leads/{lead.pk}/clinic", {"location": "evanston"}, follow=True).content.decode()
    assert "They go to Evanston already." in again
    client.post(f"/leads/{lead.pk}/clinic", {"location": ""})
    lead.refresh_from_db()
    assert lead.goes_to == "loop"
    assert Event.objects.filter(lead=lead, name="lead.moved").count() == 2


def test_a_clinic_that_left_the_playbook_is_said_to_be_gone_and_they_can_be_moved_back(lakeside: Clinic) -> None:
    lead = came(lakeside)
    Lead.objects.filter(pk=lead.pk).update(chosen_location="aurora-west")
    page = shown(lakeside, lead)
    assert "which is no longer in the playbook." in page
    assert "They go to aurora-west." not in page
    assert "Back to what they asked for" in page


@pytest.mark.parametrize("location", ["aurora", "nowhere", "loop|x"])
def test_it_goes_only_where_it_is_offered(lakeside: Clinic, location: str) -> None:
    lead = came(lakeside)
    with pytest.raises(CannotMove):
        move(lakeside.number, lead.pk, location, actor="key:abc")
    answer = browser(lakeside.organization, "coordinator").post(
        f"/leads/{lead.pk}/clinic", {"location": location}, follow=True
    )
    assert "That clinic does not offer it." in answer.content.decode()


def test_a_lead_that_was_moved_stays_so_when_it_is_judged_anew(lakeside: Clinic) -> None:
    lead = came(lakeside)
    move(lakeside.number, lead.pk, "evanston", actor="key:abc")
    rejudge(lakeside.number)
    lead.refresh_from_db()
    assert (lead.goes_to, lead.location) == ("evanston", "loop")


def test_where_a_team_is_of_a_clinic_the_lead_goes_to_the_team_of_the_other(lakeside: Clinic) -> None:
    upload_and_publish(
        lakeside,
        b"[teams.surgical-navigators]",
        b"[teams.evanston-desk]\nhandles = \"location = 'evanston'\"\n\n[teams.surgical-navigators]",
    )
    lead = came(lakeside)
    before = verdict(lead)
    assert lead.queue == "surgical-navigators"
    move(lakeside.number, lead.pk, "evanston", actor="key:abc")
    lead.refresh_from_db()
    assert (lead.queue, lead.due_at is not None, verdict(lead)) == ("evanston-desk", True, before)
    rejudge(lakeside.number)
    lead.refresh_from_db()
    assert lead.queue == "evanston-desk"


# --- who is given it -------------------------------------------------------------------------------------------------


def at_clinic(clinic: Clinic, name: str, *clinics: str) -> Membership:
    return works(clinic, name, locations=list(clinics))


def test_people_of_the_clinic_that_has_room_can_be_given_it_and_why_can_be_read(lakeside: Clinic) -> None:
    evelyn = at_clinic(lakeside, "Evelyn", "evanston")
    full_until_january(lakeside)
    lead = came(lakeside)
    give_out(lakeside.number)
    lead.refresh_from_db()
    assert lead.owner_id == evelyn.user_id
    decision = Decision.objects.of(lakeside.number).get(lead=lead)
    assert decision.instead == {"full": "loop", "until": "2027-01-12", "also": {"evanston": "2026-12-03"}}
    says = (
        "Chicago Loop has nothing before 12 January, so people of Evanston (next opening 3 December) could be given it"
    )
    assert says in shown(lakeside, lead)


def test_while_their_clinic_has_room_only_its_people_are_given_it(lakeside: Clinic) -> None:
    at_clinic(lakeside, "Evelyn", "evanston")
    say(lakeside, LOOP, "2026-12-10")
    say(lakeside, EVANSTON, "2026-12-03")
    lead = came(lakeside)
    give_out(lakeside.number)
    lead.refresh_from_db()
    assert lead.owner_id is None
    assert "does not cover the clinic" in shown(lakeside, lead)


def test_whoever_has_not_begun_it_and_is_of_the_first_clinic_gives_it_to_one_of_the_other(lakeside: Clinic) -> None:
    louis, evelyn = at_clinic(lakeside, "Louis", "loop"), at_clinic(lakeside, "Evelyn", "evanston")
    say(lakeside, LOOP, "2026-12-10")
    lead = came(lakeside)
    give_out(lakeside.number)
    lead.refresh_from_db()
    assert lead.owner_id == louis.user_id
    move(lakeside.number, lead.pk, "evanston", actor=member(lakeside.organization, "manager").actor)
    give_out(lakeside.number)
    lead.refresh_from_db()
    assert lead.owner_id == evelyn.user_id
    assert "Given back: they go to another clinic now, which whoever had it does not cover" in shown(lakeside, lead)


def test_whoever_moves_their_own_keeps_it(lakeside: Clinic) -> None:
    louis = at_clinic(lakeside, "Louis", "loop")
    lead = came(lakeside)
    give_out(lakeside.number)
    move(lakeside.number, lead.pk, "evanston", actor=louis.actor)
    lead.refresh_from_db()
    assert lead.owner_id == louis.user_id


# --- and never what it is --------------------------------------------------------------------------------------------

_SAID = st.tuples(st.none() | st.integers(1, 120), st.booleans()).filter(lambda one: one[0] is not None or one[1])
_OPENINGS = st.dictionaries(st.sampled_from(slots(POLICY)), _SAID, min_size=1)
_MOVES = st.lists(st.tuples(st.integers(0, 6), st.sampled_from(["", *POLICY.locations])), max_size=4)
# One of each disposition that somebody may have who asks for something of ours, and of those who do not.
_ASKED = (
    {},
    {"message": "physical therapy in Aurora next week", "preferred_location": "", "payer": "Aetna"},
    {"message": "MRI of my shoulder, no insurance named", "payer": ""},
    {"message": "knee replacement, maybe next summer"},
    {"message": "knee replacement", "age": "12"},
    {"message": "my toothache needs a dentist"},
    {"message": "spine care, I have chest pain and cannot breathe"},
)


def test_no_opening_changes_what_any_lead_is(lakeside: Clinic) -> None:
    """Whatever is said of openings, wherever a lead is moved, and judged anew: its disposition, criteria, score and
    reasons are what they were; it has its team and its clock; and where all is full a sentence says when."""
    works(lakeside, "Dana", "surgical-navigators", "scheduling", locations=["evanston"], hours="24/7")
    leads = [
        came(lakeside, full_name=f"Sample Person{'abcdefg'[n]}", phone=f"312-555-01{n}1", **more)
        for n, more in enumerate(_ASKED)
    ]
    assert {"schedule", "verify", "review"} <= {one.disposition for one in leads}
    assert {"decline", "redirect"} & {one.disposition for one in leads}
    before = {one.pk: (verdict(one), one.queue, one.due_at, one.disposition, one.reason, one.location) for one in leads}

    @often(15)
    @given(openings=_OPENINGS, moves=_MOVES)
    def whatever(openings: dict[Slot, tuple[int | None, bool]], moves: list[tuple[int, str]]) -> None:
        Opening.objects.of(lakeside.number).delete()
        said = [
            Said(one, FRIDAY + timedelta(days=days) if days else None, full=full)
            for one, (days, full) in openings.items()
        ]
        state(lakeside.number, said, actor="user:1")
        for n, location in moves:
            with suppress(CannotMove):
                move(lakeside.number, leads[n].pk, location, actor="key:abc")
        give_out(lakeside.number)
        rejudge(lakeside.number)
        for one in Lead.objects.of(lakeside.number).select_related("current"):
            told = (verdict(one), one.queue, one.due_at, one.disposition, one.reason, one.location)
            assert told == before[one.pk]
            (anew,) = judged([again(one)], POLICY, as_of=timezone.now())
            assert (anew.said["disposition"], anew.said["criteria"]) == (told[0]["disposition"], told[0]["criteria"])
            _says_when(lakeside, one)

    whatever()


def _says_when(clinic: Clinic, lead: Lead) -> None:
    known = board(clinic.number, POLICY, timezone.now())
    offer = known.offer(wanted(lead))
    if lead.service and offer.is_full:
        says = aloud(offer, known)
        assert "Our next opening for" in says or "I do not know yet until when" in says
