"""Does anything that people and programs send do harm, or turn what is unknown into a no?"""

from __future__ import annotations

import json
import math
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from tests.together import Together

import leadwell
from leads import good, judge, lakeside
from leadwell.formats.jsonlines import json_lines
from leadwell.playbook import PlaybookError, find, load

AT = "2026-11-18T15:05:00Z"


def fact(lead: dict[str, Any], name: str) -> Any:
    found = judge(good(**lead))[0]["facts"][name]
    return found and found["value"]


@pytest.mark.parametrize(
    ("written", "years"),
    [
        ("65", 65),
        ("65.0", 65),
        (" 65 ", 65),
        ("65 years old", 65),
        ("65 y/o", 65),
        ("65yrs", 65),
        ("16 años", 16),
        ("16y6m", 16),
        ("Age 40", 40),
        ("16.9", 16),
        ("0", 0),
        ("18 months", 1),
        ("11 months", 0),
        ("30 meses", 2),
        ("6 weeks", 0),
        ("10 days", 0),
        ("120", 120),
        ("121", None),
        ("200", None),
        ("-5", None),
        ("1961", None),
        ("999999999999999999999", None),
        ("1e3", None),
        ("0x10", None),
        ("NaN", None),
        ("inf", None),
        ("under 18", None),
        ("<16", None),
        ("18+", None),
        ("42-50", None),
        ("40s", None),
        ("6/7", None),
        ("sixty", None),
        ("?", None),
    ],
)
def test_an_age_is_taken_in_its_own_unit_or_not_at_all(written: str, years: int | None) -> None:
    assert fact({"age": written, "birth_date": None}, "age") == years


@pytest.mark.parametrize(
    ("written", "years"),
    [
        ("1961-03-04", 65),
        ("03/04/1961", 65),
        ("4 Mar 1961", 65),
        ("3/4/61", 65),
        ("4-Mar-61", 65),
        ("19610304", 65),
        ("March 4, 1961", 65),
        ("1961-03-04 00:00:00", 65),
        ("25/12/1960", 65),
        ("2030-01-01", None),
        ("1820-01-01", None),
        ("0001-01-01", None),
        ("99/99/9999", None),
        ("1961-02-30", None),
        ("1961", None),
        ("-1", None),
        ("inf", None),
    ],
)
def test_a_birth_date_in_any_common_style_or_none(written: str, years: int | None) -> None:
    assert fact({"birth_date": written}, "age") == years


@pytest.mark.parametrize(
    "written",
    [
        "not sure",
        "I'm not sure",
        "don’t know",
        "see message",
        "ask me",
        "TBD",
        "tbd.",
        "???",
        "🙂",
        "x",
        "12345",
        "yes",
        "No",
        "Sí",
        "no sé",
        "N/A",
        "-",
        "unknown",
        "I'll tell you later",
        "I have it through my husband's work I think but would need to look at the card",
    ],
)
def test_a_payer_that_nobody_named_is_unknown_and_never_a_no(written: str) -> None:
    found = judge(good(payer=written))[0]
    assert found["criteria"]["payer"] == "unknown"
    assert found["disposition"] != "decline"


@pytest.mark.parametrize("written", ["Humana Gold Plus", "Acme Health", "WPS", "Sana Benefits"])
def test_a_plan_that_is_named_and_not_taken_is_a_no(written: str) -> None:
    assert judge(good(payer=written))[0]["criteria"]["payer"] == "not met"


@pytest.mark.parametrize("blanks", [" ", "\t", "\r\n", "\u00a0 ", "\u2028"])
def test_blanks_before_a_field_leave_its_evidence_where_it_stands(blanks: str) -> None:
    lead = good(payer=f"{blanks}Aetna ", service=f"{blanks}Knee replacement", phone=f"{blanks}312-555-0147")
    quoted = [b["evidence"] for d in judge(lead)[0]["dimensions"].values() for b in d["because"] if b["evidence"]]
    assert {e["field"] for e in quoted} >= {"service", "payer"}
    for words in quoted:
        assert lead[words["field"]][words["start"] : words["end"]] == words["text"]


