"""A list of stops is taken over: what can be read is in force, what cannot is kept until it is mended."""

from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from typer.testing import CliRunner

from leadwell.server.commands import suppressions
from leadwell.server.conftest import Clinic, browser
from leadwell.server.consent import lists
from leadwell.server.consent.actions import forget_unmended, import_suppressions, mend
from leadwell.server.consent.models import ConsentEvent, Inquiry, StopList, SuppressedAddress, Suppression
from leadwell.server.consent.queries import known, odd_of, unread_of
from leadwell.server.consent.tests.test_known import NOON, answers, person
from leadwell.server.privacy.held import export
from leadwell.server.privacy.models import TrailEntry

pytestmark = pytest.mark.django_db(databases="__all__")

HAWAII = ZoneInfo("Pacific/Honolulu")
MIXED = b"phone,email\n312-555-0147,\n,other@example.com\nno number,\n312-555-0150,third@example.com\n"


def scopes(body: bytes) -> list[tuple[str, tuple]]:
    return [(one.normal, one.scopes) for one in lists.read(body, now=NOON).listed]


@pytest.mark.parametrize(
    ("body", "read"),
    [
        (b"312-555-0147\n", [("+13125550147", (("call", ""), ("text", "")))]),
        (b"a@example.com\n", [("a@example.com", (("email", ""),))]),
        (b"Number,Channel\n3125550147,SMS\n", [("+13125550147", (("text", ""),))]),
        (b"Number,Channel\n3125550147,carrier pigeon\n", [("+13125550147", (("call", ""), ("text", "")))]),
        (b"email,purpose\na@example.com,marketing\n", [("a@example.com", (("email", "marketing"),))]),
        (b"Customer id,phone\n2125550111,312-555-0147\n", [("+13125550147", (("call", ""), ("text", "")))]),
        (b"email,channel\na@example.com,all\n", [("a@example.com", (("all", ""),))]),
    ],
)
def test_what_a_row_stops(body: bytes, read: list) -> None:
    assert scopes(body) == read


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        ("773-555-0110 / 773-555-0111", ["+17735550110", "+17735550111"]),
        ("773-555-0110/773-555-0111", ["+17735550110", "+17735550111"]),
        ('"773-555-0112, 773-555-0113"', ["+17735550112", "+17735550113"]),
        ("774-555-0114;773-555-0115", ["+17745550114", "+17735550115"]),
        ("sup6@x.example sup7@x.example", ["sup6@x.example", "sup7@x.example"]),
        ("sup6@x.example/sup7@x.example", ["sup6@x.example", "sup7@x.example"]),
        ("Ana <a@x.example> 312-555-0147", ["a@x.example", "+13125550147"]),
        ("312 555 0147 312 555 0148 312 555 0149", ["+13125550147", "+13125550148", "+13125550149"]),
        ("312-555-0147 (home) 312-555-0148 x12", ["+13125550147", "+13125550148"]),
        ("+44 20 7946 0958 312 555 0147", ["+442079460958", "+13125550147"]),
        ("+44 20 7946 0958 y +44 20 7946 0959", ["+442079460958", "+442079460959"]),
        ("1-800-FLOWERS; 312-555-0147", ["+18003569377", "+13125550147"]),
        ('"312-555-0147\n312-555-0148"', ["+13125550147", "+13125550148"]),
        ("312-555-0147 or (312) 555 0147", ["+13125550147"]),
        ('"312-555-0147, ext 5"', ["+13125550147"]), ('"3125550147,0"', ["+13125550147"]),
        ("312 555 0147/a@x.example", ["a@x.example", "+13125550147"]), ("a/b@x.example", ["a/b@x.example"]),
        ("773/555/0110", ["+17735550110"]),
    ],
)  # fmt: skip
def test_all_the_addresses_of_a_cell_are_stopped(lakeside: Clinic, cell: str, numbers: list[str]) -> None:
    for header in ("phone", "Do not call"):
        read = lists.read(f"{header},note\n{cell},\n".encode(), now=NOON)
        assert ([one.normal for one in read.listed], read.unread) == (numbers, ())
    assert [one.normal for one in lists.one(cell, now=NOON)] == numbers
    made = import_suppressions(lakeside.number, f"phone,note\n{cell},\n".encode(), actor="user:1")
    assert (made.taken, made.unread) == (len(numbers), 0)


