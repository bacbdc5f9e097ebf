# ruff: noqa: E501  a table of mistakes is read across
"""Is a playbook read as its author meant, and is everything that is wrong with it told at once, in its place?"""

from __future__ import annotations

import copy
import pickle
import time
from dataclasses import fields
from datetime import datetime, timedelta

import holidays
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadwell.playbook import PlaybookError, Problem, durations, find, hours, load, regions, shipped
from leadwell.playbook.document import LARGEST

EXAMPLE = find("lakeside-orthopedics").decode()

SMALLEST = """
playbook = "smallest"
[organization]
name = "Small Clinic"
time_zone = "America/Denver"
[services.checkup]
name = "Check-up"
kind = "program"
asks = ["check-up"]
[safety]
say_emergency = "Call 911."
say_crisis = "Call 988."
[teams.desk]
[routing]
fallback_team = "desk"
[reasons]
service-mismatch = { kind = "disqualified" }
criteria-not-met = { kind = "disqualified" }
not-an-enquiry = { kind = "invalid" }
spam = { kind = "invalid" }
test = { kind = "invalid" }
duplicate = { kind = "invalid" }
"""


def problems(text: str | bytes) -> tuple[Problem, ...]:
    with pytest.raises(PlaybookError) as caught:
        load(text)
    return caught.value.problems


def changed(*changes: tuple[str, str], text: str = EXAMPLE) -> str:
    for before, after in changes:
        assert before in text, before
        text = text.replace(before, after, 1)
    return text


def place_of(text: str, words: str) -> tuple[int, int]:
    at = text.index(words)
    return text[:at].count("\n") + 1, at - text.rfind("\n", 0, at)


# --- what is read --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_playbook_is_right(name: str) -> None:
    playbook = load(find(name))
    assert playbook.name == name
    assert playbook.version.startswith(f"{name}@")
    assert {"en", "es"} <= set(playbook.safety.say_crisis)


def test_the_smallest_playbook_has_every_default() -> None:
    playbook = load(SMALLEST)
    assert playbook.title == "Small Clinic"
    assert playbook.organization.languages == ("en",)
    assert playbook.safety.say_crisis == {"en": "Call 988."}
    assert (playbook.intent.ready_within_days, playbook.intent.urgent_within_days) == (60, 7)
    assert playbook.intent.not_yet_beyond_days == 60
    assert playbook.checks.same_need_within == timedelta(days=90)
    assert playbook.checks.fictional == "flag"
    assert {key: other.team for key, other in playbook.other.items()} == dict.fromkeys(
        ("existing-patient", "job", "vendor", "complaint"), "desk"
    )
    assert dict(playbook.score.grades) == {"A": 75, "B": 55, "C": 35}
    assert playbook.stages.order[0] == "received"
    assert playbook.stages.conditions["qualified"].names == {"fit", "reachability", "eligibility"}
    assert playbook.payers.self_pay
    assert playbook.follow_up is None


def test_a_criterion_has_its_defaults_and_its_questions() -> None:
    playbook = load(EXAMPLE)
    age, payer = playbook.criteria["age"], playbook.criteria["payer"]
    assert (age.seconds, payer.seconds) == (6, 10)
    assert age.types == ("patient", "referral")
    assert age.decisive
    assert not age.obtainable
    assert dict(age.asks) == {"": "How old is the patient?"}
    assert list(payer.asks) == ["payer"]
    assert payer.when.names == {"payer_accepted", "payment"}


def test_a_condition_answers_met_not_met_and_unknown() -> None:
    leads = pl.DataFrame({"age": [16.0, 15.0, None]})
    assert leads.select(load(EXAMPLE).criteria["age"].when.expr.alias("x"))["x"].to_list() == [True, False, None]


def test_a_built_in_fact_takes_a_question_and_an_own_fact_its_column() -> None:
    playbook = load(EXAMPLE)
    assert playbook.facts["plan_kind"].type is None
    assert list(playbook.own_facts) == ["metal_implant"]
    assert playbook.own_facts["metal_implant"].field == "metal_implant"


@pytest.mark.parametrize(
    ("options", "read"),
    [
        ('["never", "daily"]', {"never": (), "daily": ()}),
        ('{ never = ["do not smoke"], daily = "every day" }', {"never": ("do not smoke",), "daily": ("every day",)}),
    ],
)
def test_a_one_of_names_its_answers_as_a_list_or_with_words(options: str, read: dict[str, tuple[str, ...]]) -> None:
    fact = f'[facts.smoking]\ntype = "one-of"\noptions = {options}\n'
    condition = '[[conflicts]]\nwhen = "smoking = \'daily\' AND age < 5"\nsays = "x"\n'
    assert dict(load(SMALLEST + fact + condition).facts["smoking"].options) == read
    (problem,) = problems(SMALLEST + fact + condition.replace("'daily'", "'dayly'"))
    assert problem.nearest == "daily"


