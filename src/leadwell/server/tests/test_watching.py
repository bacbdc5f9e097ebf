"""What goes wrong is found by the jobs that come again and again, and told once. (promises A2, F33)"""

from datetime import UTC, datetime, timedelta

import orjson
import pytest
from django.db.models import F
from django.utils import timezone

from leadwell.server import doctor, jobs
from leadwell.server.alerts.kinds import KINDS
from leadwell.server.alerts.models import Alert
from leadwell.server.alerts.queries import open_alerts
from leadwell.server.conftest import Clinic
from leadwell.server.intake import alarms
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.draining import drain
from leadwell.server.intake.models import Source, State, Submission
from leadwell.server.leads.models import Assessment, Lead
from leadwell.server.privacy.models import TrailEntry
from leadwell.server.privacy.trail import record

pytestmark = pytest.mark.django_db(databases="__all__")

KNEE = {"full_name": "Anabel Quillfeather", "phone": "312-555-0147", "message": "knee replacement please"}


def arrived(clinic: Clinic, *bodies: dict[str, str]) -> None:
    accept(clinic.number, clinic.source, [Delivery(orjson.dumps(body)) for body in bodies])
    drain()


def told(clinic: Clinic) -> list[tuple[str, str]]:
    return [(one.kind, one.about) for one in open_alerts(clinic.number, KINDS)]


def test_where_all_is_well_nothing_is_told(lakeside: Clinic) -> None:
    arrived(lakeside, KNEE)
    for watch in jobs.WATCHES:
        watch()
    assert Alert.objects.count() == 0


def test_a_lead_that_is_gone_is_a_difference_of_its_day(lakeside: Clinic, harbor: Clinic) -> None:
    arrived(lakeside, KNEE, {**KNEE, "message": "an mri please"})
    Lead.objects.update(current=None)
    Assessment.objects.all().delete()
    Lead.objects.all().delete()
    for _ in range(2):
        jobs.watch_ledgers()
    (day,) = alarms.latest_days(lakeside.organization, 1)
    assert told(lakeside) == [("ledger", f"ledger/{day}")]
    assert Alert.objects.get().codes == {"day": day.isoformat(), "count": 2}
    assert told(harbor) == []


def test_what_waits_to_be_judged_is_no_difference(lakeside: Clinic) -> None:
    accept(lakeside.number, lakeside.source, [Delivery(orjson.dumps(KNEE))])
    jobs.watch_ledgers()
    assert told(lakeside) == []


def test_what_is_set_aside_is_told_by_source_and_ends_when_it_is_played_again(lakeside: Clinic) -> None:
    arrived(lakeside, KNEE, {**KNEE, "message": "an mri please"})
    Submission.objects.update(state=State.SET_ASIDE)
    alarms.watch_set_aside(lakeside.organization)
    alarms.watch_set_aside(lakeside.organization)
    assert told(lakeside) == [("set-aside", f"set-aside/{lakeside.source}")]
    assert Alert.objects.get().codes["count"] == 2
    Submission.objects.update(state=State.ASSESSED)
    alarms.watch_set_aside(lakeside.organization)
    assert told(lakeside) == []


def steady(clinic: Clinic, *, days: int, ago: timedelta) -> None:
    """Four an hour, day and night, for so many days until so long ago."""
    last = timezone.now() - ago
    moments = [last - timedelta(minutes=15 * n) for n in range(days * 96 + 1)]
    Source.objects.filter(pk=clinic.source).update(created_at=moments[-1])
    Submission.objects.bulk_create(
        Submission(
            organization_id=clinic.number, source=clinic.source, received_at=at, state=State.NOT_A_LEAD,
            content=b"", size=0, sealed=b"",
        )
        for at in moments
    )  # fmt: skip


