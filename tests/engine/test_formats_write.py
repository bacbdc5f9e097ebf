"""Does what was judged come out whole, in every form, and never as a formula?"""

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import leadwell
from leadwell.formats import CannotWrite, Rejected, Rejects, open_sink, rejects_beside, write
from leadwell.formats.flat import flat
from leadwell.formats.jsonlines import json_lines

EVIDENCE = pl.Struct(
    {"field": pl.String, "text": pl.String, "start": pl.UInt32, "end": pl.UInt32, "provenance": pl.String}
)
BECAUSE = pl.List(pl.Struct({"says": pl.String, "evidence": EVIDENCE}))


def fact(dtype: Any) -> pl.Struct:
    return pl.Struct({"value": dtype, "provenance": pl.String, "from": pl.String})


SCHEMA = {
    "row": pl.UInt32(), "id": pl.String(), "score": pl.Int32(), "services": pl.List(pl.String),
    "dimensions": pl.Struct({"fit": pl.Struct({"finding": pl.String, "because": BECAUSE})}),
    "criteria": pl.Struct({"age": pl.String, "order": pl.String}),
    "questions": pl.List(pl.Struct({"criterion": pl.String, "fact": pl.String, "ask": pl.String, "seconds": pl.Int32,
                                    "moves": pl.Float64})),
    "points": pl.List(pl.Struct({"add": pl.Int32, "because": pl.String})),
    "redirect": pl.Struct({"to": pl.String, "say": pl.String}),
    "contact": pl.Struct({"phone": pl.String, "phone_ok": pl.Boolean}),
    "duplicate_of": pl.String(),
    "facts": pl.Struct({"age": fact(pl.Int32), "best_time": fact(pl.String), "deadline": fact(pl.Date),
                        "has_order": fact(pl.Boolean), "miles": fact(pl.Float64), "states": fact(pl.List(pl.String)),
                        "value": fact(pl.String)}),
}  # fmt: skip


def said(says: str, text: str | None = None) -> dict[str, Any]:
    words = {"field": "message", "text": text, "start": 0, "end": 5, "provenance": "extracted"} if text else None
    return {"says": says, "evidence": words}


def known(value: Any) -> dict[str, Any]:
    return {"value": value, "provenance": "stated", "from": None}


TEXT = 'He said "now", \\ and\n«,"age":null,» é\x01'
FULL = {
    "row": 1, "id": "=1+1", "score": 70, "services": ["a", "b"],
    "dimensions": {"fit": {"finding": "met", "because": [said("asks for A", "my knee"), said("no words")]}},
    "criteria": {"age": "met", "order": None},
    "questions": [{"criterion": None, "fact": "age", "ask": "How old?", "seconds": 6, "moves": 0.34}],
    "points": [{"add": 25, "because": "good"}, {"add": -15, "because": "odd"}],
    "redirect": {"to": None, "say": "Ask there."},
    "contact": {"phone": "+13125550147", "phone_ok": True},
    "duplicate_of": None,
    "facts": {"age": known(65), "best_time": known(TEXT), "deadline": known(date(2026, 1, 2)),
              "has_order": known(False), "miles": known(3.25), "states": known(["IL", "IN"]), "value": known("x")},
}  # fmt: skip
BARE = {
    "row": 2, "id": None, "score": None, "services": [],
    "dimensions": {"fit": {"finding": "unknown", "because": []}}, "criteria": {"age": None, "order": None},
    "questions": [], "points": [], "redirect": None, "contact": {"phone": None, "phone_ok": None}, "duplicate_of": None,
    "facts": dict.fromkeys(FULL["facts"]),
}  # fmt: skip


def frame(*leads: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(leads), schema=SCHEMA)


def dense(lead: dict[str, Any]) -> dict[str, Any]:
    """As the contract writes it: `criteria` and `facts` without the keys that have no value."""
    sparse = {k: {n: v for n, v in lead[k].items() if v is not None} for k in ("criteria", "facts")}
    written: dict[str, Any] = json.loads(json.dumps(lead | sparse, default=str))
    return written