@pytest.mark.parametrize("rest", ["/ 0111", "/ 555-0111", "555-0111", "or 99", "; a@", "/ nobody", "| none", "; 12"])
def test_a_cell_of_which_a_part_cannot_be_read_is_stopped_so_far_and_waits_to_be_mended(
    lakeside: Clinic, tmp_path: Path, rest: str
) -> None:
    file = tmp_path / "stops.csv"
    file.write_text(f"phone,email\n773-555-0110 {rest},\n")
    said = CliRunner().invoke(suppressions.app, ["import", str(file)])
    assert (said.exit_code, f"row 1: {lists.CUT}" in said.stderr, "0110" in said.output) == (1, True, False)
    made = StopList.objects.get()
    assert (made.taken, [one.said for one in unread_of(made)]) == (1, [f"773-555-0110 {rest}"])
    for text, left in ((f"773-555-0110 {rest}", 1), ("773-555-0110 773-555-0111", 0)):
        done = mend(lakeside.number, made.pk, {1: text}, actor="user:2")
        assert done is not None
        assert (done.unread, done.taken) == (left, 2 - left)
    assert len({bytes(one.token) for one in SuppressedAddress.objects.all()}) == 2


@pytest.mark.parametrize(
    ("day", "at"),
    [("2025-03-04", "2025-03-05"), ("03/04/2025", "2025-03-05"), ("2025-03-04T10:00:00Z", "2025-03-04"),
     ("2025-03-04 18:00", "2025-03-05"), ("2025-03-04T18:00:00", "2025-03-05"),
     ("1970-01-01", "2026-11-25"), ("0001-01-01T00:00:00+14:00", "2026-11-25"),
     ("soon", "2026-11-25"), ("2090-01-01", "2026-11-25"),
     ("", "2026-11-25")],
)  # fmt: skip
def test_since_when_and_a_day_that_cannot_be_read_is_today(day: str, at: str) -> None:
    (one,) = lists.read(f"email,date\na@example.com,{day}\n".encode(), now=NOON).listed
    assert one.at.date().isoformat() == at


@pytest.mark.parametrize("day", ["2025-03-04", "03/04/2025", "2025-03-04 18:00"])
def test_a_day_is_shown_as_given_and_in_force_from_its_beginning(client: Client, lakeside: Clinic, day: str) -> None:
    """It takes back what they permitted on that day, at whatever hour, and not what they permitted on the next."""
    who = person(lakeside)
    import_suppressions(lakeside.number, f"phone,date\n312-555-0147,{day}\n".encode(), actor="user:1")
    headers = {"Authorization": f"Bearer {lakeside.key}"}
    told = client.get(f"/api/v1/people/{who}/stops", headers=headers).json()["in_force"]
    assert {(one["at"], one["day"]) for one in told} == {("2025-03-04T00:00:00Z", "2025-03-04")}
    assert {(one["at"], one["day"]) for one in export(lakeside.number, who, actor="user:1")["stops"]} == {
        ("2025-03-04T00:00:00+00:00", "2025-03-04")
    }
    page = browser(lakeside.organization, "manager").get(f"/persons/{who}/consent").content.decode()
    assert (page.count("4 March 2025"), "5 March 2025" in page) == (3, False)
    for hour, answer in ((datetime(2025, 3, 4, 23, 30, tzinfo=HAWAII), "never"),
                         (datetime(2025, 3, 5, 8, tzinfo=HAWAII), "yes")):  # fmt: skip
        Inquiry.objects.of(lakeside.number).update(at=hour)
        assert answers(lakeside, who)["call"] == answer


def test_a_day_that_lies_ahead_holds_at_once(lakeside: Clinic) -> None:
    who = person(lakeside)
    import_suppressions(lakeside.number, b"phone,date\n312-555-0147,2090-01-01\n", actor="user:1")
    assert known(lakeside.number, who).stops
    (one, _) = Suppression.objects.of(lakeside.number)
    assert (one.since == one.at, one.at <= timezone.now(), one.day) == (True, True, date(2090, 1, 1))


def test_a_moment_is_kept_as_it_is(lakeside: Clinic) -> None:
    import_suppressions(lakeside.number, b"email,date\na@example.com,2025-03-04T10:00:00Z\n", actor="user:1")
    one = Suppression.objects.get()
    assert (one.since.isoformat(), one.day) == ("2025-03-04T10:00:00+00:00", None)


