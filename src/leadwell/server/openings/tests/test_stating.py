"""Who says when a clinic opens: on the page, by a program, two at once. The last is right, and the first is told of."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import orjson
import pytest
from django.db import connection, connections
from django.test import Client

from leadwell.routing.openings import Slot, State
from leadwell.server.access.keys import new_key
from leadwell.server.conftest import Clinic, browser, member
from leadwell.server.openings.actions import CannotState, Said, SaidSince, slot, state
from leadwell.server.openings.models import Opening, Stated
from leadwell.server.openings.queries import board, openings
from leadwell.server.playbooks.queries import policy_now
from leadwell.server.privacy.models import TrailEntry
from leadwell.server.worklist.tests.conftest import clock

__all__ = ["clock"]

pytestmark = [pytest.mark.django_db(databases="__all__"), pytest.mark.anew]

LOOP = Slot("knee-replacement", "loop", "consult")
EVANSTON = Slot("knee-replacement", "evanston", "consult")
KEY = "knee-replacement|loop|consult"
Clock = Callable[[str], datetime]


@pytest.fixture(autouse=True)
def _a_friday(clock: Clock) -> None:
    clock("2026-11-27T12:00")


def say(
    clinic: Clinic, one: Slot, day: str | None, *, full: bool = False, actor: str = "user:1", **more: object
) -> None:
    state(clinic.number, [Said(one, date.fromisoformat(day) if day else None, full=full, **more)], actor=actor)


def known(clinic: Clinic, one: Slot, now: datetime) -> State:
    policy = policy_now(clinic.number)
    assert policy is not None
    return board(clinic.number, policy, now).place(one).state


def test_what_was_said_stands_with_who_and_when_and_is_kept(lakeside: Clinic) -> None:
    say(lakeside, LOOP, "2026-12-10")
    say(lakeside, LOOP, "2027-01-12", full=True, actor="key:abc")
    (one,) = openings(lakeside.number).values()
    assert (one.on, one.full, one.version, one.by) == (date(2027, 1, 12), True, 2, "key:abc")
    kept = Stated.objects.of(lakeside.number).order_by("version").values_list("version", "on", "by")
    assert list(kept) == [(1, date(2026, 12, 10), "user:1"), (2, date(2027, 1, 12), "key:abc")]
    trail = TrailEntry.objects.of(lakeside.number).filter(action="opening.stated")
    assert trail.latest("number").codes == {"service": "knee-replacement", "location": "loop", "version": 2}


def test_the_same_said_again_is_known_anew_and_is_no_other_version(lakeside: Clinic, clock: Clock) -> None:
    say(lakeside, LOOP, "2026-12-10")
    later = clock("2026-12-02T09:00")
    say(lakeside, LOOP, "2026-12-10", actor="user:2")
    (one,) = openings(lakeside.number).values()
    assert (one.version, one.as_of, one.by) == (1, later, "user:2")
    assert Stated.objects.of(lakeside.number).count() == 1


def test_it_ages_and_is_not_known_after_two_weeks(lakeside: Clinic, clock: Clock) -> None:
    say(lakeside, LOOP, "2027-01-12", full=True)
    assert known(lakeside, LOOP, clock("2026-12-11T12:00")) is State.FULL
    assert known(lakeside, LOOP, clock("2026-12-11T12:01")) is State.UNKNOWN


def test_what_comes_late_changes_nothing(lakeside: Clinic) -> None:
    say(lakeside, LOOP, "2026-12-10")
    before = datetime(2026, 11, 27, 17, tzinfo=UTC)
    (told,) = state(lakeside.number, [Said(LOOP, date(2026, 12, 1), as_of=before)], actor="key:abc")
    assert (told.late, told.new, told.opening.on) == (True, False, date(2026, 12, 10))


def test_who_has_read_another_version_changes_nothing(lakeside: Clinic) -> None:
    say(lakeside, LOOP, "2026-12-10")
    with pytest.raises(SaidSince):
        say(lakeside, LOOP, "2026-12-11", version=0)
    say(lakeside, LOOP, "2026-12-11", version=1)
    assert openings(lakeside.number)[LOOP].version == 2


@pytest.mark.parametrize(
    ("said", "key"),
    [
        (Said(LOOP, None), "on"),
        (Said(LOOP, date(2026, 11, 26)), "on"),
        (Said(LOOP, date(2029, 1, 1)), "on"),
        (Said(LOOP, date(2026, 11, 27), full=True), "on"),
        (Said(LOOP, date(2026, 11, 27), datetime(2026, 11, 27, 17, 59, tzinfo=UTC)), "hour"),
        (Said(LOOP, date(2026, 12, 1), weeks=(1,) * 9), "weeks"),
        (Said(LOOP, date(2026, 12, 1), weeks=(-1,)), "weeks"),
        (Said(LOOP, date(2026, 12, 10), weeks=(3,)), "weeks"),
        (Said(LOOP, date(2026, 12, 4), weeks=(1, 2)), "weeks"),
        (Said(LOOP, date(2026, 12, 1), as_of=datetime(2026, 11, 27, 18, 6, tzinfo=UTC)), "as_of"),
        (Said(Slot("knee-replacement", "aurora", "consult"), date(2026, 12, 1)), "service"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_of_it_is_kept(lakeside: Clinic, said: Said, key: str) -> None:
    with pytest.raises(CannotState) as refused:
        state(lakeside.number, [Said(EVANSTON, date(2026, 12, 1)), said], actor="user:1")
    assert (refused.value.number, refused.value.key) == (1, key)
    assert not openings(lakeside.number)


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (("knee", "loop", ""), "knee-replacement"),
        (("knee-replacement", "evanstn", ""), "evanston"),
        (("knee-replacement", "aurora", ""), "loop, evanston"),
        (("knee-replacement", "loop", "video"), "consult"),
        (("spine-care", "", ""), "loop"),
    ],
)
def test_what_does_not_exist_is_told_with_what_may_be_meant(
    lakeside: Clinic, asked: tuple[str, str, str], says: str
) -> None:
    policy = policy_now(lakeside.number)
    assert policy is not None
    with pytest.raises(CannotState, match=says):
        slot(policy, *asked)
    assert slot(policy, "knee-replacement", "loop") == LOOP
    assert slot(policy, "knee-replacement") == Slot("knee-replacement", "", "video")


@pytest.mark.parametrize(("day", "weeks"), [("2026-12-03", (3, 5)), ("2026-12-04", (0, 2)), ("2026-12-10", ())])
def test_a_count_that_does_not_contradict_the_day_stands(lakeside: Clinic, day: str, weeks: tuple[int, ...]) -> None:
    say(lakeside, LOOP, day, weeks=weeks)
    assert openings(lakeside.number)[LOOP].weeks == list(weeks)


def test_a_visit_where_there_are_none_is_told_so(lakeside: Clinic) -> None:
    policy = policy_now(lakeside.number)
    assert policy is not None
    services = {key: replace(one, visits=()) for key, one in policy.services.items()}
    with pytest.raises(CannotState, match="It has no visits: leave it out"):
        slot(replace(policy, services=services), "knee-replacement", "loop", "consult")


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"on": "2027-03-14", "hour": "02:30"}, "there is no 02:30"),
        ({"on": "2026-12-10", "week": "3"}, "say 0 for those before it"),
    ],
)
def test_what_contradicts_itself_is_said_on_the_page(lakeside: Clinic, typed: dict[str, str], says: str) -> None:
    client = browser(lakeside.organization, "manager")
    page = client.post("/openings/say", {"slot": KEY, "seen": "0", "how": "open", **typed}).content.decode()
    assert says in page
    assert not openings(lakeside.number)
    client.post("/openings/say", {"slot": KEY, "seen": "0", "how": "open", "on": "2027-03-14", "hour": "03:30"})
    assert "Next opening Sun 14 Mar 2027, 3:30 am" in client.get("/openings").content.decode()


# --- on the page -----------------------------------------------------------------------------------------------------


def test_a_manager_says_it_in_a_day_and_a_click(lakeside: Clinic) -> None:
    client = browser(lakeside.organization, "manager")
    page = client.get("/openings").content.decode()
    assert "Nobody has said" in page
    assert "0 of 14 a week booked here" in page
    said = {"slot": KEY, "on": "2027-01-12", "hour": "", "week": "", "how": "full", "seen": "0"}
    shown = client.post("/openings/say", said, follow=True).content.decode()
    assert "Full until Tue 12 Jan 2027" in shown
    assert "As of just now, Sample manager" in shown
    client.post("/openings/say", {"slot": KEY, "on": "2026-12-03", "hour": "09:30", "week": "3", "how": "open"})
    shown = client.get("/openings").content.decode()
    assert "Next opening Thu 3 Dec, 9:30 am" in shown
    assert "3 in the next 7 days" in shown


def test_that_it_is_still_so_is_one_click(lakeside: Clinic, clock: Clock) -> None:
    say(lakeside, LOOP, "2027-01-12", full=True)
    later = clock("2026-12-12T12:00")
    assert known(lakeside, LOOP, later) is State.UNKNOWN
    client = browser(lakeside.organization, "intake-lead")
    assert "Not known: what was said is too old" in client.get("/openings").content.decode()
    client.post("/openings/say", {"slot": KEY, "how": "still", "seen": "1"})
    assert known(lakeside, LOOP, later) is State.FULL


def test_what_is_wrong_is_said_and_what_was_typed_stays(lakeside: Clinic) -> None:
    client = browser(lakeside.organization, "manager")
    answer = client.post("/openings/say", {"slot": KEY, "on": "2026-11-01", "week": "4", "how": "open"})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "Choose a day from today on, within two years." in page
    assert 'value="2026-11-01"' in page
    assert client.post("/openings/say", {"slot": KEY, "how": "still"}).status_code == 400
    assert client.post("/openings/say", {"slot": "x|y|z", "how": "open"}).status_code == 404


def test_of_two_who_say_it_at_once_the_last_is_right_and_learns_of_the_first(lakeside: Clinic) -> None:
    first, last = browser(lakeside.organization, "intake-lead"), browser(lakeside.organization, "manager")
    first.post("/openings/say", {"slot": KEY, "on": "2026-12-03", "how": "open", "seen": "0"})
    said = {"slot": KEY, "on": "2027-01-12", "how": "full", "seen": "0"}
    page = last.post("/openings/say", said, follow=True).content.decode()
    assert "Sample intake-lead had said otherwise just now, while you were typing: Next opening Thu 3 Dec." in page
    assert openings(lakeside.number)[LOOP].full


@pytest.mark.parametrize("seen", ["1", "", "x", "²"])
def test_still_so_says_nothing_of_what_was_not_seen(lakeside: Clinic, seen: str) -> None:
    first, last = browser(lakeside.organization, "intake-lead"), browser(lakeside.organization, "manager")
    last.post("/openings/say", {"slot": KEY, "on": "2026-12-03", "how": "open", "seen": "0"})
    first.post("/openings/say", {"slot": KEY, "on": "2027-01-12", "how": "full", "seen": "1"})
    page = last.post("/openings/say", {"slot": KEY, "how": "still", "seen": seen}, follow=True).content.decode()
    assert (
        "Sample intake-lead has said otherwise just now, after your page was opened: Full until Tue 12 Jan 2027."
        in page
    )
    one = openings(lakeside.number)[LOOP]
    assert (one.by, one.version) == (member(lakeside.organization, "intake-lead").actor, 2)
    last.post("/openings/say", {"slot": KEY, "how": "still", "seen": "2"})
    assert openings(lakeside.number)[LOOP].by == member(lakeside.organization, "manager").actor


@pytest.mark.parametrize(("role", "sees", "says"), [("coordinator", 200, 403), ("administrator", 403, 403)])
def test_who_may_not_say_it(lakeside: Clinic, role: str, sees: int, says: int) -> None:
    client = browser(lakeside.organization, role)
    page = client.get("/openings")
    assert page.status_code == sees
    assert "Say when" not in page.content.decode()
    assert client.post("/openings/say", {"slot": KEY, "on": "2026-12-03", "how": "open"}).status_code == says
    assert not openings(lakeside.number)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="a race needs a database with many writers")
@pytest.mark.django_db(transaction=True, databases="__all__")
def test_many_at_once_break_nothing(lakeside: Clinic) -> None:
    """None fails, each version is somebody's, and the last written stands."""
    failed: list[Exception] = []

    def tell(number: int) -> None:
        try:
            both = [Said(one, date(2026, 12, 1) + timedelta(days=number)) for one in (LOOP, EVANSTON)]
            state(lakeside.number, both if number % 2 else both[::-1], actor=f"user:{number}")
        except Exception as error:  # noqa: BLE001  whatever it is
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=tell, args=(n,)) for n in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert failed == []
    for row in Opening.objects.of(lakeside.number):
        versions = Stated.objects.filter(opening=row).order_by("version").values_list("version", "on")
        assert [version for version, _ in versions] == [1, 2, 3, 4, 5, 6]
        assert versions[5][1] == row.on


