"""Each class of lead is kept as long as the policy says, to the day, and then goes by itself. (promise F33)"""

from datetime import UTC, datetime, timedelta

import orjson
import pytest
from django.utils import timezone

from leadwell import playbook
from leadwell.server import environment, jobs
from leadwell.server.conftest import Clinic
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.draining import drain
from leadwell.server.intake.jobs import UNREAD_FOR, forget_unread
from leadwell.server.intake.ledger import ledger_of
from leadwell.server.intake.models import State, Submission
from leadwell.server.leads.models import Lead
from leadwell.server.leads.retention import goes, retire
from leadwell.server.people.models import Person
from leadwell.server.playbooks.actions import publish, upload
from leadwell.server.playbooks.queries import loaded
from leadwell.server.privacy.models import TrailEntry

pytestmark = pytest.mark.django_db(databases="__all__")

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
NAMES = ("Anabel Quillfeather", "Bruno Okafor", "Chidi Marsh", "Dolores Venn")  # of each lead another
POLICY = playbook.load(playbook.find("lakeside-orthopedics"))
DAY = timedelta(days=1)
# Disposition -> when a lead came that is kept until NOW: by the calendar, so that years are years.
CLASSES = {
    "discard": NOW - 30 * DAY,
    "decline": NOW.replace(year=2025),
    "redirect": NOW.replace(year=2025),
    "nurture": NOW.replace(year=2025, month=5),
    "schedule": NOW.replace(year=2019),
    "verify": NOW.replace(year=2019),
    "review": NOW.replace(year=2019),
}