def test_what_can_be_read_is_in_force_and_the_rest_is_kept_and_counted(lakeside: Clinic) -> None:
    who = person(lakeside)
    made = import_suppressions(lakeside.number, MIXED, actor="user:1")
    assert (made.taken, made.known, made.unread) == (4, 0, 1)
    assert [(one.row, one.said, one.why) for one in unread_of(made)] == [(3, "no number", lists.NO_ADDRESS)]
    assert answers(lakeside, who) == {"call": "never", "text": "never", "email": "yes"}
    assert Suppression.objects.values_list("way", flat=True).distinct().get() == "import"
    codes = {"list": str(made.pk), "taken": 4, "known": 0, "unread": 1}
    assert TrailEntry.objects.get(action="list.read").codes == codes
    assert list(ConsentEvent.objects.order_by("pk").values_list("name", "codes")) == [
        ("stops.imported", {"list": str(made.pk)}), ("list.read", codes),
    ]  # fmt: skip


def test_taken_in_twice_it_stops_nobody_twice(lakeside: Clinic) -> None:
    import_suppressions(lakeside.number, MIXED, actor="user:1")
    count = Suppression.objects.count()
    again = import_suppressions(lakeside.number, MIXED, actor="user:1")
    assert (again.taken, again.known, Suppression.objects.count()) == (0, 4, count)


def test_who_has_asked_us_since_is_stopped_anew(lakeside: Clinic) -> None:
    import_suppressions(lakeside.number, b"phone\n312-555-0147\n", actor="user:1")
    Suppression.objects.update(at=NOON.replace(year=2020))
    person(lakeside)
    assert import_suppressions(lakeside.number, b"phone\n312-555-0147\n", actor="user:1").taken == 1


def test_a_workbook_is_read_too(lakeside: Clinic) -> None:
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        book.add_worksheet().write_column(0, 0, ["Phone", "(312) 555-0147", "312.555.0148"])
    assert import_suppressions(lakeside.number, file.getvalue(), actor="user:1").taken == 2


@pytest.mark.parametrize("body", [b"\x89PNG\r\n\x1a\n" + bytes(range(1, 32)) * 40, b"", b"PK\x03\x04 damaged"])
def test_a_list_that_cannot_be_read_stops_nobody_and_is_kept(lakeside: Clinic, body: bytes) -> None:
    made = import_suppressions(lakeside.number, body, actor="user:1")
    assert made.problem or made.unread == 0
    assert not SuppressedAddress.objects.exists()
    assert bool(made.sealed) == bool(made.problem)


def test_a_row_is_mended_or_left_out_and_what_is_still_wrong_stays(lakeside: Clinic) -> None:
    body = b"phone\n312-555-0147\n12\nno number\nanother\n"
    made = import_suppressions(lakeside.number, body, actor="user:1")
    done = mend(lakeside.number, made.pk, {2: "312-555-0199", 3: "-", 4: ""}, actor="user:2")
    assert (done.taken, done.unread, [one.row for one in unread_of(done)]) == (2, 1, [4])
    assert list(ConsentEvent.objects.filter(name="stops.imported").values_list("by", flat=True)) == ["user:1", "user:2"]
    told = TrailEntry.objects.get(action="list.mended")
    assert (told.actor, told.codes) == ("user:2", {"list": str(made.pk), "taken": 1, "known": 0, "unread": 1})


def test_of_another_organisation_nothing_is_mended(lakeside: Clinic, harbor: Clinic) -> None:
    made = import_suppressions(harbor.number, b"phone\nnone\n", actor="user:1")
    assert mend(lakeside.number, made.pk, {1: "312-555-0199"}, actor="user:2") is None


def test_what_nobody_mends_is_forgotten_after_a_year(lakeside: Clinic) -> None:
    made = import_suppressions(lakeside.number, b"phone\nnone\n", actor="user:1")
    assert forget_unmended() == 0
    StopList.objects.update(at=timezone.now().replace(year=2020))
    assert forget_unmended() == 1
    made.refresh_from_db()
    assert (bytes(made.sealed), made.unread, unread_of(made)) == (b"", 1, [])


ODD = b"""phone,channel,purpose
312-555-0147,carrier pigeon,
312-555-0148,text,newsletters
312-555-0149,all,marketing
312-555-0150,Ana 312-555-0199,everything
nobody,fax,
"""


