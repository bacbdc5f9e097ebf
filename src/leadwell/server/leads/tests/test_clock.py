"""By when must somebody answer? As the policy says, in the working time of whoever is responsible. (promise D20)"""

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
import pytest

from leadwell import playbook
from leadwell.routing.service_levels import State
from leadwell.server.conftest import Clinic
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.draining import drain
from leadwell.server.intake.models import Submission
from leadwell.server.leads.clocks import Turn, clocks
from leadwell.server.leads.models import Lead
from leadwell.server.leads.rejudging import rejudge
from leadwell.server.playbooks.actions import publish, upload
from leadwell.server.playbooks.queries import in_force

pytestmark = pytest.mark.django_db(databases="__all__")

CHICAGO = ZoneInfo("America/Chicago")
KNEE = "I need a knee replacement"  # for the surgical navigators, who work Mon-Fri 8 to 18
URGENT = "I need a knee replacement this week, it is urgent, I have Medicare"
LAKESIDE = playbook.load(playbook.find("lakeside-orthopedics"))
FOUR_HOURS = len(LAKESIDE.service_levels) - 1  # the last, for everyone else


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHICAGO)


def came(clinic: Clinic, when: str, message: str = KNEE, **more: str) -> Lead:
    said = {"full_name": "Sample Person", "phone": "312-555-0147", "message": message} | more
    (receipt,) = accept(clinic.number, clinic.source, [Delivery(orjson.dumps(said))])
    Submission.objects.filter(pk=receipt.id).update(received_at=at(when))
    drain()
    return Lead.objects.of(clinic.number).get(submission=receipt.id)


def republish(clinic: Clinic, *changes: tuple[bytes, bytes]) -> None:
    source = playbook.find("lakeside-orthopedics")
    for before, after in changes:
        assert before in source
        source = source.replace(before, after)
    publish(upload(clinic.organization, source))
    rejudge(clinic.number)


@pytest.mark.parametrize(
    ("when", "due", "warns"),
    [
        ("2026-11-17T09:00", "2026-11-17T13:00", "2026-11-17T12:00"),
        ("2026-11-17T16:00", "2026-11-18T10:00", "2026-11-18T09:00"),  # over night
        ("2026-11-20T17:00", "2026-11-23T11:00", "2026-11-23T10:00"),  # over a weekend
        ("2026-11-25T15:00", "2026-11-27T09:00", "2026-11-25T18:00"),  # over Thanksgiving
    ],
)
def test_a_lead_is_due_in_working_time_from_when_it_came(lakeside: Clinic, when: str, due: str, warns: str) -> None:
    lead = came(lakeside, when)
    assert (lead.queue, in_force(lakeside.number)[1].service_levels[lead.level].first_response) == (
        "surgical-navigators",
        "4 h",
    )
    assert (lead.due_at, lead.warns_at, lead.answered_at) == (at(due), at(warns), None)


def test_the_first_service_level_that_applies_counts(lakeside: Clinic) -> None:
    lead = came(lakeside, "2026-11-17T09:00", URGENT)
    assert (lead.urgency, lead.level, lead.due_at) == ("urgent", 0, at("2026-11-17T09:05"))


def test_nothing_is_due_of_a_lead_that_rests(lakeside: Clinic) -> None:
    lead = came(lakeside, "2026-11-17T09:00", "Click to claim your prize http://a.example http://b.example", phone="")
    assert (lead.disposition, lead.due_at, lead.warns_at) == ("discard", None, None)


def test_another_policy_counts_anew_from_when_it_came(lakeside: Clinic) -> None:
    before = came(lakeside, "2026-11-17T09:00")
    republish(lakeside, (b'first_response = "4 h"', b'first_response = "1 h"'))
    after = Lead.objects.get(pk=before.pk)
    assert (after.level, after.due_at) == (before.level, at("2026-11-17T10:00"))


def test_a_lead_that_was_answered_keeps_its_time(lakeside: Clinic) -> None:
    before = came(lakeside, "2026-11-17T09:00")
    Lead.objects.filter(pk=before.pk).update(answered_at=at("2026-11-17T12:30"))
    republish(lakeside, (b'first_response = "4 h"', b'first_response = "1 h"'))
    after = Lead.objects.get(pk=before.pk)
    assert (after.answered_at, after.due_at) == (at("2026-11-17T12:30"), before.due_at)
    told = clocks(LAKESIDE).clock(after, at("2026-12-24T12:00"))
    assert told is not None and told.state is State.MET


def test_each_team_uses_up_its_own_share() -> None:
    """Half of four hours by navigators on Friday, the other half by Saturday's people."""
    turns = [Turn("surgical-navigators", at("2026-11-20T16:00")), Turn("scheduling", at("2026-11-20T18:00"))]
    assert clocks(LAKESIDE).times(FOUR_HOURS, turns)[0] == at("2026-11-21T10:00")


def test_a_lead_that_has_rested_begins_anew() -> None:
    turns = [Turn("scheduling", at("2026-11-17T09:00")), Turn("", at("2026-11-17T10:00"))]
    assert clocks(LAKESIDE).times(FOUR_HOURS, turns) == (None, None)
    again = [*turns, Turn("scheduling", at("2026-11-18T09:00"))]
    assert clocks(LAKESIDE).times(FOUR_HOURS, again)[0] == at("2026-11-18T13:00")


@pytest.mark.parametrize("level", [None, FOUR_HOURS + 1, 99])
def test_where_no_service_level_applies_nothing_is_due(level: int | None) -> None:
    assert clocks(LAKESIDE).times(level, [Turn("scheduling", at("2026-11-17T09:00"))]) == (None, None)


def test_a_team_that_the_policy_knows_no_more_works_day_and_night() -> None:
    lead = Lead(id=UUID(int=1), queue="gone", due_at=at("2026-11-21T03:00"), warns_at=at("2026-11-21T02:00"))
    told = clocks(LAKESIDE).clock(lead, at("2026-11-21T02:30"))
    assert told is not None
    assert (told.state, told.left) == (State.NEARLY, timedelta(minutes=30))
