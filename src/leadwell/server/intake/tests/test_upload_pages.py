"""A list is looked at before it is taken in, and is safe from its first moment. (promises A1, A2)"""

from io import BytesIO

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from leadwell.server.conftest import Clinic, browser
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.draining import drain
from leadwell.server.intake.ledger import ledger_of
from leadwell.server.intake.models import State, Submission
from leadwell.server.leads.models import Lead
from leadwell.server.leads.queries import columns_of

pytestmark = pytest.mark.django_db(databases="__all__")

ROWS = (
    b"Full Name,Phone,What hurts?,Comments\nSample One,312-555-0147,my knee,call me\nSample Two,312-555-0148,back,mri\n"
)


@pytest.fixture
def lead(lakeside: Clinic) -> Client:
    return browser(lakeside.organization, "intake-lead")


def _upload(client: Client, body: bytes = ROWS, name: str = "list.csv") -> str:
    answer = client.post("/sources/upload", {"file": SimpleUploadedFile(name, body)})
    return answer.get("Location", str(answer.status_code))


def test_nothing_is_taken_in_before_somebody_has_looked(lead: Client, lakeside: Clinic) -> None:
    where = _upload(lead)
    drain()
    assert Submission.objects.get().state == State.NOT_TAKEN
    page = lead.get(where)
    assert {one.name: one.column for one in page.context["page"].headers} == {
        "Full Name": "full_name",
        "Phone": "phone",
        "What hurts?": "",
        "Comments": "message",
    }
    assert "Take in 2 rows" in page.content.decode()
    assert ledger_of(lakeside.organization).difference == 0


def test_a_header_taken_for_the_wrong_thing_is_corrected_and_stays_so(lead: Client) -> None:
    typed = {"header-2": "message", "header-3": ""}
    assert lead.post(_upload(lead), typed)["Location"].startswith("/inbox/")
    drain()
    columns = columns_of(Lead.objects.get(nth=0))
    assert (columns["message"], columns["extra.Comments"]) == ("my knee", "call me")
    again = lead.get(_upload(lead, ROWS.replace(b"One", b"Three"))).context["page"]
    assert [one.column for one in again.headers] == ["full_name", "phone", "message", ""]


def test_a_list_of_another_shape_is_not_hindered_by_earlier_corrections(lead: Client) -> None:
    lead.post(_upload(lead), {"header-2": "message", "header-3": ""})
    where = _upload(lead, b"Name,Telephone\nSample Four,312-555-0149\n")
    assert [one.column for one in lead.get(where).context["page"].headers] == ["full_name", "phone"]


def test_two_headers_for_one_column_are_refused_and_nothing_is_taken_in(lead: Client) -> None:
    answer = lead.post(_upload(lead), {"header-2": "phone"})
    assert answer.status_code == 400
    assert "That does not fit" in answer.content.decode()
    assert Submission.objects.get().state == State.NOT_TAKEN


def test_the_wrong_list_is_not_taken_in_and_the_inbox_keeps_that_it_came(lead: Client, lakeside: Clinic) -> None:
    where = _upload(lead)
    lead.post(f"{where}/withdraw")
    drain()
    assert (Submission.objects.get().state, Lead.objects.count()) == (State.NOT_A_LEAD, 0)
    assert ledger_of(lakeside.organization).as_json()["not_leads"] == 1
    assert lead.get(where).status_code == 404


def test_a_list_that_was_withdrawn_may_come_again(lead: Client) -> None:
    lead.post(f"{_upload(lead)}/withdraw")
    _upload(lead)
    assert not Submission.objects.filter(state=State.REPEAT).exists()


def test_the_same_list_twice_is_one(lead: Client) -> None:
    where = _upload(lead)
    assert _upload(lead) == where
    lead.post(where)
    assert _upload(lead).startswith("/inbox/")
    assert Submission.objects.filter(state=State.REPEAT).count() == 2