def test_the_same_bytes_have_the_same_version_and_other_bytes_another() -> None:
    assert load(EXAMPLE).version == load(EXAMPLE.encode()).version
    assert load(EXAMPLE + "\n").version != load(EXAMPLE).version


def test_a_playbook_is_a_value_that_can_be_kept_and_sent() -> None:
    playbook = load(EXAMPLE)
    assert {playbook: 1}[playbook] == 1
    for other in (pickle.loads(pickle.dumps(playbook)), copy.deepcopy(playbook), load(EXAMPLE)):
        assert all(getattr(other, field.name) == getattr(playbook, field.name) for field in fields(playbook))
    with pytest.raises(TypeError):
        playbook.services["new"] = 1  # type: ignore[index]


def test_windows_line_ends_and_a_byte_order_mark_are_no_problem() -> None:
    assert load(b"\xef\xbb\xbf" + EXAMPLE.replace("\n", "\r\n").encode()).name == "lakeside-orthopedics"


def test_a_missing_shipped_playbook_is_answered_with_the_names_there_are() -> None:
    with pytest.raises(LookupError, match='Did you mean "lakeside-orthopedics"'):
        find("lakeside-orthopaedics")


# --- what is told --------------------------------------------------------------------------------------------------

# (what is replaced, by what, the words at which the problem stands, part of the sentence, nearest valid name)
MISTAKES = [
    ('when = "age >= 16"', 'when = "agee >= 16"', "agee", "no fact", "age"),
    ("[criteria.area]\n", "[criteria.area]\nwen = 'x'\n", "wen", "no key that is known here", "when"),
    ('kind = "specialty"', 'kind = "speciality"', '"speciality"', "cannot be", "specialty"),
    ('fallback_team = "front-desk"', 'fallback_team = "frontdesk"', '"frontdesk"', "does not exist", "front-desk"),
    ("[other.job]\nteam = \"front-desk\"", '[other.job]\nteam = "desk"', '"desk"', "does not exist", None),
    ("[other.job]", "[other.jobs]", "jobs]", "none of those known here", "job"),
    ('reason = "age"', 'reason = "ages"', '"ages"', "does not exist", "age"),
    ("when = \"urgency = 'urgent'\"", "when = \"urgency = 'urgnt'\"", "'urgnt'", "never is", "urgent"),
    ("applies = \"service = 'imaging-mri'\"", "applies = \"service = 'imaging-mir'\"", "'imaging-mir'", "never is", "imaging-mri"),
    ('services = ["physical-therapy", "imaging-mri"]', 'services = ["physical-therapy", "imaging"]', '"imaging"]', "does not exist", None),
    ('time_zone = "America/Chicago"', 'time_zone = "Chicago"', '"Chicago"', "no time zone", None),
    ('holidays = "US-IL"', 'holidays = "US-XX"', '"US-XX"', "no calendar", None),
    ('"Mon-Sat 08:00-16:00"', '"Mon-Sat 8-4"', '"Mon-Sat 8-4"', "cannot read", None),
    ('first_response = "2 h"', 'first_response = "two hours"', '"two hours"', "no length of time", None),
    ('over = "12 days"', 'over = "12 working days"', '"12 working days"', "only service levels", None),
    ('quiet_hours = "20:00-09:00"', 'quiet_hours = "21:30-09:00"', '"21:30-09:00"', "looser than the law", None),
    ('quiet_hours = "20:00-09:00"', 'quiet_hours = "20:00-07:30"', '"20:00-07:30"', "looser than the law", None),
    ('openings = "14 per week"', 'openings = "many"', '"many"', "14 per week", None),
    ('openings = "14 per week"', 'openings = "0 per week"', '"0 per week"', "at least 1", None),
    ('openings = "14 per week"', 'openings = "14 per working week"', '"14 per working', "working day", None),
    ('openings = "14 per week"', 'openings = "14 per year"', '"14 per year"', "14 per week", None),
    ('zip = "60606"', 'zip = "6060"', '"6060"', "five digits", None),
    ("seconds = 6", "seconds = 0", "0                ", "whole number", None),
    ("review_share = 0.05", "review_share = 5", "5                 ", "share from 0 to 1", None),
    ("obtainable = true", 'obtainable = "yes"', '"yes"', "true or false", None),
    ("B = 55", "B = 75", "75, C", "not below A", None),
    ("C = 35 }", "D = 35 }", "D = 35", "cannot be a name", None),
    ('learned = "advise"', 'learned = "advice"', '"advice"', "cannot be", "advise"),
    ('acquisition_from = "booked"', 'acquisition_from = "boked"', '"boked"', "does not exist", "booked"),
    ("qualified = \"fit", "qualifyed = \"fit", "qualifyed", "no stage", "qualified"),
    ('wake = "21 days before timeline"', 'wake = "soon"', '"soon"', "cannot be read", None),
    ('ask = "Is the plan an HMO or a PPO?"', "type = 'text'", "'text'", "built in", None),
    ("[facts.metal_implant] ", "[facts.gender]\ntype = 'text'\n[facts.metal_implant] ", "gender]", "protected", None),
    ('field = "metal_implant"', 'field = "sex"', '"sex"', "protected", None),
    ("when = \"fit = 'met'\"", 'when = "age > 60"', "age > 60", "protected", None),
    ("handles = \"type = 'business'\"", "handles = \"sex = 'male'\"", "sex = 'male'", "protected", None),
    ('spam               = { kind = "invalid" }', "", "reasons]", '"spam"', None),
    ("llame o envíe un mensaje al 988 ahora", "llame ahora", "safety]", "do not name 988", None),
    ('es = "Si es una', 'fr = "Si es una', "{ en = \"If this", '"es"', None),
    ("ask = { payer =", "ask = { payor =", "payor", "no fact", "payer"),
    ('playbook = "lakeside-orthopedics"', 'playbook = "Lakeside Ortho"', '"Lakeside Ortho"', "small letters", None),
    ('says = "We treat patients aged 16 and over."', "", "age]", 'no "says"', None),
    ('discarded = "30 days"', 'discarded = "29 days"', '"29 days"', "at least 30 days", None),
    ("[[service_levels]]\nwhen", "[[service_levels]]\nsays = 'x'\nwhen", "says = 'x'", "no key", None),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "at", "says", "near"), MISTAKES, ids=range(len(MISTAKES)))
