"""Is every row of a real, messy list read, or set aside with its reason?"""

import csv
import io
import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadwell.formats import CannotRead, Rejected, delimited, open_list, read
from leadwell.formats.delimited import pieces
from leadwell.formats.lists import LeadList


def opened(tmp_path: Path, content: bytes | str, name: str = "leads.csv") -> LeadList:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return open_list(path)


def rows_of(leads: LeadList, size: int = 50_000) -> tuple[pl.DataFrame, list[Rejected]]:
    rejected: list[Rejected] = []
    frames = list(leads.batches(size, on_rejected=rejected.extend))
    return (pl.concat(frames) if frames else pl.DataFrame(schema={"row": pl.UInt32})), rejected


PLAIN = [
    ("Ann", "ann@example.com", "I need, please, an MRI"),
    ("José", "jose@example.org", "dolor de rodilla\ny espalda"),
]


def as_csv(rows: list[tuple[str, ...]], delimiter: str = ",") -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([("First Name", "Email", "Message"), *rows])
    return text.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1"])
def test_encoding_and_delimiter_are_found(tmp_path: Path, delimiter: str, encoding: str) -> None:
    leads = opened(tmp_path, as_csv(PLAIN, delimiter).encode(encoding), "leads.csv")
    frame, rejected = rows_of(leads)
    assert frame.rows() == [(1, *PLAIN[0]), (2, *PLAIN[1])]
    assert leads.columns == ("first_name", "email", "message")
    assert rejected == []


def test_lines_of_two_encodings_are_each_read_as_what_they_are(tmp_path: Path) -> None:
    content = b"First Name,Message\nJos\xe9,caf\xe9 \x93quoted\x94\n" + "José,café\n".encode()
    frame, _ = rows_of(opened(tmp_path, content))
    assert frame["first_name"].to_list() == ["José", "José"]
    assert frame["message"].to_list() == ["café “quoted”", "café"]


def test_nul_bytes_and_old_line_ends_do_no_harm(tmp_path: Path) -> None:
    frame, _ = rows_of(opened(tmp_path, b"First Name,Message\rAnn,kn\0ee\rBo,hip\r"))
    assert frame.rows() == [(1, "Ann", "knee"), (2, "Bo", "hip")]


def test_excel_s_own_first_line_and_titles_above_the_header_are_skipped(tmp_path: Path) -> None:
    assert rows_of(opened(tmp_path, "sep=;\nFirst Name;Phone\nAnn;312-555-0147\n"))[0].rows() == [
        (1, "Ann", "312-555-0147")
    ]
    titled = "Leads of January\n\nFirst Name,Email,Message\nAnn,ann@example.com,knee\nBo,bo@example.com,hip\n"
    leads = opened(tmp_path, titled)
    assert rows_of(leads)[0]["first_name"].to_list() == ["Ann", "Bo"]
    assert "header in row 2" in leads.says


