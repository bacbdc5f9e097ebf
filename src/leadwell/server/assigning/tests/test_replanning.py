"""Two people are ill: what they have not begun goes to colleagues, what they work on is handed over. (promise D19)"""

from datetime import timedelta

import pytest

from leadwell import playbook
from leadwell.server.access.actions import remove_member
from leadwell.server.access.models import Membership
from leadwell.server.assigning.actions import give_out, wake
from leadwell.server.assigning.crediting import welcome_back
from leadwell.server.assigning.models import Decision, Turns
from leadwell.server.assigning.replanning import pass_on, plan_absences, theirs
from leadwell.server.assigning.tests.conftest import NAVIGATORS, Sets, works
from leadwell.server.conftest import Clinic, member
from leadwell.server.leads.happenings import happenings
from leadwell.server.leads.models import Event, Lead
from leadwell.server.leads.rejudging import rejudge
from leadwell.server.playbooks.actions import publish, upload
from leadwell.server.privacy.models import TrailEntry
from leadwell.server.teams.actions import be_away, be_back, take_on
from leadwell.server.teams.queries import absences, away_until
from leadwell.server.worklist.actions import answer, take_next
from leadwell.server.worklist.models import Waiting
from leadwell.server.worklist.sweeping import give_back_left
from leadwell.server.worklist.tests.conftest import KNEE, at, came

pytestmark = pytest.mark.django_db(databases="__all__")

MORNING, EVENING = "2026-11-18T10:00", "2026-11-18T18:00"


def had_by(lead: Lead) -> int | None:
    return Lead.objects.get(pk=lead.pk).owner_id


def begins(clinic: Clinic, who: Membership, lead: Lead) -> None:
    event = {"organization": clinic.organization, "lead": lead, "name": "attempt.noted", "by": who.user}
    Event.objects.create(**event, at=at(MORNING))


def test_what_they_have_not_begun_goes_to_a_colleague_at_once(
    lakeside: Clinic, dana: Membership, omar: Membership, clock: Sets
) -> None:
    now = clock(MORNING)
    leads = came(lakeside, *[KNEE] * 6, when=now)
    give_out(lakeside.number)
    danas = [lead for lead in leads if had_by(lead) == dana.user_id]
    begins(lakeside, dana, danas[0])
    be_away(dana, now, at(EVENING), because="out", by="user:1")
    assert (plan_absences(lakeside.number), plan_absences(lakeside.number)) == (2, 0)
    assert [had_by(lead) for lead in danas] == [dana.user_id, omar.user_id, omar.user_id]
    assert "Given back to its team: whoever had it is away" in [
        one.says for one in happenings(lakeside.number, danas[1].pk)
    ]
    left = theirs(lakeside.number, dana.user_id)
    assert ([row.pk for row in left.rows], left.begun) == ([danas[0].pk], {danas[0].pk})
    told = Decision.objects.filter(lead=danas[1].pk).latest("at", "pk")
    assert (told.chosen_id, told.passed) == (omar.user_id, {str(dana.user_id): "had"})


def test_while_they_are_away_they_are_given_nothing(lakeside: Clinic, dana: Membership, clock: Sets) -> None:
    now = clock(MORNING)
    be_away(dana, now, at(EVENING), because="time-off", by="user:1")
    (lead,) = came(lakeside, KNEE, when=now)
    assert give_out(lakeside.number) == 0
    assert Decision.objects.get(lead=lead.pk).passed == {str(dana.user_id): "away"}
    assert Waiting.objects.get(lead=lead.pk).give_at == at("2026-11-19T08:00")  # by then her team has closed
    clock("2026-11-18T11:00")
    assert be_back(dana, by="user:1")
    assert welcome_back(lakeside.number) == 1
    assert give_out(lakeside.number) == 1


def test_an_absence_to_come_changes_nothing_before(lakeside: Clinic, dana: Membership, clock: Sets) -> None:
    now = clock(MORNING)
    (lead,) = came(lakeside, KNEE, when=now)
    give_out(lakeside.number)
    be_away(dana, at("2026-11-18T12:00"), at(EVENING), because="elsewhere", by="user:1")
    assert plan_absences(lakeside.number) == 0
    clock("2026-11-18T12:00")
    assert plan_absences(lakeside.number) == 1
    assert had_by(lead) is None


def test_absences_that_meet_are_one(lakeside: Clinic, dana: Membership, clock: Sets) -> None:
    now = clock(MORNING)
    be_away(dana, now, at("2026-11-18T12:00"), because="out", by="user:1")
    be_away(dana, at("2026-11-18T12:00"), at(EVENING), because="time-off", by="user:1")
    be_away(dana, at("2026-11-20T12:00"), at("2026-11-20T18:00"), because="time-off", by="user:1")
    told = absences(lakeside.number, since=now)[dana.pk]
    assert (away_until(told, now), away_until(told, at(EVENING))) == (at(EVENING), None)


def test_whoever_takes_on_more_is_given_what_waits(lakeside: Clinic, clock: Sets) -> None:
    now, lee = clock(MORNING), works(lakeside, "Lee", "scheduling")
    (lead,) = came(lakeside, KNEE, when=now)
    assert give_out(lakeside.number) == 0
    take_on(lee, {"teams": ["scheduling", NAVIGATORS]}, by="user:1")
    wake(lakeside.number, [NAVIGATORS])
    assert give_out(lakeside.number) == 1
    assert had_by(lead) == lee.user_id