@pytest.fixture(autouse=True)
def _own_folder(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    monkeypatch.setattr("leadwell.server.privacy.held.ERASED_FILE", str(tmp_path / "erased.jsonl"))
    assert environment.home()


def lead(clinic: Clinic, disposition: str, at: datetime, kind: str = "patient") -> Lead:
    name = NAMES[Lead.objects.of(clinic.number).count()]
    columns = {"full_name": name, "phone": "312-555-0147", "message": f"knee, {at.isoformat()}"}
    (receipt,) = accept(clinic.number, clinic.source, [Delivery(orjson.dumps(columns))])
    drain()
    Lead.objects.filter(submission=receipt.id).update(disposition=disposition, received_at=at, type=kind)
    return Lead.objects.get(submission=receipt.id)


@pytest.mark.parametrize("disposition", CLASSES)
def test_a_class_is_kept_to_its_last_moment_and_no_longer(lakeside: Clinic, disposition: str) -> None:
    one = lead(lakeside, disposition, CLASSES[disposition])
    assert goes(lakeside.number, one.person_id, POLICY, now=NOW).at == NOW
    assert retire(lakeside.number, POLICY, now=NOW) == 0
    assert retire(lakeside.number, POLICY, now=NOW + timedelta(seconds=1)) == 1
    one.refresh_from_db()
    assert (bytes(one.sealed), one.person) == (b"", None)
    assert bytes(Submission.objects.get(pk=one.submission).sealed) == b""
    assert TrailEntry.objects.of(lakeside.number).get(action="person.erased").codes == {"reason": "retention"}


def test_every_disposition_has_its_class() -> None:
    assert CLASSES.keys() == {"schedule", "verify", "review", "nurture", "redirect", "decline", "discard"}


def test_whoever_wrote_again_is_kept_by_the_last_of_it(lakeside: Clinic) -> None:
    old, young = lead(lakeside, "discard", NOW - 400 * DAY), lead(lakeside, "decline", NOW - 300 * DAY)
    Lead.objects.filter(pk=young.pk).update(person=old.person)
    told = goes(lakeside.number, old.person_id, POLICY, now=NOW)
    assert (told.at, told.why) == (
        NOW + 65 * DAY, "The policy keeps declined leads for 1 year from when they came.",
    )  # fmt: skip
    assert retire(lakeside.number, POLICY, now=NOW) == 0
    assert retire(lakeside.number, POLICY, now=NOW + 66 * DAY) == 1


@pytest.mark.parametrize(
    ("kept", "disposition", "kind", "years"),
    [
        ('business = "2 years", patient = "7 years"', "schedule", "business", 2),
        ('business = "2 years", patient = "7 years"', "schedule", "patient", 7),
        ('business = "2 years", patient = "7 years"', "decline", "business", 2),
        ('patient = "7 years"', "decline", "patient", 7),
        ('discarded = "30 days"', "schedule", "patient", None),
        ('discarded = "30 days"', "decline", "patient", None),
    ],
)
def test_what_the_policy_does_not_name_is_kept_as_a_patients_or_for_good(
    lakeside: Clinic, kept: str, disposition: str, kind: str, years: int | None
) -> None:
    text = playbook.find("lakeside-orthopedics").decode()
    begin = text.index("keep = {")
    policy = playbook.load(f"{text[:begin]}keep = {{ {kept} }}{text[text.index('}', begin) + 1 :]}".encode())
    at = NOW.replace(year=2006)
    one = lead(lakeside, disposition, at, kind)
    told = goes(lakeside.number, one.person_id, policy, now=NOW)
    assert told.at == (None if years is None else at.replace(year=2006 + years))
    assert retire(lakeside.number, policy, now=NOW) == (0 if years is None else 1)


def test_the_job_that_comes_every_day_takes_each_organisation_by_its_own_policy(
    lakeside: Clinic, harbor: Clinic
) -> None:
    for clinic in (lakeside, harbor):
        lead(clinic, "discard", timezone.now() - 31 * DAY)
        lead(clinic, "discard", timezone.now() - 29 * DAY)
    assert (jobs.JOBS["retention"].does, jobs.JOBS["retention"].every) == (jobs.retire_old, DAY)
    jobs.retire_old()
    assert [Person.objects.of(clinic.number).count() for clinic in (lakeside, harbor)] == [1, 1]
    assert ledger_of(lakeside.organization).difference == 0


@pytest.mark.parametrize(("days", "left"), [(0, 1), (6, 1), (8, 0)])
def test_a_policy_that_keeps_less_erases_nobody_within_a_week(
    lakeside: Clinic, monkeypatch: pytest.MonkeyPatch, days: int, left: int
) -> None:
    lead(lakeside, "schedule", timezone.now() - 400 * DAY)
    loaded.cache_clear()  # of another test's version of the same number
    text = playbook.find("lakeside-orthopedics").decode()
    begin = text.index("keep = {")
    shorter = f'{text[:begin]}keep = {{ patient = "30 days" }}{text[text.index("}", begin) + 1 :]}'
    publish(upload(lakeside.organization, shorter.encode()))
    later = timezone.now() + days * DAY
    monkeypatch.setattr("leadwell.server.jobs.timezone.now", lambda: later)
    jobs.retire_old()
    assert Person.objects.of(lakeside.number).count() == left


@pytest.mark.parametrize("state", State.values)
@pytest.mark.parametrize(("past", "gone"), [(timedelta(0), False), (timedelta(minutes=1), True)])
def test_what_never_became_a_lead_is_forgotten_in_its_time(
    lakeside: Clinic, state: str, past: timedelta, gone: bool
) -> None:
    (receipt,) = accept(lakeside.number, lakeside.source, [Delivery(b"{", problem="not JSON, at line 1")])
    span = UNREAD_FOR.get(State(state), 20 * 365 * DAY)
    at = timezone.now() - span - past + (timedelta(0) if past else timedelta(minutes=1))
    Submission.objects.update(state=state, received_at=at, mended=b"mended")
    forget_unread()
    found = Submission.objects.get(pk=receipt.id)
    assert (not found.sealed and found.mended is None) is (gone and State(state) in UNREAD_FOR)
    assert jobs.JOBS["unread"].does is forget_unread
