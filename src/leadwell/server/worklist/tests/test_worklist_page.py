"""Whom do I call now, and why, and may I? One page, in the right order, with true counts. (promise D21)"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from leadwell.server.conftest import Clinic, browser, member
from leadwell.server.leads.models import Lead
from leadwell.server.leads.rejudging import rejudge
from leadwell.server.privacy.held import erase
from leadwell.server.privacy.models import TrailEntry
from leadwell.server.worklist.actions import take, take_next
from leadwell.server.worklist.models import Waiting
from leadwell.server.worklist.sweeping import refresh
from leadwell.server.worklist.tests.conftest import DANGER, KNEE, SPAM, at, came

pytestmark = pytest.mark.django_db(databases="__all__")

Sets = Callable[[str], datetime]
UNCLEAR = "I need a knee replacement for my son, he is 9 years old"
LANES = ("due", "safety", "to-do", "again", "review", "mine", "resting")


def page(clinic: Clinic, query: str = "", **headers: str) -> HttpResponse:
    return browser(clinic.organization, "coordinator").get(f"/worklist{query}", headers=headers)


def counted(clinic: Clinic) -> dict[str, int]:
    tabs = page(clinic).context["page"].tabs
    return dict(zip(LANES, (tab.count for tab in tabs), strict=True))


def test_each_lead_stands_in_its_lane_and_counts_are_true(lakeside: Clinic, clock: Sets) -> None:
    clock("2026-11-18T10:00")
    came(lakeside, KNEE, DANGER, SPAM, when=at("2026-11-18T09:50"))
    late, mine = came(lakeside, KNEE + " soon", KNEE + " please", when=at("2026-11-17T09:50"))
    refresh(lakeside.number)
    take(member(lakeside.organization, "coordinator"), mine.pk)
    assert counted(lakeside) == {"due": 2, "safety": 1, "to-do": 1, "again": 0, "review": 0, "mine": 1, "resting": 1}
    assert {row.id for row in page(lakeside, "?lane=due").context["page"].rows} == {late.pk, mine.pk}
    for lane, count in counted(lakeside).items():
        assert len(page(lakeside, f"?lane={lane}").context["page"].rows) == count


def test_a_row_says_who_what_how_long_why_whether_and_with_whom(lakeside: Clinic, clock: Sets) -> None:
    clock("2026-11-18T10:00")
    (lead,) = came(lakeside, KNEE, when=at("2026-11-18T09:48"))
    (row,) = page(lakeside).context["page"].rows
    assert (row.id, row.name, row.wants) == (lead.pk, "Sample Personaa", "Knee replacement")
    assert (row.owner, row.free, row.mine) == ("Surgical navigators", True, False)
    assert row.says == f"Grade {lead.grade}, asked 12 minutes ago, 3 h 48 left of 4 h."
    assert [line.name for line in row.gate.lines] == ["Call", "Text", "E-mail"]
    text = page(lakeside).content.decode()
    assert "3 h 48 left</span>" in text
    assert "May I contact them now, about their request?" in text


@pytest.mark.parametrize(
    ("now", "look", "says"),
    [
        ("2026-11-18T12:40", "", "1 h 08 left"),
        ("2026-11-18T13:44", " soon", "4 min left"),
        ("2026-11-18T14:00", " late", "12 min late"),
        ("2026-11-18T23:00", " late", "4 h 12 late"),  # in working time
        ("2026-11-25T14:00", " late", "late since Wed 1:48 pm"),
    ],
)
def test_a_lead_that_nobody_touches_becomes_late_by_itself(
    lakeside: Clinic, clock: Sets, now: str, look: str, says: str
) -> None:
    clock("2026-11-18T09:50")
    came(lakeside, KNEE, when=at("2026-11-18T09:48"))
    clock(now)
    refresh(lakeside.number)
    text = page(lakeside).content.decode()
    assert f'<span class="clock{look}">' in text
    if now < "2026-11-25":
        assert f"{says}</span>" in text
    else:
        assert "late since" in text


def test_while_its_team_is_closed_a_clock_says_when_it_is_back(lakeside: Clinic, clock: Sets) -> None:
    clock("2026-11-20T19:00")
    came(lakeside, KNEE, when=at("2026-11-20T18:30"))
    text = page(lakeside, "?lane=to-do").content.decode()
    assert "opens Mon 8:00 am</span>" in text
    assert "its team is back Mon 8:00 am." in text


@pytest.mark.parametrize("words", [DANGER, "my knee and I want to kill myself"])
def test_danger_says_once_to_look_at_once_with_their_words_and_the_clock_of_danger(
    lakeside: Clinic, clock: Sets, words: str
) -> None:
    clock("2026-11-18T10:00")
    (lead,) = came(lakeside, words, when=at("2026-11-18T09:58"))
    assert (lead.urgency, lead.due_at) == ("urgent", at("2026-11-18T10:03"))
    take(member(lakeside.organization, "coordinator"), lead.pk)
    card = page(lakeside).content.decode().partition('<section class="card next"')[2].partition("</section>")[0]
    assert card.count("ook at once") == 1
    assert "<b>They wrote:</b> “" in card
    assert '<li class="words">' not in card  # which a phone leaves out


def test_the_page_reads_its_order_and_sorts_nothing(lakeside: Clinic) -> None:
    """However many wait, it asks as much: the order stands in the index."""
    came(lakeside, *[KNEE] * 3)
    asked = browser(lakeside.organization, "coordinator")
    asked.get("/worklist")
    with CaptureQueriesContext(connection) as few:
        asked.get("/worklist")
    came(lakeside, *[f"{KNEE} {n}" for n in range(30)])
    with CaptureQueriesContext(connection) as many:
        assert len(asked.get("/worklist").context["page"].rows) == 33
    assert len(many) <= len(few) + 1
    assert len(many) < 60  # 56 on PostgreSQL: openings, meetings and hours are asked for all rows at once
    ordered = Waiting.objects.of(lakeside.number).filter(lane="to-do").order_by("-cost")
    plan = ordered.explain()
    assert connection.vendor != "sqlite" or ("waiting_in_lane" in plan and "TEMP B-TREE" not in plan)


def test_a_role_that_works_no_leads_is_told_who_does(lakeside: Clinic) -> None:
    answer = browser(lakeside.organization, "analyst").get("/worklist")
    assert answer.status_code == 403
    assert "coordinator" in answer.content.decode().lower()


@pytest.mark.parametrize(("role", "begins"), [("coordinator", "/worklist"), ("intake-lead", "/worklist")])
def test_who_works_leads_begins_there(lakeside: Clinic, role: str, begins: str) -> None:
    client = browser(lakeside.organization, role)
    assert client.get("/")["Location"] == begins
    assert client.get(begins).context["shell"].places[0].name == "Worklist"


def test_what_nobody_asked_for_is_no_lane(lakeside: Clinic) -> None:
    assert page(lakeside, "?lane=elsewhere").status_code == 404


def test_who_is_erased_waits_no_more(lakeside: Clinic) -> None:
    (lead,) = came(lakeside, KNEE)
    erase(lakeside.number, lead.person_id, actor="user:1")
    assert counted(lakeside)["to-do"] == 0
    assert take_next(member(lakeside.organization, "coordinator")) is None


def test_the_order_of_another_policy_holds_at_once(lakeside: Clinic) -> None:
    came(lakeside, KNEE)
    Waiting.objects.all().delete()
    Lead.objects.update(time_zone="Europe/Paris")  # as before it was known
    rejudge(lakeside.number)
    assert counted(lakeside)["to-do"] == 1


def test_a_page_that_looks_again_is_told_whether_anything_has_changed(
    lakeside: Clinic, clock: Sets, django_capture_on_commit_callbacks: Any
) -> None:
    clock("2026-11-18T10:00")
    came(lakeside, KNEE, when=at("2026-11-18T09:48"))
    first = page(lakeside)
    looks = {"X-Live": "1", "If-None-Match": first["ETag"]}
    with CaptureQueriesContext(connection) as asked:
        assert page(lakeside, **looks).status_code == 304
    assert not any("worklist_waiting" in one["sql"] for one in asked)
    with django_capture_on_commit_callbacks(execute=True):
        take_next(member(lakeside.organization, "intake-lead"))
    anew = page(lakeside, **looks)
    assert (anew.status_code, "<html" in anew.content.decode()) == (200, False)
    assert "Sample intake-lead" in anew.content.decode()
    assert page(lakeside, **{**looks, "If-None-Match": anew["ETag"]}).status_code == 304
    clock("2026-11-18T10:01")  # clocks say something else
    assert page(lakeside, **{**looks, "If-None-Match": anew["ETag"]}).status_code == 200


def test_looking_again_is_no_second_view_for_the_trail(lakeside: Clinic) -> None:
    def listed() -> list[int]:
        seen = TrailEntry.objects.of(lakeside.number).filter(action="lead.listed").order_by("number")
        return [len(one.codes["shown"]) for one in seen]

    came(lakeside, KNEE)
    client = browser(lakeside.organization, "coordinator")
    first = client.get("/worklist")
    came(lakeside, KNEE + " soon")
    again = client.get("/worklist", headers={"X-Live": "1", "X-Shown": first["X-Shown"]})
    assert (again.status_code, listed()) == (200, [1, 1])
    client.get("/worklist", headers={"X-Live": "1", "X-Shown": again["X-Shown"]})
    assert listed() == [1, 1]
    other = browser(lakeside.organization, "intake-lead")
    other.get("/worklist", headers={"X-Live": "1", "X-Shown": again["X-Shown"]})  # was not shown to them
    other.get("/worklist", headers={"X-Shown": "made up"})
    assert listed() == [1, 1, 2, 2]


def test_take_next_leads_to_what_is_mine(lakeside: Clinic) -> None:
    (lead,) = came(lakeside, KNEE)
    client = browser(lakeside.organization, "coordinator")
    assert client.post("/worklist/next")["Location"] == "/worklist?lane=mine"
    shown = client.get("/worklist?lane=mine").context["page"]
    assert [(row.id, row.mine) for row in shown.rows] == [(lead.pk, True)]
    assert shown.first.row.id == lead.pk
    answer = client.post(f"/worklist/{lead.pk}/give-back", {"back": "/worklist?lane=to-do"})
    assert answer["Location"] == "/worklist?lane=to-do"
    assert "Nobody waits" not in client.get("/worklist").content.decode()


def test_who_is_second_is_told_who_was_first(lakeside: Clinic) -> None:
    (lead,) = came(lakeside, KNEE)
    take(member(lakeside.organization, "intake-lead"), lead.pk)
    client = browser(lakeside.organization, "coordinator")
    answer = client.post(f"/worklist/{lead.pk}/take", follow=True)
    assert "Sample intake-lead was first, and has it now." in answer.content.decode()
    assert Lead.objects.get(pk=lead.pk).owner.name == "Sample intake-lead"


@pytest.mark.parametrize("back", ["https://elsewhere.example.com/", "//elsewhere.example.com", "javascript:1", ""])
def test_no_form_leads_elsewhere(lakeside: Clinic, back: str) -> None:
    (lead,) = came(lakeside, KNEE)
    answer = browser(lakeside.organization, "coordinator").post(f"/worklist/{lead.pk}/take", {"back": back})
    assert answer["Location"] == "/worklist"


def test_changes_need_a_token_of_the_form(lakeside: Clinic) -> None:
    client = browser(lakeside.organization, "coordinator")
    client.handler.enforce_csrf_checks = True
    assert client.post("/worklist/next").status_code == 403


def test_what_rests_leaves_the_worklist_after_two_weeks(lakeside: Clinic) -> None:
    came(lakeside, SPAM)
    assert counted(lakeside)["resting"] == 1
    refresh(lakeside.number, now=timezone.now() + timedelta(days=13))
    assert counted(lakeside)["resting"] == 1
    refresh(lakeside.number, now=timezone.now() + timedelta(days=15))
    assert counted(lakeside)["resting"] == 0
