"""Does a condition mean what SQL means, with its three values, and does it refuse everything else?"""

from __future__ import annotations

from datetime import date

import duckdb
import polars as pl
import pytest
import sqlglot
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlglot import exp

from leadwell.playbook.conditions import tree as t
from leadwell.playbook.conditions.making import compile_condition
from leadwell.playbook.conditions.parse import parse
from leadwell.playbook.conditions.tokens import ConditionError
from leadwell.playbook.conditions.types import Complaint, Place
from leadwell.playbook.model import Condition
from leadwell.playbook.shape import IN_CONFLICTS, IN_CRITERIA, IN_LEVELS, IN_OFFERS, IN_SCORE, IN_STAGES, IN_TEAMS
from leadwell.playbook.vocabulary import BUILT_IN, Name

NAMES = BUILT_IN | {
    "discharge": Name("discharge", "date", "a day"),
    "diet": Name("diet", "one-of", "a diet", ("vegan", "any")),
    "patient_race": Name("patient_race", "text", "a protected thing under another name"),
}


def compiled(text: str, place: Place = IN_CONFLICTS) -> Condition:
    result = compile_condition(text, NAMES, place)
    assert isinstance(result, Condition), result
    return result


def complaints(text: str, place: Place = IN_CONFLICTS) -> list[Complaint]:
    result = compile_condition(text, NAMES, place)
    assert not isinstance(result, Condition), f"{text} was accepted"
    return result


# --- the same as DuckDB ---------------------------------------------------------------------------------------------

DOMAINS = {
    "has_order": (True, False, None),
    "has_referral": (True, False, None),
    "age": (None, 0.0, 15.0, 16.0, 17.5, -3.0),
    "timeline_days": (None, 0.0, 16.0, 60.0),
    "payer": (None, "aetna", "AETNA", "bcbs", "a.na", "100%", "é_", ""),
    "campaign": (None, "aetna", "a\nb", "x"),
    "services": (None, [], ["mri"], ["mri", "lab"], ["lab"]),
    "deadline": (None, date(2026, 1, 31), date(2026, 2, 28), date(1999, 12, 31)),
    "discharge": (None, date(2026, 1, 31), date(2026, 3, 1)),
}
SCHEMA = {
    "has_order": pl.Boolean(), "has_referral": pl.Boolean(), "age": pl.Float64(), "timeline_days": pl.Float64(),
    "payer": pl.String(), "campaign": pl.String(), "services": pl.List(pl.String()), "deadline": pl.Date(),
    "discharge": pl.Date(),
}  # fmt: skip


