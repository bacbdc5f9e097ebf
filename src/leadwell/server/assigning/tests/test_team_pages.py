"""A manager sees who is in and who has how much, and re-plans when somebody is away. (promise D19)"""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from leadwell.server.access.models import Membership
from leadwell.server.assigning.actions import give_out
from leadwell.server.assigning.models import Decision
from leadwell.server.assigning.replanning import plan_absences
from leadwell.server.assigning.tests.conftest import NAVIGATORS, Sets, works
from leadwell.server.conftest import Clinic, browser, member
from leadwell.server.leads.models import Event, Lead
from leadwell.server.privacy.models import TrailEntry
from leadwell.server.teams.actions import be_away
from leadwell.server.teams.models import Absence, Duty
from leadwell.server.worklist.actions import take
from leadwell.server.worklist.tests.conftest import KNEE, at, came

pytestmark = pytest.mark.django_db(databases="__all__")

MORNING = "2026-11-18T10:00"


@pytest.fixture
def manager(lakeside: Clinic, clock: Sets) -> Client:
    client = browser(lakeside.organization, "manager")
    clock(MORNING)
    return client


def given(clinic: Clinic, who: Membership, count: int) -> list[Lead]:
    """So many leads that came this morning; those of them that `who` was given."""
    came(clinic, *[KNEE] * count, when=at(MORNING))
    give_out(clinic.number)
    return list(Lead.objects.of(clinic.number).filter(owner=who.user_id).order_by("pk"))