def test_a_list_without_a_header_says_so_and_can_be_mapped(tmp_path: Path) -> None:
    path = tmp_path / "leads.csv"
    path.write_text("Ann,ann@example.com,312-555-0147\nBo,bo@example.com,312-555-0148\n")
    leads = open_list(path, corrections={"column 2": "email"})
    assert any("no header" in said for said in leads.says)
    assert rows_of(leads)[0]["email"].to_list() == ["ann@example.com", "bo@example.com"]


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", b"   \r\n", b"\0\0"])
def test_an_empty_file_is_told_in_one_sentence(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(CannotRead, match="is empty"):
        opened(tmp_path, content)


def test_a_header_alone_is_a_list_of_no_leads(tmp_path: Path) -> None:
    for content in ("First Name,Email,Message", "First Name,Email,Message\r\n"):
        frame, rejected = rows_of(opened(tmp_path, content))
        assert (frame.height, rejected) == (0, [])


def test_one_column_may_hold_commas(tmp_path: Path) -> None:
    frame, _ = rows_of(opened(tmp_path, "message\nI want, if I may, an MRI\nknee\n\nhip, or not\n"))
    assert frame["message"].to_list() == ["I want, if I may, an MRI", "knee", "hip, or not"]


def test_ten_thousand_columns_are_read(tmp_path: Path) -> None:
    header = ",".join(["message", *(f"c{i}" for i in range(9_999))])
    frame, _ = rows_of(opened(tmp_path, f"{header}\n" + ",".join(["knee"] * 10_000) + "\n"))
    assert frame.shape == (1, 10_001)


def test_a_message_of_fifty_megabytes_is_read(tmp_path: Path) -> None:
    words = "my knee, it hurts\n" * (50_000_000 // 18)
    frame, rejected = rows_of(opened(tmp_path, f'id,name,message\n1,Ann,"{words}"\n2,Bo,hip\n'))
    assert frame["message"].str.len_bytes().to_list() == [len(words), 3]
    assert rejected == []


BROKEN = """id,name,message
1,Ann,"an open quote
2,Bo,"hip, please"
3,Cy,"she said "soon" to me"
4,Di,too,many
5,Ed
6,Flo,6' 2" tall
7,"Gus, Jr.","two
lines"
,,
9,Ida,"last, open"""


def test_broken_rows_cost_themselves_and_no_other(tmp_path: Path) -> None:
    frame, rejected = rows_of(opened(tmp_path, BROKEN))
    assert frame.rows() == [
        (2, "2", "Bo", "hip, please"),
        (3, "3", "Cy", 'she said "soon" to me'),
        (6, "6", "Flo", "6' 2\" tall"),
        (7, "7", "Gus, Jr.", "two\nlines"),
    ]
    assert [(r.row, r.reason) for r in rejected] == [
        (1, "a quotation mark is opened and never closed"),
        (4, "has 4 cells where the header has 3"),
        (5, "has 2 cells where the header has 3"),
        (8, "every cell is empty"),
        (9, "a quotation mark is opened and never closed"),
    ]
    assert rejected[0].cells == ('1,Ann,"an open quote',)


def test_empty_cells_beyond_the_header_are_nothing_and_rows_all_longer_are_right(tmp_path: Path) -> None:
    frame, rejected = rows_of(opened(tmp_path, "id,message\n1,knee,,\n2,hip\n3,back\n"))
    assert frame["message"].to_list() == ["knee", "hip", "back"]
    assert rejected == []
    longer = opened(tmp_path, "id,message\n1,knee,\n2,hip,\n3,back,\n")
    assert rows_of(longer)[0].select("id", "message").rows() == [("1", "knee"), ("2", "hip"), ("3", "back")]


def test_a_row_keeps_its_number_whatever_the_batch_size(tmp_path: Path) -> None:
    leads = opened(tmp_path, BROKEN)
    whole = rows_of(leads)
    for size in (1, 2, 3):
        again = rows_of(leads, size)
        assert again[0].equals(whole[0])
        assert again[1] == whole[1]


CELL = st.one_of(
    st.text(alphabet='ab,"\n é', max_size=6),
    st.sampled_from(["", "a", '"', '""', '"x"', '"x, y"', 'x"y', '"two\nlines"', '"open', " ", "é"]),
)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.lists(CELL, min_size=1, max_size=4), max_size=12), st.sampled_from(["\n", "\r\n"]), st.integers(3, 40)
)
def test_in_bulk_or_with_care_the_rows_are_the_same(rows: list[list[str]], line_end: str, block: int) -> None:
    text = line_end.join(",".join(cells) for cells in rows).encode()

    def all_of(blocks: list[bytes], small: int) -> list[object]:
        before, delimited.SMALL = delimited.SMALL, small
        try:
            found = list(pieces(blocks, ",", 3))
        finally:
            delimited.SMALL = before
        good = [(row[0], "ok", row[1:]) for p in found for row in p.frame.rows()]
        return sorted([*good, *((r.row, r.reason, r.cells) for p in found for r in p.rejected)], key=lambda r: r[0])

    careful = all_of([text], 1 << 20)
    assert [row[0] for row in careful] == list(range(1, len(careful) + 1))
    cut = [text[i : i + block] for i in range(0, len(text), block)]
    assert all_of(cut, 1 << 20) == careful
    assert all_of([text], 1) == careful
    assert all_of(cut, 1) == careful


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(*[st.text(alphabet='ab,"\n é;', max_size=8)] * 3), min_size=1, max_size=30))
def test_what_a_csv_writer_writes_is_read_back(rows: list[tuple[str, str, str]]) -> None:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    want = [tuple(cell or None for cell in row) for row in rows if any(row)]
    for small in (1, 1 << 20):
        before, delimited.SMALL = delimited.SMALL, small
        try:
            found = [row[1:] for p in pieces([text.getvalue().encode()], ",", 3) for row in p.frame.rows()]
        finally:
            delimited.SMALL = before
        assert found == want


# --- other forms ------------------------------------------------------------------------------------------


def workbook(tmp_path: Path, fill: Callable[[object], None]) -> Path:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    fill(book)
    path = tmp_path / "leads.xlsx"
    book.save(path)
    return path


