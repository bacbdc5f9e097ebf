"""Is the gate's face small and sorted, does it refuse what it cannot judge, and is a playbook's own word heard?"""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from leadwell import permission
from leadwell.permission import Consent, Contact, Known, Place, Stop, may_contact
from leadwell.permission.deciding import Stricter
from leadwell.permission.own import stricter_of
from leadwell.permission.values import Wrong
from leadwell.playbook import find, load

AT = datetime(2026, 11, 25, 18, tzinfo=UTC)
KNOWN = Known(
    consents=(Consent("call", "care-request", "express", AT - timedelta(days=1), proof="form 7"),),
    places=(Place("ZIP", "America/Chicago", "IL"),),
)
OURS = load(find("lakeside-orthopedics"))


def ask(known: Known = KNOWN, **asked: Any) -> permission.Verdict:
    return may_contact(known, **{"channel": "call", "purpose": "care-request", "at": AT} | asked)


def test_the_face_is_sorted_and_there() -> None:
    assert permission.__all__ == sorted(permission.__all__)
    assert all(hasattr(permission, name) for name in permission.__all__)


def test_the_gate_loads_neither_django_nor_a_table_of_places() -> None:
    code = "import sys, leadwell.permission; print({'django', 'leadwell.contact', 'holidays'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_a_verdict_names_the_record_that_permits_or_forbids() -> None:
    assert ask().proof == "form 7"
    assert ask(at=AT + timedelta(hours=12)).proof == "form 7"
    stopped = replace(
        KNOWN, stops=(Stop("text", AT, proof="no"), Stop("call", AT - timedelta(hours=1), proof="message 9"))
    )
    assert ask(stopped).proof == "message 9"
    assert ask(replace(KNOWN, consents=())).proof == ""


@pytest.mark.parametrize(
    ("zones", "says"),
    [
        (("America/Adak", "Pacific/Honolulu"), "(Adak, by their area code)"),
        (("America/Adak", "America/Anchorage", "America/Juneau", "Pacific/Honolulu"),
         "(Adak, by their area code; that is 9:00 today in Anchorage)"),
        (("Pacific/Honolulu", "Pacific/Guam"), "(Guam, by their area code; that is 12:00 today in Honolulu)"),
        (("Pacific/Honolulu",), "(Honolulu)"),
    ],
)  # fmt: skip
def test_the_hour_is_said_on_each_clock_that_may_be_theirs(zones: tuple[str, ...], says: str) -> None:
    places = tuple(Place("area code", zone, None) for zone in zones)
    told = ask(replace(KNOWN, places=places), at=datetime(2026, 11, 25, 14, tzinfo=UTC))
    assert told.says.startswith(f"Not before 8:00 today where they may be {says}: federal law")


def test_a_wrong_number_is_never_called_whatever_was_agreed() -> None:
    found = Wrong("call", AT - timedelta(days=1), "another", "attempt/7")
    told = ask(replace(KNOWN, wrong=(found,)))
    assert (told.answer, told.rule, told.proof) == ("never", "1.8", "attempt/7")
    assert told.says == "Never: somebody here tried this number on 24 Nov 2026, and it was a wrong number."
    assert ask(replace(KNOWN, wrong=(replace(found, channel="email"),))).answer == "yes"


def test_mail_that_came_back_is_not_sent_again_and_a_stop_is_said_first() -> None:
    mailed = Consent("email", "care-request", "express", AT - timedelta(days=9))
    known = Known(consents=(mailed,), wrong=(Wrong("email", AT - timedelta(days=2), "returned", "message/3"),))
    told = ask(known, channel="email")
    assert (told.answer, told.rule, told.proof) == ("never", "2.6", "message/3")
    assert told.says == "Never: what we sent to this address came back for good on 23 Nov 2026."
    stopped = ask(replace(known, stops=(Stop("email", AT - timedelta(days=3), proof="stop/1"),)), channel="email")
    assert (stopped.rule, stopped.proof) == ("2.1", "stop/1")