def says(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def test_it_says_who_is_in_and_what_each_has(lakeside: Clinic, manager: Client, dana: Membership) -> None:
    works(lakeside, "Lee", hours="Thu 08:00-12:00", most_open=0)
    given(lakeside, dana, 3)
    page = " ".join(says(manager, "/team").split())
    assert "1 of 3 is in now." in page  # the manager is in no team
    row = page.partition("Sample Dana")[2].partition("</tr>")[0]
    assert ">In</span>" in row
    assert 'data-label="Open leads">3</td>' in row
    assert 'data-label="Not begun">3</td>' in row
    assert "30 min" in row
    row = page.partition("Sample Lee")[2].partition("</tr>")[0]
    assert "Not at work" in row
    assert "Thu 8:00 am" in row
    assert "full" in row


def test_out_today_takes_one_click_and_shows_what_is_theirs(
    lakeside: Clinic, manager: Client, dana: Membership, omar: Membership
) -> None:
    danas = given(lakeside, dana, 6)
    event = {"organization": lakeside.organization, "name": "attempt.noted", "by": dana.user, "at": at(MORNING)}
    Event.objects.create(**event, lead=danas[0])
    answer = manager.post(f"/team/{dana.pk}/away", follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain == [(f"/team/{dana.pk}", 302)]
    assert "2 that they had not begun go to colleagues." in page
    assert "They work on these" in page
    assert "Not begun" not in page
    absence = Absence.objects.get()
    assert (absence.until, absence.because) == (at("2026-11-19T00:00"), "out")
    assert [Lead.objects.get(pk=lead.pk).owner_id for lead in danas] == [dana.user_id, omar.user_id, omar.user_id]

    chosen = {"lead": [str(danas[0].pk), "nonsense"], "to": str(omar.pk)}
    page = manager.post(f"/team/{dana.pk}/hand-over", chosen, follow=True).content.decode()
    assert "1 lead handed to Sample Omar." in page
    assert "Nothing waits with them" in page
    assert Lead.objects.get(pk=danas[0].pk).owner_id == omar.user_id

    page = manager.post(f"/team/{dana.pk}/back", follow=True).content.decode()
    assert "Sample Dana is back" in page
    assert "They were not away" in manager.post(f"/team/{dana.pk}/back", follow=True).content.decode()


def test_nothing_is_handed_to_somebody_who_is_away(
    lakeside: Clinic, manager: Client, dana: Membership, omar: Membership
) -> None:
    danas = given(lakeside, dana, 6)
    manager.post(f"/team/{omar.pk}/away")
    chosen = {"lead": [str(danas[0].pk)], "to": str(omar.pk)}  # from a page that stood open
    page = manager.post(f"/team/{dana.pk}/hand-over", chosen, follow=True).content.decode()
    assert "Sample Omar is away until" in page
    assert Lead.objects.get(pk=danas[0].pk).owner_id == dana.user_id


@pytest.mark.parametrize(
    ("until", "kept"),
    [
        ("2026-11-23", True),
        ("2026-11-19", True),
        ("2026-11-18", False),
        ("2027-12-01", False),
        ("soon", False),
    ],
)
def test_out_until_a_day(lakeside: Clinic, manager: Client, dana: Membership, until: str, kept: bool) -> None:
    page = manager.post(f"/team/{dana.pk}/away", {"until": until, "because": "time-off"}, follow=True)
    assert Absence.objects.filter(until=at(f"{until}T00:00")).exists() if kept else not Absence.objects.exists()
    assert kept or "day" in page.content.decode() or "date" in page.content.decode()


def test_an_absence_that_lies_ahead_changes_nothing_until_it_begins(
    lakeside: Clinic, manager: Client, dana: Membership, clock: Sets
) -> None:
    theirs = given(lakeside, dana, 2)
    page = manager.post(
        f"/team/{dana.pk}/away", {"since": "2026-11-23", "until": "2026-11-26", "because": "time-off"}, follow=True
    ).content.decode()
    assert "will be away from 23 November 2026, and is back on 26 November 2026." in page
    assert "time off" in page.partition("Away from 23 November 2026")[2].partition("</form>")[0]
    plan_absences(lakeside.number)
    assert Lead.objects.of(lakeside.number).filter(owner=dana.user_id).count() == len(theirs)
    clock("2026-11-23T00:01")
    assert plan_absences(lakeside.number) == len(theirs)


@pytest.mark.parametrize(
    ("since", "until", "says"),
    [
        ("2026-12-10", "2026-12-15", "is away from 10 December 2026 until 15 December 2026 already."),
        ("2026-12-11", "2026-12-13", "is away from 10 December 2026 until 15 December 2026 already."),
        ("2026-12-12", "2026-12-20", "already: call that off first, or choose days beside it."),
        ("2026-12-08", "2026-12-12", "already: call that off first, or choose days beside it."),
    ],
)
def test_the_same_absence_stands_once_and_an_overlap_is_refused(
    manager: Client, dana: Membership, since: str, until: str, says: str
) -> None:
    where = f"/team/{dana.pk}/away"
    manager.post(where, {"since": "2026-12-10", "until": "2026-12-15"})
    assert says in manager.post(where, {"since": since, "until": until}, follow=True).content.decode()
    assert Absence.objects.count() == 1
    manager.post(where, {"since": "2026-12-15", "until": "2026-12-17"})  # beside it
    assert Absence.objects.count() == 2


def test_who_is_away_can_stay_away_longer(manager: Client, dana: Membership) -> None:
    where = f"/team/{dana.pk}/away"
    manager.post(where, {"until": "2026-11-20"})
    page = manager.post(where, {"until": "2026-11-24"}, follow=True).content.decode()
    assert "was away until 20 November 2026 already, and now is until 24 November 2026." in page
    first, second = Absence.objects.order_by("since")
    assert (first.until, second.until) == (second.since, at("2026-11-24T00:00"))
    assert "already." in manager.post(where, {"until": "2026-11-19"}, follow=True).content.decode()


def test_calling_one_off_says_when_another_stands(manager: Client, dana: Membership) -> None:
    told = {"organization_id": dana.organization_id, "member": dana, "because": "out"}
    one = Absence.objects.create(since=at("2026-12-10T00:00"), until=at("2026-12-15T00:00"), **told)
    Absence.objects.create(since=at("2026-12-12T00:00"), until=at("2026-12-20T00:00"), **told)
    page = manager.post(f"/team/{dana.pk}/call-off", {"absence": one.pk}, follow=True).content.decode()
    assert "is away from 12 December 2026 until 20 December 2026 still." in page
    assert "will be here" not in page


def test_an_absence_that_lies_ahead_is_called_off(
    lakeside: Clinic, harbor: Clinic, manager: Client, dana: Membership, clock: Sets
) -> None:
    one = be_away(dana, at("2026-11-23T00:00"), at("2026-11-26T00:00"), because="out", by=dana.actor)
    lee = member(harbor.organization, "coordinator")
    other = be_away(lee, at("2026-11-23T00:00"), at("2026-11-26T00:00"), because="out", by=lee.actor)
    for wrong in ("", "x", "9" * 30, str(other.pk)):
        assert (
            "called off before"
            in manager.post(f"/team/{dana.pk}/call-off", {"absence": wrong}, follow=True).content.decode()
        )
    assert Absence.objects.count() == 2
    assert (
        "will be here" in manager.post(f"/team/{dana.pk}/call-off", {"absence": one.pk}, follow=True).content.decode()
    )
    assert list(Absence.objects.values_list("pk", flat=True)) == [other.pk]
    begun = be_away(dana, at("2026-11-17T00:00"), at("2026-11-26T00:00"), because="out", by=dana.actor)
    manager.post(f"/team/{dana.pk}/call-off", {"absence": begun.pk})
    assert Absence.objects.filter(pk=begun.pk).exists()


@pytest.mark.parametrize(
    ("since", "until", "kept"),
    [
        ("2026-11-18", "2026-11-19", True),
        ("2026-11-17", "2026-11-19", False),
        ("2026-11-23", "2026-11-23", False),
        ("2026-11-23", "2026-11-20", False),
        ("2026-11-23", "", True),
        ("2028-01-01", "2028-01-02", False),
    ],
)
def test_out_from_a_day_until_another(manager: Client, dana: Membership, since: str, until: str, *, kept: bool) -> None:
    page = manager.post(f"/team/{dana.pk}/away", {"since": since, "until": until}, follow=True).content.decode()
    assert Absence.objects.exists() is kept
    assert kept or "Choose a" in page


def test_what_somebody_takes_on_is_changed_and_what_waits_is_given_to_them(lakeside: Clinic, manager: Client) -> None:
    lee = works(lakeside, "Lee", "scheduling")
    (lead,) = came(lakeside, KNEE, when=at(MORNING))
    give_out(lakeside.number)
    said = {"teams": [NAVIGATORS], "share": "0.5", "hours": "Wed 09:00-17:00", "most_open": "7", "states": "il, wi"}
    said |= {"services": ["knee-replacement"], "stands_in": "on"}
    assert manager.post(f"/team/{lee.pk}", said).status_code == 302
    duty = Duty.objects.get(member=lee)
    assert (duty.teams, duty.share, duty.hours, duty.most_open) == ([NAVIGATORS], 0.5, "Wed 09:00-17:00", 7)
    assert (duty.services, duty.locations, duty.states, duty.stands_in) == (
        ["knee-replacement"],
        None,
        ["IL", "WI"],
        True,
    )
    assert Lead.objects.get(pk=lead.pk).owner_id == lee.user_id
    manager_ = member(lakeside.organization, "manager")
    assert TrailEntry.objects.get(actor=manager_.actor, action="duty.changed").subject == lee.actor


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"hours": "every now and then"}, "Cannot read"),
        ({"states": "Illinois"}, "two letters"),
        ({"states": "IL, ZZ"}, "“ZZ” is no state"),
        ({"teams": ["no-such-team"]}, "valid choice"),
        ({"most_open": "-1"}, "greater than or equal to 0"),
    ],
)
def test_what_cannot_be_is_said_and_kept(
    lakeside: Clinic, manager: Client, dana: Membership, wrong: dict[str, Any], told: str
) -> None:
    answer = manager.post(f"/team/{dana.pk}", {"teams": [NAVIGATORS], "share": "1.0"} | wrong)
    assert answer.status_code == 400
    assert told in answer.content.decode()
    assert Duty.objects.get(member=dana).hours == ""


