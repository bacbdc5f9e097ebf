"""What was looked up of a number counts for whoever is reached at it, the latest first and while it is fresh."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from typer.testing import CliRunner

from leadwell import permission
from leadwell.permission.values import CHANNELS, DoNotCall
from leadwell.server.access.roles import ALLOWED, May, Role
from leadwell.server.commands import suppressions
from leadwell.server.conftest import Clinic, browser
from leadwell.server.consent import look_up_lists
from leadwell.server.consent.actions import (
    Attempt,
    CannotLookUp,
    Given,
    LookedUp,
    Proof,
    forget_old_look_ups,
    give,
    note_look_ups,
)
from leadwell.server.consent.actions.contacting import decided
from leadwell.server.consent.models import Inquiry, LookUp
from leadwell.server.consent.queries import known, known_of, reaches
from leadwell.server.consent.tests.test_known import NOON, person
from leadwell.server.privacy.held import erase, export
from leadwell.server.privacy.models import TrailEntry

pytestmark = pytest.mark.django_db(databases="__all__")

NUMBER, SECOND = "312-555-0147", "312-555-0150"


def note(clinic: Clinic, phone: str = NUMBER, days: float = 1, **said: object) -> int:
    return note_look_ups(clinic.number, [LookedUp(phone, at=NOON - timedelta(days=days), **said)], actor="user:1")


def test_the_registry_and_the_line_are_known_to_the_gate(lakeside: Clinic) -> None:
    who = person(lakeside)
    assert (known(lakeside.number, who, now=NOON).dnc, known(lakeside.number, who, now=NOON).line_type) == (None, None)
    note(lakeside, listed=False, line_type="mobile")
    found = known(lakeside.number, who, now=NOON)
    assert (found.dnc, found.line_type) == (DoNotCall(False, NOON - timedelta(days=1)), "mobile")
    assert known_of(lakeside.number, [who], now=NOON)[who] == found


@pytest.mark.parametrize("order", [1, -1], ids=["the strict first", "the strict last"])
def test_of_two_looks_of_one_moment_that_disagree_the_stricter_counts(lakeside: Clinic, order: int) -> None:
    who = person(lakeside)
    for listed, line_type in [(True, "landline"), (False, "mobile")][::order]:
        note(lakeside, listed=listed, line_type=line_type)
    found = known(lakeside.number, who, now=NOON)
    assert (found.dnc, found.line_type, found.unable) == (DoNotCall(True, NOON - timedelta(days=1)), None, ("text",))
    assert known_of(lakeside.number, [who], now=NOON)[who] == found
    told = {one: permission.may_contact(found, channel=one, purpose="care-request", at=NOON) for one in CHANNELS}
    assert {one: verdict.answer for one, verdict in told.items()} == {"call": "yes", "text": "never", "email": "yes"}
    assert "line cannot take texts" in told["text"].says
    note(lakeside, days=0.5, listed=False, line_type="mobile")  # a later look says which of them was right
    found = known(lakeside.number, who, now=NOON)
    assert (found.dnc.listed, found.line_type, found.unable) == (False, "mobile", ())


@pytest.mark.parametrize(
    ("days", "listed", "answer"), [(1, False, "yes"), (30, False, "yes"), (33, False, "never"), (1, True, "never")]
)
def test_a_call_with_an_offer_waits_for_a_fresh_look_that_does_not_list_them(
    lakeside: Clinic, days: int, listed: bool, answer: str
) -> None:
    who = person(lakeside)
    Inquiry.objects.update(at=NOON - timedelta(days=400))
    given = Given("call", "marketing", at=NOON - timedelta(days=300))
    give(lakeside.number, who, given, Proof("You may call me about news", "voice"), actor="user:1")

    def said() -> permission.Verdict:
        found = known(lakeside.number, who, now=NOON)
        return permission.may_contact(found, channel="call", purpose="marketing", at=NOON)

    assert (said().answer, said().rule) == ("never", "1.19")
    note(lakeside, days=days, listed=listed)
    assert said().answer == answer


def test_the_latest_counts_and_what_was_not_asked_takes_nothing_back(lakeside: Clinic) -> None:
    who = person(lakeside)
    note(lakeside, days=2, listed=True, line_type="landline")
    note(lakeside, days=1, listed=False)
    found = known(lakeside.number, who, now=NOON)
    assert (found.dnc.listed, found.line_type) == (False, "landline")
    note(lakeside, days=3, listed=True)  # learnt of later
    assert known(lakeside.number, who, now=NOON).dnc.listed is False


def test_said_of_the_same_moment_listed_counts(lakeside: Clinic) -> None:
    who = person(lakeside)
    note(lakeside, listed=True)
    note(lakeside, listed=False)
    assert known(lakeside.number, who, now=NOON).dnc.listed is True


def test_of_two_looks_of_one_second_the_stricter_counts_as_for_a_case(lakeside: Clinic) -> None:
    who, second = person(lakeside), 1 / 86_400
    note(lakeside, days=1, listed=True, line_type="landline")
    note(lakeside, days=1 - second / 2, listed=False, line_type="mobile")
    found = known(lakeside.number, who, now=NOON)
    assert (found.dnc.listed, found.line_type, found.unable) == (True, None, ("text",))
    note(lakeside, days=1 - second, listed=False, line_type="mobile")
    found = known(lakeside.number, who, now=NOON)
    assert (found.dnc.listed, found.line_type, found.unable) == (False, "mobile", ())


def test_a_look_that_lies_ahead_by_a_clock_counts_from_now_on(lakeside: Clinic) -> None:
    who = person(lakeside)
    note(lakeside, days=-1 / 1440, listed=False)
    assert known(lakeside.number, who, now=NOON).dnc == DoNotCall(False, NOON)


def test_a_line_is_known_no_longer_than_a_look_at_the_registry_is_fresh(lakeside: Clinic) -> None:
    who = person(lakeside)
    note(lakeside, days=32, line_type="landline")
    assert known(lakeside.number, who, now=NOON).line_type is None
    note(lakeside, days=30, line_type="landline")
    assert known(lakeside.number, who, now=NOON).line_type == "landline"


def test_of_several_numbers_the_strictest_counts_and_of_one_that_is_asked_about_its_own(lakeside: Clinic) -> None:
    who = person(lakeside, phone_2=SECOND)
    note(lakeside, listed=False, line_type="mobile")
    assert known(lakeside.number, who, now=NOON).dnc is None
    note(lakeside, SECOND, days=2, listed=False, line_type="landline")
    found = known(lakeside.number, who, now=NOON)
    assert (found.dnc, found.line_type) == (DoNotCall(False, NOON - timedelta(days=2)), None)
    note(lakeside, SECOND, listed=True)
    assert known(lakeside.number, who, now=NOON).dnc.listed is True
    at = known(lakeside.number, who, address=NUMBER, now=NOON)
    assert (at.dnc.listed, at.line_type) == (False, "mobile")


def test_what_is_dialled_is_decided_by_the_line_that_was_looked_up(lakeside: Clinic) -> None:
    who = person(lakeside)
    note(lakeside, line_type="landline")
    (reach,) = reaches(lakeside.number, [who])
    said = decided(lakeside.number, reach, Attempt("text", "care-request", automated=False), at=None, now=NOON)
    assert (said.answer, said.rule) == ("never", "1.18")


@pytest.mark.parametrize(
    ("looked", "key"),
    [
        (LookedUp("none", True), "phone"), (LookedUp("a@example.com", True), "phone"), (LookedUp(NUMBER), "listed"),
        (LookedUp(NUMBER, line_type="satellite"), "line_type"),
        (LookedUp(NUMBER, True, at=datetime(2000, 1, 1, tzinfo=UTC)), "checked_at"),
        (LookedUp(NUMBER, True, at=datetime(2090, 1, 1, tzinfo=UTC)), "checked_at"),
    ],
)  # fmt: skip
def test_what_cannot_be_noted_is_refused_with_all_that_came_with_it(
    lakeside: Clinic, looked: LookedUp, key: str
) -> None:
    with pytest.raises(CannotLookUp) as refused:
        note_look_ups(lakeside.number, [LookedUp(NUMBER, True), looked], actor="user:1")
    assert (refused.value.number, refused.value.key) == (1, key)
    assert not LookUp.objects.exists()


def test_the_same_twice_is_noted_once(lakeside: Clinic) -> None:
    assert [note(lakeside, listed=False) for _ in range(2)] == [1, 0]


@pytest.mark.parametrize(("minutes", "noted"), [(4, [1, 0]), (6, [])])
def test_a_clock_that_runs_ahead_is_taken_for_so_far(lakeside: Clinic, minutes: int, noted: list[int]) -> None:
    look = LookedUp(NUMBER, listed=False, at=timezone.now() + timedelta(minutes=minutes))
    if not noted:
        with pytest.raises(CannotLookUp, match="It lies ahead; it is"):
            note_look_ups(lakeside.number, [look], actor="user:1")
        return
    assert [note_look_ups(lakeside.number, [look], actor="user:1") for _ in range(2)] == noted
    found = known(lakeside.number, person(lakeside))
    assert found.dnc is not None
    assert found.dnc.checked_at <= timezone.now()


def test_it_is_known_by_its_token_alone_and_told_in_the_trail_and_the_file(lakeside: Clinic, harbor: Clinic) -> None:
    who, theirs = person(lakeside), person(harbor)
    note(lakeside, listed=False, source="registry")
    row = LookUp.objects.get()
    assert "5550147" not in repr([bytes(v) if isinstance(v, memoryview) else v for v in vars(row).values()])
    entry = TrailEntry.objects.get(action="number.looked-up")
    assert entry.codes == {"numbers": 1, "shown": [f"person/{who}"]}
    given = export(lakeside.number, who, actor="user:1")
    assert [(one["on_the_registry"], one["source"]) for one in given["looked_up"]] == [(False, "registry")]
    assert known(harbor.number, theirs, now=NOON).dnc is None


@pytest.mark.parametrize(("shared", "left"), [(False, 0), (True, 1)])
def test_an_erasure_takes_it_but_of_a_number_that_somebody_else_has_too(
    lakeside: Clinic, shared: bool, left: int
) -> None:
    who = person(lakeside)
    if shared:
        person(lakeside, full_name="Sample Person", email="")
    note(lakeside, listed=False)
    erase(lakeside.number, who, actor="user:1")
    assert LookUp.objects.count() == left


LIST = b"""Phone,Listed,Line Type,Checked At
312-555-0147,no,Mobile,11/20/2026
312-555-0150,Y,,2026-11-20T10:00:00-06:00
nobody,no,,
312-555-0151,maybe,,
312-555-0152,,,
312-555-0153,no,,soon
312-555-0154,yes,satellite,2026-11-20T10:00:00-06:00
312-555-0155,maybe,cell,2026-11-20T10:00:00-06:00
312-555-0156,no,mobile,2090-01-01
"""


def test_a_list_of_a_provider_is_taken_as_far_as_it_can_be_read(lakeside: Clinic) -> None:
    found = look_up_lists.read(LIST, now=NOON)
    assert [(one.listed, one.line_type, one.at.isoformat()) for one in found.looked] == [
        (False, "mobile", "2026-11-20T00:00:00+00:00"), (True, "", "2026-11-20T10:00:00-06:00"),
        (True, "", "2026-11-20T10:00:00-06:00"), (None, "mobile", "2026-11-20T10:00:00-06:00"),
    ]  # fmt: skip
    assert [one.row for one in found.unread] == [3, 4, 5, 6, 7, 8, 9]
    assert all("312" not in one.why for one in found.unread)


@pytest.mark.parametrize(
    ("cell", "numbers", "unread"),
    [
        ("312-555-0147 / 312-555-0148", 2, 0), ("312 555 0147 312 555 0148", 2, 0),
        ("312-555-0147; 312-555-0148", 2, 0), ("312-555-0147 x5", 1, 0), ("312-555-0147 / 0148", 1, 1),
        ("312-555-0147 a@example.com", 1, 1), ("a@example.com", 0, 1),
    ],
)  # fmt: skip
def test_every_number_of_a_cell_is_noted(lakeside: Clinic, cell: str, numbers: int, unread: int) -> None:
    found = look_up_lists.read(f"Phone,Listed\n{cell},yes\n".encode(), now=NOON)
    assert (len({one.phone for one in found.looked}), len(found.unread)) == (numbers, unread)
    assert all("312" not in one.why for one in found.unread)
    assert note_look_ups(lakeside.number, found.looked, actor="user:1") == numbers


def test_a_time_whose_offset_nobody_knows_counts_from_the_beginning_of_its_day(lakeside: Clinic) -> None:
    (one,) = look_up_lists.read(b"Phone,Listed,Checked At\n312-555-0147,no,2026-11-20 18:00\n", now=NOON).looked
    assert one.at is not None
    assert one.at.isoformat() == "2026-11-20T00:00:00+00:00"


def test_by_command_a_list_is_noted_once_and_what_cannot_be_read_is_said(lakeside: Clinic, tmp_path: Path) -> None:
    file = tmp_path / "looked.csv"
    file.write_bytes(LIST)
    first, second = (CliRunner().invoke(suppressions.app, ["looked-up", str(file)]) for _ in range(2))
    assert (first.exit_code, "Noted: 4 look-ups" in first.output, "row 3:" in first.output) == (1, True, True)
    assert "Noted: 0 look-ups. 4 were known before." in second.output
    file.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(1, 32)) * 40)
    assert CliRunner().invoke(suppressions.app, ["looked-up", str(file)]).exit_code == 1
    assert LookUp.objects.count() == 4


def test_it_is_forgotten_after_five_years(lakeside: Clinic) -> None:
    note(lakeside, days=5 * 366 + 3, listed=False)
    note(lakeside, days=5 * 366 - 3, listed=False)
    assert (forget_old_look_ups(), forget_old_look_ups(), LookUp.objects.count()) == (1, 0, 1)


@pytest.mark.parametrize("role", [role for role in Role if May.RECORD_CONSENT in ALLOWED[role]])
def test_it_is_noted_on_their_page_by_whoever_may(lakeside: Clinic, role: str) -> None:
    who, client = person(lakeside), browser(lakeside.organization, role)
    assert "A number was looked up" in client.get(f"/persons/{who}/consent").content.decode()
    said = {"number": "+13125550147", "listed": "no", "line_type": "mobile", "day": "2026-11-20"}
    shown = client.post(f"/persons/{who}/consent/look-up", said, follow=True).content.decode()
    assert all(words in shown for words in ("Noted. It counts from now on.", "Not on the registry, mobile"))
    assert timezone.localdate(LookUp.objects.get().checked_at) == date(2026, 11, 20)


@pytest.mark.parametrize(
    "wrong", [{"listed": "", "line_type": ""}, {"number": "+13125550999"}, {"day": "soon"}, {"day": "1990-01-01"}]
)
def test_what_cannot_be_noted_is_said_on_the_page(lakeside: Clinic, wrong: dict) -> None:
    who, client = person(lakeside), browser(lakeside.organization, "coordinator")
    said = {"number": "+13125550147", "listed": "no", "line_type": "", "day": ""} | wrong
    answer = client.post(f"/persons/{who}/consent/look-up", said)
    assert (answer.status_code, LookUp.objects.count()) == (400, 0)
    assert answer.context["page"].look.errors