def test_a_line_of_which_two_disagree_may_not_be_able() -> None:
    texted = Consent("text", "care-request", "express", AT - timedelta(days=1))
    known = replace(KNOWN, consents=(*KNOWN.consents, texted), unable=("text",))
    assert [ask(known, channel=one).answer for one in ("call", "text")] == ["yes", "never"]


@pytest.mark.parametrize(
    ("known", "asked", "says"),
    [
        (KNOWN, {"at": datetime(2026, 11, 25, 18)}, "offset"),
        (KNOWN, {"channel": "fax"}, "Channels are"),
        (KNOWN, {"purpose": "sales"}, "purposes are"),
        (KNOWN, {"at": datetime(1960, 1, 1, tzinfo=UTC)}, "outside 1972"),
        (KNOWN, {"at": datetime(2099, 1, 1, tzinfo=UTC)}, "outside 1972"),
        (replace(KNOWN, places=(Place("ZIP", "America/Nowhere"),)), {}, "no time zone"),
        (replace(KNOWN, line_type="fax"), {}, "none of mobile"),
        (replace(KNOWN, contacts=(Contact("call", datetime(2026, 11, 25)),)), {}, "offset"),
        (replace(KNOWN, stops=(Stop("fax", AT),)), {}, "none of call"),
        (replace(KNOWN, wrong=(Wrong("sms", AT, "another"),)), {}, "none of call"),
        (replace(KNOWN, unable=("fax",)), {}, "none of call"),
    ],
)
def test_what_cannot_be_judged_is_refused(known: Known, asked: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        ask(known, **asked)


@pytest.mark.parametrize("year", [1972, 2026, 2098])
def test_holidays_are_known_in_every_year_that_may_be_asked_about(year: int) -> None:
    noon = datetime(year, 12, 25, 18, tzinfo=UTC)
    written = Consent("call", "marketing", "written", noon)
    known = replace(KNOWN, consents=(written,), places=(Place("ZIP", "America/Chicago", "AL"),))
    assert ask(known, purpose="marketing", at=noon).rule == "1.5"


@pytest.mark.parametrize(
    ("quiet", "open_", "closed"),
    [
        ("20:00-09:00", ["09:00", "19:59"], ["20:00", "08:59"]),
        ("12:00-13:00", ["11:59", "13:00"], ["12:00", "12:59"]),
        ("00:00-09:30", ["09:30", "20:59"], ["09:29"]),
        ("18:00-00:00", ["08:00", "17:59"], ["18:00"]),
        ("18:00-24:00", ["08:00", "17:59"], ["18:00"]),
        ("22:00-06:00", ["08:00", "20:59"], ["07:59", "21:00"]),
    ],
)
def test_quiet_hours_close_what_the_law_leaves_open_and_open_nothing(
    quiet: str, open_: list[str], closed: list[str]
) -> None:
    assert OURS.follow_up is not None
    playbook = replace(OURS, version=f"ours@{quiet}", follow_up=replace(OURS.follow_up, quiet_hours=quiet))
    for clock in (*open_, *closed):
        at = datetime.fromisoformat(f"2026-11-25T{clock}:00-06:00")
        assert (ask(at=at, playbook=playbook).answer == "yes") == (clock in open_), clock


def test_a_playbook_without_follow_up_adds_nothing() -> None:
    playbook = replace(OURS, version="ours@none", follow_up=None)
    assert stricter_of(playbook) == Stricter()
    assert ask(playbook=playbook) == ask()


def test_a_playbook_without_quiet_hours_has_attempts_alone() -> None:
    assert OURS.follow_up is not None
    playbook = replace(OURS, version="ours@loud", follow_up=replace(OURS.follow_up, quiet_hours=None))
    assert ask(playbook=playbook, at=AT.replace(hour=14)).answer == "yes"
    tried = tuple(Contact("email", AT - timedelta(days=day)) for day in range(1, 7))
    verdict = ask(replace(KNOWN, contacts=tried), playbook=playbook)
    assert (verdict.answer, verdict.rule) == ("not_before", "playbook")
    assert verdict.not_before == AT + timedelta(days=6, seconds=1)
    assert verdict.says.endswith("your playbook allows 6 attempts in 12 days, and so many were made.")