def test_a_spreadsheet_with_merged_titles_typed_cells_and_formulas(tmp_path: Path) -> None:
    def fill(book: object) -> None:
        sheet = book.active  # type: ignore[attr-defined]
        sheet["A1"] = "Leads of January"
        sheet.merge_cells("A1:F1")
        sheet.append(["Name", "Phone", "DOB", "Zip", "Received", "Message"])
        sheet.append(["Ann", 3125550147.0, date(1980, 5, 6), 60201, datetime(2026, 1, 2, 3, 4, 5), "knee"])
        sheet.append(["Bo", "312-555-0148", "5/6/1980", "02134", "2026-01-02", "=1+1"])
        sheet.append([])
        sheet.append(["Cy", 3125550149, None, 60601.0, None, "#N/A"])

    leads = open_list(workbook(tmp_path, fill))
    frame, rejected = rows_of(leads)
    assert leads.columns == ("full_name", "phone", "birth_date", "zip", "received_at", "message")
    assert frame.rows() == [
        (1, "Ann", "3125550147", "1980-05-06", "60201", "2026-01-02 03:04:05", "knee"),
        (2, "Bo", "312-555-0148", "5/6/1980", "02134", "2026-01-02", None),
        (4, "Cy", "3125550149", None, "60601", None, None),
    ]
    assert [(r.row, r.reason) for r in rejected] == [(3, "every cell is empty")]


def test_of_several_sheets_the_one_with_leads_is_read_and_the_others_are_named(tmp_path: Path) -> None:
    def fill(book: object) -> None:
        book.active.append(["Read me"])  # type: ignore[attr-defined]
        sheet = book.create_sheet("Leads")  # type: ignore[attr-defined]
        sheet.append(["First Name", "Email"])
        sheet.append(["Ann", "ann@example.com"])

    leads = open_list(workbook(tmp_path, fill))
    assert 'sheet "Leads"' in leads.says
    assert "not read: Sheet" in leads.says


def test_json_lines_with_nested_values_and_lines_that_are_none(tmp_path: Path) -> None:
    lines = ['{"First Name": "Ann", "phone": 3125550147, "answer": {"metal_implant": true}}', "not json", "[1]", "",
             '{"First Name": "Bo", "services": ["a", "b"], "zip": 60201.0}', "{}"]  # fmt: skip
    leads = opened(tmp_path, "\n".join(lines), "leads.jsonl")
    frame, rejected = rows_of(leads)
    assert frame["first_name"].to_list() == ["Ann", "Bo"]
    assert frame["phone"].to_list() == ["3125550147", None]
    assert frame["answer.metal_implant"].to_list() == ["yes", None]
    assert frame["zip"].to_list() == [None, "60201"]
    assert [(r.row, r.reason) for r in rejected] == [
        (2, "is not JSON"), (3, "is JSON, but not an object of one lead"), (5, "every cell is empty"),
    ]  # fmt: skip


def test_parquet_becomes_text(tmp_path: Path) -> None:
    path = tmp_path / "leads.parquet"
    pl.DataFrame(
        {
            "Phone": [3125550147.0, None],
            "DOB": [date(1980, 5, 6), None],
            "has_order": [True, False],
            "Message": ["a", "b"],
        }
    ).write_parquet(path)
    frame, _ = rows_of(open_list(path))
    assert frame.rows() == [(1, "3125550147", "1980-05-06", "yes", "a"), (2, None, None, "no", "b")]


def test_a_stream_is_read_like_a_file() -> None:
    assert read(io.BytesIO(as_csv(PLAIN).encode()))["first_name"].to_list() == ["Ann", "José"]


def test_marks_that_an_export_puts_before_values_are_taken_off(tmp_path: Path) -> None:
    frame, _ = rows_of(opened(tmp_path, "id\tphone_number\tpost_code\nl:77\tp:+13125550147\tz:60601\n"))
    assert frame.rows() == [(1, "77", "+13125550147", "60601")]


@pytest.mark.parametrize(
    "content", [b"%PDF-1.7 ...", b"\x89PNG\r\n\x1a\n" + bytes(range(32)) * 20, b"PK\x03\x04 no book"]
)
def test_a_file_of_another_kind_is_told(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(CannotRead):
        opened(tmp_path, content)


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    with pytest.raises(CannotRead, match="There is no file"):
        open_list(tmp_path / "none.csv")
    with pytest.raises(CannotRead, match="is a folder"):
        open_list(tmp_path)


def test_odd_characters_stay_as_received(tmp_path: Path) -> None:
    message = "مرحبا \u202eknee\u202c \u200bhip'; DROP TABLE leads; -- (.*)+$"
    frame, _ = rows_of(opened(tmp_path, f"id,message\n1,{json.dumps(message, ensure_ascii=False)}\n"))
    assert frame["message"].item() == message