@pytest.mark.parametrize(
    "received",
    [
        "1900-01-01T00:00:00-23:59",
        "2199-12-30",
        "2026-03-08 02:30",
        "2026-11-01 01:30",
        "11/18/2026 3:05 PM",
        " 2026-11-18 ",
    ],
)
def test_a_lead_of_any_time_is_judged(received: str) -> None:
    assert judge(good(received_at=received))[0]["disposition"]


@pytest.mark.parametrize(
    "received",
    ["tomorrow", "9999-12-31T23:59:59-12:00", "0001-01-01", "2026-13-45", "2026-11-02T09:00:00+99:00", ""],
)
def test_a_time_that_is_none_is_asked_for(received: str) -> None:
    with pytest.raises(leadwell.MissingTime):
        judge(good(received_at=received))


# A spreadsheet's day is by the clock of the clinic in Chicago; seconds and milliseconds since 1970 are by none.
COUNTED = [
    ("45980.63", "2025-11-19T21:07:12Z"),
    ("45980", "2025-11-19T06:00:00Z"),
    ("45980.3972222222", "2025-11-19T15:32:00Z"),
    ("32874", "1990-01-01T06:00:00Z"),
    ("73050", "2099-12-31T06:00:00Z"),
    ("1762790400", "2025-11-10T16:00:00Z"),
    ("1762790400.25", "2025-11-10T16:00:00Z"),
    ("1762790400123", "2025-11-10T16:00:00Z"),
    ("631152000", "1990-01-01T00:00:00Z"),
    ("4102444799999", "2099-12-31T23:59:59Z"),
    ("20261118", "2026-11-18T06:00:00Z"),  # a day as it is written, as ever
]
NOT_COUNTED = [
    "32873", "73051", "12345", "99999", "2026", "0", "-45980", "45980,63", "1e9", "NaN", "631151999", "4102444800",
    "631151999999", "4102444800000", "9" * 40, "day 45980",
]  # fmt: skip


@pytest.mark.parametrize(("received", "at"), COUNTED)
def test_a_time_that_is_counted_is_a_time(received: str, at: str) -> None:
    assert judge(good(received_at=received))[0]["as_of"] == at


def test_a_time_counted_by_a_number_is_the_same_as_by_its_text() -> None:
    given = (45980.63, 45980, 1762790400, 1762790400.25)
    assert [judge(good(received_at=n)) for n in given] == [judge(good(received_at=str(n))) for n in given]


@pytest.mark.parametrize("received", NOT_COUNTED)
def test_a_number_that_counts_to_no_likely_year_is_no_time(received: str) -> None:
    with pytest.raises(leadwell.MissingTime):
        judge(good(received_at=received))


def test_counted_and_written_times_of_one_list_are_read_alike() -> None:
    times = ["2026-11-18T15:05:00Z", "45980.63", "1762790400", "11/18/2026 3:05 PM"]
    together = judge(*(good(received_at=t) for t in times))
    assert [one["as_of"] for one in together] == [judge(good(received_at=t))[0]["as_of"] for t in times]


def test_a_time_without_a_zone_is_refused_by_the_library() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        leadwell.judge([good()], lakeside(), as_of=datetime(2026, 11, 18))


ODD: dict[str, list[Any]] = {
    "numbers": [3125550147, 3125550148],
    "floats": [3125550147.0, math.nan],
    "infinite": [math.inf, -math.inf],
    "yes and no": [True, None],
    "dates": [date(1961, 3, 4), date(1, 1, 1)],
    "times": [datetime(2026, 11, 18, tzinfo=UTC), None],
    "hours": [time(9, 30), None],
    "lists": [["a", None], []],
    "lists of numbers": [[1, 2], None],
    "objects": [{"a": 1, "b": {"c": "x"}}, None],
    "lists of objects": [[{"a": 1}], []],
    "bytes": [b"Ana", b"\xff\xfe"],
    "nothing": [None, None],
}


