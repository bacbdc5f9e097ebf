"""What holds for everybody, whoever they are?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from by_hand import asked_lately, permitted
from holidays import country_holidays
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from leadwell.permission import Consent, Known, Place, Stop, law, may_contact
from leadwell.permission.values import CHANNELS, PURPOSES
from leadwell.playbook import find, load
from people import ages, places, questions

OURS = load(find("lakeside-orthopedics"))
SECOND = timedelta(seconds=1)
Question = tuple[Known, str, str, datetime]
often = settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)


@given(questions(agreed=True), st.booleans())
@often
def test_the_first_instant_is_itself_yes_and_no_second_before_it(asked: Question, own: bool) -> None:
    who, channel, purpose, at = asked
    playbook = OURS if own else None
    verdict = may_contact(who, channel=channel, purpose=purpose, at=at, playbook=playbook)
    assume(verdict.not_before is not None)
    first = verdict.not_before
    assert first is not None and first > at
    for when, answers in ((first, "yes"), (first - SECOND, "not_before"), (at + (first - at) / 2, "not_before")):
        if when >= at:
            found = may_contact(who, channel=channel, purpose=purpose, at=when, playbook=playbook)
            assert found.answer == answers


def test_business_waits_no_longer_than_until_they_ask() -> None:
    """Who asks on a Saturday is asked back on it, where a state wants no solicitation before Monday."""
    saturday = datetime(2026, 3, 7, 16, tzinfo=UTC)
    agreed = Consent("call", "business", "written", saturday - timedelta(days=1))
    who = Known(
        consents=(agreed,),
        places=(Place("ZIP", "America/New_York", "ME"),),
        inquired_at=saturday + SECOND,
        automated=True,
    )
    told = may_contact(who, channel="call", purpose="business", at=saturday)
    assert (told.answer, told.not_before) == ("not_before", saturday + SECOND)
    assert may_contact(who, channel="call", purpose="business", at=saturday + SECOND).answer == "yes"


@given(questions(agreed=True))
@often
def test_a_yes_lies_within_the_hours_of_every_zone_and_state(asked: Question) -> None:
    """By a second reckoning, with nothing of the gate's but its numbers."""
    who, channel, purpose, at = asked
    verdict = may_contact(who, channel=channel, purpose=purpose, at=at)
    assume(channel != "email" and verdict.answer != "never")
    when = verdict.not_before or at
    zones = {p.zone for p in who.places if p.zone} or set(law().everywhere)
    solicits = purpose == "marketing" or (purpose == "business" and not asked_lately(who, when))
    states = [law().states[p.state] for p in who.places if p.state in law().states and solicits]
    for zone in zones:
        there = when.astimezone(ZoneInfo(zone))
        assert time(8) <= there.time() < time(21)
        for hours in states:
            if not hours.automated or who.automated or who.prerecorded:
                spans = [(w.start, w.end) for w in hours.windows if w.day == there.weekday()]
                assert any(start <= 60 * there.hour + there.minute < end for start, end in spans)
                assert not (hours.holidays and there.date() in country_holidays("US", subdiv=hours.state))


@given(questions())
@settings(often, max_examples=500)
def test_it_is_never_exactly_where_nothing_permits_it_by_hand(asked: Question) -> None:
    """A permission may also end before the next hour that is open: then it stands now, and the answer is never."""
    who, channel, purpose, at = asked
    verdict = may_contact(who, channel=channel, purpose=purpose, at=at)
    if verdict.answer == "never" and verdict.rule != "1.3" and "at the next hour" not in verdict.says:
        assert not permitted(who, channel, purpose, at)
    else:
        assert permitted(who, channel, purpose, at)
    if verdict.not_before:
        assert permitted(who, channel, purpose, verdict.not_before)


@given(questions(), ages, st.sampled_from((*CHANNELS, "all")), st.sampled_from((None, *PURPOSES)))
@often
def test_another_stop_never_opens(asked: Question, age: int, of: str, what: str | None) -> None:
    who, channel, purpose, at = asked
    stopped = replace(who, stops=(*who.stops, Stop(of, at - timedelta(seconds=age), what)))
    _never_sooner(who, stopped, channel, purpose, at)


@given(questions(), places)
@often
def test_another_place_never_opens(asked: Question, other: list[Place]) -> None:
    """Unless nothing was known, which is every place."""
    who, channel, purpose, at = asked
    assume(any(place.zone for place in who.places))
    _never_sooner(who, replace(who, places=(*who.places, *other)), channel, purpose, at)


@given(questions(), questions())
@often
def test_another_attempt_never_opens(asked: Question, other: Question) -> None:
    who, channel, purpose, at = asked
    _never_sooner(who, replace(who, contacts=(*who.contacts, *other[0].contacts)), channel, purpose, at)


@given(questions())
@often
def test_a_machine_is_never_allowed_what_a_person_is_not(asked: Question) -> None:
    who, channel, purpose, at = asked
    by_hand = replace(who, automated=False, prerecorded=False)
    for machine in (replace(by_hand, automated=True), replace(by_hand, prerecorded=True)):
        _never_sooner(by_hand, machine, channel, purpose, at)


@given(questions())
@often
def test_a_playbook_is_never_looser_than_the_law(asked: Question) -> None:
    who, channel, purpose, at = asked
    plain = may_contact(who, channel=channel, purpose=purpose, at=at)
    own = may_contact(who, channel=channel, purpose=purpose, at=at, playbook=OURS)
    assert _rank(own, at) >= _rank(plain, at)


@given(questions(), st.sampled_from(CHANNELS), st.sampled_from(PURPOSES))
@often
def test_what_nobody_agreed_to_is_never(asked: Question, channel: str, purpose: str) -> None:
    who, *_, at = asked
    verdict = may_contact(replace(who, consents=()), channel=channel, purpose=purpose, at=at)
    assert verdict.answer == "never"


@given(questions(), st.integers(0, 3 * 365 * 24))
@often
def test_every_hour_of_three_years_has_its_answer(asked: Question, hours: int) -> None:
    who, channel, purpose, _ = asked
    at = datetime.fromisoformat("2026-01-01T00:00:00+00:00") + timedelta(hours=hours)
    verdict = may_contact(who, channel=channel, purpose=purpose, at=at)
    assert (verdict.answer == "not_before") == (verdict.not_before is not None)
    assert verdict.says.endswith(".") and verdict.rule


def _never_sooner(one: Known, stricter: Known, channel: str, purpose: str, at: datetime) -> None:
    first, then = (may_contact(who, channel=channel, purpose=purpose, at=at) for who in (one, stricter))
    assert _rank(then, at) >= _rank(first, at)


def _rank(verdict: object, at: datetime) -> float:
    """Seconds to wait."""
    waits = {"yes": 0.0, "never": float("inf")}
    answer, first = verdict.answer, verdict.not_before  # type: ignore[attr-defined]
    return waits[answer] if first is None else (first - at).total_seconds()