def test_a_mistake_is_told_in_its_place_with_what_was_probably_meant(
    before: str, after: str, at: str, says: str, near: str | None
) -> None:
    text = changed((before, after))
    found = [problem for problem in problems(text) if says in problem.says]
    assert [(problem.line, problem.column) for problem in found] == [place_of(text, at)]
    assert near is None or found[0].nearest == near
    if near:
        assert f'Did you mean "{near}"?' in found[0].says


def test_all_problems_are_told_at_once_in_the_order_of_the_file() -> None:
    text = changed(
        ("age >= 16", "agee >= 16"), ('kind = "specialty"', 'kind = "x"'), ("[[conflicts]]\n", "[[conflicts]]\nx = 1\n")
    )
    assert [problem.line for problem in problems(text)] == sorted(problem.line for problem in problems(text))
    assert len(problems(text)) == 3


def test_a_condition_over_several_lines_is_told_in_its_own_line() -> None:
    text = changed(('when = "age >= 16"', "when = '''\n  age >= 16\n  AND mils > 3'''"))
    (problem,) = problems(text)
    assert (problem.line, problem.column) == place_of(text, "mils")


def test_columns_count_characters_not_bytes() -> None:
    text = changed(('when = "age >= 16"', "when = \"payer = 'ñandú' AND agee >= 16\""))
    (problem,) = problems(text)
    assert (problem.line, problem.column) == place_of(text, "agee")


def test_a_fact_that_is_wrong_itself_is_not_told_again_wherever_it_is_named() -> None:
    (problem,) = problems(changed(('type = "yes-no"', 'type = "yesno"')))
    assert problem.nearest == "yes-no"


def test_a_fact_cannot_take_its_answer_from_another_fact() -> None:
    loop = '[facts.one]\ntype = "text"\nfield = "answer.two"\n[facts.two]\ntype = "text"\nfield = "answer.one"\n'
    assert [problem.says for problem in problems(SMALLEST + loop)] == [
        f'facts.{one}.field: takes its answer from the fact "{two}"; a fact is stated by a column, not by another fact'
        for one, two in (("one", "two"), ("two", "one"))
    ]


def test_eligibility_cannot_be_a_criterion_of_itself() -> None:
    (problem,) = problems(changed(('when = "age >= 16"', "when = \"eligibility = 'met'\"")))
    assert "known only for score, stages and offers" in problem.says