@pytest.mark.parametrize("kind", ODD)
@pytest.mark.parametrize("column", ["message", "phone", "birth_date", "payer", "service", "id", "verified", "zip"])
def test_a_column_of_any_type_is_judged(kind: str, column: str) -> None:
    leads = pl.DataFrame({"received_at": [AT, AT], "first_name": ["Ana", "Bo"], column: ODD[kind]})
    found = leadwell.assess(leads, lakeside())
    assert [json.loads(line)["row"] for line in json_lines(found)] == [1, 2]


def test_dicts_of_any_shape_are_judged() -> None:
    leads = [
        {
            "received_at": datetime(2026, 11, 18, 9, tzinfo=UTC),
            "message": "knee replacement",
            "age": 61,
            "nested": {"a": [1, {"b": 2}]},
        },
        {
            "received_at": AT,
            "message": ["I want", "an MRI"],
            "phone": 3125550147.0,
            "has_order": True,
            "birth_date": date(1961, 3, 4),
        },
        {"received_at": AT, "message": {"text": "x"}, "age": math.nan, "\u202e": "\ud7ff", "": ""},
    ]
    found = leadwell.assess(leads, lakeside()).to_dicts()
    assert [f["facts"]["age"] and f["facts"]["age"]["value"] for f in found] == [61, 65, None]
    assert found[1]["contact"]["phone"] == "+13125550147"


def test_rows_that_repeat_their_number_are_refused_and_none_is_lost() -> None:
    leads = pl.DataFrame([good(row=1, id="a"), good(row=1, id="b"), good(row=2, id="c")])
    with pytest.raises(ValueError, match="row"):
        leadwell.assess(leads, lakeside())


@pytest.mark.parametrize("suffix", ["csv", "tsv", "xlsx"])
def test_no_text_is_written_back_as_a_formula(tmp_path: Path, suffix: str) -> None:
    import csv

    openpyxl = pytest.importorskip("openpyxl")
    starts = ("=", "+", "-", "@", "\t=", "\r=", "\uff1d", "\uff0b", "\uff0d", "\uff20")
    leads = pl.DataFrame(
        [
            good(id=f"{s}1", message=f"{s}knee replacement", service=f"{s}cmd|' /C calc'!A0", payer=f"{s}x")
            for s in starts
        ]
    )
    leads = leads.with_columns(pl.col("message").alias("extra.=1+1"))
    out = tmp_path / f"out.{suffix}"
    leadwell.write(leadwell.assess(leads, lakeside()), out, leads)
    if suffix == "xlsx":
        cells = [c for sheet in openpyxl.load_workbook(out) for row in sheet.iter_rows() for c in row]
        assert not [c.coordinate for c in cells if c.data_type == "f"]
        texts = [c.value for c in cells if isinstance(c.value, str)]
    else:
        with out.open(newline="", encoding="utf-8") as file:
            texts = [c for row in csv.reader(file, delimiter="\t" if suffix == "tsv" else ",") for c in row]
    phone = "+13125550147"
    assert not [
        t for t in texts if t.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")) and t != phone
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Ann,312-555-0147,knee\nBo,,hip\nCy,312-555-0148,email\nDi,,phone\n",
        "id,first_name,last_name,email,=1+1\n1,Ann,B,a@example.com,x\n2,Bo,C,b@example.com,y\nbad,row\n",
        "a@example.com,Ann,knee pain\nb@example.com,Bo,hip pain\nnone,Cy,message\n",
    ],
)
def test_no_lead_is_lost_above_a_lead_that_looks_like_a_header(tmp_path: Path, text: str) -> None:
    from leadwell.formats import open_list

    path = tmp_path / "leads.csv"
    path.write_text(text)
    rejected: list[object] = []
    opened = open_list(path)
    read = sum(batch.height for batch in opened.batches(on_rejected=rejected.extend))
    headed = "no header row" not in " ".join(opened.says)
    assert read + len(rejected) + headed == len(text.splitlines())
    assert not any("header in row" in says for says in opened.says)


