"""A cause is told once while it holds, ends by itself, and is not told again once dealt with, unless it is worse."""

from datetime import UTC, datetime

import pytest

from leadwell.server.access.roles import Role
from leadwell.server.alerts.actions import Cause, NoReason, deal, hold, tell
from leadwell.server.alerts.kinds import KINDS, concerning
from leadwell.server.alerts.models import Alert
from leadwell.server.alerts.queries import open_alerts, past_alerts, why
from leadwell.server.conftest import Clinic, member
from leadwell.server.privacy.models import TrailEntry

pytestmark = pytest.mark.django_db(databases="__all__")

SINCE = datetime(2026, 11, 26, 9, tzinfo=UTC)


def cause(about: str = "set-aside/3", size: int = 1) -> Cause:
    return Cause(about, SINCE, size, {"count": size, "name": "Web form"})


def told(clinic: Clinic) -> list[Alert]:
    return list(open_alerts(clinic.number, KINDS))


def test_a_cause_that_is_found_again_is_told_once(lakeside: Clinic) -> None:
    for size in (1, 1, 4):
        hold(lakeside.number, "set-aside", [cause(size=size)])
    (one,) = told(lakeside)
    assert (one.codes["count"], one.since) == (4, SINCE)


def test_a_cause_that_is_gone_has_ended(lakeside: Clinic) -> None:
    hold(lakeside.number, "set-aside", [cause(), cause("set-aside/4")])
    hold(lakeside.number, "set-aside", [cause()])
    assert [one.about for one in told(lakeside)] == ["set-aside/3"]
    assert [one.about for one in past_alerts(lakeside.number, KINDS)] == ["set-aside/4"]


def test_a_cause_that_comes_back_is_told_anew(lakeside: Clinic) -> None:
    for causes in ([cause()], [], [cause()]):
        hold(lakeside.number, "set-aside", causes)
    assert (len(told(lakeside)), Alert.objects.of(lakeside.number).count()) == (1, 2)


def test_what_was_not_looked_at_stays_as_it_is(lakeside: Clinic) -> None:
    hold(lakeside.number, "ledger", [cause("ledger/2026-11-26"), cause("ledger/2026-11-25")])
    hold(lakeside.number, "ledger", [], looked_at=["ledger/2026-11-26"])
    assert [one.about for one in told(lakeside)] == ["ledger/2026-11-25"]


@pytest.mark.parametrize(("size", "again"), [(1, 0), (2, 0), (3, 1)])
def test_what_was_dealt_with_is_told_again_only_when_it_is_worse(lakeside: Clinic, size: int, again: int) -> None:
    hold(lakeside.number, "set-aside", [cause(size=2)])
    assert deal(told(lakeside)[0], member(lakeside.organization, "manager"), "The form is mended.")
    hold(lakeside.number, "set-aside", [cause(size=size)])
    assert len(told(lakeside)) == again


def test_who_dealt_with_it_when_and_why_is_kept_sealed_and_on_record(lakeside: Clinic) -> None:
    manager = member(lakeside.organization, "manager")
    one = tell(lakeside.number, "set-aside", cause())
    assert deal(one, manager, " The form is mended. ")
    assert not deal(one, manager, "Once more.")
    one.refresh_from_db()
    assert (why(one), one.dealt_by, one.open) == ("The form is mended.", manager.user, False)
    assert b"mended" not in bytes(one.sealed)
    entry = TrailEntry.objects.of(lakeside.number).get()
    assert (entry.action, entry.actor, entry.subject) == ("alert.dealt-with", manager.actor, f"alert/{one.pk}")


@pytest.mark.parametrize("why", ["", "  \n "])
def test_without_a_reason_nothing_is_dealt_with(lakeside: Clinic, why: str) -> None:
    one = tell(lakeside.number, "set-aside", cause())
    with pytest.raises(NoReason):
        deal(one, member(lakeside.organization, "manager"), why)
    assert told(lakeside) == [one]


LATE = {"danger", "late", "nearly-late", "nobody"}
CONCERNED = {
    "coordinator": {"doubts"},
    "intake-lead": LATE | {"ledger", "quiet", "set-aside", "doubts", "outbox", "bounces", "unread-bounces"},
    "manager": LATE | {"ledger", "quiet", "trouble", "set-aside", "doubts", "outbox", "bounces", "unread-bounces"},
    "marketing": set(),
    "analyst": set(),
    "privacy-officer": {"trail", "emergency", "password", "second-factor", "doubts"},
    "administrator": {"ledger", "quiet", "trouble", "trail", "bounces", "unread-bounces"},
}


@pytest.mark.parametrize("role", Role.values)
def test_each_role_is_told_of_what_concerns_it(lakeside: Clinic, role: str) -> None:
    assert set(concerning(member(lakeside.organization, role))) == CONCERNED[role]


def test_every_kind_concerns_somebody() -> None:
    assert set().union(*CONCERNED.values()) == KINDS.keys()


@pytest.mark.parametrize(
    ("chance", "said"),
    [(1 / 2000, "1 time in 2,000"), (1 / 4321, "1 time in 4,000"), (3e-5, "1 time in 30,000"),
     (1e-12, "1 time in 1,000,000 or less")],
)  # fmt: skip
def test_how_sure_it_is_has_no_more_digits_than_are_true(chance: float, said: str) -> None:
    assert said in KINDS["quiet"].says({"name": "Web form", "expected": 12, "chance": chance, "source": 3})