@pytest.mark.parametrize(("days", "hours", "quiet"), [(15, 20, True), (13, 20, False), (15, 0, False)])
def test_a_source_is_quiet_only_against_two_weeks_of_arrivals(
    lakeside: Clinic, days: int, hours: int, quiet: bool
) -> None:
    steady(lakeside, days=days, ago=timedelta(hours=hours))
    for _ in range(2):
        alarms.watch_sources(lakeside.organization)
    assert told(lakeside) == ([("quiet", f"source/{lakeside.source}")] if quiet else [])
    if quiet:
        one = Alert.objects.get()
        assert one.since == Submission.objects.latest("received_at").received_at
        assert (one.codes["name"], 60 < one.codes["expected"] < 100, one.codes["chance"] < 1 / 2000) == (
            "API", True, True,
        )  # fmt: skip


def test_a_source_that_sends_again_or_is_closed_is_quiet_no_longer(lakeside: Clinic) -> None:
    steady(lakeside, days=15, ago=timedelta(hours=20))
    alarms.watch_sources(lakeside.organization)
    Source.objects.filter(pk=lakeside.source).update(closed_at=timezone.now())
    alarms.watch_sources(lakeside.organization)
    assert told(lakeside) == []


def test_a_source_about_which_nothing_can_be_said_any_more_stays_told(lakeside: Clinic) -> None:
    steady(lakeside, days=15, ago=timedelta(hours=20))
    alarms.watch_sources(lakeside.organization)
    Submission.objects.update(received_at=F("received_at") - timedelta(weeks=8))
    alarms.watch_sources(lakeside.organization)
    assert told(lakeside) == [("quiet", f"source/{lakeside.source}")]


def test_a_trail_that_was_altered_is_told_once(lakeside: Clinic, harbor: Clinic) -> None:
    record(lakeside.number, "worker", "lead.viewed", "lead/1")
    jobs.prove_trails()
    assert told(lakeside) == []
    TrailEntry.objects.of(lakeside.number).update(actor="nobody")
    jobs.prove_trails()
    jobs.prove_trails()
    assert (told(lakeside), told(harbor)) == ([("trail", "trail/1")], [])
    assert "entry 1 was changed" in KINDS["trail"].says(Alert.objects.get().codes)


def test_no_alert_holds_a_word_of_anybody(lakeside: Clinic) -> None:
    arrived(lakeside, KNEE)
    Submission.objects.update(state=State.SET_ASIDE)
    Lead.objects.update(current=None)
    for watch in jobs.WATCHES:
        watch()
    for one in Alert.objects.all():
        kind, whole = KINDS[one.kind], f"{one.about} {one.codes}"
        said = " ".join((whole, kind.title(one.codes), kind.says(one.codes), kind.link(one.codes)))
        assert not any(word in said for word in ("Anabel", "Quillfeather", "555", "knee"))
    assert Alert.objects.count() == 2


def test_the_doctor_names_what_is_open(lakeside: Clinic) -> None:
    arrived(lakeside, KNEE)
    Submission.objects.update(state=State.SET_ASIDE)
    jobs.watch_inboxes()
    (found,) = [one for one in doctor.examine() if one.what == "alerts"]
    assert (found.well, "set-aside" in found.says) == (False, True)


def test_the_doctor_says_what_waits_for_somebody(lakeside: Clinic) -> None:
    states = (State.NEEDS_MENDING, State.SET_ASIDE, State.NOT_TAKEN)
    for state, name in zip(states, ("Anabel Quillfeather", "Tobias Wren", "Mirela Osei"), strict=True):
        arrived(lakeside, {**KNEE, "full_name": name, "phone": f"312-555-0{100 + len(name)}"})
        Submission.objects.filter(state=State.ASSESSED).update(state=state)
    (found,) = [one for one in doctor.examine() if one.what == "inbox"]
    assert (found.well, found.says) == (None, "1 to mend, 1 set aside, 1 uploaded and not taken in")


def test_every_watch_comes_again_by_itself() -> None:
    assert {job.does for job in jobs.JOBS.values()} >= set(jobs.WATCHES)
    assert jobs.JOBS["retention"].does is jobs.retire_old


def test_two_days_that_begin_at_another_hour_than_ours(lakeside: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 11, 26, 3, tzinfo=UTC))  # still the 25th in Chicago
    assert [day.isoformat() for day in alarms.latest_days(lakeside.organization, 2)] == ["2026-11-25", "2026-11-24"]