LAKESIDE = find("lakeside-orthopedics").decode()
SCORED = '  { add = -15, when = "consistency'


@Together
def judged_where_it_is_a_word(words: list[str], beside: str) -> list[dict[str, Any]]:
    """A lead that says each, by a playbook that has them beside a word of its own."""
    more = ", ".join(f'"{word}"' for word in words)
    book = load(LAKESIDE.replace(beside, f"{beside.rstrip(',')}, {more}" + "," * beside.endswith(","), 1).encode())
    return leadwell.judge([good(message=f"knee replacement {word}") for word in words], book).to_dicts()


@pytest.mark.parametrize(
    "word", ["{0} q", "{x}", "(a+)+$", "[abc", "c\\\\d", "50% off", "o'brien'; DROP TABLE leads", "%s %n", "knee*", "0"]
)
@pytest.mark.parametrize("beside", ['"joint class"', '"chest pain",', '"pacemaker"', '"owner"', '"dentist"'])
def test_a_word_of_a_playbook_is_a_word_and_nothing_else(word: str, beside: str) -> None:
    assert "knee-replacement" in judged_where_it_is_a_word(word, beside)["services"]


@pytest.mark.parametrize("word", ["膝関節", "колено", "ركبة", "🙂", "\\u200b", "..."])
def test_a_word_that_could_never_be_found_is_refused(word: str) -> None:
    with pytest.raises(PlaybookError, match="Latin letters"):
        load(LAKESIDE.replace('"chest pain",', f'"chest pain", "{word}",', 1).encode())


@pytest.mark.parametrize(
    "field",
    [
        "age",
        "Age",
        "extra.age",
        "edad",
        "DOB",
        "Date of Birth",
        "patient_birth_date",
        "Gender",
        "preferred language",
        "interpreter_needed",
        "Raza",
        "is_muslim",
        "Wheelchair?",
        "mujer",
    ],
)
def test_no_fact_of_a_playbooks_own_reads_a_protected_column(field: str) -> None:
    fact = f'\n[facts.zzz]\ntype = "number"\nask = "?"\nfield = "{field}"\n'
    with pytest.raises(PlaybookError, match="protected"):
        load((LAKESIDE + fact).encode())


@pytest.mark.parametrize(
    "when",
    [
        "age > 60",
        "language LIKE 'e%'",
        "NOT (sex IN ('female'))",
        "gender_score",
        "is_female",
        "edad",
        "has_disability",
        "language <> 'en' OR fit = 'met'",
    ],
)
def test_no_condition_of_the_score_names_who_somebody_is(when: str) -> None:
    facts = "".join(
        f'\n[facts.{key}]\ntype = "yes-no"\nask = "?"\n'
        for key in ("gender_score", "is_female", "edad", "has_disability")
    )
    line = f'  {{ add = 5, when = "{when}", because = "z" }},\n'
    with pytest.raises(PlaybookError, match="protected"):
        load((LAKESIDE.replace(SCORED, line + SCORED, 1) + facts).encode())