def test_who_is_back_sooner_is_still_away_later(lakeside: Clinic, dana: Membership, clock: Sets) -> None:
    now = clock(MORNING)
    be_away(dana, now, at(EVENING), because="out", by="user:1")
    be_away(dana, at("2026-12-24T00:00"), at("2026-12-31T00:00"), because="time-off", by="user:1")
    assert be_back(dana, by="user:1")
    assert not be_back(dana, by="user:1")
    (left,) = absences(lakeside.number, since=now)[dana.pk]
    assert left.since == at("2026-12-24T00:00")


def test_what_they_work_on_is_handed_to_a_colleague_or_to_the_team(
    lakeside: Clinic, dana: Membership, omar: Membership, clock: Sets
) -> None:
    now, manager = clock(MORNING), member(lakeside.organization, "manager")
    leads = came(lakeside, *[KNEE] * 6, when=now)
    give_out(lakeside.number)
    danas = [lead for lead in leads if had_by(lead) == dana.user_id]
    for lead in danas:
        begins(lakeside, dana, lead)
    others = [lead.pk for lead in leads if had_by(lead) == omar.user_id]
    asked = [danas[0].pk, *others[:1]]
    assert pass_on(dana, asked, to=omar.user_id, by=manager) == 1  # the other was not hers
    assert had_by(danas[0]) == omar.user_id
    be_away(dana, now, at(EVENING), because="out", by=manager.actor)
    assert pass_on(dana, [danas[1].pk], to=None, by=manager) == 1
    assert had_by(danas[1]) == omar.user_id  # given out anew
    told = happenings(lakeside.number, danas[0].pk)[0]
    assert (told.says, told.by) == ("Given to Sample Omar", manager.user.name)
    entry = TrailEntry.objects.of(lakeside.number).get(actor=manager.actor, action="lead.given")
    assert entry.subject == f"lead/{danas[0].pk}"
    assert had_by(danas[2]) == dana.user_id


def test_what_is_answered_is_nobodys_to_hand_over(
    lakeside: Clinic, dana: Membership, omar: Membership, clock: Sets
) -> None:
    now = clock(MORNING)
    leads = came(lakeside, KNEE, KNEE, when=now)
    give_out(lakeside.number)
    theirs_ = next(lead for lead in leads if had_by(lead) == dana.user_id)
    answer(dana, theirs_.pk)
    assert pass_on(dana, [theirs_.pk], to=omar.user_id, by=omar) == 0
    assert had_by(theirs_) == dana.user_id


def test_whoever_works_here_no_more_has_nothing(
    lakeside: Clinic, dana: Membership, omar: Membership, clock: Sets
) -> None:
    now = clock(MORNING)
    came(lakeside, *[KNEE] * 4, when=now)
    give_out(lakeside.number)
    remove_member(dana)
    assert give_back_left(lakeside.number) == 2
    assert give_out(lakeside.number) == 2
    assert set(Lead.objects.values_list("owner", flat=True)) == {omar.user_id}


# What is counted back


def owed(team: str = NAVIGATORS) -> dict[str, float]:
    return dict(Turns.objects.get(team=team).owed)


def test_who_returns_is_not_flooded(lakeside: Clinic, dana: Membership, omar: Membership, clock: Sets) -> None:
    now = clock(MORNING)
    came(lakeside, KNEE, KNEE, when=now)
    give_out(lakeside.number)
    be_away(dana, now, now + timedelta(days=7), because="time-off", by="user:1")
    Turns.objects.update(owed={str(dana.user_id): 9.0, str(omar.user_id): -9.0})
    clock("2026-11-25T10:00")
    assert (welcome_back(lakeside.number), welcome_back(lakeside.number)) == (1, 0)
    assert owed() == {str(dana.user_id): -8.0, str(omar.user_id): -9.0}


def test_what_turns_out_to_be_another_teams_counts_as_none(
    lakeside: Clinic, dana: Membership, omar: Membership, clock: Sets
) -> None:
    now = clock(MORNING)
    (lead,) = came(lakeside, KNEE, when=now)
    give_out(lakeside.number)
    one = had_by(lead)
    assert owed()[str(one)] == -0.5
    source = playbook.find("lakeside-orthopedics")
    before = b"handles = \"service IN ('knee-replacement', 'spine-care')\""
    publish(upload(lakeside.organization, source.replace(before, b"handles = \"service = 'spine-care'\"")))
    rejudge(lakeside.number)
    after = Lead.objects.get(pk=lead.pk)
    assert (after.queue, after.owner_id) == ("front-desk", None)  # not begun, so it is the front desk's
    assert owed()[str(one)] == 0.5
    assert Decision.objects.get(lead=lead.pk).returned_at is not None


def test_what_they_have_begun_stays_theirs_in_another_team(lakeside: Clinic, dana: Membership, clock: Sets) -> None:
    now = clock(MORNING)
    (lead,) = came(lakeside, KNEE, when=now)
    give_out(lakeside.number)
    assert take_next(dana) == lead.pk
    begins(lakeside, dana, lead)
    source = playbook.find("lakeside-orthopedics")
    before = b"handles = \"service IN ('knee-replacement', 'spine-care')\""
    publish(upload(lakeside.organization, source.replace(before, b"handles = \"service = 'spine-care'\"")))
    rejudge(lakeside.number)
    assert had_by(lead) == dana.user_id
