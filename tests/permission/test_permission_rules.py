"""Are the rules whole, dated and sourced, and is a slip in them named?"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from importlib import resources
from pathlib import Path

import pytest

from leadwell.permission import Known, law, unchecked
from leadwell.permission.asked import of_one
from leadwell.permission.entries import RulesError
from leadwell.permission.gate import consent_rule, refusal_rule
from leadwell.permission.permits import Refusal
from leadwell.permission.rules import read
from leadwell.permission.values import CHANNELS

TEXT = resources.files("leadwell.permission").joinpath("contact_rules.toml").read_text(encoding="utf-8")
NUMBERS = [f"1.{n}" for n in range(1, 21)] + [f"2.{n}" for n in range(1, 7)]


def test_every_rule_stands_in_words_under_its_number() -> None:
    assert list(law().rule) == NUMBERS
    page = (Path(__file__).parents[2] / "docs/contact-rules.md").read_text(encoding="utf-8")
    assert re.findall(r'<a id="([\d.]+)"></a>', page) == NUMBERS
    for number, rule in law().rule.items():
        assert f"## {number} {rule.title}\n" in page


def test_every_number_has_a_source_a_day_and_a_certainty() -> None:
    for standing in law().standings:
        assert standing.source and standing.confidence in ("V", "v", "M"), standing.place
        assert date(2026, 1, 1) < standing.checked < date(2100, 1, 1), standing.place


def test_what_its_sources_disagree_about_is_marked() -> None:
    marked = {standing.place.rpartition(".")[2] for standing in law().standings if standing.confirm}
    assert marked == {"PA", "MS", "CT", "NV", "MA", "LA"}


@pytest.mark.parametrize(("today", "old"), [(date(2027, 5, 14), False), (date(2027, 5, 15), True)])
def test_a_rule_is_old_once_180_days_have_passed(today: date, old: bool) -> None:
    """Those of the law were looked up on 15 November 2026: 180 days later is 14 May."""
    assert bool(unchecked(law(), today)) == old


def test_the_longest_unchecked_comes_first() -> None:
    rules = read(
        TEXT.replace('source = "SDCL 37-30-28"\nchecked = 2026-11-15', 'source = "SDCL"\nchecked = 2025-01-01', 1)
    )
    assert [standing.place for standing in unchecked(rules, date(2026, 11, 20))] == ["hours.states.SD"]
    assert unchecked(rules, date(2027, 6, 1))[0].place == "hours.states.SD"


@pytest.mark.parametrize(
    ("right", "wrong", "says"),
    [
        ('open = "daily 10:00-21:00"', 'open = "daily 21:00-10:00"', "[hours.states.KY] open: "),
        ('open = "daily 10:00-21:00"', 'opens = "daily 10:00-21:00"', "[hours.states.KY] opens: no such key"),
        ("[hours.states.KY]", "[hours.states.Kentucky]", "no state's two letters"),
        ('"easter -2", "06-14', '"Good Friday", "06-14', "[holidays.PA] days: 'Good Friday' is no day of each year"),
        ('"easter -2", "06-14', '"02-30", "06-14', "[holidays.PA] days: '02-30' is no day of each year"),
        ('"easter -2", "06-14', '"2 Mox Oct", "06-14', "[holidays.PA] days: '2 Mox Oct' is no day of each year"),
        ("[holidays.PA]\ndays", "[holidays.PA]\ndate", "[holidays.PA] days: a list of days is needed"),
        ("most = 3\nhours = 24", "most = 0\nhours = 24", "[caps.1] most: must be at least 1"),
        ("most = 3\nhours = 24", 'most = "three"\nhours = 24', "[caps.1] most: must be a whole number"),
        ("most = 3\nhours = 24", "hours = 24", "[caps.1] most: a whole number is needed"),
        ('channels = ["call", "text", "email"]', 'channels = ["call", "fax"]', "[consent.1] channels: must be of call"),
        ("from = 2027-01-31", 'from = "soon"', "[stops.revoke_all] from: must be a date"),
        ("from = 2027-01-31", "from = 2027-01-31T00:00:00", "[stops.revoke_all] from: must be a date without a time"),
        ('confidence = "V"', 'confidence = "sure"', "confidence: must be one of V, v, M"),
        ("automated = true\nsource", 'automated = "yes"\nsource', "automated: must be true or false"),
        ("closed = []", 'closed = ["yesterday"]', "[hours.states.NY] closed: 'yesterday' is neither"),
        ("closed = []", 'closed = ["2026-09-14..2026-09-01"]', "ends before it begins"),
        ('"America/Adak"', '"America/Nowhere"', "[everywhere] zones: 'America/Nowhere' is no time zone"),
        ('rule = "1.19"', 'rule = "9.9"', "rule 9.9 is none of those in words"),
        (
            'channels = ["email"]',
            'channels = ["email", "text"]',
            "wrong: each of call, text, email must stand in it once",
        ),
        ('channels = ["email"]', "channels = []", "wrong: each of call, text, email must stand in it once"),
        ('rule = "2.6"', 'rule = "2.5"', "wrong.2: the gate decides by rule 2.5, which says that it does not"),
        ("[holidays.AL]", "[holidays.TX]", "holidays.TX: [hours.states.TX] with holidays = true is needed"),
        ("[holidays.AL]", "[holidays.OH]", "holidays.OH: [hours.states.OH] with holidays = true is needed"),
        ("[do_not_call]", "[do_not_ring]", "do_not_call: a table is needed"),
        ("[everywhere]", "[everywhere", ""),
    ],
)
def test_a_slip_is_named_with_its_place(right: str, wrong: str, says: str) -> None:
    assert right in TEXT
    with pytest.raises(RulesError) as error:
        read(TEXT.replace(right, wrong, 1))
    assert any(says in problem for problem in error.value.problems), error.value.problems


def test_the_gate_says_that_it_decides_by_each_rule_that_a_verdict_can_name() -> None:
    rules, at = law(), datetime(2026, 11, 27, 18, tzinfo=UTC)
    by = {one.standing.rule for one in (rules.federal, *rules.states.values(), *rules.caps)}
    for channel in CHANNELS:
        asked = of_one(Known(), channel=channel, purpose="marketing", at=at)
        by |= {refusal_rule(one, asked, frozenset(rules.stops.states), rules) for one in Refusal}
        by |= {refusal_rule(one, asked, frozenset(), rules) for one in Refusal}
        by.add(consent_rule(asked, rules))
    assert {rule for rule in by if not rules.rule[rule].gate} == set()


def test_all_slips_are_named_at_once() -> None:
    with pytest.raises(RulesError) as error:
        read(TEXT.replace("most = 3", "most = 0").replace("from = 2027-01-31", "from = 1"))
    assert len(error.value.problems) == 3


def test_a_declared_emergency_closes_new_york() -> None:
    from listed import question, whole

    from leadwell.cli.cases import read as case_of
    from leadwell.permission import may_contact

    rules = read(TEXT.replace("closed = []", 'closed = ["2026-09-01..2026-09-03"]', 1))
    for at, answer in (("08-31T20:59:59", "yes"), ("09-01T12:00:00", "not_before"), ("09-04T08:00:00", "yes")):
        case = case_of(question(whole({"purpose": "marketing", "zip": "10001", "at": f"2026-{at}-04:00"})))
        found = may_contact(case.known, channel="call", purpose="marketing", at=case.at, rules=rules)
        assert found.answer == answer
        if found.not_before:
            assert found.not_before.isoformat() == "2026-09-04T12:00:00+00:00"


def test_another_law_is_another_answer() -> None:
    """A correction of the law is a correction of the file: Florida until seven."""
    from listed import question, whole

    from leadwell.cli.cases import read as case_of
    from leadwell.permission import may_contact

    florida = '[hours.states.FL]\nname = "Florida"\nopen = "daily 08:00-20:00"'
    rules = read(TEXT.replace(florida, florida.replace("20:00", "19:00"), 1))
    case = case_of(question(whole({"purpose": "marketing", "zip": "33101", "at": "2026-11-27T19:30:00-05:00"})))
    asked = {"channel": "call", "purpose": "marketing", "at": case.at}
    assert may_contact(case.known, **asked).answer == "yes"
    assert may_contact(case.known, **asked, rules=rules).rule == "1.5"


def test_one_window_is_open_in_every_state() -> None:
    """Monday to Friday from 10 to 18, Saturday from 10 to 17: what a clinic that calls everywhere may set (1.5)."""
    inside = [(day, 600, 1080) for day in range(5)] + [(5, 600, 1020)]
    for state, hours in law().states.items():
        wide = {window.day: (window.start, window.end) for window in hours.windows}
        if not hours.automated:
            assert all(wide[day][0] <= start and end <= wide[day][1] for day, start, end in inside), state