def _rows() -> pl.DataFrame:
    """Every pair of values of every two facts meets somewhere: rows step through the domains at different paces."""
    height = 720
    columns = {}
    for pace, (name, domain) in enumerate(DOMAINS.items()):
        columns[name] = [domain[(i // (pace + 1) + i * pace) % len(domain)] for i in range(height)]
    return pl.DataFrame(columns, schema=SCHEMA)


ROWS = _rows()
DUCK = duckdb.connect()
DUCK.execute("CREATE MACRO has(l, x) AS list_contains(l, x)")
DUCK.register("leads", ROWS.to_arrow())
DUCK.execute("CREATE TABLE kept AS SELECT * FROM leads")

booleans = st.sampled_from(["has_order", "has_referral", "TRUE", "FALSE"])
numbers = st.recursive(
    st.sampled_from(["age", "timeline_days", "16", "0", "17.5", "-3"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-"]), inner).map(lambda p: f"({p[0]} {p[1]} {p[2]})"),
        inner.map(lambda n: f"- ({n})"),
        st.just("(deadline - discharge)"),
    ),
    max_leaves=3,
)
days = st.sampled_from(
    [
        "deadline",
        "discharge",
        "DATE '2026-01-31'",
        "deadline + 28",
        "discharge - 1",
        "1 + discharge",
        "DATE '1999-12-31'",
    ]
)
texts = st.sampled_from(["payer", "campaign", "'aetna'", "'bcbs'", "'AETNA'", "''", "'100%'"])
patterns = st.one_of(
    st.sampled_from(
        ["a%", "%na", "%", "_____", "a.na", "a_na", "100%", "%!%%", "(a|b)%", "[a]%", "\\d%", "", "é_", "a%b", "%$"]
    ),
    st.text("ae%_.*é\\[(^$", max_size=6),
)
signs = st.sampled_from(["=", "<>", "<", "<=", ">", ">="])


def _compare(kind: st.SearchStrategy[str], sign: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(kind, sign, kind).map(" ".join)


def _among(kind: st.SearchStrategy[str], values: list[str]) -> st.SearchStrategy[str]:
    chosen = st.lists(st.sampled_from(values), min_size=1, max_size=4).map(", ".join)
    return st.tuples(kind, st.sampled_from(["IN", "NOT IN"]), chosen).map(lambda p: f"{p[0]} {p[1]} ({p[2]})")


def _between(kind: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    word = st.sampled_from(["BETWEEN", "NOT BETWEEN"])
    return st.tuples(kind, word, kind, kind).map(lambda p: f"{p[0]} {p[1]} {p[2]} AND {p[3]}")


predicates = st.one_of(
    booleans,
    _compare(numbers, signs),
    _compare(days, signs),
    _compare(texts, signs),
    _compare(booleans, st.sampled_from(["=", "<>"])),
    _among(numbers, ["16", "17.5", "-3", "0"]),
    _among(texts, ["'aetna'", "'bcbs'", "''"]),
    _among(days, ["DATE '2026-01-31'", "DATE '2026-02-28'"]),
    _among(st.sampled_from(["has_order", "has_referral"]), ["TRUE", "FALSE"]),
    _between(numbers),
    _between(days),
    _between(texts),
    st.tuples(texts, st.sampled_from(["LIKE", "NOT LIKE"]), patterns).map(lambda p: f"{p[0]} {p[1]} '{p[2]}'"),
    st.sampled_from(["HAS(services, 'mri')", "HAS(services, 'x')", "NOT HAS(services, 'lab')"]),
    st.tuples(st.sampled_from(list(DOMAINS)), st.sampled_from(["IS NULL", "IS NOT NULL"])).map(" ".join),
)
conditions = st.recursive(
    predicates,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["AND", "OR"]), inner).map(" ".join),
        inner.map(lambda c: f"NOT ({c})"),
        inner.map(lambda c: f"({c})"),
        inner.map(lambda c: f"({c}) IS NULL"),
        st.tuples(inner, inner).map(lambda p: f"({p[0]}) = ({p[1]})"),
    ),
    max_leaves=8,
)


def by_polars(text: str) -> list[bool | None]:
    return ROWS.with_columns(answer=compiled(text).expr)["answer"].to_list()


def by_duckdb(text: str) -> list[bool | None]:
    return [row[0] for row in DUCK.execute(f"SELECT {text} FROM kept").fetchall()]


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(conditions)
def test_every_allowed_condition_answers_as_duckdb_does(text: str) -> None:
    assert by_polars(text) == by_duckdb(text)


@pytest.mark.parametrize(
    ("one", "other"), [("has_order", "has_referral"), ("NOT has_order", "has_referral"), ("has_order", "FALSE")]
)
@pytest.mark.parametrize("joint", ["AND", "OR", "=", "<>"])
def test_three_values_join_as_in_sql(one: str, other: str, joint: str) -> None:
    text = f"({one}) {joint} {other}"
    assert by_polars(text) == by_duckdb(text)


# --- the same tree as a general SQL parser --------------------------------------------------------------------------


def plain(node: t.Node) -> object:
    """Our tree as nested tuples, AND and OR two at a time from the left."""
    match node:
        case t.Fact(name):
            return name
        case t.Value(value):
            return ("value", value)
        case t.Every(parts) | t.Some(parts):
            joint = "AND" if isinstance(node, t.Every) else "OR"
            left = plain(parts[0])
            for part in parts[1:]:
                left = (joint, left, plain(part))
            return left
        case t.Like(value, pattern):
            return ("Like", plain(value), pattern)
        case t.Sum(left, sign, right) | t.Compare(left, sign, right):
            return (sign, plain(left), plain(right))
    return (type(node).__name__, *(plain(child) for child in t.children(node)))


SIGNS = {exp.EQ: "=", exp.NEQ: "<>", exp.LT: "<", exp.LTE: "<=", exp.GT: ">", exp.GTE: ">=", exp.Add: "+", exp.Sub: "-",
         exp.And: "AND", exp.Or: "OR"}  # fmt: skip


def plain_sqlglot(node: exp.Expression) -> object:
    match node:
        case exp.Column():
            return node.name
        case exp.Paren():
            return plain_sqlglot(node.this)
        case exp.Literal():
            return ("value", node.this if node.is_string else float(node.this))
        case exp.Boolean():
            return ("value", node.this)
        case exp.Cast():
            return ("value", date.fromisoformat(node.this.this))
        case exp.Neg():
            return ("Minus", plain_sqlglot(node.this))
        case exp.Not():
            return ("Not", plain_sqlglot(node.this))
        case exp.Is():
            return ("Missing", plain_sqlglot(node.this))
        case exp.In():
            return ("Among", plain_sqlglot(node.this), *map(plain_sqlglot, node.expressions))
        case exp.Between():
            return ("Between", *(plain_sqlglot(node.args[part]) for part in ("this", "low", "high")))
        case exp.Like():
            like = ("Like", plain_sqlglot(node.this), node.expression.this)
            return ("Not", like) if node.args.get("negate") else like
        case exp.Anonymous():
            return ("Has", *map(plain_sqlglot, node.expressions))
    return (SIGNS[type(node)], plain_sqlglot(node.left), plain_sqlglot(node.right))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(conditions)
def test_a_condition_has_the_tree_that_a_general_sql_parser_gives_it(text: str) -> None:
    assert plain(parse(text)) == plain_sqlglot(sqlglot.parse_one(text, into=exp.Condition))


@pytest.mark.parametrize("name", list(BUILT_IN))
def test_every_built_in_fact_can_be_named(name: str) -> None:
    assert parse(f"{name} IS NULL OR {name} = {name}")


# --- what is refused -----------------------------------------------------------------------------------------------

REFUSED = [
    ("age", "an age is not a yes or no"),
    ("age >= '16'", "a number is written without quotes"),
    ("has_order = 'yes'", "a yes or no is not a text"),
    ("payer > 3", "text is not a number"),
    ("deadline > '2026-01-01'", "a day is written DATE '…'"),
    ("services = 'mri'", "a list is asked with HAS"),
    ("HAS(payer, 'mri')", "HAS asks a list"),
    ("urgency > 'soon'", "words have no order"),
    ("has_order > has_referral", "yes and no have no order"),
    ("services = area_code_states", "lists are not compared"),
    ("urgency = 'urgnt'", "a closed value with a typing error"),
    ("authority = 'unknown'", "unknown is no value"),
    ("diet = 'keto'", "an own fact's closed answers"),
    ("age = NULL", "nothing equals NULL"),
    ("age IN (16, NULL)", "nothing equals NULL"),
    ("has_order IS TRUE", "IS TRUE hides unknown"),
    ("has_order IS NOT FALSE", "IS FALSE hides unknown"),
    ("CASE WHEN has_order THEN TRUE END", "CASE"),
    ("COALESCE(age, 3) > 2", "a function"),
    ("LENGTH(payer) > 2", "a function"),
    ("age * 2 > 3", "multiplication"),
    ("age / 2 > 3", "division"),
    ("age % 2 = 0", "remainder"),
    ("age IN (SELECT 1)", "a subquery"),
    ("EXISTS (SELECT 1)", "a subquery"),
    ("payer || 'x' = 'y'", "joining text"),
    ("age::text = 'x'", "a cast"),
    ("payer LIKE campaign", "LIKE takes written text"),
    ("payer LIKE 'x' ESCAPE '!'", "no escape"),
    ("payer ILIKE 'x'", "only LIKE"),
    ("payer SIMILAR TO 'x'", "only LIKE"),
    ("payer = \"aetna\"", "double quotes"),
    ("payer = 'aetna", "an open quote"),
    ("age >= 16; DROP TABLE leads", "a second sentence"),
    ("lead.age > 3", "a dotted name"),
    ("age >= 16 -- and", "a comment is no part of a condition"),
    ("age > 16a", "not a number"),
    ("age > 1e400", "too large"),
    ("deadline = DATE '2026-02-30'", "a day that does not exist"),
    ("deadline + 1.5 > deadline", "half a day"),
    ("deadline + age > deadline", "days that are not written"),
    ("3 - deadline > 1", "a number less a day"),
    ("deadline + discharge > deadline", "two days added"),
    ("age = 3 = TRUE", "two comparisons in a row"),
    ("age BETWEEN 1", "an unfinished BETWEEN"),
    ("(age > 3", "an open parenthesis"),
    ("age > 3)", "a closing parenthesis too many"),
    ("age > 3 AND", "it ends too early"),
    ("age IN ()", "an empty list"),
    ("age NOT 3", "NOT without IN, BETWEEN or LIKE"),
    ("", "empty"),
    ("   ", "empty"),
    ("agee > 3", "no such fact"),
    ("attempts > 3", "known only while a lead waits"),
    ("grade = 'A'", "known only after the score"),
    ("fit = 'met'", "known only after the criteria"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "why"), REFUSED)
def test_what_is_not_allowed_is_refused_with_a_place(text: str, why: str) -> None:
    for complaint in complaints(text):
        assert complaint.says, why
        assert 0 <= complaint.at <= len(text)


def test_an_unknown_fact_is_told_where_it_stands_and_all_of_them_at_once() -> None:
    found = complaints("agee >= 16 AND mils <= 3")
    assert [(c.found, c.at) for c in found] == [("agee", 0), ("mils", 15)]


@pytest.mark.parametrize(
    ("text", "place", "fine"),
    [
        ("age >= 16", IN_CRITERIA, True),
        ("sex = 'female'", IN_CONFLICTS, True),
        ("age >= 16", IN_SCORE, False),
        ("sex = 'male'", IN_TEAMS, False),
        ("birth_date > DATE '2000-01-01'", IN_SCORE, False),
        ("language = 'es'", IN_SCORE, False),
        ("language = 'es'", IN_TEAMS, True),
        ("patient_race = 'x'", IN_TEAMS, False),
        ("age IS NULL", IN_CRITERIA, False),
        ("age IS NULL", IN_CONFLICTS, True),
        ("fit = 'met'", IN_SCORE, True),
        ("fit = 'met'", IN_STAGES, True),
        ("fit = 'met'", IN_OFFERS, False),
        ("fit = 'met'", IN_CONFLICTS, False),
        ("eligibility = 'met'", IN_CRITERIA, False),
        ("grade = 'A'", IN_SCORE, False),
        ("grade = 'A'", IN_TEAMS, True),
        ("disposition = 'verify'", IN_TEAMS, True),
        ("attempts > 3", IN_TEAMS, False),
        ("attempts > 3", IN_LEVELS, True),
        ("waited_hours > 3 AND grade <= 'B'", IN_LEVELS, True),
    ],
)
def test_each_place_names_what_is_known_and_fair_there(text: str, place: Place, *, fine: bool) -> None:
    assert isinstance(compile_condition(text, NAMES, place), Condition) is fine


# --- limits --------------------------------------------------------------------------------------------------------

LIMITS = [
    ("age > 1" + " OR age > 1" * 49, True),
    ("age > 1" + " OR age > 1" * 50, False),  # 203 parts
    ("age > 1" + " " * 1_993, True),
    ("age > 1" + " " * 1_994, False),
    ("(" * 20 + "has_order" + ")" * 20, True),
    ("(" * 21 + "has_order" + ")" * 21, False),
    ("NOT " * 20 + "has_order", True),
    ("NOT " * 21 + "has_order", False),
    ("NOT (" * 10 + "has_order" + ")" * 10, True),
    ("NOT (" * 11 + "has_order" + ")" * 11, False),
    ("(" * 1_000, False),
    ("-" * 1_999, False),
    ("age > " + "- " * 21 + "1", False),
]


@pytest.mark.parametrize(("text", "fine"), LIMITS, ids=range(len(LIMITS)))
def test_limits_hold_at_their_boundary(text: str, *, fine: bool) -> None:
    assert isinstance(compile_condition(text, NAMES, IN_CONFLICTS), Condition) is fine


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_a_condition_or_a_complaint(text: str) -> None:
    try:
        parse(text)
    except ConditionError as error:
        assert 0 <= error.at <= len(text)


@pytest.mark.parametrize("pattern", ["_" * 1_900, "%a" * 900, "%" * 1_900])
def test_a_long_pattern_is_harmless(pattern: str) -> None:
    condition = compiled(f"payer LIKE '{pattern}'")
    answers = pl.DataFrame({"payer": ["a" * 5_000, None]}).with_columns(x=condition.expr)["x"].to_list()
    assert answers[1] is None


def test_names_are_folded_as_in_sql() -> None:
    assert compiled("AGE >= 16 and Payer = 'x'").names == {"age", "payer"}


MEANT = [
    ("age over 16", 'found "over" in "age over 16"; write age > 16 or age >= 16'),
    ("NOT age older than 16", 'found "older" in "age older than 16"; write age > 16 or age >= 16'),
    ("age at least 16", "write age >= 16"),
    ("miles less than 60 OR age > 3", "write miles < 60 or miles <= 60"),
    ("age maybe 16", 'expected AND, OR or the end, found "maybe"'),
    ("age over", 'expected AND, OR or the end, found "over"'),
    ("age => 16", "write >=, not =>"),
    ("age =< 16", "write <=, not =<"),
    ("payer = ‘aetna’", "these are curly quotes “ ”; use straight ones"),
]


@pytest.mark.parametrize(("text", "says"), MEANT)
def test_a_condition_in_plain_words_is_told_in_signs(text: str, says: str) -> None:
    (complaint,) = complaints(text)
    assert complaint.says.endswith(says)