@pytest.mark.parametrize("text", ["", "  \n", "# nothing but a comment\n", b"\xef\xbb\xbf"])
def test_an_empty_playbook_is_told_how_to_begin(text: str | bytes) -> None:
    (problem,) = problems(text)
    assert "empty" in problem.says
    assert "leadwell playbook new" in problem.says


def test_what_is_missing_altogether_is_told_by_name() -> None:
    told = " ".join(problem.says for problem in problems("title = 'x'\n"))
    for key in ("playbook", "organization", "safety", "teams", "routing", "reasons", "offers nothing"):
        assert key in told


SYNTAX = [
    ('title = "Lakeside Orthopedics & Spine"', 'title "Lakeside"', 7, "followed by ="),
    ('title = "Lakeside Orthopedics & Spine"', 'title = "Lakeside', 7, "not closed"),
    ('title = "Lakeside Orthopedics & Spine"', "title =", 7, "missing"),
    ('title = "Lakeside Orthopedics & Spine"', "title = Lakeside", 7, "between quotes"),
    ('title = "Lakeside Orthopedics & Spine"', 'title = "a"\ntitle = "b"', 8, "stands twice"),
]


@pytest.mark.parametrize(("before", "after", "line", "says"), SYNTAX, ids=range(len(SYNTAX)))
def test_broken_toml_is_told_in_its_line(before: str, after: str, line: int, says: str) -> None:
    first = problems(changed((before, after)))[0]
    assert first.line == line
    assert says in first.says


def test_several_breaks_of_toml_are_told_at_once() -> None:
    text = changed(
        ('title = "Lake', 'title "Lake'), ("[payers]", "[payers"), ('says = "An MRI needs', "says An MRI needs")
    )
    lines = {problem.line for problem in problems(text)}
    assert {place_of(text, words)[0] for words in ('title "', "[payers", "says An")} <= lines


# --- what cannot harm ----------------------------------------------------------------------------------------------

HOSTILE = {
    "two million and one bytes": "#" * (LARGEST + 1),
    "a million parts of a key": "a." * 900_000 + "b = 1",
    "a million parts with spaces": "a ." * 600_000 + "b = 1",
    "half a million lists": "x = " + "[" * 500_000,
    "tables in tables": "x = " + "{a=" * 5_000,
    "a number of five thousand digits": "x = " + "9" * 5_000,
    "a text never closed": 'x = """' + "a" * 1_000_000,
    "quotes without end": "x = " + '"' * 1_000_001,
    "a line of spaces": " " * 1_500_000 + "=",
    "no UTF-8": b"\xff\xfe\x00",
    "NUL bytes": b"x = 1\x00\x00",
    "a hundred thousand unknown keys": "".join(f"k{i} = 1\n" for i in range(100_000)),
    "unknown facts without number": changed(("age >= 16", "age >= 16")) + "".join(
        f'[[conflicts]]\nsays = "x"\nwhen = "{" OR ".join(f"ag{j}" for j in range(60))}"\n' for _ in range(2_000)
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_in_a_playbook_takes_unbounded_time(name: str) -> None:
    begun = time.process_time()
    assert problems(HOSTILE[name])
    assert time.process_time() - begun < 20


@pytest.mark.parametrize(("count", "fine"), [(2_000, True), (5_001, False)])
def test_thousands_of_criteria_are_read_and_too_many_are_refused(count: int, *, fine: bool) -> None:
    text = EXAMPLE + "".join(f'[criteria.c{i}]\nsays = "x"\nwhen = "age > {i % 90}"\n' for i in range(count))
    if fine:
        assert len(load(text).criteria) == count + 6
    else:
        (problem,) = problems(text)
        assert "at most 5,000" in problem.says


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(EXAMPLE) - 1), st.text(max_size=12), st.integers(0, 40))
def test_a_torn_playbook_is_read_or_refused_in_sentences(at: int, words: str, gone: int) -> None:
    torn = EXAMPLE[:at] + words + EXAMPLE[at + gone :]
    try:
        load(torn)
    except PlaybookError as error:
        for problem in error.problems:
            assert 1 <= problem.line <= torn.count("\n") + 2
            assert problem.column >= 1
            assert "Traceback" not in problem.says