# What a fact of a neutral name says of itself: it is refused where it would weigh, and may still be asked.
WHO = [
    'type = "yes-no"\nask = "?"\nwords = ["muslim", "islamic center"]',
    'type = "yes-no"\nask = "?"\nwords = ["soy una mujer"]',
    'type = "yes-no"\nask = "?"\nwords = ["we are an African-American family"]',
    'type = "yes-no"\nask = "?"\nwords = ["usa silla de ruedas"]',
    'type = "yes-no"\nask = "Is the patient 65 or older?"\nfield = "q7"',
    'type = "yes-no"\nask = "?"\nwords = ["hablo español"]',
    'type = "yes-no"\nask = "?"\noptions = ["M", "F"]',
    'type = "yes-no"\nask = "?"\noptions = { a = ["black"], b = ["white"] }',
    'type = "yes-no"\nask = "¿De qué religión es?"',
]  # fmt: skip
NOT_WHO = [
    'type = "yes-no"\nask = "Is the patient pregnant, or could she be?"\nwords = ["pregnant", "embarazada"]',
    'type = "yes-no"\nask = "?"\nwords = ["black eye", "white blood cells", "age-related macular degeneration"]',
    'type = "yes-no"\nask = "?"\nwords = ["speech and language therapy", "foreman", "manual work"]',
]


def weighing(fact: str, place: str) -> str:
    fact = fact.replace("yes-no", "one-of") if "options" in fact else fact
    when = "zzz = 'b'" if "options = {" in fact else "zzz = 'F'" if "options" in fact else "zzz"
    criterion = f'\n[criteria.zzz]\nsays = "x"\nwhen = "{when}"\nask = "?"\nreview = true\n'
    here = {
        "score": LAKESIDE.replace(SCORED, f'  {{ add = 5, when = "{when}", because = "z" }},\n{SCORED}', 1),
        "team": LAKESIDE.replace("handles = \"type = 'referral'\"", f'handles = "{when}"', 1),
        "criterion": LAKESIDE + criterion,
    }[place]
    return f"{here}\n[facts.zzz]\n{fact}\n"


@pytest.mark.parametrize("fact", WHO)
@pytest.mark.parametrize("place", ["score", "team"])
def test_a_fact_whose_words_say_who_somebody_is_weighs_nothing(fact: str, place: str) -> None:
    text = weighing(fact, place)
    if place == "team" and "español" in fact:  # somebody who speaks it answers
        assert load(text.encode())
        return
    with pytest.raises(PlaybookError, match='"zzz" is protected, as ') as caught:
        load(text.encode())
    (problem,) = caught.value.problems
    line = text.splitlines()[problem.line - 1]
    assert line[problem.column - 1 :].startswith("zzz")


@pytest.mark.parametrize(("fact", "place"), [*((f, "criterion") for f in WHO), *((f, "score") for f in NOT_WHO)])
def test_a_fact_is_free_where_it_turns_nobody_away_unseen_or_says_nothing_of_them(fact: str, place: str) -> None:
    assert load(weighing(fact, place).encode())


def test_a_need_of_an_interpreter_chooses_a_team_and_no_grade() -> None:
    fact = 'ask = "?"'
    assert load(weighing(fact, "team").replace("zzz", "interpreter_needed").encode())
    with pytest.raises(PlaybookError, match='"interpreter_needed" is protected and cannot be named in the score'):
        load(weighing(fact, "score").replace("zzz", "interpreter_needed").encode())


@pytest.mark.slow
def test_a_playbook_of_two_thousand_criteria_judges() -> None:
    more = "".join(
        f'\n[criteria.c{i}]\nsays = "x"\nwhen = "age > {i % 100} OR payer_accepted"\nask = "?"\nreason = "age"\n'
        for i in range(2000)
    )
    found = leadwell.judge([good(), good(payer=None)], load((LAKESIDE + more).encode())).to_dicts()
    assert [f["criteria"]["c1999"] for f in found] == ["met", "unknown"]


@pytest.mark.parametrize("field", ["message", "referral_reason"])
@pytest.mark.parametrize("danger", ["I have chest pain right now and cannot breathe.", "I want to kill myself.", ""])
def test_a_person_looks_at_a_text_too_long_to_be_read_whole(field: str, danger: str) -> None:
    text = "We went to the lake and the weather was nice on that day. " * 4000 + danger
    long, short = judge(good(**{field: text}), good(**{field: text[:90_000]}))
    assert long["disposition"] == "review"
    assert short["disposition"] != "review"