@pytest.mark.parametrize("body", [b"\x89PNG\r\n\x1a\n" + bytes(100), b"PK\x03\x04broken", b"\x00\x01"])
def test_what_is_no_list_says_so_and_can_be_let_go(lead: Client, body: bytes) -> None:
    page = lead.get(_upload(lead, body, "list.xlsx")).content.decode()
    assert "This list cannot be read" in page
    assert "Do not take it in" in page


@pytest.mark.parametrize("data", [{}, {"file": ""}])
def test_without_a_file_it_asks_for_one(lead: Client, data: dict[str, str]) -> None:
    answer = lead.post("/sources/upload", data)
    assert answer.status_code == 400
    assert "The list: " in answer.content.decode()


def test_an_empty_file_is_no_list(lead: Client) -> None:
    assert _upload(lead, b"") == "400"
    assert not Submission.objects.exists()


def test_a_list_that_is_too_large_is_refused_before_it_is_read(lead: Client) -> None:
    large = SimpleUploadedFile("list.csv", b"x" * 25_000_001)
    answer = lead.post("/sources/upload", {"file": large})
    assert answer.status_code == 400
    assert "more than 25 MB" in answer.content.decode()


def test_a_spreadsheet_is_read_too(lead: Client) -> None:
    book = BytesIO()
    with xlsxwriter.Workbook(book) as written:
        written.add_worksheet().write_row(0, 0, ["Name", "Phone"])
        written.worksheets()[0].write_row(1, 0, ["Sample Five", "312-555-0150"])
    page = lead.get(_upload(lead, book.getvalue(), "list.xlsx")).context["page"]
    assert (page.rows, [one.column for one in page.headers]) == (1, ["full_name", "phone"])


def test_a_submission_that_is_no_list_is_not_looked_at_here(lead: Client, lakeside: Clinic) -> None:
    (receipt,) = accept(lakeside.number, lakeside.source, [Delivery(b"{", problem="not JSON")])
    assert lead.get(reverse("look", args=[receipt.id])).status_code == 404


def test_a_list_without_rows_is_not_offered_to_be_taken_in(lead: Client) -> None:
    where = _upload(lead, b"Full Name,Phone\n")
    page = lead.get(where).content.decode()
    assert "no row below" in page
    assert ("Take in" in page, "Do not take it in" in page) == (False, True)
    assert lead.post(where).status_code == 400
    assert Submission.objects.get().state == State.NOT_TAKEN


def test_a_list_that_waits_for_a_look_is_not_called_broken(lead: Client) -> None:
    _upload(lead)
    answer = lead.get("/inbox")
    page = answer.content.decode()
    assert "Sample intake-lead uploaded it" in page
    assert (answer.context["page"].to_mend, answer.context["page"].not_taken) == (0, 1)
    assert not any(place.count for place in answer.context["shell"].places)
    assert "Play all" not in lead.get("/inbox?state=not-taken").content.decode()
    assert lead.post("/inbox/replay", {"state": "not-taken"}).status_code == 404


def test_a_list_that_is_not_taken_in_is_neither_played_nor_mended_as_text(lead: Client, lakeside: Clinic) -> None:
    where = _upload(lead)
    number = Submission.objects.get().pk
    lead.post(reverse("replay", args=[number]))
    lead.post(reverse("mend", args=[number]), {"body": "x"})
    assert (Submission.objects.get().state, Submission.objects.get().mended) == (State.NOT_TAKEN, None)
    assert where in lead.get(reverse("submission", args=[number])).content.decode()
    told = ledger_of(lakeside.organization)
    assert (told.whole.received, told.whole.not_taken, told.whole.needs_mending, told.difference) == (1, 1, 0, 0)
    lead.post(where)
    drain()
    assert Submission.objects.get().state == State.ASSESSED


def test_who_may_not_take_it_in_is_told_who_may(lead: Client, lakeside: Clinic) -> None:
    where = _upload(lead)
    number = Submission.objects.get().pk
    page = browser(lakeside.organization, "coordinator").get(reverse("submission", args=[number])).content.decode()
    assert "what its headers mean: Sample intake-lead" in page
    assert where not in page