# --- durations, hours, regions -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("5 min", 5), ("2 h", 120), ("1.5 hours", 90), ("12 days", 17_280), ("90 s", 1.5), ("1 h 30 min", 90),
     ("3 weeks", 30_240), ("18 months", 777_600), ("7 years", 3_679_200), ("1 day", 1_440)],
)  # fmt: skip
def test_a_length_of_time_is_read(text: str, minutes: float) -> None:
    duration = durations.parse(text)
    assert duration is not None
    assert duration.length == timedelta(minutes=minutes)
    assert not duration.working_days


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("7 years", "2026-11-26", "2033-11-26"),
        ("7 years", "2028-02-29", "2035-02-28"),
        ("1 year", "2027-03-01", "2028-03-01"),
        ("18 months", "2026-11-26", "2028-05-26"),
        ("18 months", "2026-08-31", "2028-02-29"),
        ("1 month", "2027-01-31", "2027-03-02"),  # never less than 30 days
        ("1 year, 10 days", "2026-12-25", "2028-01-04"),
        ("1.5 years", "2026-01-15", "2027-07-16T12:00"),  # 547 days and a half
        ("30 days", "2027-02-01", "2027-03-03"),
        ("0.5 month", "2027-02-01", "2027-02-16"),
    ],
)
def test_years_and_months_end_by_the_calendar(text: str, since: str, until: str) -> None:
    told = durations.parse(text)
    assert told is not None
    assert told.after(datetime.fromisoformat(since)) == datetime.fromisoformat(until)


def test_working_days_and_working_hours_are_kept_apart() -> None:
    assert durations.parse("1 working day") == durations.Duration(timedelta(0), 1)
    assert durations.parse("2 business hours") == durations.Duration(
        timedelta(hours=2), 0, working=True, hours=timedelta(hours=2)
    )


@pytest.mark.parametrize(
    "text", ["", "soon", "12", "days", "0 days", "-1 day", "12 fortnights", "5 min or so", "200 years"]
)
def test_what_is_no_length_of_time_is_none(text: str) -> None:
    assert durations.parse(text) is None


@pytest.mark.parametrize(
    ("text", "count", "last"),
    [
        ("Mon-Fri 08:00-18:00", 5, (4, 480, 1080)),
        ("Mon-Fri 08:00-12:00 12:30-17:00", 10, (4, 750, 1020)),
        ("Mon-Thu 08:00-20:00, Fri 08:00-17:00", 5, (4, 480, 1020)),
        ("Mon, Wed and Fri 9:00-17:00; Sat 9:00-12:00", 4, (5, 540, 720)),
        ("Fri-Mon 08:00-12:00", 4, (6, 480, 720)),
        ("daily 00:00-24:00", 7, (6, 0, 1440)),
        ("24/7", 7, (6, 0, 1440)),
        ("Monday–Friday 08:00–18:00", 5, (4, 480, 1080)),
    ],
)
def test_opening_hours_are_read(text: str, count: int, last: tuple[int, int, int]) -> None:
    windows = hours.windows(text)
    assert len(windows) == count
    assert windows[-1] == hours.Window(*last)


@pytest.mark.parametrize(
    "text",
    ["", "Mon", "08:00-12:00", "Mon-Fri", "Mon 18:00-08:00", "Mon 8-12", "Mon 25:00-26:00", "Mon 08:00-12:00 11:00-13:00",
     "Montag 08:00-12:00 foo", "Mon 08:60-12:00"],
)  # fmt: skip
def test_what_are_no_opening_hours_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        hours.windows(text)


def test_the_holiday_calendars_of_the_states_are_those_of_the_library() -> None:
    assert set(regions.STATES) == set(holidays.list_supported_countries()["US"])
    assert regions.holidays_known("CA-ON")
    assert not regions.holidays_known("XX")
    assert not regions.holidays_known("US-ON")


@pytest.mark.parametrize(("name", "known"), [("America/Chicago", True), ("UTC", True), ("EST", False), ("Central", False),
                                            ("America/Nowhere", False), ("../etc/passwd", False), ("/etc/x", False)])  # fmt: skip
def test_time_zones_are_known_by_their_full_name(name: str, *, known: bool) -> None:
    assert regions.zone_known(name) is known


# --- what a newcomer writes ----------------------------------------------------------------------------------------


def test_curly_quotes_are_told_as_such() -> None:
    text = changed(('name = "Lakeside Orthopedics & Spine"', "name = “Lakeside”"))
    (problem,) = problems(text)
    assert problem.says == "these are curly quotes “ ”; use straight ones"
    assert (problem.line, problem.column) == place_of(text, "“Lakeside”")


def test_an_unknown_reason_is_told_with_those_there_are() -> None:
    (problem,) = problems(changed(('reason = "age"', 'reason = "too young"')))
    assert problem.says.startswith('criteria.age.reason: names the reason "too young", which does not exist.')
    assert "Reasons: out-of-area, " in problem.says
    assert problem.says.endswith("; or add it under [reasons]")
