"""Who was responsible since when is kept, and each used up their own share of the time. (promises D19, D20)"""

from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

import pytest

from leadwell import playbook
from leadwell.server.conftest import Clinic
from leadwell.server.leads.joining import Policy, join
from leadwell.server.leads.models import Lead
from leadwell.server.leads.rejudging import rejudge
from leadwell.server.playbooks.actions import publish, upload
from leadwell.server.playbooks.queries import in_force
from leadwell.server.worklist.followed import turns_of
from leadwell.server.worklist.models import Lane, Responsible, Waiting
from leadwell.server.worklist.tests.conftest import KNEE, SPAM, at, came

pytestmark = pytest.mark.django_db(databases="__all__")

Sets = Callable[[str], datetime]


def turns(clinic: Clinic, lead: Lead) -> list[tuple[str, datetime]]:
    return [(one.team, one.since) for one in turns_of(clinic.number, [lead.pk]).get(lead.pk, [])]


def test_while_nobody_else_was_responsible_nothing_is_kept(lakeside: Clinic) -> None:
    (lead,) = came(lakeside, KNEE)
    assert turns(lakeside, lead) == []
    assert Responsible.objects.count() == 0


def test_another_team_has_what_is_left_in_its_own_time(lakeside: Clinic, clock: Sets) -> None:
    """Half of four hours went by with the navigators; the front desk works on Saturdays, too."""
    clock("2026-11-20T16:05")
    (lead,) = came(lakeside, KNEE, when=at("2026-11-20T16:00"))
    assert lead.due_at == at("2026-11-23T10:00")
    now = clock("2026-11-20T18:00")
    source = playbook.find("lakeside-orthopedics")
    before = b"handles = \"service IN ('knee-replacement', 'spine-care')\""
    assert before in source
    publish(upload(lakeside.organization, source.replace(before, b"handles = \"service = 'spine-care'\"")))
    rejudge(lakeside.number)
    after = Lead.objects.get(pk=lead.pk)
    assert turns(lakeside, lead) == [(lead.queue, lead.received_at), (after.queue, now)]
    assert (after.queue, after.due_at) == ("front-desk", at("2026-11-21T10:00"))
    assert Waiting.objects.get(lead=lead.pk).holds_until > now


def test_a_lead_that_rested_waits_anew_once_they_write_again(lakeside: Clinic, clock: Sets) -> None:
    clock("2026-11-17T10:00")
    (lead,) = came(lakeside, SPAM, when=at("2026-11-17T10:00"))
    assert (lead.due_at, Waiting.objects.get().lane) == (None, Lane.RESTING)
    now = clock("2026-11-18T10:00")
    said = {"message": "I meant my knee, can somebody call me?"}
    assert join(lakeside.number, lead.pk, uuid4(), said, policy=Policy(*in_force(lakeside.number)))
    after = Lead.objects.get(pk=lead.pk)
    assert (after.queue, after.due_at) == ("front-desk", at("2026-11-18T14:00"))
    assert (Waiting.objects.get().lane, turns(lakeside, lead)[-1]) == (Lane.TO_DO, ("front-desk", now))
