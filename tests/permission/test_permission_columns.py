"""Is the answer for a whole list the one that each person would get alone?"""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest
from framed_people import framed
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from listed import gave, listed, question

from leadwell.cli.cases import read
from leadwell.permission import Known, may_contact, may_contact_columns
from leadwell.permission.asked import Asked
from leadwell.permission.framed import of_frame
from leadwell.permission.values import CHANNELS, PURPOSES, Channel
from leadwell.playbook import find, load
from people import questions

OURS = load(find("lakeside-orthopedics"))
AT = datetime(2026, 11, 27, 18, tzinfo=UTC)


@given(st.lists(questions(), min_size=1, max_size=12), st.booleans())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_list_gets_the_answers_that_each_gets_alone(asked: list[tuple[Known, str, str, datetime]], own: bool) -> None:
    playbook = OURS if own else None
    _, channel, purpose, _ = asked[0]
    frame = framed([known for known, *_ in asked], [at for *_, at in asked])
    together = may_contact_columns(frame, channel=channel, purpose=purpose, at="at", playbook=playbook)
    alone = [may_contact(k, channel=channel, purpose=purpose, at=at, playbook=playbook) for k, _, _, at in asked]
    assert together.rows() == [(v.answer, v.not_before, v.rule) for v in alone]


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("purpose", PURPOSES)
def test_the_listed_cases_give_the_same_in_columns(channel: str, purpose: str) -> None:
    cases = [case for case in listed() if (case["channel"], case["purpose"]) == (channel, purpose)]
    asked = [read(question(case)) for case in cases]
    frame = framed([case.known for case in asked], [case.at for case in asked])
    answers = may_contact_columns(frame, channel=channel, purpose=purpose, at="at")
    said = answers.with_columns(pl.col("not_before").dt.strftime("%Y-%m-%dT%H:%M:%SZ"))
    given = [gave(answer, rule, first) for answer, first, rule in said.rows()]
    assert dict(zip((c["name"] for c in cases), given, strict=True)) == {c["name"]: c["gives"] for c in cases}


def test_a_frame_that_knows_nothing_permits_nothing() -> None:
    answers = may_contact_columns(pl.DataFrame({"id": [1, 2]}), channel="call", purpose="care-request", at=AT)
    assert answers.rows() == [("never", None, "1.8")] * 2


def test_an_empty_list_has_no_answers() -> None:
    answers = may_contact_columns(framed([], []), channel="call", purpose="care-request", at=AT)
    assert answers.schema == {"answer": pl.String, "not_before": pl.Datetime("us", "UTC"), "rule": pl.String}
    assert answers.is_empty()


@pytest.mark.parametrize(
    ("column", "says"),
    [
        ({"inquired_at": [datetime(2026, 1, 1)]}, "time zone"),
        ({"line_type": ["fax"]}, "line_type must be one of"),
        ({"zones": [["America/Nowhere"]]}, "no time zone"),
        ({"stops": [[{"channel": "pigeon", "at": AT}]]}, "channel must be one of"),
        ({"stops": [[{"channel": None, "at": AT}]]}, "channel"),
        (
            {"consents": [[{"channel": "call", "purpose": "marketing", "kind": "express", "at": None}]]},
            "needs its time",
        ),
        ({"contacts": ["call"]}, "must be a list of structs"),
        ({"wrong": [["sms"]]}, "wrong must be of call, text, email"),
        ({"unable": [["text", "fax"]]}, "unable must be of call, text, email"),
        ({"wrong": ["text"]}, "wrong must be a list of texts"),
        ({"unable": [[1]]}, "unable must be a list of texts"),
    ],
)
def test_a_column_that_is_not_what_it_should_be_is_refused(column: dict[str, list[object]], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        may_contact_columns(pl.DataFrame(column), channel="call", purpose="care-request", at=AT)


def test_a_list_of_channels_may_be_missing_empty_or_of_a_few_known_values() -> None:
    frame = pl.DataFrame({"wrong": [["text"], [], None, [None]]}, schema={"wrong": pl.List(pl.Enum(list(CHANNELS)))})
    assert framed_of(frame, "text").wrong.tolist() == [True, False, False, False]
    assert framed_of(pl.DataFrame({"wrong": [[], None]}), "text").wrong.tolist() == [False, False]
    assert framed_of(pl.DataFrame({"wrong": [None]}), "text").wrong.tolist() == [False]


def framed_of(frame: pl.DataFrame, channel: Channel) -> Asked:
    return of_frame(frame, channel=channel, purpose="care-request", at=AT)