def test_whose_role_takes_no_leads_is_not_here(lakeside: Clinic, manager: Client) -> None:
    analyst = member(lakeside.organization, "analyst")
    assert manager.get(f"/team/{analyst.pk}").status_code == 404
    dana = works(lakeside, "Dana")
    (lead,) = given(lakeside, dana, 1)
    page = manager.post(f"/team/{dana.pk}/hand-over", {"lead": [str(lead.pk)], "to": str(analyst.pk)}, follow=True)
    assert "Choose a colleague who takes leads" in page.content.decode()
    assert Lead.objects.get(pk=lead.pk).owner_id == dana.user_id


def test_an_administrator_plans_without_seeing_who_asks(lakeside: Clinic, manager: Client, dana: Membership) -> None:
    given(lakeside, dana, 1)
    assert "Sample Person" in says(manager, f"/team/{dana.pk}")
    admin = browser(lakeside.organization, "administrator")
    assert "Sample Person" not in says(admin, f"/team/{dana.pk}")
    assert "Knee replacement" in says(admin, f"/team/{dana.pk}")


def test_the_lead_says_why_them(lakeside: Clinic, manager: Client, dana: Membership) -> None:
    works(lakeside, "Noor", languages=["es"])
    (lead,) = came(lakeside, KNEE, when=at(MORNING))
    Lead.objects.filter(pk=lead.pk).update(language="en")
    give_out(lakeside.number)
    page = " ".join(says(manager, f"/leads/{lead.pk}").split())
    assert ">Why Sample?</h2>" in page
    assert "Given to Sample Dana of Surgical navigators, <time" in page
    assert "They had most room of those who could take it." in page
    assert "<dt>Sample Noor</dt><dd>does not speak the language</dd>" in page


