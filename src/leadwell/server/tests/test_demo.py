"""A newcomer looks at every role of the demo, and the demo's way of getting a code opens nothing else. (promise F32)"""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from leadwell.server import demo
from leadwell.server.access.actions import add_member
from leadwell.server.access.models import Organization, User
from leadwell.server.alerts.models import Alert
from leadwell.server.assigning.models import Decision
from leadwell.server.demo import arrivals
from leadwell.server.intake.draining import drain
from leadwell.server.intake.ledger import ledger_of
from leadwell.server.intake.models import Submission
from leadwell.server.jobs import watch_sources
from leadwell.server.leads.models import Lead
from leadwell.server.signin.factors import give_app
from leadwell.server.worklist.queries import MINE, counts

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def said(db: None) -> list[str]:
    lines: list[str] = []
    demo.make(lines.append)
    return lines


def test_each_of_the_demo_signs_in_as_it_says(said: list[str]) -> None:
    lines = [line.split() for line in said if "@example.com" in line and "user code" in line]
    assert len(lines) == 6
    for email, *_, first in lines:
        client = Client()
        answer = client.post("/account/login/", {"login": email, "password": demo.PASSWORD})
        assert answer["Location"] == "/account/2fa/authenticate/"
        digits, seconds = demo.code(first)
        assert 0 < seconds <= 30
        assert client.post("/account/2fa/authenticate/", {"code": digits})["Location"] == "/"
        assert client.get("/me").status_code == 200


def test_the_coordinator_needs_no_code(said: list[str], client: Client) -> None:
    client.post("/account/login/", {"login": "dana@example.com", "password": demo.PASSWORD})
    assert client.get("/me").status_code == 200


def test_who_set_up_an_app_of_their_own_keeps_it(said: list[str]) -> None:
    helen = User.objects.get(email="helen@example.com")
    app = helen.authenticator_set.get(type="totp")
    app.data.pop("demo")
    app.save()
    demo.make(lambda line: None)
    with pytest.raises(demo.NotOfTheDemo):
        demo.code("helen")


@pytest.mark.parametrize("name", ["nobody", "dana", "real@clinic.example", "elsewhere@example.com", ""])
def test_nobody_elses_code_is_printed(said: list[str], name: str) -> None:
    add_member("lakeside", "real@clinic.example", role="manager", password="quiet harbour window")
    give_app(add_member("harbor", "elsewhere@example.com", role="manager", password="quiet harbour window").user)
    with pytest.raises(demo.NotOfTheDemo):
        demo.code(name)


def test_it_has_two_weeks_of_several_sources_and_what_goes_wrong_on_such_days(said: list[str]) -> None:
    organization = Organization.objects.get()
    assert Submission.objects.filter(received_at__gt=timezone.now()).count() == 0
    drain(most=1_000)
    told = ledger_of(organization)
    assert (told.whole.needs_mending, told.whole.repeats, told.whole.not_leads, told.whole.refused) == (3, 1, 1, 1)
    assert (told.difference, told.whole.waiting) == (0, 0)
    assert len(told.by_source) == 6
    days = {at.date() for at in Lead.objects.values_list("received_at", flat=True)}
    assert len(days) >= 14
    watch_sources()  # the worker's first turn
    (alert,) = Alert.objects.all()
    assert (alert.kind, alert.codes["name"]) == ("quiet", "Google ads page")


def test_every_lane_of_its_worklist_has_somebody(said: list[str]) -> None:
    demo.work_so_far()
    organization = Organization.objects.get()
    dana = User.objects.get(email="dana@example.com")
    before = counts(organization.pk, owner=dana.pk)
    assert all(before.values()), before
    assert before["due"] + before["safety"] < 60
    demo.work_so_far()
    assert counts(organization.pk, owner=dana.pk) == before


def test_made_again_nothing_is_added(said: list[str]) -> None:
    before = Submission.objects.count()
    demo.make(lambda line: None)
    assert Submission.objects.count() == before


@pytest.mark.parametrize("hour", [0, 6, 12, 23])
def test_at_any_hour_nothing_has_come_that_is_yet_to_come(db: None, monkeypatch: pytest.MonkeyPatch, hour: int) -> None:
    now = timezone.now().replace(hour=hour, minute=5)
    monkeypatch.setattr(arrivals.timezone, "now", lambda: now)
    demo.make(lambda line: None)
    moments = list(Submission.objects.order_by("received_at").values_list("received_at", flat=True))
    assert moments[-1] <= now
    assert now - moments[0] > timedelta(days=19)


def test_without_a_demo_there_is_no_code(db: None) -> None:
    with pytest.raises(demo.NotOfTheDemo):
        demo.code("helen")


def test_who_needs_no_code_is_told_so(said: list[str]) -> None:
    with pytest.raises(demo.NotOfTheDemo, match="Dana needs no code"):
        demo.code("dana")


def test_its_teams_have_people_one_of_them_is_away_and_the_coordinator_has_leads_from_the_first_minute(
    said: list[str], client: Client
) -> None:
    demo.work_so_far()
    ours, users = Organization.objects.get().pk, {one.email.split("@")[0]: one.pk for one in User.objects.all()}
    assert counts(ours, owner=users["dana"])[MINE] >= 2
    assert counts(ours, owner=users["omar"])[MINE] == 0
    given = Decision.objects.of(ours).exclude(chosen=None)
    assert users["omar"] not in {one.chosen_id for one in given}
    assert all(one.passed.get(str(users["omar"])) == "away" for one in given if one.team == "surgical-navigators")
    client.post("/account/login/", {"login": "dana@example.com", "password": demo.PASSWORD})
    assert client.get("/worklist?lane=mine").content.decode().count("<tr data-lead=") >= 1