def test_a_channel_or_purpose_that_is_none_of_ours_stops_everything_and_is_said(lakeside: Clinic) -> None:
    made = import_suppressions(lakeside.number, ODD, actor="user:1")
    odd, count = odd_of(made)
    assert (made.taken, made.unread, count) == (4, 1, 3)
    assert [(one.row, one.what, one.said) for one in odd] == [
        (1, "channel", "carrier pigeon"), (2, "purpose", "newsletters"), (4, "channel", "Ana 312-555-0199"),
    ]  # fmt: skip
    assert [one.why for one in odd] == [
        "“carrier pigeon” is no channel (call, text, email, all); it was stopped by every way",
        "“newsletters” is no purpose (care-request, appointment, marketing, business); "
        "it was stopped for every purpose",
        "what stands there is no channel (call, text, email, all); it was stopped by every way",
    ]
    assert TrailEntry.objects.get(action="list.read").codes["odd"] == 3
    assert set(Suppression.objects.values_list("purpose", flat=True)) == {"", "marketing"}
    done = mend(lakeside.number, made.pk, {5: "-"}, actor="user:2")
    assert (done.unread, odd_of(done)) == (0, (odd, count))


def test_of_many_such_rows_the_first_are_named(lakeside: Clinic) -> None:
    rows = b"".join(b"a%d@example.com,fax\n" % number for number in range(lists.MOST_ODD + 5))
    odd, count = odd_of(import_suppressions(lakeside.number, b"email,channel\n" + rows, actor="user:1"))
    assert (len(odd), count) == (lists.MOST_ODD, lists.MOST_ODD + 5)


def test_it_is_said_on_the_page_and_by_command(lakeside: Clinic, tmp_path: Path) -> None:
    client, answer = _upload(lakeside, ODD)
    page = client.get(answer["Location"]).content.decode()
    assert "3 rows say what we do not know." in page
    assert "Row 1: “carrier pigeon” is no channel (call, text, email, all); it was stopped by every way." in page
    file = tmp_path / "stops.csv"
    file.write_bytes(b"phone,channel\n312-555-0147,fax\n")
    said = CliRunner().invoke(suppressions.app, ["import", str(file)])
    assert (said.exit_code, "row 1: “fax” is no channel (call, text, email, all)" in said.stderr) == (1, True)


# --- on the page


def _upload(clinic: Clinic, body: bytes, role: str = "intake-lead"):
    client = browser(clinic.organization, role)
    return client, client.post("/stops", {"file": SimpleUploadedFile("stops.csv", body)})


@pytest.mark.parametrize("role", ["intake-lead", "manager", "privacy-officer"])
def test_it_is_uploaded_and_its_report_says_what_became_of_it(lakeside: Clinic, role: str) -> None:
    client, answer = _upload(lakeside, MIXED, role)
    page = client.get(answer["Location"]).content.decode()
    assert "4 addresses are stopped" in page
    assert "1 row that cannot be read" in page
    assert f"Sample {role}" in client.get("/stops").content.decode()


def test_a_row_is_mended_on_its_page(lakeside: Clinic) -> None:
    client, answer = _upload(lakeside, b"phone\nnone\n")
    page = client.post(answer["Location"], {"row-1": "312-555-0147"}, follow=True).content.decode()
    assert "1 mended" in page
    assert "One address is stopped" in page
    assert "Nothing waits to be mended" in page
    assert "None of them can be read" in client.post(answer["Location"], {"row-1": "x"}, follow=True).content.decode()


def test_no_file_is_said_at_the_field(lakeside: Clinic) -> None:
    answer = browser(lakeside.organization, "manager").post("/stops", {})
    assert (answer.status_code, "Choose a file." in answer.content.decode()) == (400, True)


# --- by command


def test_the_command_reports_and_names_the_rows_that_it_could_not_read(lakeside: Clinic, tmp_path: Path) -> None:
    file = tmp_path / "stops.csv"
    file.write_bytes(MIXED)
    said = CliRunner().invoke(suppressions.app, ["import", str(file)])
    assert said.exit_code == 1
    assert "Stopped: 4 addresses. 0 were stopped before." in said.stdout
    assert "row 3: no telephone number or e-mail that can be read" in said.stderr
    assert "no number" not in said.output
    file.write_bytes(b"phone\n312-555-0147\n")
    assert CliRunner().invoke(suppressions.app, ["import", str(file)]).exit_code == 0
    file.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(1, 32)) * 40)
    assert "Nobody is stopped by it" in CliRunner().invoke(suppressions.app, ["import", str(file)]).stderr