def test_the_lead_says_why_nobody_and_who_answers_for_it(lakeside: Clinic, manager: Client) -> None:
    works(lakeside, "Noor", languages=["es"], stands_in=True)
    (lead,) = came(lakeside, KNEE, when=at(MORNING))
    Lead.objects.filter(pk=lead.pk).update(language="en")
    give_out(lakeside.number)
    page = " ".join(says(manager, f"/leads/{lead.pk}").split())
    assert ">Why nobody?</h2>" in page
    assert "It waits with the team, and Sample Noor answers for it." in page
    Duty.objects.update(stands_in=False)
    page = says(manager, f"/leads/{lead.pk}")
    assert f"{member(lakeside.organization, 'manager').user.name} answers for it" in " ".join(page.split())


def test_what_nobody_can_take_is_counted_as_in_the_table_and_opens_those_alone(
    lakeside: Clinic, manager: Client
) -> None:
    works(lakeside, "Noor", languages=["es"])
    stuck, taken = came(lakeside, KNEE, KNEE + " soon", when=at(MORNING))
    Lead.objects.filter(pk__in=[stuck.pk, taken.pk]).update(language="en")
    assert take(member(lakeside.organization, "coordinator"), taken.pk)
    give_out(lakeside.number)
    page = " ".join(says(manager, "/team").split())
    assert "1 lead waits and nobody can take it." in page
    assert f'<a href="/team/nobody?team={stuck.queue}">1<' in page
    assert "nobody can</span>" in page
    for where in ("can=nobody", f"team={stuck.queue}"):
        told = says(manager, f"/team/nobody?{where}")
        assert f"/leads/{stuck.pk}" in told
        assert f"/leads/{taken.pk}" not in told
    assert manager.get("/team/nobody?team=no-such-team").status_code == 404


def test_why_nobody_is_asked_anew_when_it_is_shown(lakeside: Clinic, manager: Client) -> None:
    works(lakeside, "Noor", languages=["es"])
    (lead,) = came(lakeside, KNEE, when=at(MORNING))
    Lead.objects.filter(pk=lead.pk).update(language="en")
    give_out(lakeside.number)
    assert "<dd>does not speak the language</dd>" in says(manager, f"/leads/{lead.pk}")
    Duty.objects.update(languages=None, most_open=0)
    page = says(manager, f"/leads/{lead.pk}")
    assert "<dd>has as many open leads as they may have</dd>" in page
    assert "does not speak the language" not in page
    Duty.objects.update(most_open=None)
    assert "Sample Noor can take it by now." in says(manager, f"/leads/{lead.pk}")
    assert Lead.objects.get(pk=lead.pk).owner is None  # nothing is given by being looked at


def test_once_somebody_has_taken_it_the_lead_says_so(lakeside: Clinic, manager: Client) -> None:
    works(lakeside, "Noor", languages=["es"])
    (lead,) = came(lakeside, KNEE, when=at(MORNING))
    Lead.objects.filter(pk=lead.pk).update(language="en")
    give_out(lakeside.number)
    assert take(member(lakeside.organization, "coordinator"), lead.pk)
    page = " ".join(says(manager, f"/leads/{lead.pk}").split())
    assert ">Why nobody at first?</h2> <p><b>Sample coordinator has it now.</b></p>" in page
    assert "It waits with the team" not in page


def test_a_licence_is_asked_for_where_somebody_has_some(lakeside: Clinic, manager: Client) -> None:
    works(lakeside, "Ada", states=["WI"])
    lee = works(lakeside, "Lee", states=["IL"])
    came(lakeside, f"{KNEE}. I live in Chicago, Illinois, 60614", when=at(MORNING))
    give_out(lakeside.number)
    told = Decision.objects.get()
    assert (told.chosen_id, list(told.passed.values())) == (lee.user_id, ["licence"])


@pytest.mark.parametrize("path", ["/team", "/team/{}"])
def test_however_many_colleagues_there_are_a_page_asks_no_more(lakeside: Clinic, manager: Client, path: str) -> None:
    dana, counts = works(lakeside, "Dana"), []
    for few in (range(2), range(2, 20)):
        for n in few:
            colleague = works(lakeside, f"C{n}")
            be_away(colleague, timezone.now(), timezone.now() + timedelta(days=1), because="out", by="user:1")
        given(lakeside, dana, 3)
        manager.get(path.format(dana.pk))
        with CaptureQueriesContext(connection) as told:
            manager.get(path.format(dana.pk))
        counts.append(len(told))
    assert counts[1] <= counts[0]
    assert counts[0] <= 48