@pytest.mark.parametrize("leads", [[FULL], [BARE], [FULL, BARE], [BARE, FULL, FULL]])
def test_json_lines_are_the_contract_to_the_letter(leads: list[dict[str, Any]]) -> None:
    lines = json_lines(frame(*leads)).to_list()
    assert [json.loads(line) for line in lines] == [dense(lead) for lead in leads]
    assert [list(json.loads(line)) for line in lines] == [list(SCHEMA)] * len(leads)


def test_a_playbook_without_criteria_writes_an_empty_object() -> None:
    empty = frame(FULL).with_columns(criteria=pl.lit(None, dtype=pl.Struct({})))
    assert json.loads(json_lines(empty).item())["criteria"] == {}


def test_flat_has_dotted_names_and_lists_that_read_aloud() -> None:
    row = flat(frame(FULL)).row(0, named=True)
    assert row["dimensions.fit.because"] == "asks for A “my knee”; no words"
    assert row["services"] == "a; b"
    assert row["points"] == "+25 good; -15 odd"
    assert row["questions"] == "How old?"
    assert row["redirect.say"] == "Ask there."
    assert row["contact.phone"] == "+13125550147"
    assert row["facts.age.value"] == 65
    assert row["facts.states.value"] == "IL; IN"
    assert row["criteria.order"] is None


def test_columns_do_not_depend_on_the_rows() -> None:
    assert flat(frame(FULL)).schema == flat(frame(BARE)).schema == flat(frame()).schema


EVIL = pl.DataFrame(
    {"row": pl.Series([1, 2], dtype=pl.UInt32), "extra.Notes": ["=HYPERLINK(1)", "@x"], "message": ["-", "+"]}
)