# --- by a program ----------------------------------------------------------------------------------------------------


def post(client: Client, key: str, *said: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    answer = client.post(
        "/api/v1/openings", orjson.dumps({"openings": said}), content_type="application/json",
        headers={"Authorization": f"Bearer {key}"},
    )  # fmt: skip
    return answer.status_code, answer.json()


def test_a_program_says_it_and_reads_it_back(client: Client, lakeside: Clinic) -> None:
    key = new_key(lakeside.organization, ["openings:write"])
    full = {"service": "knee-replacement", "location": "loop", "full": True, "opens_on": "2027-01-12"}
    opens = {
        "service": "knee-replacement",
        "location": "evanston",
        "opens_at": "2026-12-03T09:30:00-06:00",
        "weeks": [3, 5],
    }
    status, told = post(client, key, full, opens)
    assert (status, [one["version"] for one in told["openings"]]) == (200, [1, 1])
    status, told = post(client, key, full, opens)
    assert [one["changed"] for one in told["openings"]] == [False, False]
    answer = client.get("/api/v1/openings", headers={"Authorization": f"Bearer {key}"})
    read = {(one["service"], one["location"]): one for one in answer.json()["openings"]}
    assert read["knee-replacement", "loop"]["state"] == "full"
    assert read["knee-replacement", "evanston"]["opens_at"] == "2026-12-03T15:30:00Z"
    assert read["knee-replacement", "evanston"]["weeks"] == [3, 5]
    assert read["spine-care", "loop"]["state"] == "not known"


def test_a_program_is_told_what_is_wrong_and_nothing_is_noted(client: Client, lakeside: Clinic) -> None:
    right = {"service": "spine-care", "location": "loop", "opens_on": "2026-12-03"}
    for wrong, at in (
        ({"service": "spine", "location": "loop", "opens_on": "2026-12-03"}, "service"),
        ({"service": "spine-care", "location": "aurora", "opens_on": "2026-12-03"}, "location"),
        ({"service": "spine-care", "location": "evanston"}, "opens_on"),
        ({"service": "spine-care", "location": "evanston", "opens_on": "2026-11-03"}, "opens_on"),
        ({"service": "spine-care", "location": "loop", "opens_on": "2026-12-04"}, "service"),
    ):
        status, told = post(client, lakeside.key, right, wrong)
        assert (status, told["errors"][0]["at"]) == (422, f"body.said.openings.1.{at}")
    assert not openings(lakeside.number)


def test_a_program_that_has_read_another_version_is_told_so(client: Client, lakeside: Clinic) -> None:
    said = {"service": "spine-care", "location": "loop", "opens_on": "2026-12-03"}
    assert post(client, lakeside.key, said | {"version": 0})[0] == 200
    status, told = post(client, lakeside.key, said | {"version": 0, "opens_on": "2026-12-04"})
    assert (status, told["errors"][0]["at"]) == (412, "body.said.openings.0.version")


def test_only_a_key_for_it_and_only_of_its_own_organisation(client: Client, lakeside: Clinic, harbor: Clinic) -> None:
    said = {"service": "spine-care", "location": "loop", "opens_on": "2026-12-03"}
    assert post(client, new_key(lakeside.organization, ["work:write", "leads:read"]), said)[0] == 403
    assert post(client, "lw_abc_def", said)[0] == 401
    assert post(client, harbor.key, said)[0] == 422  # it has no such service
    assert not openings(lakeside.number)
    assert not openings(harbor.number)


def test_a_page_shows_nothing_of_another_organisation(lakeside: Clinic, harbor: Clinic) -> None:
    member(harbor.organization, "manager")
    Opening.objects.create(
        organization=harbor.organization, service=LOOP.service, location=LOOP.location, visit=LOOP.visit,
        on=date(2026, 12, 24), as_of=datetime(2026, 11, 27, tzinfo=UTC), by="user:1", version=1,
    )  # fmt: skip
    assert "24 Dec" not in browser(lakeside.organization, "manager").get("/openings").content.decode()