@pytest.mark.parametrize(("suffix", "delimiter"), [(".csv", ","), (".tsv", "\t")])
def test_no_cell_of_a_csv_can_become_a_formula(tmp_path: Path, suffix: str, delimiter: str) -> None:
    out = tmp_path / f"out{suffix}"
    write(frame(FULL, BARE), out, EVIL)
    with out.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter=delimiter))
    assert [r["row"] for r in rows] == ["1", "2"]
    assert (rows[0]["id"], rows[0]["extra.Notes"], rows[0]["contact.phone"]) == (
        "'=1+1",
        "'=HYPERLINK(1)",
        "'+13125550147",
    )
    assert not [c for r in rows for c in r.values() if c.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert "message" not in rows[0]


def test_a_workbook_holds_text_as_text(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    out = tmp_path / "out.xlsx"
    write(frame(FULL, BARE), out, EVIL)
    header, first, _ = openpyxl.load_workbook(out).active.iter_rows(values_only=True)
    row = dict(zip(header, first, strict=True))
    assert (row["id"], row["score"], row["contact.phone_ok"]) == ("'=1+1", 70, True)
    assert row["contact.phone"] == "+13125550147"
    assert not [c for c in first if isinstance(c, str) and c.startswith("=")]


def test_parquet_keeps_types_and_comes_batch_by_batch(tmp_path: Path) -> None:
    out = tmp_path / "out.parquet"
    sink = open_sink(out)
    for lead in (BARE, FULL):
        sink.write(frame(lead))
    assert not out.exists()
    sink.close()
    found = pl.read_parquet(out)
    assert found.equals(flat(frame(BARE, FULL)))
    assert [p.name for p in tmp_path.iterdir()] == ["out.parquet"]


@pytest.mark.parametrize("suffix", [".jsonl", ".csv", ".xlsx", ".parquet"])
def test_what_is_given_up_leaves_nothing_behind_and_an_older_file_as_it_was(tmp_path: Path, suffix: str) -> None:
    out = tmp_path / f"out{suffix}"
    out.write_text("older")
    sink = open_sink(out)
    sink.write(frame(FULL))
    sink.abandon()
    assert [p.read_text() for p in tmp_path.iterdir()] == ["older"]


def test_a_form_or_a_place_that_cannot_be_is_told(tmp_path: Path) -> None:
    with pytest.raises(CannotWrite, match="Cannot tell the form"):
        open_sink(tmp_path / "out.doc")
    with pytest.raises(CannotWrite, match="There is no folder"):
        open_sink(tmp_path / "none" / "out.csv")


def test_a_list_too_long_for_a_spreadsheet_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("leadwell.formats.sinks.XLSX_ROWS", 1)
    with pytest.raises(CannotWrite, match=r"write \.parquet, \.csv or \.jsonl"):
        write(frame(FULL, BARE), tmp_path / "out.xlsx")


def test_rejected_rows_are_kept_as_read(tmp_path: Path) -> None:
    path = rejects_beside(tmp_path / "out.jsonl")
    assert path == tmp_path / "out.rejected.csv"
    rejects = Rejects(path, ["id", "message"])
    rejects.add([Rejected(3, "has 3 cells where the header has 2", ("7", "=x", "y"))])
    rejects.close()
    assert path.read_text().splitlines() == [
        "row,reason,id,message", "3,has 3 cells where the header has 2,7,'=x,y",
    ]  # fmt: skip
    assert rejects.count == 1
    Rejects(path, [])
    assert not path.exists()  # a new run begins without the old rows


SAMPLE = [
    {"id": "a", "first_name": "Ann", "phone": "312-555-0147", "message": "knee replacement please"},
    {"id": "b", "full_name": "=Bo Low", "phone": "=12", "message": "=1+1 I can't breathe"},
    {"id": "c", "email": "cy@example.com", "message": "My son, 9 years old, needs physical therapy, please book us."},
]


def assessed(tmp_path: Path, *, named: bool = True) -> tuple[Any, pl.DataFrame, Path]:
    openpyxl = pytest.importorskip("openpyxl")
    leads = pl.DataFrame([{**lead, "received_at": "2026-11-02T09:00:00Z"} for lead in SAMPLE])
    assessments = leadwell.assess(leads, leadwell.load_playbook("lakeside-orthopedics"))
    out = tmp_path / "out.xlsx"
    leadwell.write(assessments, out, leads if named else None)
    return openpyxl.load_workbook(out), assessments, out


def test_the_first_sheet_of_a_workbook_is_what_a_coordinator_works_through(tmp_path: Path) -> None:
    book, _, _ = assessed(tmp_path)
    assert book.sheetnames == ["To do", "Assessments"]
    header, *rows = book["To do"].iter_rows(values_only=True)
    found = [dict(zip(header, row, strict=True)) for row in rows]
    assert [lead["Id"] for lead in found] == ["b", "a", "c"]
    assert [lead["Do next"] for lead in found] == ["review", "verify", "redirect"]
    assert [lead["Name"] for lead in found] == ["'=Bo Low", "Ann", None]
    assert [lead["Phone"] for lead in found] == ["'=12 (cannot be right)", "+13125550147", None]
    assert found[0]["Why"].startswith("emergency: the words suggest an emergency")
    assert "911" in found[0]["Say or send to"]
    assert found[1]["Ask first"]
    assert found[1]["Message"] == "knee replacement please"


def test_both_sheets_have_a_filter_and_a_frozen_header_and_no_formula(tmp_path: Path) -> None:
    book, assessments, _ = assessed(tmp_path)
    for sheet in book:
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref.endswith("4")
        assert not [c.coordinate for row in sheet.iter_rows() for c in row if c.data_type == "f"]
    header = next(book["Assessments"].iter_rows(values_only=True))
    assert list(header) == flat(assessments).columns


def test_a_workbook_of_assessments_alone_has_no_names_but_the_rest(tmp_path: Path) -> None:
    book, _, out = assessed(tmp_path, named=False)
    header, first, *_ = book["To do"].iter_rows(values_only=True)
    lead = dict(zip(header, first, strict=True))
    assert (lead["Id"], lead["Name"], lead["Do next"]) == ("b", None, "review")
    assert [p.name for p in tmp_path.iterdir()] == [out.name]
